"""Exercises (latihan): while one goes on, what the desk enters is a drill, and every screen says LATIHAN."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from geodata.clock import epoch_s
from layers.event import Event, Mode
from layers.feature import Feature
from layers.layer import Layer, Visit, Words
from layers.situation import Changes, Situation, Things
from layers.told import Told, told_by

LONGEST = timedelta(hours=12)
"""Nobody exercises longer: one that was forgotten ends by itself, at the end it was given and never later than this."""

_REMEMBER = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseStarted:
    """A supervisor began an exercise; it ends at `ends_at` unless it is ended before."""

    kind: ClassVar[str] = "exercise_started"
    exercise: str
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseEnded:
    """A supervisor ended it before its time."""

    kind: ClassVar[str] = "exercise_ended"
    exercise: str
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise as known now. `fact` None: only its end has been heard of."""

    id: str
    fact: ExerciseStarted | None = None
    ended_at: datetime | None = None
    told: Told

    def is_on(self, now: datetime) -> bool:
        """Whether it goes on at that moment."""
        fact = self.fact
        if fact is None or (self.ended_at is not None and now >= self.ended_at):
            return False
        return fact.starts_at <= now < min(fact.ends_at, fact.starts_at + LONGEST)


def fold(things: Things, event: Event) -> Changes:
    """The first word on its beginning and the earliest on its end hold."""
    fact = event.fact
    if not isinstance(fact, ExerciseStarted | ExerciseEnded):
        return {}
    before = things.get(fact.exercise)
    known = before or Exercise(id=fact.exercise, told=told_by(event))
    if isinstance(fact, ExerciseEnded):
        told = replace(known, ended_at=min(known.ended_at or fact.ended_at, fact.ended_at))
    elif known.fact is None or str(fact) < str(known.fact):
        told = replace(known, fact=fact, told=told_by(event))
    else:
        told = known
    return {} if told == before else {fact.exercise: told}


def exercise_now(situation: Situation, now: datetime) -> Exercise | None:
    """The exercise that goes on, the one that began last."""
    on = [one for one in situation.of("exercises").values() if one.is_on(now)]
    return max(on, key=lambda one: (one.fact.starts_at, one.id), default=None)


def shown_mode(mode: Mode, situation: Situation, now: datetime) -> Mode:
    """What every screen says of that moment: a demo stays one."""
    return "drill" if mode == "live" and exercise_now(situation, now) else mode


def exercise_said(situation: Situation, now: datetime) -> dict[str, Any] | None:
    """As the panels have it: the banner follows it, also when the exercise ends by itself."""
    found = exercise_now(situation, now)
    if found is None or found.fact is None:
        return None
    return {"title": found.fact.title, "ends_at": epoch_s(found.fact.ends_at)}


def without_title(exercise: Exercise, _visit: Visit) -> Exercise:
    """That it is an exercise everybody must know; what it is called was written for the room."""
    return replace(exercise, fact=exercise.fact and replace(exercise.fact, title=""))


def keep(exercise: Exercise, now: datetime) -> bool:
    """A week after it was begun."""
    return now - exercise.told.at < _REMEMBER


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map: every screen says it by its mode."""
    return []


LAYER = Layer(
    title=Words(id="Latihan", en="Exercises"),
    facts=(ExerciseStarted, ExerciseEnded),
    thing=Exercise,
    hears=(ExerciseStarted, ExerciseEnded),
    fold=fold,
    history=True,
    keep=keep,
    for_visitor=without_title,
    draw=draw,
)
