"""gzip for what is large and text. Streams are left alone; what never changes is compressed once."""

import gzip
import threading
from collections import OrderedDict

from flask import Flask, Response, request

_TYPES = frozenset({
    "application/json", "application/geo+json", "application/javascript", "text/javascript", "text/css", "text/html",
    "image/svg+xml",
})  # fmt: skip
_FROM_BYTES = 1_400
_TO_BYTES = 32 * 1024 * 1024
_LEVEL = 6
_KEPT = 64
_OK = 200


class _Kept:
    """The newest compressed bodies of answers that are cached for long, by path and ETag."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bodies: OrderedDict[tuple[str, int, str | None], bytes] = OrderedDict()

    def zipped(self, key: tuple[str, int, str | None], body: bytes) -> bytes:
        """Outside the lock: two may compress the same at first, but a large file does not hold up all others."""
        with self._lock:
            known = self._bodies.get(key)
        zipped = gzip.compress(body, _LEVEL, mtime=0) if known is None else known
        with self._lock:
            self._bodies[key] = zipped
            self._bodies.move_to_end(key)
            while len(self._bodies) > _KEPT:
                self._bodies.popitem(last=False)
        return zipped


def register(server: Flask) -> None:
    """Compress answers on their way out."""
    kept = _Kept()

    def shrink(response: Response) -> Response:
        if _is_worth_it(response):
            _shrink(response, kept)
        return response

    server.after_request(shrink)


def _is_worth_it(response: Response) -> bool:
    if response.status_code != _OK or "Content-Encoding" in response.headers or response.mimetype not in _TYPES:
        return False
    size = response.content_length
    return size is not None and _FROM_BYTES <= size <= _TO_BYTES and "Content-Range" not in response.headers


def _shrink(response: Response, kept: _Kept) -> None:
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0 or request.method == "HEAD":
        return
    response.direct_passthrough = False  # files are read whole: at most 32 MiB, and only the first time
    body: bytes = response.get_data()
    is_kept = response.cache_control.max_age is not None or request.path.startswith("/assets/")
    if is_kept:
        body = kept.zipped((request.path, len(body), response.headers.get("ETag")), body)
    else:
        body = gzip.compress(body, _LEVEL, mtime=0)
    response.set_data(body)
    response.headers["Content-Encoding"] = "gzip"
