"""Some hours of the flood before, told afterwards, and the bookmark that opens them to the visitors' tour.

A demo that has just begun has no past of its own; what is told here carries the times of then. Pure, but for `mark`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson

from dashboard.demo.flood import AREA, ROUND_S, Flood
from dashboard.demo.sender import Line, Message, feed_message
from geodata.places import Ground

_FROM, _TO = 0.24, 0.56
"""While the water rises, and until the first have gone home."""
_STEP = timedelta(minutes=5)
_ELSEWHERE = ("64.72.05.1002", "64.72.05.1012", "64.72.05.1003")
_REPORTED_AT = (0.05, 0.18, 0.3, 0.42, 0.6)
_ANSWERS = (("diteruskan", 2), ("menuju_lokasi", 6), ("di_lokasi", 19), ("tertangani", 75), ("selesai", 80))
_NAME = "Banjir Bengkuring (simulasi)"
_CHUNK = 150
_BOOKMARKS = "/api/v1/bookmarks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which time is remembered."""

    since: datetime
    until: datetime


def span_before(now: datetime) -> Span:
    """The hours of the newest flood that are over by then."""
    started_s = now.timestamp() // ROUND_S * ROUND_S
    if now.timestamp() < started_s + _TO * ROUND_S:
        started_s -= ROUND_S
    since, until = (datetime.fromtimestamp(started_s + part * ROUND_S, UTC) for part in (_FROM, _TO))
    return Span(since=since, until=until)


def messages(ground: Ground, span: Span) -> Iterator[Message]:
    """Water, shelters, networks, sky and reports of then, feed by feed, each in its order."""
    told: dict[str, list[dict[str, object]]] = {"incidents": _reports(span)}
    flood, at = Flood(ground), span.since - _STEP
    told["water"] = [flood.gauge(at)[1]]
    while at <= span.until:
        for feed, record in (*flood.level(at), *flood.standing(at)):
            told.setdefault(feed, []).append(record)
        at += _STEP
    for feed, records in told.items():
        for first in range(0, len(records), _CHUNK):
            yield feed_message(feed, records[first : first + _CHUNK])


def _reports(span: Span) -> list[dict[str, object]]:
    said: list[dict[str, object]] = []
    for number, part in enumerate(_REPORTED_AT):
        reported_at = span.since + part * (span.until - span.since)
        known: dict[str, object] = {
            "id": f"SIM-AIR-{reported_at:%m%d%H%M}", "category": "banjir", "priority": 2 if number % 2 else 1,
            "time": _iso(reported_at), "kelurahan": (AREA, *_ELSEWHERE)[number % 4],
            "description": "[SIMULASI] air masuk rumah",
        }  # fmt: skip
        steps = ((status, reported_at + timedelta(minutes=minutes)) for status, minutes in _ANSWERS)
        said.append({**known, "status": "diterima", "status_time": _iso(reported_at)})
        said += [{**known, "status": status, "status_time": _iso(at), "agency": "bpbd"} for status, at in steps]
    return said


def mark(line: Line, span: Span) -> bool:
    """Open that time to the tour, as a supervisor would; `line` speaks as an admin. Whether the server took it.

    There is one such bookmark, however often the demo is begun: those of earlier floods are taken away.
    """
    known = line.ask(_BOOKMARKS)
    if known is None:
        return False
    ours = [one for one in known["bookmarks"] if one["name"] == _NAME]
    kept = next((one for one in ours if _iso(datetime.fromisoformat(one["at"])) == _iso(span.since)), None)
    gone = [line.send(Message(method="DELETE", path=f"{_BOOKMARKS}/{one['id']}")) for one in ours if one is not kept]
    return all(gone) and (kept is not None or _add(line, span))


def _add(line: Line, span: Span) -> bool:
    body = {"name": _NAME, "at": _iso(span.since), "until": _iso(span.until), "sense": "known", "for_visitors": True}
    return line.send(Message(method="POST", path=_BOOKMARKS, body=orjson.dumps(body), content_type="application/json"))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
