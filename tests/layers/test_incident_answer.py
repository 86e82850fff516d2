"""Who came first is known only from sound times; what is missing or contradictory is named, never zero."""

from datetime import timedelta

import pytest

from layers.incident_answer import arrivals, flaws, time_of, was_reached
from layers.incidents import IncidentReported, IncidentStatusChanged, Report, draw
from layers.situation import after_all


@pytest.fixture
def answered(nothing, happened, now):
    """The situation after a report and these steps, each (status, minutes after the report or None, agency)."""

    def fold(*steps):
        facts = [IncidentReported(incident="A", report=Report(category="kebakaran", reported_at=now))]
        facts += [
            IncidentStatusChanged(
                incident="A",
                status=status,
                reached_at=None if minutes is None else now + timedelta(minutes=minutes),
                agency=agency,
            )
            for status, minutes, agency in steps
        ]
        return after_all(nothing, [(n, happened(fact, 3600 + n)) for n, fact in enumerate(facts, 1)])[0]

    return fold


def incident_of(situation):
    return situation.of("incidents")["A"]


def said(incident):
    return [(flawed.status, flawed.flaw, flawed.agency) for flawed in flaws(incident)]


def test_volunteers_are_told_apart_from_agencies_and_who_was_first_by_how_much(answered, ground, now):
    situation = answered(("di_lokasi", 4, "balakarcana"), ("di_lokasi", 9, "damkar"), ("di_lokasi", 12, "psc119"))
    came = arrivals(incident_of(situation), ground.city)
    assert (came.relawan, came.opd) == (now + timedelta(minutes=4), now + timedelta(minutes=9))
    assert (came.first, came.lead_s) == ("relawan", 300.0)
    (drawn,) = draw(situation, now, None)
    assert (drawn["properties"]["first"], drawn["properties"]["lead_s"]) == ("relawan", 300.0)


def test_while_one_side_has_not_come_nobody_is_first(answered, ground, now):
    situation = answered(("di_lokasi", 9, "damkar"))
    came = arrivals(incident_of(situation), ground.city)
    assert (came.first, came.lead_s, came.relawan) == (None, None, None)
    assert "first" not in draw(situation, now, None)[0]["properties"]


def test_an_arrival_nobody_owned_is_somebodys_but_neither_sides(answered, ground, now):
    came = arrivals(incident_of(answered(("di_lokasi", 5, None))), ground.city)
    assert (came.somebody, came.relawan, came.opd) == (now + timedelta(minutes=5), None, None)


def test_an_arrival_without_a_time_is_an_arrival_and_flagged(answered, ground):
    incident = incident_of(answered(("di_lokasi", None, "damkar")))
    assert was_reached(incident)
    assert arrivals(incident, ground.city).opd is None
    assert said(incident) == [
        ("diteruskan", "untold", None),
        ("di_lokasi", "untold", None),
        ("di_lokasi", "untold", "damkar"),
    ]


def test_a_time_said_later_mends_a_missing_one_in_any_order(answered):
    for steps in (
        (("di_lokasi", None, "damkar"), ("di_lokasi", 9, "damkar")),
        (("di_lokasi", 9, "damkar"), ("di_lokasi", None, "damkar")),
    ):
        incident = incident_of(answered(("diteruskan", 1, "damkar"), *steps))
        assert not said(incident)


def test_a_time_before_the_report_is_left_out_and_named(answered, ground):
    incident = incident_of(answered(("diteruskan", 1, "damkar"), ("di_lokasi", -3, "damkar")))
    assert said(incident) == [("di_lokasi", "before_report", None), ("di_lokasi", "before_report", "damkar")]
    assert time_of(incident, "di_lokasi") is None
    assert arrivals(incident, ground.city).opd is None


def test_of_two_times_in_the_wrong_order_neither_is_believed(answered):
    incident = incident_of(answered(("diteruskan", 1, None), ("di_lokasi", 30, None), ("selesai", 20, None)))
    assert said(incident) == [("di_lokasi", "disordered", None), ("selesai", "disordered", None)]
    assert time_of(incident, "selesai") is None
    assert time_of(incident, "diteruskan") is not None


def test_a_step_that_was_skipped_is_no_flaw_and_one_called_off_owes_none(answered):
    assert not said(incident_of(answered(("diteruskan", 1, None), ("di_lokasi", 5, None), ("selesai", 9, None))))
    assert not said(incident_of(answered(("batal", 3, None))))


def test_what_one_agency_says_does_not_make_another_late(answered, ground):
    """The second agency may be on its way after the first has arrived."""
    incident = incident_of(
        answered(("diteruskan", 1, "damkar"), ("di_lokasi", 5, "damkar"), ("menuju_lokasi", 7, "psc119"))
    )
    assert arrivals(incident, ground.city).opd is not None
    assert not said(incident)
