"""The director (sutradara): which scene a wall shows now, and why. Pure: the same facts give the same scene.

What it knows of before is the newest decision alone; a decision holds all that must be remembered, and is an event of
the log. It never switches twice within `gap_s`, whoever asks, and never before `dwell_s` unless something worse came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard.director_score import Candidate
from dashboard.director_settings import DirectorSettings
from layers.scenes import Ask, Reason, SceneAsked, SceneKind, SceneShown

QUIET: tuple[SceneKind, ...] = ("overview", "centre", "pressure", "cameras", "funnel", "lifelines", "weather")
"""The carousel, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What there is to show: open incidents, the worst first; and the quiet scenes that have something to say."""

    candidates: tuple[Candidate, ...]
    quiet: tuple[SceneKind, ...]

    def find(self, incident: str | None) -> Candidate | None:
        """The incident, while it is open."""
        return next((one for one in self.candidates if incident in one.reports), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What to show next, and why. None of the two: a scene of the carousel."""

    scene: SceneKind
    reason: Reason
    candidate: Candidate | None = None


def direct(  # noqa: PLR0913, PLR0917 — which wall, what there is, what was, what was asked, when, by which rules
    wall: str,
    facts: Facts,
    before: SceneShown | None,
    asks: Sequence[Ask],
    now: datetime,
    rules: DirectorSettings,
) -> SceneShown:
    """What the wall shows at `now`; equal to `before` as long as nothing is decided."""
    known = before or _first(wall, facts, now, rules)
    shown = _lock_over(_heeded(known, facts, asks, now, rules), now)
    if shown.until is not None:
        return shown
    choice = _next(shown, facts, now, rules)
    if choice is None or not _may_switch(shown, choice, now, rules):
        return _on_terms(shown, facts, rules)
    return _switched(shown, facts, choice, now, rules)


def _first(wall: str, facts: Facts, now: datetime, rules: DirectorSettings) -> SceneShown:
    nothing = SceneShown(wall=wall, scene="overview", since=now, reason="quiet")
    best = _best(nothing, facts, now, rules)
    choice = _Choice(scene="incident", reason="worst", candidate=best) if best else None
    return _switched(nothing, facts, choice, now, rules) if choice else replace(nothing, quiet="overview")


# -- what hands and the desk ask -------------------------------------------------------------------------------------
def _heeded(shown: SceneShown, facts: Facts, asks: Sequence[Ask], now: datetime, rules: DirectorSettings) -> SceneShown:
    """Word by word, in order. One that would switch too soon waits, and those behind it."""
    for ask in asks:
        if shown.heard is not None and ask.told.seen <= shown.heard:
            continue
        if ask.fact.deed == "send" and _shown_for(shown, now) < rules.gap_s:
            break
        shown = replace(_obeyed(shown, facts, ask, now, rules), heard=ask.told.seen)
    return shown


def _obeyed(shown: SceneShown, facts: Facts, ask: Ask, now: datetime, rules: DirectorSettings) -> SceneShown:
    fact = ask.fact
    if fact.deed == "release":
        return replace(shown, held_by=None, until=None)
    if fact.deed == "acknowledge":
        known = fact.incident or shown.incident
        is_new = known is not None and known not in shown.acknowledged
        return replace(shown, acknowledged=(*shown.acknowledged, str(known))) if is_new else shown
    seconds = rules.hand_s if fact.is_hand else rules.desk_s
    until = fact.until or ask.told.seen + timedelta(seconds=seconds)
    if fact.deed == "lock":
        return replace(shown, held_by="hand" if fact.is_hand else "desk", until=until)
    choice = _sent(fact, facts)
    if choice is None:
        return shown
    return replace(_switched(shown, facts, choice, now, rules), held_by="desk", until=until)


def _sent(fact: SceneAsked, facts: Facts) -> _Choice | None:
    """None for an incident that is over by now."""
    if fact.scene != "incident":
        return _Choice(scene=fact.scene or "overview", reason="sent")
    candidate = facts.find(fact.incident)
    return _Choice(scene="incident", reason="sent", candidate=candidate) if candidate else None


def _lock_over(shown: SceneShown, now: datetime) -> SceneShown:
    return replace(shown, held_by=None, until=None) if shown.until is not None and shown.until <= now else shown


# -- what it would show by itself ------------------------------------------------------------------------------------
def is_held(candidate: Candidate, acknowledged: Sequence[str], rules: DirectorSettings) -> bool:
    """Whether it stays until somebody takes note: by key, from the desk, or the agency that accepts it."""
    is_grave = candidate.priority <= rules.hold_priority
    return is_grave and not candidate.is_attended and candidate.incident not in acknowledged


