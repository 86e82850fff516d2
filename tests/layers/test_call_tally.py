"""The funnel counts every call once, in the half hour it came, also after the calls themselves are forgotten."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from layers.call_tally import UNTYPED, funnel
from layers.calls import CallRecord, CallRecorded
from layers.layer import discover_layers
from layers.situation import Situation, after_all

DAY = timedelta(days=1)


def recorded(now, call, minutes=0, kind="normal", *, wait_s=None, provider=None):  # noqa: PLR0913 — what a call has
    came = now + timedelta(minutes=minutes)
    answered = None if wait_s is None else came + timedelta(seconds=wait_s)
    return CallRecorded(call=call, record=CallRecord(came_at=came, kind=kind, provider=provider, answered_at=answered))


def tallies(nothing, *events):
    return after_all(nothing, enumerate(events, 1))[0].of("call_tally")


def counted(nothing, now, *events, mode="live"):
    return funnel(tallies(nothing, *events).values(), now - DAY, now + DAY, mode)


def test_the_funnel_of_a_period(nothing, happened, now):
    found = counted(
        nothing,
        now,
        happened(recorded(now, "1", wait_s=9, provider="XL")),
        happened(recorded(now, "2", kind="prank", wait_s=4)),
        happened(recorded(now, "3", kind="ghost")),
        happened(recorded(now, "4", kind=None)),
        happened(recorded(now, "5", wait_s=-3)),
    )
    assert (found.came, found.answered, found.real) == (5, 3, 2)
    assert (found.by_kind["prank"], found.by_kind["ghost"], found.by_kind[UNTYPED]) == (1, 1, 1)
    assert found.by_provider == {"tidak diketahui": 4, "XL": 1}
    assert (found.waits_s, found.answered_untimed) == ((4, 9), 1)
    assert found.genuine_share == 0.5


def test_a_corrected_kind_counts_once_and_a_corrected_time_moves_the_call(nothing, happened, now):
    events = (
        happened(recorded(now, "1", 0, "normal"), 1),
        happened(recorded(now, "1", 0, "prank"), 2),
        happened(recorded(now, "1", 90, "prank"), 3),
    )
    for order in (events, events[::-1]):
        found = tallies(nothing, *order)
        assert counted(nothing, now, *order).by_kind["prank"] == 1
        assert sum(len(tally.rows) for tally in found.values()) == 1


def test_an_old_half_hour_keeps_its_sums_and_what_comes_later_is_counted_as_late(nothing, happened, now):
    old = [happened(recorded(now, str(n), wait_s=n)) for n in range(3)]
    three_days = 3 * DAY.total_seconds()
    later = happened(recorded(now, "new", 3 * 24 * 60), three_days)
    too_late = happened(recorded(now, "0", kind="prank"), three_days + 9, seen_s=three_days + 9)
    found = counted(nothing, now, *old, later, too_late)
    assert (found.came, found.real, found.waits_s, found.late) == (3, 3, (0, 1, 2), 1)
    assert not any(tally.rows for tally in tallies(nothing, *old, later).values() if tally.is_closed)


def test_a_drill_is_not_counted_with_the_real_thing(nothing, happened, now):
    events = (happened(recorded(now, "1")), happened(recorded(now, "2"), mode="drill"))
    assert counted(nothing, now, *events).came == 1
    assert counted(nothing, now, *events, mode="drill").came == 1


def test_without_calls_there_is_no_share(nothing, now):
    assert counted(nothing, now).genuine_share is None


LAYERS = discover_layers().found


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_in_any_order_the_counts_are_those_of_the_newest_records(ground, happened, now, data):
    said = data.draw(
        st.lists(
            st.tuples(st.sampled_from("ABC"), st.sampled_from([0, 20, 40]), st.sampled_from(["prank", "normal"])),
            min_size=1,
            max_size=10,
        )
    )
    events = [happened(recorded(now, call, m, kind), n, seen_s=n) for n, (call, m, kind) in enumerate(said)]
    newest = {call: kind for call, _, kind in said}
    empty = Situation(ground=ground, layers={"call_tally": LAYERS["call_tally"]})
    shuffled, _ = after_all(empty, enumerate(data.draw(st.permutations(events)), 1))
    found = funnel(shuffled.of("call_tally").values(), now - DAY, now + DAY, "live")
    assert found.came == len(newest)
    assert found.by_kind["prank"] == sum(kind == "prank" for kind in newest.values())
