"""Incidents fold to the same in any order, hide free text, and draw what is known of their place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from layers.incidents import (
    IncidentReported,
    IncidentStatusChanged,
    Report,
    draw,
    is_emergency_call,
    keep,
    kelurahan_of,
    order_of,
    position_of,
    priority_of,
    redact,
)
from layers.situation import after_all


@pytest.fixture
def incident_after(nothing, happened):
    """The incident A after these facts, each (fact, seconds after NOW)."""

    def fold(*facts):
        events = [(n, happened(fact, after_s)) for n, (fact, after_s) in enumerate(facts, 1)]
        return after_all(nothing, events)[0].of("incidents")["A"]

    return fold


@pytest.fixture
def reported(now):
    def fact(category="kebakaran", **said):
        return IncidentReported(incident="A", report=Report(category=category, reported_at=now, **said))

    return fact


def step(status, **said):
    return IncidentStatusChanged(incident="A", status=status, **said)


def test_a_corrected_report_replaces_the_one_before(incident_after, reported):
    incident = incident_after((reported("banjir"), 0), (reported("kebakaran"), 60))
    assert incident.report.category == "kebakaran"


def test_a_report_that_arrived_earlier_does_not_undo_a_correction(incident_after, reported):
    incident = incident_after((reported("kebakaran"), 60), (reported("banjir"), 0))
    assert incident.report.category == "kebakaran"


def test_of_two_reports_of_one_time_the_one_that_arrived_last_wins(nothing, happened, reported):
    for first, last in (("banjir", "kebakaran"), ("kebakaran", "banjir")):
        events = [(1, happened(reported(first), 0, seen_s=1)), (2, happened(reported(last), 0, seen_s=2))]
        situation, _ = after_all(nothing, events)
        assert situation.of("incidents")["A"].report.category == last


def test_a_late_step_does_not_take_the_answer_back(incident_after):
    incident = incident_after((step("di_lokasi"), 300), (step("menuju_lokasi"), 100))
    assert incident.status == "di_lokasi"


def test_a_correction_may_move_the_time_of_the_report_back(nothing, happened, reported):
    events = [(1, happened(reported("banjir"), 60, seen_s=61)), (2, happened(reported("kebakaran"), 0, seen_s=62))]
    situation, _ = after_all(nothing, events)
    assert situation.of("incidents")["A"].report.category == "kebakaran"


def test_a_step_without_a_time_counts_from_its_arrival_whatever_our_clock_does(nothing, happened):
    events = [(1, happened(step("selesai"), 60, seen_s=60)), (2, happened(step("menuju_lokasi"), 5, seen_s=61))]
    situation, _ = after_all(nothing, events)
    assert situation.of("incidents")["A"].status == "menuju_lokasi"


def test_steps_of_one_moment_end_in_the_one_further_on(incident_after):
    assert incident_after((step("di_lokasi"), 0), (step("diterima"), 0)).status == "di_lokasi"


def test_the_agency_survives_a_later_step_that_names_none_in_any_order(incident_after):
    assigned, silent = (step("diteruskan", agency="damkar"), 10), (step("di_lokasi"), 20)
    assert incident_after(assigned, silent).agency == "damkar"
    assert incident_after(silent, assigned).agency == "damkar"


def test_the_agency_of_the_report_stands_while_no_step_names_one(incident_after, reported):
    assert incident_after((reported(agency="bpbd"), 0), (step("diverifikasi"), 5)).agency == "bpbd"


def test_a_milestone_keeps_its_earliest_time_and_is_absent_when_the_source_did_not_say(incident_after, now):
    early, late = now + timedelta(seconds=5), now + timedelta(seconds=9)
    incident = incident_after(
        (step("di_lokasi", reached_at=late), 9), (step("di_lokasi", reached_at=early), 5), (step("selesai"), 20)
    )
    assert incident.milestones == {"di_lokasi": early}


def test_the_same_word_twice_touches_nothing(nothing, happened, reported):
    situation, _ = after_all(nothing, [(1, happened(reported()))])
    _, touched = after_all(situation, [(2, happened(reported()))])
    assert ("incidents", "A") not in touched


def test_a_drill_report_makes_the_incident_a_drill_whatever_came_first(nothing, happened, reported):
    drill, status = happened(reported(), mode="drill"), happened(step("diterima"), source="other/feed")
    for events in ([drill, status], [status, drill]):
        situation, _ = after_all(nothing, enumerate(events, 1))
        assert situation.of("incidents")["A"].mode == "drill"


def test_closed_incidents_are_forgotten_after_two_days_open_ones_never(incident_after, reported, now):
    is_open, closed = incident_after((reported(), 0)), incident_after((reported(), 0), (step("selesai"), 60))
    assert keep(closed, now + timedelta(hours=47))
    assert not keep(closed, now + timedelta(hours=49))
    assert keep(is_open, now + timedelta(days=900))


def test_only_an_admin_reads_free_text(incident_after, reported):
    incident = incident_after((reported(description="Bu Siti, gang 3"), 0))
    assert redact(incident, "admin").report.description == "Bu Siti, gang 3"
    assert redact(incident, "wall").report.description is None
    assert redact(replace(incident, report=None), "wall").report is None


def test_the_category_decides_the_priority_when_the_report_does_not(incident_after, reported, ground):
    assert priority_of(incident_after((reported(), 0)), ground.city) == ground.city.category("kebakaran").priority
    assert priority_of(incident_after((reported(priority=4), 0)), ground.city) == 4


def test_within_a_priority_the_handled_stand_behind_the_others_but_before_lesser_ones(incident_after, reported, ground):
    def order(priority, *steps):
        return order_of(incident_after((reported(priority=priority), 0), *steps), ground.city)

    handled = (step("tertangani"), 1)
    assert sorted([order(2), order(1, handled), order(1)]) == [order(1), order(1, handled), order(2)]


@pytest.mark.parametrize("place", [{}, {"lon": 0.0, "lat": 0.0}, {"lon": 106.8, "lat": -6.2}])
def test_a_place_that_is_none_falls_back_to_the_kelurahan(incident_after, reported, ground, place):
    nowhere = incident_after((reported(**place), 0))
    assert position_of(nowhere, ground) is None
    assert kelurahan_of(nowhere, ground) is None
    known = incident_after((reported(kelurahan="64.72.09.1004", **place), 0))
    assert position_of(known, ground) == (117.16, -0.5, False)
    assert kelurahan_of(known, ground) == "64.72.09.1004"


def test_an_exact_position_decides_the_kelurahan(incident_after, reported, ground):
    incident = incident_after((reported(lon=117.14, lat=-0.5, kelurahan="64.72.09.1004"), 0))
    assert kelurahan_of(incident, ground) == "64.72.09.1003"


def test_pranks_and_closed_incidents_are_not_drawn(nothing, happened, reported, now):
    events = [
        happened(reported("prank")),
        happened(IncidentReported(incident="B", report=Report(category="kebakaran", reported_at=now))),
        happened(IncidentStatusChanged(incident="B", status="selesai"), 5),
        happened(IncidentReported(incident="C", report=Report(category="kebakaran", reported_at=now, priority=1))),
    ]
    situation, _ = after_all(nothing, enumerate(events, 1))
    assert not is_emergency_call(situation.of("incidents")["A"], situation.ground.city)
    drawn = draw(situation, now, None)
    assert [one["properties"]["key"] for one in drawn] == ["C"]
    assert drawn[0]["geometry"] is None
    assert drawn[0]["properties"]["priority"] == 1
    assert draw(situation, now, ["A", "B", "missing"]) == []
