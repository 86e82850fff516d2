"""Responders at the desk: who is on duty, where each was sent, and why a place is not believed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Mood, Option, Room, Row, Told, both, version_of
from dashboard.operate_choices import agency_name
from geodata.clock import epoch_s
from layers.assignments import UnitAssigned, assigned
from layers.event import Event
from layers.incident_reading import category_of, is_emergency_call, kelurahan_of, order_of
from layers.layer import Words
from layers.responders import Responder
from layers.unit_facts import UnitRegistered

_OWN = both("terdaftar", "registered")


def rows(look: Look) -> Sequence[Row]:
    """Those that were sent somewhere first, then those on duty, by name."""
    sent = assigned(look.situation)
    units = look.situation.of("responders").values()
    return [_row(unit, look, sent.get(unit.id)) for unit in sorted(units, key=lambda one: (
        one.id not in sent, one.is_on_duty is False, one.name))]  # fmt: skip


def _row(unit: Responder, look: Look, incident: str | None) -> Row:
    state, mood = _state(unit, look)
    said = (
        (both("Kode", "Code"), unit.id),
        (both("OPD", "Agency"), agency_name(look, unit.agency)),
        (both("Dikirim ke", "Sent to"), incident),
        (both("Sumber posisi", "Source of its place"), unit.source if unit.position else None),
    )
    is_off = unit.is_on_duty is False
    duty = () if unit.unit_kind == "unknown" else ("on_duty",) if is_off else ("off_duty",)
    return Row(
        key=unit.id,
        version=version_of(unit.name, unit.is_on_duty, unit.registered_at, incident),
        title=unit.name,
        sub=agency_name(look, unit.agency) or both("OPD belum diketahui", "agency not known"),
        state=state,
        mood=mood,
        at=epoch_s(unit.observed_at) if unit.observed_at else None,
        group="off" if is_off else "on",
        badges=(both(f"ke {incident}", f"to {incident}"),) if incident else (),
        lines=tuple(Line(label=label, value=value) for label, value in said if value),
        deeds=(*(() if is_off else ("send",)), *(("free",) if incident else ()), *duty),
        mode=unit.mode,
    )


def _state(unit: Responder, look: Look) -> tuple[Words, Mood]:
    """Why its place is not believed, if it is not."""
    if unit.position is None or unit.observed_at is None:
        return both("belum pernah mengirim posisi", "never said where it is"), "lost"
    tracker = look.situation.ground.city.tracker(unit.source)
    age = look.now - unit.observed_at
    if age > timedelta(seconds=tracker.lost_s):
        return both("putus: pelacak diam", "lost: its tracker is silent"), "lost"
    if age > timedelta(seconds=tracker.late_s):
        return both("posisi lama", "its place is old"), "warn"
    return both("posisi baru", "its place is fresh"), "good"


def _send_fields(look: Look) -> tuple[Field, ...]:
    ground = look.situation.ground
    waiting = [i for i in look.situation.of("incidents").values() if i.is_open and is_emergency_call(i, ground.city)]
    options = []
    for one in sorted(waiting, key=lambda i: (order_of(i, ground.city), i.id)):
        area = ground.places.areas.get(kelurahan_of(one, ground) or "")
        said = f"{category_of(one, ground.city).id_name} · {area.name if area else '?'} · {one.id}"
        options.append(Option(value=one.id, words=both(said, said)))
    words = both("Ke kejadian", "To the incident")
    return (Field(name="incident", words=words, kind="choice", is_needed=True, options=tuple(options)),)


def _unit(asked: Asked) -> Responder:
    unit: Responder = asked.look.situation.of("responders")[asked.key]
    return unit


def _sent(unit: str, incident: str | None) -> Told:
    said: dict[str, Any] = {"unit": unit, "incident": incident} if incident else {"unit": unit, "free": True}
    return Told(feed="assignments", payload=said)


def send(asked: Asked) -> Done:
    """One task at a time: the newest word holds."""
    before = assigned(asked.look.situation).get(asked.key)
    told = _sent(asked.key, asked.needed("incident"))
    return Done(subject=asked.key, tells=(told,), back=(_sent(asked.key, before),))


def free(asked: Asked) -> Done:
    """It has no task any more."""
    before = assigned(asked.look.situation).get(asked.key)
    return Done(subject=asked.key, tells=(_sent(asked.key, None),), back=(_sent(asked.key, before),))


def _duty(unit: Responder, *, is_on: bool | None) -> Told:
    return Told(feed="units", payload={
        "id": unit.id, "name": unit.name, "kind": unit.unit_kind, "agency": unit.agency, "on_duty": is_on,
    })  # fmt: skip


def on_duty(asked: Asked) -> Done:
    """It may be sent."""
    unit = _unit(asked)
    return Done(subject=unit.id, tells=(_duty(unit, is_on=True),), back=(_duty(unit, is_on=unit.is_on_duty),))


def off_duty(asked: Asked) -> Done:
    """Nobody counts on it."""
    unit = _unit(asked)
    return Done(subject=unit.id, tells=(_duty(unit, is_on=False),), back=(_duty(unit, is_on=unit.is_on_duty),))


def told(event: Event, _look: Look) -> Words | None:
    """Sent, freed, on or off duty."""
    fact = event.fact
    if isinstance(fact, UnitAssigned):
        return (
            both(f"dikirim ke {fact.incident}", f"sent to {fact.incident}") if fact.incident else both("bebas", "free")
        )
    if isinstance(fact, UnitRegistered):
        return {True: both("bertugas", "on duty"), False: both("tidak bertugas", "off duty")}.get(
            bool(fact.is_on_duty), _OWN) if fact.is_on_duty is not None else _OWN  # fmt: skip
    return None


ROOM = Room(
    title=both("Armada & relawan", "Responders"),
    rows=rows,
    groups={"on": both("Bertugas", "On duty"), "off": both("Tidak bertugas", "Off duty")},
    empty=both("Belum ada armada atau relawan.", "No vehicle or volunteer yet."),
    kinds=(UnitAssigned.kind, UnitRegistered.kind),
    told=told,
    deeds={
        "send": Deed(words=both("Kirim ke kejadian", "Send to an incident"), do=send, fields=_send_fields, key="a"),
        "free": Deed(words=both("Bebas tugas", "Free"), do=free, key="v"),
        "on_duty": Deed(words=both("Mulai bertugas", "On duty"), do=on_duty, key="m"),
        "off_duty": Deed(words=both("Selesai bertugas", "Off duty"), do=off_duty, key="c"),
    },
)
