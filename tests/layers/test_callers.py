"""Numbers that call again and again, blocks that end by themselves, and nobody but an admin who sees them."""

from datetime import timedelta

from layers.caller_seal import Caller
from layers.callers import CallerBlocked, CallerUnblocked, blocked, keep, redact, repeat_callers
from layers.calls import CallRecord, CallRecorded
from layers.situation import after_all

HASH = "a" * 32


def call(now, id_, minutes=0, kind="prank", **said):
    record = CallRecord(
        came_at=now + timedelta(minutes=minutes), kind=kind, caller=Caller(hash=HASH, last3="890"), **said
    )
    return CallRecorded(call=id_, record=record)


def block(now, hours=24.0, starts_h=0.0):
    starts = now + timedelta(hours=starts_h)
    return CallerBlocked(caller=HASH, last3="890", starts_at=starts, ends_at=starts + timedelta(hours=hours))


def numbers(nothing, happened, *facts):
    events = [(n, happened(fact, n)) for n, fact in enumerate(facts, 1)]
    return after_all(nothing, events)[0].of("callers").values()


def test_who_calls_five_times_a_day_repeats_and_corrections_are_no_calls(nothing, happened, now):
    calls = [call(now, str(n), -n) for n in range(5)]
    (repeat,) = repeat_callers(numbers(nothing, happened, *calls, call(now, "0", 0, "normal")), now)
    assert (repeat.calls, repeat.pranks, repeat.number.last3) == (5, 4, "890")
    assert not repeat_callers(numbers(nothing, happened, *calls), now + timedelta(days=2))


def test_a_block_begins_ends_by_itself_and_counts_what_still_comes(nothing, happened, now):
    known = numbers(nothing, happened, block(now), call(now, "1", 60), call(now, "2", -60))
    ((number, holding),) = blocked(known, now + timedelta(hours=2))
    assert number.calls_since(holding.starts_at) == 1
    assert not blocked(known, now - timedelta(seconds=1))
    assert not blocked(known, now + timedelta(hours=24))


def test_who_is_freed_is_free_and_may_be_blocked_again(nothing, happened, now):
    freed = CallerUnblocked(caller=HASH, last3="890", unblocked_at=now + timedelta(hours=1))
    for facts in ((block(now), freed), (freed, block(now))):
        assert not blocked(numbers(nothing, happened, *facts), now + timedelta(hours=2))
    again = numbers(nothing, happened, block(now), freed, block(now, starts_h=2))
    ((number, _),) = blocked(again, now + timedelta(hours=3))
    assert len(number.blocks) == 2


def test_the_last_place_is_that_of_the_newest_call_that_had_one(nothing, happened, now):
    (number,) = numbers(
        nothing,
        happened,
        call(now, "1", -9, kelurahan="64.72.09.1003"),
        call(now, "2", -30, kelurahan="x"),
        call(now, "3"),
    )
    assert number.last_place.kelurahan == "64.72.09.1003"


def test_a_number_is_forgotten_a_month_after_its_last_call(nothing, happened, now):
    (number,) = numbers(nothing, happened, call(now, "1"))
    assert keep(number, now + timedelta(days=29))
    assert not keep(number, now + timedelta(days=31))


def test_only_an_admin_sees_a_number(nothing, happened, now):
    (number,) = numbers(nothing, happened, call(now, "1"))
    assert redact(number, "admin") == number
    assert [redact(number, role) for role in ("wall", "visitor", "ingest", "new")] == [None] * 4
