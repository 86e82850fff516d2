"""Cut a multipart stream of JPEGs into its pictures without decoding them. Pure."""

import re
from collections.abc import Iterable, Iterator

from cctv.faults import Broken

_LENGTH = re.compile(rb"^content-length:\s*(\d{1,9})\s*$", re.IGNORECASE | re.MULTILINE)
_MAX_HEADERS = 8192
_LINE = b"\r\n"
_BLANK = b"\r\n\r\n"


def parts(chunks: Iterable[bytes], boundary: str, max_bytes: int) -> Iterator[bytes]:
    """The body of each part, as soon as it is whole.

    By Content-Length where a part says it, else up to the next boundary. Raises Broken when a part is larger
    than `max_bytes` or its headers have no end.
    """
    mark = b"--" + boundary.strip('"').lstrip("-").encode("latin-1", "replace")
    buffer, searched = bytearray(), 0
    for chunk in chunks:
        buffer += chunk
        while (cut := _first_part(buffer, mark, max_bytes, searched)) is not None:
            body, end = cut
            del buffer[:end]
            searched = 0
            yield body
        searched = max(0, len(buffer) - len(_LINE + mark) + 1)


def _first_part(buffer: bytearray, mark: bytes, max_bytes: int, searched: int) -> tuple[bytes, int] | None:
    """(body, where it ends), or None while it is not whole. Before `searched` no end of the body begins."""
    start = buffer.find(mark)
    blank = buffer.find(_BLANK, start) if start >= 0 else -1
    if blank < 0:
        if len(buffer) > _MAX_HEADERS:
            raise Broken("garbled")
        return None
    body = blank + len(_BLANK)
    said = _LENGTH.search(bytes(buffer[start:body]))
    end = body + int(said[1]) if said else _end(buffer, max(body, searched), mark)
    if (len(buffer) if end is None else end) - body > max_bytes:
        raise Broken("too_large")
    if end is None or end > len(buffer):
        return None
    return bytes(buffer[body:end]), end


def _end(buffer: bytearray, start: int, mark: bytes) -> int | None:
    """Where the next boundary begins, from `start` on. None: it has not come yet."""
    found = buffer.find(_LINE + mark, start)
    return found if found >= 0 else None
