"""Calls at the desk: the funnel of the day, and what each call was."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dashboard.operate import (
    Asked,
    Deed,
    Done,
    Field,
    Line,
    Look,
    Mood,
    Room,
    Row,
    Told,
    both,
    choices,
    one_of,
    version_of,
)
from dashboard.operate_choices import area_name
from geodata.clock import epoch_s
from layers.call_tally import funnel
from layers.calls import KIND_WORDS, Call, CallRecord, CallRecorded
from layers.event import Event
from layers.layer import Words
from layers.statistics import day_start

_MOST = 150
_UNTYPED = both("belum dinilai", "not yet judged")


def rows(look: Look) -> Sequence[Row]:
    """The newest first."""
    calls = sorted(look.situation.of("calls").values(), key=lambda one: (one.record.came_at, one.id), reverse=True)
    return [_row(call, look) for call in calls[:_MOST]]


def _row(call: Call, look: Look) -> Row:
    record = call.record
    whose = f"••{record.caller.last3}" if record.caller else both("nomor tidak diketahui", "number not known")
    return Row(
        key=call.id,
        version=version_of(record),
        title=whose,
        sub=" · ".join(part for part in (record.provider, area_name(look, record.kelurahan)) if part),
        state=KIND_WORDS[record.kind] if record.kind else _UNTYPED,
        mood=_mood(record),
        at=epoch_s(record.came_at),
        group="untyped" if record.kind is None else "typed",
        badges=(_how_far(record),),
        lines=tuple(_lines(call)),
        values={"type": record.kind or ""},
        deeds=("kind",),
        mode=call.told.mode,
    )


def _mood(record: CallRecord) -> Mood:
    if record.kind == "normal":
        return "good"
    return "warn" if record.kind is None else "lost"


def _how_far(record: CallRecord) -> Words:
    if record.ended_at is not None:
        return both("selesai", "over") if record.answered_at else both("tidak terjawab", "missed")
    return both("bicara", "talking") if record.answered_at else both("menunggu", "waiting")


def _lines(call: Call) -> list[Line]:
    found = [Line(label=both("Nomor panggilan", "Call"), value=call.id)]
    if call.wait_s is not None:
        found.append(Line(label=both("Menunggu jawaban", "Waited"), value=f"{call.wait_s:.0f} s"))
    if call.record.incident:
        found.append(Line(label=both("Menjadi kejadian", "Became"), value=call.record.incident))
    return [*found, Line(label=both("Sumber", "Source"), value=call.told.source)]


def head(look: Look) -> Sequence[Line]:
    """Today's funnel, with the genuine share."""
    city, now = look.situation.ground.city, look.now
    tallies = tuple(look.situation.of("call_tally").values())
    found = funnel(tallies, day_start(city, now), now + timedelta(minutes=1), look.services.mode)
    share = found.genuine_share
    return (
        Line(label=both("masuk hari ini", "came today"), value=str(found.came)),
        Line(label=both("terjawab", "answered"), value=str(found.answered)),
        Line(label=both("kejadian nyata", "real"), value="-" if share is None else f"{found.real} ({share:.0%})"),
        Line(label=both("iseng", "pranks"), value=str(found.by_kind["prank"])),
        Line(label=both("hening", "silent"), value=str(found.by_kind["ghost"])),
    )


def _fields(_look: Look) -> tuple[Field, ...]:
    kinds = {str(kind): words for kind, words in KIND_WORDS.items()}
    return (Field(name="type", words=both("Jenis panggilan", "Kind of call"), kind="choice", is_needed=True,
                  options=choices(kinds)),)  # fmt: skip


def _said(call: Call, kind: str | None) -> dict[str, Any]:
    """The whole record, as the telephone system would send it."""
    record = call.record
    caller = f"sealed:{record.caller.hash}:{record.caller.last3}" if record.caller else None
    moments = {"answered_at": record.answered_at, "ended_at": record.ended_at}
    return {
        "id": call.id,
        "time": record.came_at.isoformat(),
        "type": kind,
        "provider": record.provider,
        "caller": caller,
        "lon": record.lon,
        "lat": record.lat,
        "kelurahan": record.kelurahan,
        "incident": record.incident,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def kind(asked: Asked) -> Done:
    """Say what a call was: it counts once, by the newest word."""
    call: Call = asked.look.situation.of("calls")[asked.key]
    known = {str(one): words for one, words in KIND_WORDS.items()}
    tells = (Told(feed="calls", payload=_said(call, one_of(asked, "type", known))),)
    return Done(subject=call.id, tells=tells, back=(Told(feed="calls", payload=_said(call, call.record.kind)),))


def told(event: Event, _look: Look) -> Words | None:
    """What was said of a call."""
    if not isinstance(event.fact, CallRecorded):
        return None
    return KIND_WORDS[event.fact.record.kind] if event.fact.record.kind else _UNTYPED


ROOM = Room(
    title=both("Panggilan", "Calls"),
    rows=rows,
    head=head,
    groups={"untyped": both("Belum dinilai", "Not judged"), "typed": both("Sudah dinilai", "Judged")},
    empty=both("Belum ada panggilan dari sistem telepon.", "No calls from the telephone system yet."),
    kinds=(CallRecorded.kind,),
    told=told,
    deeds={"kind": Deed(words=both("Nilai panggilan", "Say what it was"), do=kind, fields=_fields, key="v")},
)
