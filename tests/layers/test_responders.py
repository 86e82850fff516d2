"""Responders: the newest place wins, late ones fill the trail, what is no place is no marker."""

from datetime import timedelta

import orjson
import pytest

from layers.responders import TRAIL_POINTS, PositionReported, UnitRegistered, columns, draw, keep
from layers.situation import after_all


def position(lon=117.1, lat=-0.5, **said):
    return PositionReported(unit="U", lon=lon, lat=lat, **said)


@pytest.fixture
def situation_after(nothing, happened):
    def fold(*facts):
        return after_all(nothing, [(n, happened(fact, after_s)) for n, (fact, after_s) in enumerate(facts, 1)])[0]

    return fold


def test_a_late_position_does_not_move_a_unit_back(situation_after, now):
    unit = situation_after((position(117.2), 60), (position(117.1), 0)).of("responders")["U"]
    assert unit.position.lon == 117.2
    assert unit.observed_at == now + timedelta(seconds=60)


def test_a_late_position_still_finds_its_place_in_the_trail(situation_after):
    unit = situation_after((position(117.1), 0), (position(117.3), 60), (position(117.2), 30)).of("responders")["U"]
    assert [lon for _, lon, _ in unit.trail] == [117.1, 117.2, 117.3]


def test_the_trail_keeps_the_newest_places_only(situation_after):
    steps = [(position(117 + n / 1000), n) for n in range(TRAIL_POINTS + 5)]
    trail = situation_after(*steps).of("responders")["U"].trail
    assert len(trail) == TRAIL_POINTS
    assert trail == situation_after(*reversed(steps)).of("responders")["U"].trail
    assert trail[-1][1] == 117 + (TRAIL_POINTS + 4) / 1000


def test_two_positions_of_one_second_end_the_same_in_any_order(situation_after):
    one, two = (position(117.1), 0), (position(117.2), 0)
    assert situation_after(one, two).of("responders") == situation_after(two, one).of("responders")


def test_of_two_positions_of_one_second_the_one_that_says_more_holds(situation_after):
    bare, rich = (position(117.1), 0), (position(117.1, heading_deg=90.0, speed_mps=5.0), 0)
    for facts in ([bare, rich], [rich, bare]):
        assert situation_after(*facts).of("responders")["U"].position.heading_deg == 90


def test_a_receiver_without_a_fix_leaves_the_unit_where_it_was(situation_after):
    situation = situation_after((position(117.1), 0), (position(0, 0), 60))
    assert situation.of("responders")["U"].position.lon == 117.1
    assert situation.of("sources")["test/feed"].events == 2


def test_a_unit_is_known_by_its_id_until_the_roster_names_it(situation_after):
    named = UnitRegistered(unit="U", name="Pompa 1", unit_kind="vehicle", agency="damkar")
    assert situation_after((position(), 0)).of("responders")["U"].name == "U"
    for facts in ([(position(), 0), (named, 5)], [(named, 5), (position(), 0)]):
        unit = situation_after(*facts).of("responders")["U"]
        assert (unit.name, unit.unit_kind, unit.agency) == ("Pompa 1", "vehicle", "damkar")


def test_a_late_registration_does_not_rename_back(situation_after):
    new, old = (UnitRegistered(unit="U", name=name, unit_kind="vehicle") for name in ("new", "old"))
    assert situation_after((new, 60), (old, 0)).of("responders")["U"].name == "new"


def test_unregistered_trackers_are_forgotten_after_half_a_day(situation_after, now):
    stranger = situation_after((position(), 0)).of("responders")["U"]
    ours = situation_after((UnitRegistered(unit="U", name="U", unit_kind="vehicle"), 0)).of("responders")["U"]
    assert keep(stranger, now + timedelta(hours=11))
    assert not keep(stranger, now + timedelta(hours=13))
    assert keep(ours, now + timedelta(days=900))


@pytest.mark.parametrize(("lon", "lat"), [(0.0, 0.0), (106.8, -6.2)])
def test_what_is_no_place_in_the_city_is_not_drawn(situation_after, now, lon, lat):
    assert draw(situation_after((position(lon, lat), 0)), now, None) == []


def test_a_unit_is_drawn_with_its_age_and_what_was_not_said_stays_unsaid(situation_after, now):
    (drawn,) = draw(situation_after((position(accuracy_m=12.0), 3)), now, ["U"])
    assert drawn["geometry"]["coordinates"] == [117.1, -0.5]
    assert drawn["properties"]["observed_at"] == now.timestamp() + 3
    assert drawn["properties"]["accuracy_m"] == 12.0
    assert drawn["properties"]["heading_deg"] is None


def test_columns_hold_a_row_per_unit_and_trails_only_in_a_first_picture(situation_after, now):
    units = list(situation_after((position(heading_deg=0.0), 0), (position(117.2), 5)).of("responders").values())
    full = True
    table = columns(units, now, full)
    assert table["lon"] == [117_200_000]
    assert table["heading"] == [-1]
    assert table["trail"] == [[117_100_000, -500_000, 117_200_000, -500_000]]
    assert "trail" not in columns(units, now, not full)


@pytest.mark.parametrize("absurd", [1e300, 99_999_999.0, -1e300])
def test_a_measure_in_an_old_log_that_no_unit_can_have_is_drawn_as_not_said(situation_after, now, absurd):
    units = situation_after((position(accuracy_m=absurd, heading_deg=absurd), 0)).of("responders").values()
    table = columns(list(units), now, True)  # noqa: FBT003 — by position, as the contract has it
    assert (table["accuracy"], table["heading"]) == ([-1], [-1])
    assert orjson.dumps(table)
