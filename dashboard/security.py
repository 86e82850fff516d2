"""What every answer carries and every request is bounded by: headers, body sizes, and one line in the log."""

import secrets
import time
from collections.abc import Sequence

import structlog
from flask import Flask, Response, g, request

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_FORM_BYTES = 64 * 1024
_OK = 400
_QUIET = (
    "/live", "/cameras/", "/assets/", "/map/", "/fonts/", "/healthz", "/readyz", "/api/v1/osmand", "/api/v1/owntracks",
)  # fmt: skip
"""Asked many times a second: of these only what was refused is worth a line."""
_LOG = structlog.get_logger()

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), payment=(), usb=()",
}
_HSTS = "max-age=31536000"


def content_policy(script_hashes: Sequence[str]) -> str:
    """The strictest policy under which Dash and MapLibre work; `script_hashes` are Dash's own inline scripts."""
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",  # Dash has no nonce for styles; without it its controls are bare
            "img-src 'self' data: blob:",
            "media-src blob:",  # live video is put together in the page
            "connect-src 'self'",
            "font-src 'self'",
            "worker-src 'self' blob:",  # MapLibre's worker is a blob of plotly.min.js
            "manifest-src 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "report-uri /csp",
        )
    )


def register(server: Flask, policy: str) -> None:
    """Bound every request and dress every answer."""
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    server.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_BYTES

    def begin() -> None:
        g.id, g.began_s = secrets.token_hex(6), time.monotonic()

    def finish(response: Response) -> Response:
        _dress(response, policy)
        _write_line(response)
        return response

    server.before_request(begin)
    server.after_request(finish)


def _dress(response: Response, policy: str) -> None:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers["Content-Security-Policy"] = policy
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = _HSTS
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"


def _write_line(response: Response) -> None:
    """No query strings, no bodies, no headers: nothing that could hold a secret or a person."""
    if response.status_code < _OK and request.path.startswith(_QUIET):
        return
    _LOG.info(
        "request",
        id=g.id,
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round((time.monotonic() - g.began_s) * 1000, 1),
        principal=getattr(g.get("principal"), "name", None),
    )
