"""Numbers at the desk: who calls again and again, who is blocked until when, and who of them may be in need."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dashboard.auth import SUPERVISORS
from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Room, Row, Told, both, choices, one_of, version_of
from dashboard.operate_choices import area_name
from geodata.clock import epoch_s
from layers.callers import CallerBlocked, CallerUnblocked, Number, blocked, repeat_callers
from layers.disaster_mode import BlockedInDisaster, blocked_in_disaster
from layers.event import Event
from layers.layer import Words

_HOURS = {"6": both("6 jam", "6 hours"), "24": both("1 hari", "1 day"), "72": both("3 hari", "3 days"),
          "168": both("7 hari", "7 days"), "720": both("30 hari", "30 days")}  # fmt: skip


def rows(look: Look) -> Sequence[Row]:
    """The blocked ones that may be in need first, then who calls again and again."""
    numbers = look.situation.of("callers").values()
    warned = {one.number.id: one for one in blocked_in_disaster(look.situation, look.now)}
    held = [number for number, _ in blocked(numbers, look.now)]
    held.sort(key=lambda number: number.id not in warned)
    repeat = [one for one in repeat_callers(numbers, look.now) if one.number.block_at(look.now) is None]
    return [
        *(_row(number, look, warned.get(number.id), None) for number in held),
        *(_row(one.number, look, None, (one.calls, one.pranks)) for one in repeat),
    ]


def _row(number: Number, look: Look, warned: BlockedInDisaster | None, today: tuple[int, int] | None) -> Row:
    block = number.block_at(look.now)
    zone = look.situation.ground.city.zone
    until = block.ends_at.astimezone(zone) if block else None
    danger = both("terakhir menelepon dari daerah bencana", "last called from a disaster")
    return Row(
        key=number.id,
        version=version_of(block, number.unblocked_at),
        title=f"••{number.last3}",
        sub=area_name(look, warned.kelurahan) if warned else "",
        state=both(f"diblokir sampai {until:%d.%m. %H.%M}", f"blocked until {until:%d.%m. %H:%M}") if until else both(
            f"{today[0]} panggilan hari ini", f"{today[0]} calls today") if today else both("bebas", "free"),
        mood="grave" if warned else "lost" if block else "warn",
        at=epoch_s(number.last_at) if number.last_at else None,
        group="blocked" if block else "repeat",
        badges=(danger,) if warned else (both(f"{today[1]} iseng", f"{today[1]} pranks"),) if today else (),
        lines=tuple(_lines(number, block)),
        deeds=("unblock",) if block else ("block",),
    )  # fmt: skip


def _lines(number: Number, block: CallerBlocked | None) -> list[Line]:
    found = [Line(label=both("Pernah diblokir", "Blocked before"), value=_times(len(number.blocks)))]
    if block is not None:
        found += [
            Line(label=both("Sejak", "Since"), value={"at": epoch_s(block.starts_at)}),
            Line(label=both("Alasan", "Why"), value=block.reason or "-"),
            Line(label=both("Menelepon sejak itu", "Called since"), value=_times(number.calls_since(block.starts_at))),
        ]
    return found


def _times(count: int) -> Words:
    return both(f"{count} kali", f"{count} times")


def _fields(_look: Look) -> tuple[Field, ...]:
    return (Field(name="hours", words=both("Selama", "For"), kind="choice", is_needed=True, options=choices(_HOURS)),)


def _number(asked: Asked) -> Number:
    number: Number = asked.look.situation.of("callers")[asked.key]
    return number


def _told(number: Number, **said: str | None) -> Told:
    return Told(feed="blocks", payload={"caller": f"sealed:{number.id}:{number.last3}", **said})


def _blocked(number: Number, at: datetime, until: datetime, reason: str | None) -> Told:
    return _told(number, blocked_at=at.isoformat(), until=until.isoformat(), reason=(reason or "")[:100] or None)


def _freed(number: Number, at: datetime) -> Told:
    return _told(number, unblocked_at=at.isoformat())


def block(asked: Asked) -> Done:
    """Until its end, never for ever; the telephone system has to read the list to act on it."""
    number, now = _number(asked), asked.look.now
    ends = now + timedelta(hours=int(one_of(asked, "hours", _HOURS)))
    return Done(subject=number.id, tells=(_blocked(number, now, ends, asked.why),), back=(_freed(number, now),))


def unblock(asked: Asked) -> Done:
    """Free before its time; taking that back begins a new block with the same end."""
    number, now = _number(asked), asked.look.now
    held = number.block_at(now)
    again = (_blocked(number, now + timedelta(seconds=1), held.ends_at, held.reason),) if held else None
    return Done(subject=number.id, tells=(_freed(number, now),), back=again)


def told(event: Event, _look: Look) -> Words | None:
    """Blocked or freed."""
    if isinstance(event.fact, CallerBlocked):
        return both("diblokir", "blocked")
    return both("dibuka", "freed") if isinstance(event.fact, CallerUnblocked) else None


ROOM = Room(
    title=both("Nomor diblokir", "Blocked numbers"),
    rows=rows,
    groups={"blocked": both("Diblokir", "Blocked"), "repeat": both("Berulang hari ini", "Again and again today")},
    empty=both("Tidak ada nomor yang diblokir atau berulang.", "No number is blocked or calls again and again."),
    kinds=(CallerBlocked.kind, CallerUnblocked.kind),
    told=told,
    deeds={
        "block": Deed(
            words=both("Blokir", "Block"), do=block, fields=_fields, key="a", asks_why=True, is_grave=True,
            allowed=SUPERVISORS,
            hint=both("Nomor yang diblokir tidak dapat melaporkan keadaan darurat.",
                      "A blocked number cannot report an emergency."),
        ),
        "unblock": Deed(words=both("Buka blokir", "Unblock"), do=unblock, key="c", asks_why=True, allowed=SUPERVISORS),
    },
)  # fmt: skip
