"""Browsers' reports of what the content policy stopped: one line each in the log, at most one a second."""

import threading
import time

import orjson
import structlog
from flask import Flask, Response, request

from dashboard.auth import ANYONE, Access

ACCESS: Access = {"csp": ANYONE}
_MOST_BYTES = 16 * 1024
_NAMES = ("violated-directive", "effectiveDirective", "blocked-uri", "blockedURL", "document-uri", "line-number")
_LONGEST = 120
_LOG = structlog.get_logger()


def register(server: Flask) -> None:
    """Add `/csp`."""
    lock, last_s, held_back = threading.Lock(), [-1.0], [0]

    def csp() -> Response:
        request.max_content_length = _MOST_BYTES
        said = request.get_data(cache=False)
        with lock:
            if time.monotonic() - last_s[0] < 1:
                held_back[0] += 1
            else:
                _LOG.warning("csp_violation", held_back=held_back[0], **_words(said))
                last_s[0], held_back[0] = time.monotonic(), 0
        return Response(status=204)

    server.add_url_rule("/csp", "csp", csp, methods=["POST"])


def _words(said: bytes) -> dict[str, str]:
    """The few words of a report that help; without query strings."""
    try:
        report = orjson.loads(said).get("csp-report", {})
        return {name.replace("-", "_"): str(report[name]).split("?")[0][:_LONGEST] for name in _NAMES if name in report}
    except (orjson.JSONDecodeError, AttributeError, TypeError):
        return {}
