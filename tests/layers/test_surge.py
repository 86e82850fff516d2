"""Several reports of one thing are one thing, reproducibly and reversibly; a surge is more than usual for the hour."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.call_tally import Sum, Tally, bucket_start
from layers.incidents import IncidentReported, Report
from layers.joins import ReportJoined, draw
from layers.layer import discover_layers
from layers.situation import Situation, after_all
from layers.surge import at_least, folded, pressures, surge

LAT_100_M = 100 / 111_195
LAYERS = discover_layers().found


def report(now, id_, metres=0.0, minutes=0.0, category="kebakaran", **said):
    place = {"lon": 117.14, "lat": -0.5 + metres / 100 * LAT_100_M}
    fields = {**place, **said}
    at = now + timedelta(minutes=minutes)
    return IncidentReported(incident=id_, report=Report(category=category, reported_at=at, **fields))


def known(ground, happened, *facts):
    empty = Situation(ground=ground, layers=LAYERS)
    return after_all(empty, [(n, happened(fact, 9000 + n)) for n, fact in enumerate(facts, 1)])[0]


def said(found):
    return {one.first.id: [other.id for other in one.others] for one in found}


@pytest.fixture
def fold(ground, happened):
    return lambda *facts, joins=None: folded(known(ground, happened, *facts).of("incidents").values(), ground, joins)


def test_reports_near_in_place_and_time_and_of_one_kind_are_one_thing(fold, now):
    found = fold(
        report(now, "A"),
        report(now, "near", 100, 5),
        report(now, "far", 400, 5),
        report(now, "later", 10, 45),
        report(now, "other", 10, 5, "banjir"),
    )
    assert said(found) == {"A": ["near"], "far": [], "later": [], "other": []}
    assert found[0].reports == 2


def test_confidence_falls_with_distance_and_time_and_is_low_where_only_the_kelurahan_is_known(fold, now):
    (close,) = [one for one in fold(report(now, "A"), report(now, "B", 5, 0.1)) if one.others]
    (rim,) = [one for one in fold(report(now, "A"), report(now, "B", 245, 29)) if one.others]
    (vague,) = [
        one
        for one in fold(report(now, "A"), report(now, "B", lon=None, lat=None, kelurahan="64.72.09.1003"))
        if one.others
    ]
    assert close.confidence > 0.9 > rim.confidence > vague.confidence > 0


def test_reports_without_any_place_are_never_folded(fold, now):
    nowhere = {"lon": None, "lat": None}
    assert said(fold(report(now, "A", **nowhere), report(now, "B", **nowhere))) == {"A": [], "B": []}


def test_an_operator_may_part_and_join_and_take_it_back(fold, now):
    facts = (report(now, "A"), report(now, "B", 50), report(now, "C", 5000))
    assert said(fold(*facts, joins={"B": None})) == {"A": [], "C": [], "B": []}
    assert said(fold(*facts, joins={"C": "A"})) == {"A": ["B", "C"]}
    assert said(fold(*facts, joins={"C": "B"})) == {"A": ["B", "C"]}
    assert said(fold(*facts, joins={})) == {"A": ["B"], "C": []}


def test_joins_in_a_circle_or_into_nothing_lose_no_report(fold, now):
    facts = (report(now, "A"), report(now, "B", 5000))
    assert said(fold(*facts, joins={"A": "B", "B": "A"})) == {"A": ["B"]}
    assert said(fold(*facts, joins={"A": "gone"})) == {"B": [], "A": []}


REPORTS = st.lists(
    st.tuples(st.integers(-400, 400), st.integers(0, 60), st.sampled_from(["banjir", "kebakaran"]), st.booleans()),
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_the_order_every_report_is_in_one_thing_and_the_same_one(ground, happened, now, data):
    drawn = data.draw(REPORTS)
    vague = {"lon": None, "lat": None, "kelurahan": "64.72.09.1003"}
    facts = [report(now, f"{n}", m, t, c, **(vague if v else {})) for n, (m, t, c, v) in enumerate(drawn)]
    ids = [fact.incident for fact in facts]
    joins = data.draw(st.dictionaries(st.sampled_from(ids), st.sampled_from([None, *ids]), max_size=3)) if ids else {}
    straight = folded(known(ground, happened, *facts).of("incidents").values(), ground, joins)
    shuffled = data.draw(st.permutations(facts))
    crooked = folded(known(ground, happened, *shuffled).of("incidents").values(), ground, joins)
    assert said(straight) == said(crooked)
    assert sorted(i.id for one in straight for i in (one.first, *one.others)) == sorted(ids)


def test_the_screens_are_told_what_was_reported_more_than_once(ground, happened, now):
    facts = (report(now, "A"), report(now, "B", 50), report(now, "C", 5000))
    situation = known(ground, happened, *facts)
    (drawn,) = draw(situation, now, None)
    assert (drawn["properties"]["key"], drawn["properties"]["reports"]) == ("A", 2)
    assert draw(known(ground, happened, *facts, ReportJoined(report="B")), now, None) == []


def tally(starts_at, came, mode="live"):
    sums = (Sum(kind="normal", provider="XL", is_answered=True, count=came),)
    return Tally(id=f"{mode}/{starts_at:%Y-%m-%dT%H:%M}", mode=mode, starts_at=starts_at, sums=sums, is_closed=True)


def history(now, usual, lately, days=14):
    """The two newest half hours with `lately` calls each, and the same ones of earlier days with `usual`."""
    until = bucket_start(now)
    for day in range(days + 1):
        for back in (1, 2):
            starts = until - timedelta(days=day, minutes=30 * back)
            known = tally(starts, lately if day == 0 else usual)
            yield known.id, known


@pytest.mark.parametrize(
    ("usual", "lately", "is_surge"), [(10, 11, False), (10, 40, True), (0, 1, False), (1, 8, True)]
)
def test_a_surge_is_more_than_usual_for_the_hour(now, usual, lately, is_surge):
    found = surge(dict(history(now, usual, lately)), now)
    assert (found.expected, found.is_surge) == (2.0 * usual, is_surge)


def test_without_a_week_to_compare_with_nothing_is_said(now):
    found = surge(dict(history(now, 10, 100, days=3)), now)
    assert (found.calls, found.expected, found.is_surge) == (200, None, None)
    assert surge({}, now).is_surge is None


def test_the_chance_is_that_of_a_poisson_count():
    assert at_least(0, 3.0) == 1.0
    assert at_least(1, 3.0) == pytest.approx(1 - 2.718281828**-3)
    assert at_least(20, 3.0) < 1e-9


def test_the_hardest_pressed_kelurahan_comes_first(ground, happened, now):
    facts = (
        report(now, "A", priority=1),
        report(now, "B", priority=4, lon=117.16),
        report(now, "C", priority=4, lon=117.17),
    )
    found = pressures(known(ground, happened, *facts).of("incidents").values(), ground)
    assert [(one.kelurahan, one.open, one.critical, one.weight) for one in found] == [
        ("64.72.09.1003", 1, 1, 8),
        ("64.72.09.1004", 2, 0, 2),
    ]
