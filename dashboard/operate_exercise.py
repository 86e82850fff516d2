"""Exercises at the desk: begun and ended by a supervisor; one that is forgotten ends by itself."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from dashboard.auth import SUPERVISORS
from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Room, Row, Told, both, choices, one_of, version_of
from dashboard.operate_tell import append_fact
from geodata.clock import epoch_s
from geodata.errors import BadInput
from layers.event import Event
from layers.exercises import Exercise, ExerciseEnded, ExerciseStarted, exercise_now
from layers.layer import Words

_HOURS = {"1": both("1 jam", "1 hour"), "2": both("2 jam", "2 hours"), "4": both("4 jam", "4 hours"),
          "8": both("8 jam", "8 hours"), "12": both("12 jam", "12 hours")}  # fmt: skip


def rows(look: Look) -> Sequence[Row]:
    """Those of the last week, the newest first."""
    known = [one for one in look.situation.of("exercises").values() if one.fact is not None]
    waiting = _rehearsed(look)
    newest = sorted(known, key=lambda one: (one.fact.starts_at, one.id), reverse=True)
    return [_row(one, look, waiting if place == 0 else []) for place, one in enumerate(newest)]


def _rehearsed(look: Look) -> list[str]:
    return sorted(i.id for i in look.situation.of("incidents").values() if i.is_open and i.mode == "drill")


def _row(one: Exercise, look: Look, waiting: list[str]) -> Row:
    fact, is_on = one.fact, one.is_on(look.now)
    assert fact is not None  # noqa: S101 — rows leaves the others out
    ends = min(one.ended_at or fact.ends_at, fact.ends_at)
    lines = [
        Line(label=both("Mulai", "Began"), value={"at": epoch_s(fact.starts_at)}),
        Line(label=both("Berakhir", "Ends"), value=f"{ends.astimezone(look.situation.ground.city.zone):%d.%m. %H.%M}"),
    ]
    if waiting:
        lines.append(Line(label=both("Kejadian latihan masih terbuka", "Rehearsed incidents still open"),
                          value=", ".join(waiting)))  # fmt: skip
    return Row(
        key=one.id,
        version=version_of(one, waiting, is_on),
        title=fact.title,
        state=both("sedang berlangsung", "going on") if is_on else both("selesai", "over"),
        mood="warn" if is_on else "lost",
        at=epoch_s(fact.starts_at),
        lines=tuple(lines),
        deeds=(*(("stop",) if is_on else ()), *(("clear",) if waiting else ())),
        mode="drill",
    )


def _fields(_look: Look) -> tuple[Field, ...]:
    return (
        Field(name="title", words=both("Nama latihan", "Name of the exercise"), is_needed=True),
        Field(name="hours", words=both("Paling lama", "At most"), kind="choice", is_needed=True,
              options=choices(_HOURS),
              hint=both("Berakhir sendiri sesudah itu.", "It ends by itself after that.")),
    )  # fmt: skip


def start(asked: Asked) -> Done:
    """From now on what the desk enters is a drill, and every screen says LATIHAN."""
    look = asked.look
    if look.services.mode != "live":
        raise BadInput("title: nothing here is real anyway", field="title")
    if exercise_now(look.situation, look.now):
        raise BadInput("title: another exercise goes on", field="title")
    fact = ExerciseStarted(
        exercise=uuid.uuid4().hex[:12],
        title=asked.needed("title")[:100],
        starts_at=look.now,
        ends_at=look.now + timedelta(hours=int(one_of(asked, "hours", _HOURS))),
    )
    append_fact(look.services, fact, asked.who, asked.why)
    return Done(subject=fact.exercise, words=both("LATIHAN dimulai", "the exercise has begun"))


def stop(asked: Asked) -> Done:
    """Over before its time; incidents that are still open stay marked as rehearsed."""
    append_fact(asked.services, ExerciseEnded(exercise=asked.key, ended_at=asked.look.now), asked.who, asked.why)
    return Done(subject=asked.key, words=both("latihan diakhiri", "the exercise is over"))


def clear(asked: Asked) -> Done:
    """All rehearsed incidents that are still open are called off."""
    said = {"status": "batal", "status_time": asked.look.now.isoformat()}
    tells = tuple(Told(feed="incidents", payload={"id": one, **said}) for one in _rehearsed(asked.look))
    return Done(subject=asked.key, tells=tells, words=both(f"{len(tells)} ditutup", f"{len(tells)} closed"))


def told(event: Event, _look: Look) -> Words | None:
    """Begun, or ended by hand."""
    if isinstance(event.fact, ExerciseStarted):
        return both("latihan dimulai", "exercise begun")
    return both("latihan diakhiri", "exercise ended") if isinstance(event.fact, ExerciseEnded) else None


ROOM = Room(
    title=both("Latihan", "Exercise"),
    rows=rows,
    empty=both("Belum ada latihan minggu ini.", "No exercise this week."),
    kinds=(ExerciseStarted.kind, ExerciseEnded.kind),
    told=told,
    allowed=SUPERVISORS,
    deeds={
        "start": Deed(words=both("Mulai latihan", "Begin an exercise"), do=start, fields=_fields, key="n", is_new=True,
                      asks_why=True, allowed=SUPERVISORS),
        "stop": Deed(words=both("Akhiri latihan", "End the exercise"), do=stop, key="c", is_grave=True,
                     allowed=SUPERVISORS),
        "clear": Deed(words=both("Tutup kejadian latihan", "Close rehearsed incidents"), do=clear,
                      allowed=SUPERVISORS),
    },
)  # fmt: skip
