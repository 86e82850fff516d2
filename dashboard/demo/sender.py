"""Bytes out: what the simulated city says, over HTTP, in the words real phones and call-taking systems use."""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

import orjson
import requests
import structlog

from dashboard.demo.cast import Unit
from dashboard.demo.city import Record
from dashboard.demo.units import Report

_LOG = structlog.get_logger()
_KNOTS_PER_MPS = 3600 / 1852
_TIMEOUT_S = 6.0
_MOST_WAITING = 300
_MOST_RECORDS = 20_000
_CHUNK = 150
_SENDERS = 3
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_FINE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One request to the server; `query` is already encoded."""

    method: str
    path: str
    query: str = ""
    body: bytes | None = None
    content_type: str | None = None


def worded(report: Report) -> Message:
    """A position as the unit's own app says it: the OsmAnd protocol has many forms."""
    dialect = report.unit.dialect
    if dialect == "json":
        return Message(method="POST", path="/api/v1/osmand", body=orjson.dumps(_as_json(report)), content_type=_JSON)
    said = _as_fields(report)
    if dialect == "form":
        return Message(method="POST", path="/api/v1/osmand", body=urlencode(said).encode(), content_type=_FORM)
    return Message(method="GET" if dialect == "get" else "POST", path="/api/v1/osmand", query=urlencode(said))


def _as_fields(report: Report) -> dict[str, str]:
    """Speed in knots; the time in seconds, milliseconds or ISO, the place in one field or two: all occur."""
    fix, unit = report.fix, report.unit
    at = datetime.fromtimestamp(report.at_s, UTC)
    times = (f"{report.at_s:.0f}", f"{report.at_s * 1000:.0f}", at.isoformat(timespec="milliseconds"))
    place = {"location": f"{fix.lat},{fix.lon}"} if unit.number % 4 == 3 else {"lat": f"{fix.lat}", "lon": f"{fix.lon}"}  # noqa: PLR2004 — one app in four
    return {
        "deviceid" if unit.number % 5 == 2 else "id": unit.id,  # noqa: PLR2004 — an older app
        **place,
        "timestamp": times[unit.number % 3],
        "bearing": f"{fix.heading_deg:.0f}",
        "speed": f"{fix.speed_mps * _KNOTS_PER_MPS:.2f}",
        "accuracy": f"{report.accuracy_m:.0f}",
        "batt": f"{report.battery_pct:.0f}",
    }


def _as_json(report: Report) -> dict[str, object]:
    fix = report.fix
    coords = {
        "latitude": fix.lat,
        "longitude": fix.lon,
        "accuracy": report.accuracy_m,
        "speed": round(fix.speed_mps, 2) if fix.speed_mps else -1,
        "heading": round(fix.heading_deg, 1),
    }
    at = datetime.fromtimestamp(report.at_s, UTC).isoformat(timespec="milliseconds")
    place = {"timestamp": at, "coords": coords, "battery": {"level": report.battery_pct / 100}}
    return {"device_id": report.unit.id, "location": place}


def roster_message(units: Iterable[Unit]) -> Message:
    """Who is who, for `POST /api/v1/feeds/units`."""
    said = [{"id": unit.id, "name": unit.name, "kind": unit.kind, "agency": unit.agency} for unit in units]
    return Message(method="POST", path="/api/v1/feeds/units", body=orjson.dumps(said), content_type=_JSON)


def incidents_message(records: Sequence[Record]) -> Message:
    """Incident records, for `POST /api/v1/incidents`."""
    return Message(method="POST", path="/api/v1/incidents", body=orjson.dumps(list(records)), content_type=_JSON)


def feed_message(feed: str, records: Sequence[Record]) -> Message:
    """Records of any feed, for `POST /api/v1/feeds/<feed>`."""
    path = f"/api/v1/feeds/{feed}"
    return Message(method="POST", path=path, body=orjson.dumps(list(records)), content_type=_JSON)


