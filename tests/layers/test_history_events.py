"""What is brought in as history counts in its own time; the situation of now never hears of it."""

from dataclasses import replace
from datetime import timedelta

from layers.incidents import IncidentReported, Report
from layers.situation import after, after_all


def test_history_moves_the_cursor_and_nothing_else(nothing, happened, now):
    fact = IncidentReported(incident="A", report=Report(category="kebakaran", reported_at=now))
    live, told = happened(fact), replace(happened(fact, 60, source="history:import/cc112"), id="2")
    before, _ = after(nothing, live, 1)
    now_known, touched = after(before, told, 2)
    assert (now_known.cursor, now_known.seen, touched) == (2, told.seen, frozenset())
    assert now_known.things == before.things


def test_history_lets_time_go_by_like_any_event(nothing, happened, now):
    closed = IncidentReported(incident="A", report=Report(category="prank", reported_at=now))
    other = replace(happened(closed, source="history:x/y"), seen=now + timedelta(days=3))
    straight, _ = after_all(nothing, [(1, happened(closed)), (2, other)])
    step, _ = after(after(nothing, happened(closed), 1)[0], other, 2)
    assert straight == step
