r"""NMEA 0183 as receivers and gateways send it: RMC and GGA of any talker, one sentence a line.

A sentence does not say whose it is. The TAG block of NMEA 4 does (`\\s:pompa-01*3A\\$GPRMC,…`); where the sender writes
none the transport does, with what it knows of its peer.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from operator import xor

from geodata.errors import BadPayload
from layers.caller_seal import seal as seal_anything
from layers.event import Event
from layers.feed import Feed, Rejected
from layers.fields import MOST_SPEED_MPS, Said, between, field_of, heading_of, measure_of, name_of, not_ahead, shown
from layers.layer import Words
from layers.positions import MPS_PER_KNOT, position_event
from layers.responders import PositionReported

RMC = ("time", "status", "lat", "north", "lon", "east", "speed", "course", "date", "_variation", "_side", "mode")
GGA = ("time", "lat", "north", "lon", "east", "quality")
_TAG = re.compile(r"\\([^\\*]*)\*([0-9A-Fa-f]{2})\\")
_SENTENCE = re.compile(r"\$([A-Z]{2})([A-Z]{3}),([^*$!\\]*)\*([0-9A-Fa-f]{2})", re.ASCII)
_OTHER = re.compile(r"[$!][A-Z0-9]{3,8},[^*]*(\*[0-9A-Fa-f]{2})?", re.ASCII)
_LIKE_A_SENTENCE = re.compile(rb"\s*(\\[^\\]{1,200}\\)?[$!][A-Z]{2,8}[A-Z0-9]?,[-A-Z0-9.,]*\*[0-9A-Fa-f]{2}\s*$")
_ANGLE = re.compile(r"(\d{1,3})(\d\d(?:\.\d{1,12})?)", re.ASCII)
_CLOCK = re.compile(r"(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?", re.ASCII)
_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)", re.ASCII)
_NOT_IN_A_TAG = re.compile(r"[\\*,$!\s]")
_SEXAGESIMAL = 60
_NO_FIX = frozenset({"N", "S", "M", "E"})
"""Modes of RMC: no fix, simulator, typed in by hand, dead reckoning. Only what was measured is a place."""

_MEASURED = frozenset({"1", "2", "3", "4", "5"})
"""Qualities of GGA: GPS, DGPS, PPS, RTK; the others are the modes above."""

_DAY = timedelta(days=1)
_ROLLOVER = timedelta(weeks=1024)
_MOST_LINES = 10_000


def checksum(text: str) -> str:
    """Exclusive or of the characters, as two hexadecimal digits."""
    return f"{reduce(xor, text.encode('utf-8'), 0):02X}"


def seal(payload: bytes, key: bytes) -> bytes:
    """Sentences hold figures and nobody's number; a line that is none is sealed like any other text."""
    lines = [line for line in payload.splitlines() if line.strip()]
    return b"\n".join(line if _LIKE_A_SENTENCE.match(line) else seal_anything(line, key) for line in lines)


def addressed(payload: bytes, topic: str) -> bytes:
    """Each sentence that does not say whose it is says it now."""
    source = f"s:{_NOT_IN_A_TAG.sub('_', topic)[:64]}"
    mark = f"\\{source}*{checksum(source)}\\".encode()
    return b"\n".join(mark + line if line[:1] in {b"$", b"!"} else line for line in payload.splitlines())


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """Positions of RMC and GGA; other sentences are fine and say nothing here. A broken line costs only itself."""
    lines = [line.strip() for line in payload.splitlines() if line.strip()]
    if not lines or len(lines) > _MOST_LINES:
        raise BadPayload(f"there are {len(lines)} sentences; send 1 to {_MOST_LINES}, one a line")
    for line in lines:
        try:
            yield from _events(line.decode("ascii"), received)
        except UnicodeDecodeError:
            yield Rejected(original=line, reason="an NMEA sentence is ASCII; check the baud rate of the receiver")
        except BadPayload as error:
            yield Rejected(original=line, reason=str(error), field=error.field)


def _events(line: str, received: datetime) -> Iterator[Event]:
    tags, sentence = _untagged(line)
    found = _SENTENCE.fullmatch(sentence)
    if found is None and not (_OTHER.fullmatch(sentence) and sentence[3:6] not in {"RMC", "GGA"}):
        raise BadPayload(f"{shown(line)} is no whole NMEA sentence; it begins with $ and ends with * and a checksum")
    if found is None or found[2] not in {"RMC", "GGA"}:
        return
    if checksum(sentence[1:-3]) != found[4].upper():
        raise BadPayload(f"the checksum of {shown(sentence)} does not fit: it was damaged on its way", field="checksum")
    unit = field_of({"id": tags.get("s")}, "id", name_of)
    said = dict(zip(RMC if found[2] == "RMC" else GGA, found[3].split(","), strict=False))
    if not _is_fixed(found[2], said):
        return
    yield position_event("nmea", _position(unit, said), _moment(said, received), received)


