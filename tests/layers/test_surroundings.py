"""Disasters, alerts, lifelines, shelters, air: what holds, what is over, and what was never said."""

from datetime import timedelta

import pytest

from layers.air import band_of
from layers.alerts import AlertCancelled, AlertIssued, active_alerts, draw
from layers.areas import is_within
from layers.disasters import DisasterDeclared, DisasterEnded
from layers.enquiries import EnquiryRecorded, open_and_answered
from layers.lifelines import LifelineReported, lifeline_id, over
from layers.situation import after_all
from layers.weather import Sky, WeatherReported


@pytest.fixture
def told(nothing, happened):
    """The situation after these (fact, seconds after NOW)."""
    return lambda *facts: after_all(nothing, [(n, happened(f, s)) for n, (f, s) in enumerate(facts, 1)])[0]


def alert(now, id_="A", severity="severe", hours=(0, 3), **said):
    starts, ends = (now + timedelta(hours=hour) for hour in hours)
    return AlertIssued(
        alert=id_, title="Hujan lebat", hazard="hujan", issuer="BMKG", severity=severity, areas=("64.72",),
        starts_at=starts, expires_at=ends, **said,
    )  # fmt: skip


def test_a_warning_holds_from_its_start_until_it_expires_the_gravest_first(told, now):
    known = told((alert(now, "A", "minor"), 0), (alert(now, "B"), 1), (alert(now, "C", hours=(2, 4)), 2)).of("alerts")
    assert [one.id for one in active_alerts(known.values(), now)] == ["B", "A"]
    assert [one.id for one in active_alerts(known.values(), now + timedelta(hours=3))] == ["C"]


def test_what_is_taken_back_is_gone_in_any_order_and_may_be_issued_anew(told, now):
    back = AlertCancelled(alert="A", cancelled_at=now + timedelta(minutes=5))
    for facts in (((alert(now), 0), (back, 300)), ((back, 300), (alert(now), 0))):
        situation = told(*facts)
        assert not active_alerts(situation.of("alerts").values(), now + timedelta(minutes=6))
        assert draw(situation, now, None) == []
    again = told((alert(now), 0), (back, 300), (alert(now), 600))
    assert active_alerts(again.of("alerts").values(), now + timedelta(minutes=11))


def test_an_exercise_is_never_a_warning(told, now):
    situation = told((alert(now, is_exercise=True), 0))
    assert not active_alerts(situation.of("alerts").values(), now)
    assert draw(situation, now, None) == []


def test_a_disaster_ends_and_another_may_begin_under_its_name(told, now):
    began = DisasterDeclared(disaster="D", title="Banjir", hazard="banjir", areas=("64.72.05",), began_at=now)
    ended = DisasterEnded(disaster="D", ended_at=now + timedelta(days=3))
    assert told((began, 0)).of("disasters")["D"].is_active
    for facts in (((began, 0), (ended, 9)), ((ended, 9), (began, 0))):
        assert not told(*facts).of("disasters")["D"].is_active
    late = DisasterDeclared(
        disaster="D", title="Banjir", hazard="banjir", areas=("64.72.05",), began_at=now + timedelta(days=9)
    )
    assert told((began, 0), (ended, 9), (late, 20)).of("disasters")["D"].is_active


def test_the_lifelines_of_a_kelurahan_are_those_of_the_narrowest_area_that_holds_it(told):
    def said(provider, area, state):
        return LifelineReported(lifeline=lifeline_id(provider, area), provider=provider, area=area, state=state)

    known = told(
        (said("Telkomsel", "64.72", "normal"), 0),
        (said("telkomsel", "64.72.05", "down"), 1),
        (said("PLN", "64.72.06", "down"), 2),
    ).of("lifelines")
    assert [one.fact.state for one in over(known.values(), "64.72.05.1013")] == ["down"]
    assert [one.fact.state for one in over(known.values(), "64.72.09.1003")] == ["normal"]


def test_an_area_holds_what_its_code_begins_and_not_what_only_looks_like_it():
    assert is_within("64.72.05.1013", ("64.72.05",))
    assert is_within("64.72.05", ("64.72.05",))
    assert not is_within("64.72.051", ("64.72.05",))
    assert not is_within("64.72", ("64.72.05",))


def test_an_answer_is_not_taken_back_by_a_record_without_it(told, now):
    asked = EnquiryRecorded(enquiry="K", asked_at=now)
    answered = EnquiryRecorded(enquiry="K", asked_at=now, answered_at=now + timedelta(hours=1))
    for facts in (((asked, 0), (answered, 1)), ((answered, 0), (asked, 1))):
        assert open_and_answered(told(*facts).of("enquiries").values()) == (0, 1)
    assert open_and_answered(told((asked, 0)).of("enquiries").values()) == (1, 0)


@pytest.mark.parametrize(
    ("ispu", "band"), [(0, "Baik"), (50, "Baik"), (51, "Sedang"), (200, "Tidak Sehat"), (301, "Berbahaya")]
)
def test_the_band_of_an_index(ispu, band):
    assert band_of(ispu).id == band


def test_the_forecast_that_holds_is_the_newest_that_has_begun(told, now):
    slots = tuple(Sky(at=now + timedelta(hours=h), words=f"{h}") for h in (0, 3, 6))
    (weather,) = told((WeatherReported(area="64.72", forecast=slots), 0)).of("weather").values()
    assert weather.next_slot(now + timedelta(hours=4)).words == "3"
    assert weather.next_slot(now - timedelta(hours=1)) is None
