"""Calls: the newest record holds, the queue shows who waits, and nobody but an admin learns who called."""

from datetime import timedelta

from layers.caller_seal import Caller
from layers.calls import CallRecord, CallRecorded, keep, queue, redact
from layers.situation import after_all

CALLER = Caller(hash="a" * 32, last3="890")


def recorded(now, call="T", came_s=0.0, answered_s=None, ended_s=None, **said):
    def at(seconds):
        return None if seconds is None else now + timedelta(seconds=seconds)

    record = CallRecord(came_at=at(came_s), answered_at=at(answered_s), ended_at=at(ended_s), **said)
    return CallRecorded(call=call, record=record)


def calls_of(nothing, happened, *facts):
    return after_all(nothing, [(n, happened(fact, n)) for n, fact in enumerate(facts, 1)])[0].of("calls")


def test_the_record_that_arrived_last_holds(nothing, happened, now):
    events = [(1, happened(recorded(now, kind="prank"), 9)), (2, happened(recorded(now, kind="normal"), 5))]
    for order in (events, events[::-1]):
        assert after_all(nothing, order)[0].of("calls")["T"].record.kind == "prank"


def test_who_waits_who_talks_and_who_gave_up(nothing, happened, now):
    calls = calls_of(
        nothing,
        happened,
        recorded(now, "waits", -45),
        recorded(now, "talks", -60, -50),
        recorded(now, "gave-up", -90, ended_s=-70),
        recorded(now, "done", -300, -280, -200),
        recorded(now, "lost", -7200),
    )
    queued = queue(calls.values(), now)
    assert (queued.waiting, queued.longest_wait_s, queued.talking) == (1, 45.0, 1)
    assert (queued.answered, queued.missed, queued.answer_median_s) == (2, 1, 10.0)
    assert queued.unfinished == 1
    assert queued.pressure == "padat"


def test_an_empty_queue_flows_and_one_with_ten_in_it_is_jammed(nothing, happened, now):
    assert queue([], now).pressure == "lancar"
    many = calls_of(nothing, happened, *(recorded(now, str(n), -2) for n in range(10)))
    assert queue(many.values(), now).pressure == "macet"


def test_an_answer_before_the_call_gives_no_waiting_time(nothing, happened, now):
    (call,) = calls_of(nothing, happened, recorded(now, came_s=0, answered_s=-5)).values()
    assert call.wait_s is None


def test_only_an_admin_sees_who_called_from_where(nothing, happened, now):
    fact = recorded(now, caller=CALLER, lon=117.1, lat=-0.5, kelurahan="64.72.09.1003")
    (call,) = calls_of(nothing, happened, fact).values()
    assert redact(call, "admin").record.caller == CALLER
    seen = redact(call, "wall")
    assert (seen.record.caller, seen.record.lon, seen.record.lat) == (None, None, None)
    assert redact(call, "visitor") is None
    assert redact(call, "somebody new") is None


def test_calls_are_forgotten_after_two_days(nothing, happened, now):
    (call,) = calls_of(nothing, happened, recorded(now)).values()
    assert keep(call, now + timedelta(hours=47))
    assert not keep(call, now + timedelta(hours=49))