def _next(shown: SceneShown, facts: Facts, now: datetime, rules: DirectorSettings) -> _Choice | None:
    """None: what is shown may stay."""
    if not rules.is_on:
        return None
    best = _best(shown, facts, now, rules)
    if shown.scene != "incident":
        return _after_quiet(shown, facts, best, now, rules)
    current = facts.find(shown.incident)
    if current is None:
        return _to(best, "worst") or _quiet(shown, facts)
    if best is not None and is_worse(best, current, rules):
        return _to(best, "preempted")
    if is_held(current, shown.acknowledged, rules) or _shown_for(shown, now) < rules.turn_s:
        return None
    return _to(best, "turn") or _quiet(shown, facts)


def is_worse(one: Candidate, shown: Candidate, rules: DirectorSettings) -> bool:
    """Whether it may push the other away: as grave at least, and its score greater by the margin."""
    return one.priority <= shown.priority and one.score > shown.score * rules.margin


def _after_quiet(
    shown: SceneShown, facts: Facts, best: Candidate | None, now: datetime, rules: DirectorSettings
) -> _Choice | None:
    if best is not None:
        return _to(best, "preempted" if is_held(best, shown.acknowledged, rules) else "worst")
    is_over = _shown_for(shown, now) >= rules.quiet_s or shown.scene not in facts.quiet
    return _quiet(shown, facts) if is_over else None


def _best(shown: SceneShown, facts: Facts, now: datetime, rules: DirectorSettings) -> Candidate | None:
    """The worst that is not shown, not resting and worth a scene. What must be held never rests."""
    current = facts.find(shown.incident)
    return next(
        (
            one
            for one in facts.candidates
            if one is not current and (is_held(one, shown.acknowledged, rules) or _is_due(one, shown.rests, now, rules))
        ),
        None,
    )


def _is_due(one: Candidate, rests: Mapping[str, datetime], now: datetime, rules: DirectorSettings) -> bool:
    resting = rests.get(one.incident)
    return one.score >= rules.least_score and (resting is None or resting <= now)


def _to(candidate: Candidate | None, reason: Reason) -> _Choice | None:
    return None if candidate is None else _Choice(scene="incident", reason=reason, candidate=candidate)


def _quiet(shown: SceneShown, facts: Facts) -> _Choice | None:
    """The next of the carousel that has something to say; None when that is the one on the wall."""
    last = QUIET.index(shown.quiet) if shown.quiet in QUIET else len(QUIET) - 1
    round_ = [*QUIET[last + 1 :], *QUIET[: last + 1]]
    following: SceneKind = next((one for one in round_ if one in facts.quiet), "overview")
    return None if following == shown.scene else _Choice(scene=following, reason="quiet")


# -- when it may, and what it then remembers -------------------------------------------------------------------------
def _shown_for(shown: SceneShown, now: datetime) -> float:
    """Seconds; a clock that was set back counts as long enough, or the wall would stand still."""
    seconds = (now - shown.since).total_seconds()
    return seconds if seconds >= 0 else float("inf")


def _may_switch(shown: SceneShown, choice: _Choice, now: datetime, rules: DirectorSettings) -> bool:
    least = rules.gap_s if choice.reason == "preempted" else max(rules.dwell_s, rules.gap_s)
    return _shown_for(shown, now) >= least


def _switched(shown: SceneShown, facts: Facts, choice: _Choice, now: datetime, rules: DirectorSettings) -> SceneShown:
    one = choice.candidate
    rests = {incident: until for incident, until in shown.rests.items() if until > now}
    if shown.incident is not None and choice.reason != "preempted":
        rests[shown.incident] = now + timedelta(seconds=rules.rest_s)
    known = tuple(incident for incident in shown.acknowledged if facts.find(incident))
    after = SceneShown(
        wall=shown.wall,
        scene=choice.scene,
        incident=one.incident if one else None,
        since=now,
        reason=choice.reason,
        score=one.score if one else None,
        factors={str(name): value for name, value in one.factors.items()} if one else {},
        rests=rests,
        acknowledged=known,
        quiet=shown.quiet if one else choice.scene,
        heard=shown.heard,
    )
    return _on_terms(after, facts, rules)


def _on_terms(shown: SceneShown, facts: Facts, rules: DirectorSettings) -> SceneShown:
    """Says whether what is shown waits for somebody to take note of it."""
    current = facts.find(shown.incident) if shown.incident else None
    is_waiting = current is not None and is_held(current, shown.acknowledged, rules)
    return replace(shown, held_by="acknowledge" if is_waiting else None)
