"""Every figure can be traced to its records, and what has no time is named with its reason, never zero."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.intervals import grouped, interval_of, nearest_rank, times
from layers.situation import after_all


@pytest.fixture
def answered(nothing, happened, now):
    """Incidents by id: {id: ((status, minutes or None, agency), …)}, reported at NOW in category `said`."""

    def fold(said="kebakaran", **steps):
        facts = []
        for id_, run in steps.items():
            facts.append(IncidentReported(incident=id_, report=Report(category=said, reported_at=now)))
            facts += [
                IncidentStatusChanged(
                    incident=id_,
                    status=status,
                    reached_at=None if minutes is None else now + timedelta(minutes=minutes),
                    agency=agency,
                )
                for status, minutes, agency in run
            ]
        return after_all(nothing, [(n, happened(fact, 9000 + n)) for n, fact in enumerate(facts, 1)])[0].of("incidents")

    return fold


def test_every_interval_of_one_incident(answered, ground):
    (incident,) = answered(
        A=(
            ("diteruskan", 2, "damkar"),
            ("di_lokasi", 5, "balakarcana"),
            ("di_lokasi", 9, "damkar"),
            ("selesai", 60, "damkar"),
        )
    ).values()
    asked = ("dispatch", "first_on_scene", "relawan_on_scene", "opd_on_scene", "close")
    assert [interval_of(incident, one, ground.city) for one in asked] == [120, 300, 300, 540, 3600]


@pytest.mark.parametrize(
    ("steps", "interval", "reason"),
    [
        ((), "dispatch", "pending"),
        ((("di_lokasi", None, None),), "first_on_scene", "untold"),
        ((("di_lokasi", -4, None),), "first_on_scene", "impossible"),
        ((("di_lokasi", 30, None), ("selesai", 10, None)), "close", "impossible"),
        ((("batal", 3, None),), "opd_on_scene", "called_off"),
        ((("di_lokasi", 4, "balakarcana"),), "opd_on_scene", "not_there"),
        ((("di_lokasi", 4, "damkar"),), "relawan_on_scene", "not_there"),
        ((("di_lokasi", 4, None),), "opd_on_scene", "untold"),
    ],
)
def test_what_has_no_value_has_a_reason(answered, ground, steps, interval, reason):
    (incident,) = answered(A=steps).values()
    assert interval_of(incident, interval, ground.city) == reason


def test_figures_name_their_records_and_those_left_out(answered, ground):
    some = answered(
        fast=(("di_lokasi", 3, None),),
        slow=(("di_lokasi", 20, None),),
        untold=(("di_lokasi", None, None),),
        waits=(),
    )
    found = times(some.values(), "first_on_scene", ground.city)
    assert (found.n, found.median_s, found.p90_s) == (2, 180, 1200)
    assert (found.within, found.share_within, found.records) == (1, 0.5, ("fast", "slow"))
    assert found.left_out == {"pending": ("waits",), "untold": ("untold",)}


def test_a_category_may_have_a_target_of_its_own(answered, ground):
    strict = [
        c.model_copy(update={"response_target_min": 2 if c.id == "kebakaran" else None}) for c in ground.city.categories
    ]
    city = ground.city.model_copy(update={"categories": tuple(strict)})
    city.__dict__.pop("_by_name", None)
    assert times(answered(A=(("di_lokasi", 3, None),)).values(), "first_on_scene", city).within == 0
    assert times(answered("banjir", A=(("di_lokasi", 3, None),)).values(), "first_on_scene", city).within == 1


def test_without_a_target_nothing_is_within_it(answered, ground):
    found = times(answered(A=(("selesai", 3, None),)).values(), "close", ground.city)
    assert (found.n, found.within, found.share_within) == (1, None, None)


def test_of_nothing_there_is_no_figure(ground):
    found = times((), "close", ground.city)
    assert (found.n, found.median_s, found.p90_s, found.left_out) == (0, None, None, {})


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50).map(sorted), st.sampled_from([50, 90, 100]))
def test_a_percentile_is_a_value_that_occurs_and_enough_lie_at_or_below_it(values, percent):
    found = nearest_rank(values, percent)
    assert found in values
    assert sum(value <= found for value in values) >= percent / 100 * len(values)
    assert sum(value < found for value in values) < percent / 100 * len(values)


def test_groups_by_shift_category_agency_and_place(answered, ground):
    some = list(answered(A=(("diteruskan", 1, "damkar"),), B=()).values())
    assert {by: list(grouped(some, by, ground)) for by in ("shift", "category", "agency", "kelurahan", "day")} == {
        "shift": ["Siang"],
        "category": ["kebakaran"],
        "agency": ["damkar", "tanpa OPD"],
        "kelurahan": ["tanpa lokasi"],
        "day": ["2026-11-22"],
    }
