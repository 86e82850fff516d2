"""The short way of a poll: who was let in a moment ago is told the news without going through the whole server again.

A thousand screens ask once a second, and most of each answer's work was the way to it (docs/figures.md). The first poll
of an asker goes the whole way; for some seconds the ones after it are given the same words and the same headers, as
long as the account, the session and the screen are what they were: that is looked at each time.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.http import parse_etags

from dashboard.auth import LET_IN, PICTURES, LetIn
from dashboard.live_routes import Polls
from geodata.errors import StoreUnavailable

KNOWN_FOR_S = 10.0
_MOST_KNOWN = 4_096
_PLAIN = re.compile(r"(?:cursor=([\w.:-]{1,200}))?", re.ASCII)
"""A cursor of ours, or none; all else goes the whole way."""
_OF_ONE_ANSWER = frozenset({"content-type", "content-length", "content-encoding", "etag", "date"})
_STATUS = {200: "200 OK", 304: "304 NOT MODIFIED"}
_JSON = [("Content-Type", "application/json")]
_ZIPPED = ("Content-Encoding", "gzip")

Who = tuple[str | None, ...]
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Who was let in at `at_s`, and the headers that every answer to them carries."""

    let_in: LetIn
    at_s: float
    headers: Headers


class ShortWay:
    """A WSGI application around `further`, the whole way.

    `is_still_let_in` is asked before every answer; `counted` is told its status and seconds (`seconds` is monotonic).
    """

    def __init__(  # noqa: PLR0913 — named, and each of another kind
        self,
        further: WSGIApplication,
        *,
        polls: Polls,
        is_still_let_in: Callable[[LetIn], bool],
        counted: Callable[[int, float], None],
        now_s: Callable[[], float],
        seconds: Callable[[], float],
    ) -> None:
        self._further = further
        self._polls = polls
        self._is_still_let_in = is_still_let_in
        self._counted = counted
        self._now_s = now_s
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: OrderedDict[Who, _Known] = OrderedDict()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """As WSGI has it."""
        if not _is_poll(environ):
            return self._further(environ, start_response)
        who, began_s = _who(environ), self._seconds()
        known = self._known.get(who)
        if known is None or not self._holds(known):
            return self._further(environ, self._noting(who, environ, start_response))
        try:
            body = self._answer(known, environ, start_response, began_s)
        except StoreUnavailable:
            return self._further(environ, start_response)
        return body

    def _holds(self, known: _Known) -> bool:
        """A clock that was set back makes nobody known for longer."""
        return 0 <= self._now_s() - known.at_s < KNOWN_FOR_S and self._is_still_let_in(known.let_in)

    def _answer(
        self, known: _Known, environ: WSGIEnvironment, start_response: StartResponse, began_s: float
    ) -> Iterable[bytes]:
        said = _PLAIN.fullmatch(environ.get("QUERY_STRING", ""))
        role = PICTURES[known.let_in.asks.role] if known.let_in.asks.role else "visitor"
        polled = self._polls.polled(
            role,
            said[1] if said else None,
            parse_etags(environ.get("HTTP_IF_NONE_MATCH")),
            takes_gzip="gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""),
        )
        headers = [*known.headers, ("ETag", f'"{polled.etag}"')]
        if polled.status == 200:  # noqa: PLR2004 — HTTP's own
            headers += [*_JSON, ("Content-Length", str(len(polled.data))), *([_ZIPPED] if polled.is_zipped else [])]
        start_response(_STATUS[polled.status], headers)
        self._counted(polled.status, self._seconds() - began_s)
        return [polled.data]

    def _noting(self, who: Who, environ: WSGIEnvironment, start_response: StartResponse) -> StartResponse:
        """Remembers who was let in, unless the answer wants the browser to remember something, too."""

        def start(status: str, headers: Headers, *error: Any) -> Any:  # noqa: ANN401 — as WSGI has it
            let_in, names = environ.get(LET_IN), {name.lower() for name, _ in headers}
            if let_in is not None and status[:3] in {"200", "304"} and "set-cookie" not in names:
                self._keep(who, let_in, headers)
            return start_response(status, headers, *error)

        return start

    def _keep(self, who: Who, let_in: LetIn, headers: Headers) -> None:
        lasting = [(name, value) for name, value in headers if name.lower() not in _OF_ONE_ANSWER]
        with self._lock:
            self._known[who] = _Known(let_in=let_in, at_s=self._now_s(), headers=lasting)
            self._known.move_to_end(who)
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)


def _is_poll(environ: WSGIEnvironment) -> bool:
    """By a page, in words that need no weighing."""
    return (
        environ["PATH_INFO"] == "/live"
        and environ["REQUEST_METHOD"] == "GET"
        and environ.get("HTTP_SEC_FETCH_MODE") != "navigate"
        and ";" not in environ.get("HTTP_ACCEPT_ENCODING", "")
        and _PLAIN.fullmatch(environ.get("QUERY_STRING", "")) is not None
    )


def _who(environ: WSGIEnvironment) -> Who:
    """All that the whole way knows somebody by."""
    names = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST")
    return tuple(environ.get(name) for name in names)