def _untagged(line: str) -> tuple[Mapping[str, str], str]:
    """What the TAG block says, and the sentence behind it."""
    found = _TAG.match(line)
    if found is None:
        return {}, line
    if checksum(found[1]) != found[2].upper():
        raise BadPayload(f"the checksum of the TAG block of {shown(line)} does not fit", field="checksum")
    pairs = (part.partition(":") for part in found[1].split(","))
    return {name: value for name, _, value in pairs}, line[found.end() :]


def _is_fixed(sentence: str, said: Said) -> bool:
    """Without a fix a receiver still talks: it lives, but where it is nobody knows."""
    if sentence == "GGA":
        return said.get("quality") in _MEASURED
    return said.get("status") == "A" and said.get("mode") not in _NO_FIX


def _position(unit: str, said: Said) -> PositionReported:
    speed_kn = measure_of(said, "speed", MOST_SPEED_MPS / MPS_PER_KNOT)
    return PositionReported(
        unit=unit,
        lon=_angle(said, "lon", "east", "EW", 180),
        lat=_angle(said, "lat", "north", "NS", 90),
        heading_deg=heading_of(said, "course"),
        speed_mps=None if speed_kn is None else speed_kn * MPS_PER_KNOT,
    )


def _angle(said: Said, field: str, side: str, sides: str, most: float) -> float:
    """ddmm.mmmm and its side of the world; half of it is none."""
    value = field_of(said, field, _degrees)
    sign = field_of(said, side, _one_of(sides))
    return field_of({field: value if sign == sides[0] else -value}, field, partial(between, -most, most))


def _degrees(said: str) -> float:
    found = _ANGLE.fullmatch(said)
    if found is None or float(found[2]) >= _SEXAGESIMAL:
        raise ValueError(f"{shown(said)} is not like 11709.2160: degrees, and minutes below 60")
    return int(found[1]) + float(found[2]) / _SEXAGESIMAL


def _one_of(letters: str) -> Callable[[str], str]:
    def read(said: str) -> str:
        if said not in letters:
            raise ValueError(f"{shown(said)} is none of {', '.join(letters)}")
        return said

    return read


def _moment(said: Said, received: datetime) -> datetime:
    """RMC says the date; GGA does not: then it is the day on which that time is nearest to its arrival."""
    clock = field_of(said, "time", _clock)
    if not said.get("date"):
        return field_of({"time": _nearest(clock, received)}, "time", partial(not_ahead, received=received))
    at = field_of(said, "date", _midnight) + clock
    if abs(at + _ROLLOVER - received) < _DAY:  # the receiver's week counter began anew after 1,024 weeks
        at += _ROLLOVER
    return field_of({"date": at}, "date", partial(not_ahead, received=received))


def _nearest(clock: timedelta, received: datetime) -> datetime:
    midnight = received.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return min((midnight + clock + days * _DAY for days in (-1, 0, 1)), key=lambda at: abs(at - received))


def _clock(said: str) -> timedelta:
    found = _CLOCK.fullmatch(said)
    if found is None or int(found[1]) >= 24 or int(found[2]) >= _SEXAGESIMAL or int(found[3]) > _SEXAGESIMAL:  # noqa: PLR2004
        raise ValueError(f"{shown(said)} is no time like 111800.00")
    fraction = float(f"0.{found[4] or 0}")
    return timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3]) + fraction)


def _midnight(said: str) -> datetime:
    found = _DATE.fullmatch(said)
    try:
        return datetime(2000 + int(found[3]), int(found[2]), int(found[1]), tzinfo=UTC) if found else _no_date(said)
    except ValueError:
        return _no_date(said)


def _no_date(said: str) -> datetime:
    raise ValueError(f"{shown(said)} is no date like 221126")


FEED = Feed(
    title=Words(id="Penerima GPS (NMEA 0183)", en="GPS receivers (NMEA 0183)"),
    parse=parse,
    content_types=("text/plain",),
    seal=seal,
    silent_s=120,
    addressed=addressed,
)
