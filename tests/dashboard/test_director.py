"""The director: scenes by score, dwell, pre-emption, holding, the carousel, hands; the same facts, the same scenes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.director import QUIET, Facts, direct
from dashboard.director_score import Candidate
from dashboard.director_settings import DirectorSettings
from layers.scenes import Ask, SceneAsked, SceneShown
from layers.told import Told

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
RULES = DirectorSettings()


def candidate(key, score, priority=2, *, is_attended=False):
    factors = {"priority": score, "age": 1.0, "unattended": 1.0, "confidence": 1.0, "surge": 1.0}
    return Candidate(incident=key, reports=(key,), priority=priority, factors=factors, is_attended=is_attended)


def facts(*candidates, quiet=QUIET):
    return Facts(candidates=tuple(sorted(candidates, key=lambda one: (-one.score, one.incident))), quiet=quiet)


def ask(deed, after_s, **more):
    at = NOW + timedelta(seconds=after_s)
    fact = SceneAsked(wall="utama", deed=deed, **more)
    return Ask(fact=fact, told=Told(at=at, seen=at, source="desk/budi", mode="live"))


def run(seconds, facts_at, asks=(), rules=RULES, start=None):
    """What is on the wall second by second."""
    shown, found = start, []
    for second in range(seconds):
        now = NOW + timedelta(seconds=second)
        heard = [one for one in asks if one.told.seen <= now]
        known = facts_at(second) if callable(facts_at) else facts_at
        shown = direct("utama", known, shown, heard, now, rules)
        found.append(shown)
    return found


def named(shown: SceneShown) -> str:
    return shown.incident or shown.scene


def switches(found):
    """(second, what came, why) of each switch."""
    pairs = [(None, found[0]), *pairwise(found)]
    return [
        (second, named(after), after.reason)
        for second, (before, after) in enumerate(pairs)
        if before is None or before.since != after.since
    ]


def test_the_worst_incident_is_shown_first_with_its_factors():
    [first] = run(1, facts(candidate("A", 5), candidate("B", 9)))
    assert (named(first), first.reason, first.score) == ("B", "worst", 9)
    assert first.factors["priority"] == 9


def test_a_calm_city_turns_through_the_carousel_in_its_order():
    found = switches(run(8 * 30, facts()))
    assert [name for _, name, _ in found] == [*QUIET, "overview"]
    assert [second for second, _, _ in found] == [30 * n for n in range(8)]


def test_scenes_of_which_nothing_is_known_are_left_out_of_the_carousel():
    found = switches(run(100, facts(quiet=("overview", "cameras"))))
    assert [name for _, name, _ in found] == ["overview", "cameras", "overview", "cameras"]


def test_an_incident_too_small_for_a_scene_leaves_the_wall_to_the_carousel():
    assert [name for _, name, _ in switches(run(40, facts(candidate("A", 2.9))))] == ["overview", "centre"]


def test_incidents_take_turns_and_rest_before_they_come_back():
    found = switches(run(250, facts(candidate("A", 5), candidate("B", 4.5))))
    assert found[:3] == [(0, "A", "worst"), (30, "B", "turn"), (60, "overview", "quiet")]
    back = next(second for second, name, _ in found[1:] if name == "A")
    assert back == 30 + 180


def test_a_worse_incident_pushes_another_away_once_eight_seconds_have_passed():
    worse = [candidate("A", 5), candidate("B", 24, priority=1)]
    found = switches(run(30, lambda second: facts(*worse[: 1 if second < 3 else 2])))
    assert found == [(0, "A", "worst"), (8, "B", "preempted")]


def test_one_hardly_worse_waits_for_its_turn():
    found = switches(run(40, lambda second: facts(candidate("A", 5), *([candidate("B", 6)] if second > 2 else []))))
    assert found == [(0, "A", "worst"), (30, "B", "turn")]


def test_one_less_grave_never_pushes_away_however_great_its_score():
    known = [candidate("A", 8, priority=1), candidate("B", 30, priority=2)]
    assert switches(run(200, lambda second: facts(*known[: 1 if second < 3 else 2]))) == [(0, "A", "worst")]


def test_a_critical_incident_is_held_until_somebody_takes_note():
    found = run(200, facts(candidate("A", 12, priority=1), candidate("B", 5)), [ask("acknowledge", 100)])
    assert switches(found)[:2] == [(0, "A", "worst"), (100, "B", "turn")]
    assert found[99].held_by == "acknowledge"


def test_the_agency_that_accepts_it_takes_note_of_it_too():
    held, taken = candidate("A", 12, priority=1), candidate("A", 8, priority=1, is_attended=True)
    found = run(100, lambda second: facts(held if second < 50 else taken, candidate("B", 5)))
    assert switches(found)[1] == (50, "B", "turn")


def test_a_hand_locks_the_scene_for_ninety_seconds_whatever_happens():
    asks = [ask("lock", 10, is_hand=True)]
    found = run(140, lambda s: facts(candidate("A", 5), *([candidate("B", 24, priority=1)] if s > 5 else [])), asks)
    hand = run(140, facts(candidate("A", 5)), asks)
    assert (hand[20].held_by, hand[20].until) == ("hand", NOW + timedelta(seconds=100))
    assert found[9].incident == "B"  # worse, and before the hand came
    assert switches(hand)[1][0] == 100


def test_the_desk_sends_a_scene_that_stays_until_it_is_released():
    asks = [ask("send", 20, scene="weather"), ask("release", 60)]
    found = run(80, facts(candidate("A", 24, priority=1)), asks)
    assert switches(found) == [(0, "A", "worst"), (20, "weather", "sent"), (60, "A", "preempted")]


def test_even_the_desk_does_not_switch_twice_within_eight_seconds():
    asks = [ask("send", 20, scene="weather"), ask("send", 21, scene="cameras")]
    assert [second for second, *_ in switches(run(40, facts(candidate("A", 5)), asks))] == [0, 20, 28]


def test_an_incident_that_is_over_makes_room_once_it_has_been_read():
    found = switches(run(30, lambda second: facts(*([candidate("A", 5)] if second < 4 else []))))
    assert found[:2] == [(0, "A", "worst"), (12, "overview", "quiet")]


def test_a_scene_of_an_incident_that_is_over_cannot_be_sent():
    found = run(20, facts(candidate("A", 5)), [ask("send", 10, scene="incident", incident="gone")])
    assert [name for _, name, _ in switches(found)] == ["A"]


def test_after_a_restart_it_goes_on_from_the_newest_decision():
    known = facts(candidate("A", 5), candidate("B", 4.5), candidate("C", 4))
    whole = run(400, known)
    begun = whole[149]
    rest, shown = [], begun
    for second in range(150, 400):
        shown = direct("utama", known, shown, (), NOW + timedelta(seconds=second), RULES)
        rest.append(shown)
    assert rest == whole[150:]


STEPS = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.lists(
            st.tuples(st.sampled_from("ABCD"), st.floats(0.5, 40), st.integers(1, 4), st.booleans()),
            unique_by=lambda one: one[0],
            max_size=4,
        ),
        st.sampled_from([None, None, None, "lock", "release", "acknowledge", "send"]),
    ),
    max_size=40,
)


@settings(max_examples=80, deadline=None)
@given(steps=STEPS)
def test_it_never_switches_twice_within_eight_seconds_and_never_before_twelve_without_cause(steps):
    shown, now, asks = None, NOW, []
    for wait_s, told, deed in steps:
        now += timedelta(seconds=wait_s)
        known = facts(*(candidate(k, round(score, 2), grave, is_attended=done) for k, score, grave, done in told))
        if deed:
            more = {"scene": "cameras"} if deed == "send" else {}
            asks.append(ask(deed, (now - NOW).total_seconds(), **more))
        after = direct("utama", known, shown, asks, now, RULES)
        assert after == direct("utama", known, shown, asks, now, RULES)
        assert after == direct("utama", known, after, asks, now, RULES)  # nothing more is decided in the same moment
        if shown is not None and after.since != shown.since:
            gap_s = (after.since - shown.since).total_seconds()
            assert gap_s >= (8 if after.reason in {"preempted", "sent"} else 12)
            pushed, pushing = known.find(shown.incident), known.find(after.incident)
            if after.reason == "preempted" and pushed:
                assert pushing.priority <= pushed.priority
                assert pushing.score > 1.25 * pushed.score
        shown = after


def test_a_director_that_is_switched_off_moves_nothing_by_itself_but_heeds_the_desk():
    off = DirectorSettings(is_on=False)
    found = run(60, facts(candidate("A", 24, priority=1)), [ask("send", 20, scene="weather")], off, quiet_start())
    assert [name for _, name, _ in switches(found)] == ["overview", "weather"]


def quiet_start():
    return SceneShown(wall="utama", scene="overview", since=NOW, reason="quiet", quiet="overview")
