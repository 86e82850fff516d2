"""Map pictures of a server elsewhere: asked for by this one, kept on disk, and never waited for long.

The address may hold a key, so it stands in no log and no error. A server that fails rests for a while, and whatever was
fetched before is shown however old it is.
"""

import hashlib
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import requests
import structlog

from geodata.basemap import image_format

_LOG = structlog.get_logger()
_CONNECT_S, _READ_S, _WHOLE_S = 3.0, 4.0, 6.0
_MOST_BYTES = 1024 * 1024
_CHUNK = 16 * 1024
_AT_ONCE = 6
_QUEUE_S = 2.0
_REST_S = 60.0
_FRESH_S = 30 * 86_400.0
_TIDY_TO = 0.9
_OK, _TOO_MANY, _ITS_FAULT = 200, 429, 500
_AGENT = "Layar112 (basemap of an emergency command center; pictures are kept for 30 days)"


class OnlineTiles:
    """`get` gives a picture or None, within seconds. May be asked by several threads."""

    def __init__(
        self, url: str, folder: Path, most_mb: int, clock_s: Callable[[], float] = time.time, rest_s: float = _REST_S
    ) -> None:
        self._url = url
        self._folder = folder / hashlib.sha256(url.encode()).hexdigest()[:12]
        self._most = most_mb * 1024 * 1024
        self._clock_s = clock_s
        self._rest_s = rest_s
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._rests_until = 0.0
        self._held: int | None = None

    def get(self, zoom: int, column: int, row: int) -> bytes | None:
        """Fresh from the disk, else from the server, else from the disk however old."""
        path = self._folder / f"{zoom}-{column}-{row}"
        kept, age_s = self._kept(path)
        if kept is not None and age_s < _FRESH_S:
            return kept
        found = self._fetched(zoom, column, row)
        if found is None:
            return kept
        self._keep(path, found)
        return found

    def _kept(self, path: Path) -> tuple[bytes | None, float]:
        try:
            return path.read_bytes(), self._clock_s() - path.stat().st_mtime
        except OSError:
            return None, 0.0

    def _fetched(self, zoom: int, column: int, row: int) -> bytes | None:
        if self._clock_s() < self._rests_until or not self._places.acquire(timeout=_QUEUE_S):
            return None
        try:
            return self._asked(self._url.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row)))
        finally:
            self._places.release()

    def _asked(self, address: str) -> bytes | None:
        try:
            with requests.get(
                address,
                stream=True,
                allow_redirects=False,
                timeout=(_CONNECT_S, _READ_S),
                headers={"User-Agent": _AGENT},
            ) as answer:
                if answer.status_code >= _ITS_FAULT or answer.status_code == _TOO_MANY:
                    self._rest(f"it answers {answer.status_code}")
                    return None
                return _picture(answer) if answer.status_code == _OK else None
        except (requests.RequestException, OSError) as error:
            self._rest(type(error).__name__)
            return None

    def _rest(self, why: str) -> None:
        """Said once a rest, so at most once a minute."""
        with self._lock:
            now = self._clock_s()
            if now < self._rests_until:
                return
            self._rests_until = now + self._rest_s
        _LOG.warning("basemap_online_rests", reason=why, rest_s=self._rest_s)

    def _keep(self, path: Path, picture: bytes) -> None:
        """A full disk costs speed, never the picture."""
        with self._lock, suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = path.with_name(f".{path.name}.{threading.get_ident()}")
            fresh.write_bytes(picture)
            fresh.replace(path)
            now = self._clock_s()
            os.utime(path, (now, now))
            self._held = (self._size() if self._held is None else self._held) + len(picture)
            if self._held > self._most:
                self._held = self._tidied()

    def _size(self) -> int:
        return sum(path.stat().st_size for path in self._folder.iterdir())

    def _tidied(self) -> int:
        """The oldest go until nine tenths are left; gives what is held then."""
        known = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self._folder.iterdir())
        held = sum(size for _, size, _ in known)
        for _, size, path in known:
            if held <= self._most * _TIDY_TO:
                break
            path.unlink(missing_ok=True)
            held -= size
        return held


def _picture(answer: requests.Response) -> bytes | None:
    """The whole body if it is a picture, not too large, and here in time."""
    deadline, body = time.monotonic() + _WHOLE_S, bytearray()
    for chunk in answer.iter_content(_CHUNK):
        body += chunk
        if len(body) > _MOST_BYTES or time.monotonic() > deadline:
            return None
    return bytes(body) if image_format(bytes(body[:16])) else None
