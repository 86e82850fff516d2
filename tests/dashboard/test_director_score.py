"""What an incident is worth: five factors that multiply, each with its own reason."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.director_facts import facts_of
from dashboard.director_score import (
    FACTORS,
    candidates,
    of_age,
    of_attendance,
    of_confidence,
    of_priority,
    of_surge,
)
from dashboard.director_settings import DirectorSettings
from layers.cameras import CameraListed
from layers.event import Event
from layers.incident_facts import Incident
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.lifelines import LifelineReported
from layers.situation import Situation, after_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
RULES = DirectorSettings()


@pytest.fixture(scope="module")
def known(ground):
    """The situation after these facts, the last of them told just now."""

    def fold(*facts):
        events = [
            (number, Event(id=str(number), at=NOW, seen=NOW, source="cad/x", fact=fact))
            for number, fact in enumerate(facts, 1)
        ]
        return after_all(Situation(ground=ground, layers=discover_layers().found), events)[0]

    return fold


def reported(incident="A", priority=2, minutes_ago=0, lon: float | None = 117.15, category="kebakaran"):
    lat = None if lon is None else -0.5
    at = NOW - timedelta(minutes=minutes_ago)
    report = Report(category=category, reported_at=at, priority=priority, lon=lon, lat=lat)
    return IncidentReported(incident=incident, report=report)


def reached(incident, status, minutes_ago=0):
    return IncidentStatusChanged(incident=incident, status=status, reached_at=NOW - timedelta(minutes=minutes_ago))


def test_a_score_is_the_product_of_its_factors(known):
    [one] = candidates(known(reported(priority=1)), NOW, RULES)
    assert one.factors == {"priority": 8.0, "age": 1.0, "unattended": 1.5, "confidence": 1.0, "surge": 1.0}
    assert tuple(one.factors) == FACTORS
    assert one.score == 12.0


@pytest.mark.parametrize(("priority", "worth"), [(1, 8), (2, 4), (3, 2), (4, 1)])
def test_the_graver_the_more(priority, worth):
    assert of_priority(priority, RULES) == worth


@pytest.mark.parametrize(("minutes", "worth"), [(0, 1.0), (5, 1.5), (10, 2.0), (60, 2.0)])
def test_the_longer_it_waits_the_more_until_its_target(known, minutes, worth):
    incident: Incident = known(reported(minutes_ago=minutes)).of("incidents")["A"]
    assert of_age(incident, incident, 600, NOW, RULES) == worth


@pytest.mark.parametrize(("minutes", "worth"), [(0, 1.0), (30, 0.75), (60, 0.5), (600, 0.5)])
def test_once_somebody_is_there_it_ages_within_an_hour(known, minutes, worth):
    facts = (reported(minutes_ago=minutes + 5), reached("A", "di_lokasi", minutes))
    incident: Incident = known(*facts).of("incidents")["A"]
    assert of_age(incident, incident, 600, NOW, RULES) == worth


def test_it_is_worth_most_while_nobody_is_sent():
    assert [of_attendance(far, RULES) for far in range(4)] == [1.5, 1.0, 0.4, 0.15]


@pytest.mark.parametrize(("place", "minutes", "worth"), [
    ("exact", 0, 1.0), ("kelurahan", 0, 0.8), ("none", 0, 0.6), ("exact", 31, 0.5), ("none", 31, 0.3),
])  # fmt: skip
def test_what_is_not_certain_or_old_is_worth_less(place, minutes, worth):
    assert of_confidence(place, NOW - timedelta(minutes=minutes), NOW, RULES) == pytest.approx(worth)


def test_more_reports_and_a_disaster_make_it_worth_more_but_not_without_end():
    assert [of_surge(n, RULES, is_in_disaster=False) for n in (1, 2, 6, 60)] == [1.0, 1.2, 2.0, 2.0]
    assert of_surge(1, RULES, is_in_disaster=True) == 1.25


def test_reports_of_one_thing_are_one_and_the_gravest_of_them_counts(known):
    facts = (reported("A", priority=3), reported("B", priority=1, lon=117.1503))
    [one] = candidates(known(*facts), NOW, RULES)
    assert (one.incident, set(one.reports), one.priority) == ("A", {"A", "B"}, 1)
    assert one.factors["surge"] == 1.2


def test_one_that_an_agency_has_accepted_is_attended_and_one_that_is_closed_is_gone(known):
    facts = [reported("A"), reported("B", lon=117.19), reached("A", "diterima_opd"), reached("B", "selesai")]
    [one] = candidates(known(*facts), NOW, RULES)
    assert (one.incident, one.is_attended) == ("A", True)


def test_the_worst_comes_first_and_equals_by_their_id(known):
    facts = [reported("B", 2, lon=117.19), reported("A", 2, lon=117.12), reported("C", 1, lon=117.25)]
    assert [one.incident for one in candidates(known(*facts), NOW, RULES)] == ["C", "A", "B"]


def test_only_quiet_scenes_of_which_something_is_known_are_in_the_carousel(known):
    assert facts_of(known(), NOW, RULES).quiet == ("overview", "centre")
    some = known(
        reported(),
        CameraListed(camera="C", name="C", lon=117.15, lat=-0.5),
        LifelineReported(lifeline="pln", provider="PLN", area="64.72", state="normal"),
    )
    assert facts_of(some, NOW, RULES).quiet == ("overview", "centre", "pressure", "cameras", "lifelines")
