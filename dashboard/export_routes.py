"""`GET /api/v1/export/<kind>.<format>`: tables for those who count, one at a time, each noted in the audit."""

import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import IO

from flask import Flask, Response, request
from werkzeug.exceptions import TooManyRequests

from dashboard.audit import Detail
from dashboard.auth import SUPERVISORS, Access, principal
from dashboard.caller_key import load_caller_key
from dashboard.export import Wanted, export, frame_of
from dashboard.export_files import FORMATS
from dashboard.services import Services
from geodata.errors import BadInput, NotFound, StoreUnavailable
from layers.fields import day_of

ACCESS: Access = {"api_export": SUPERVISORS}
_A_MINUTE_S = 60.0
_A_MINUTE = 6
_IN_MEMORY = 1_000_000
_CHUNK = 64 * 1024


class Turnstile:
    """At most so many a minute, all together, and one at a time."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._lately: deque[float] = deque(maxlen=_A_MINUTE)
        self.busy = threading.Lock()

    def take(self) -> None:
        """Raises TooManyRequests, which says when to come again."""
        with self._lock:
            now_s = self._seconds()
            if len(self._lately) == _A_MINUTE and now_s - self._lately[0] < _A_MINUTE_S:
                raise TooManyRequests(retry_after=int(_A_MINUTE_S - (now_s - self._lately[0])) + 1)
            self._lately.append(now_s)


def register(server: Flask, services: Services, data_dir: Path, seconds: Callable[[], float]) -> None:
    """Add the route."""
    turnstile = Turnstile(seconds)
    frame = frame_of(services.ground, dict(services.feeds), load_caller_key(data_dir))

    def export_(kind: str, format_: str) -> Response:
        if format_ not in FORMATS:
            raise NotFound(f"no format {format_[:20]!r}; there are: {', '.join(FORMATS)}")
        wanted = Wanted(kind=kind, first=_day("since"), last=_day("until"))
        wanted.span(services.ground)
        turnstile.take()
        if not turnstile.busy.acquire(blocking=False):
            raise StoreUnavailable("another export is being made; ask again in a minute")
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 — closed when it has been sent
        try:
            count = export(services.store, wanted, frame, format_, file)  # type: ignore[arg-type]  # a BinaryIO in all but name
        except BaseException:
            file.close()
            raise
        finally:
            turnstile.busy.release()
        _note(services, wanted, rows=count, format=format_)
        return _sent(file, wanted, format_)

    server.add_url_rule("/api/v1/export/<kind>.<format_>", "api_export", export_)


def _day(field: str) -> date:
    said = request.args.get(field, "")
    try:
        return day_of(said)
    except ValueError as error:
        raise BadInput(f"{field}: {error}", field=field) from error


def _note(services: Services, wanted: Wanted, **details: Detail) -> None:
    days = f"{wanted.first}/{wanted.last}"
    services.audit.note(principal().name, "export", wanted.kind, days=days, **details)


def _sent(file: IO[bytes], wanted: Wanted, format_: str) -> Response:
    length = file.tell()
    file.seek(0)
    response = Response(_chunks(file), content_type=FORMATS[format_])
    response.content_length = length
    ending = "parquet" if format_ == "geoparquet" else format_
    name = f"{wanted.kind}-{wanted.first}-{wanted.last}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.call_on_close(file.close)
    return response


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