class Line:
    """One kept-alive connection to the server, for one thread."""

    def __init__(self, base_url: str, token: str) -> None:
        self._base_url = base_url
        self._session = requests.Session()
        self._session.trust_env = False  # never through a proxy
        self._session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, path: str) -> Any:  # noqa: ANN401 — whatever JSON the server answers
        """What the server says there; None where it says nothing."""
        try:
            answer = self._session.get(f"{self._base_url}{path}", timeout=_TIMEOUT_S)
            return answer.json() if answer.ok else None
        except (requests.RequestException, ValueError):
            return None

    def send(self, message: Message) -> bool:
        """Whether the server took it. What it refuses for good is logged and counts as taken."""
        url = f"{self._base_url}{message.path}" + (f"?{message.query}" if message.query else "")
        headers = {"Content-Type": message.content_type} if message.content_type else None
        try:
            answer = self._session.request(message.method, url, data=message.body, headers=headers, timeout=_TIMEOUT_S)
        except requests.RequestException:
            return False
        if answer.status_code in {400, 404, 413, 422}:
            _LOG.warning("demo_refused", path=message.path, status=answer.status_code, said=answer.text[:300])
            return True
        return answer.status_code < _FINE


class Positions:
    """Sends positions from a few threads. When the server is slow the oldest are dropped: a newer one follows."""

    def __init__(self, base_url: str, token: str) -> None:
        self._waiting: queue.Queue[Report] = queue.Queue(_MOST_WAITING)
        for _ in range(_SENDERS):
            threading.Thread(target=self._work, args=(Line(base_url, token),), daemon=True).start()

    def put(self, report: Report) -> None:
        """Queue a position."""
        while True:
            try:
                self._waiting.put_nowait(report)
            except queue.Full:
                self._drop_oldest()
            else:
                return

    def _drop_oldest(self) -> None:
        try:
            self._waiting.get_nowait()
        except queue.Empty:
            return

    def _work(self, line: Line) -> None:
        while True:
            line.send(worded(self._waiting.get()))


class Mailbag:
    """An outbox for every feed but the incidents'."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._boxes: dict[str, Outbox] = {}

    def put(self, told: Iterable[tuple[str, Record]]) -> None:
        """Queue what has just happened, each for its feed."""
        for feed, record in told:
            self._box(feed).put((record,))

    def put_history(self, told: Iterable[tuple[str, Record]]) -> None:
        """Queue what happened earlier today."""
        for feed, record in told:
            self._box(feed).put_history((record,))

    def send_some(self) -> bool:
        """A part of every feed. False when the server did not answer."""
        return sum(not box.send_some() for box in self._boxes.values()) == 0

    def _box(self, feed: str) -> "Outbox":
        return self._boxes.setdefault(feed, Outbox(self._line, partial(feed_message, feed)))


class Outbox:
    """Records of one feed until the server has taken them, in order; a call-taking system keeps what it could not send.

    Full, it drops the oldest of the history first.
    """

    def __init__(self, line: Line, worded: Callable[[Sequence[Record]], Message] = incidents_message) -> None:
        self._line, self._worded = line, worded
        self._news: deque[Record] = deque(maxlen=_MOST_RECORDS)
        self._history: deque[Record] = deque(maxlen=_MOST_RECORDS)

    def put(self, records: Iterable[Record]) -> None:
        """Queue what has just happened."""
        self._news.extend(records)

    def put_history(self, records: Iterable[Record]) -> None:
        """Queue what happened earlier today; it goes out when there is no news."""
        self._history.extend(records)

    def send_some(self) -> bool:
        """Send all news, or else a part of the history. False when the server did not answer."""
        box = self._news or self._history
        chunk = [box[i] for i in range(min(_CHUNK, len(box)))]
        if not chunk:
            return True
        is_taken = self._line.send(self._worded(chunk))
        if is_taken:
            for _ in chunk:
                box.popleft()
        return is_taken
