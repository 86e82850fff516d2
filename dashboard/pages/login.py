"""The sign-in form: a token in, a session cookie out. Plain HTML, so that it works when nothing else does.

Not a Dash page: it must open before anybody may see one.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from html import escape

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from dashboard.auth import ANYONE, Access, comes_from_us
from dashboard.security import MAX_FORM_BYTES
from dashboard.sessions import Sessions
from dashboard.tokens import TokenBook

ACCESS: Access = {"login": ANYONE, "login_try": ANYONE, "logout": ANYONE}
ATTEMPTS = 5
PER_S = 60.0
_MOST_ADDRESSES = 10_000
_LONGEST_TOKEN = 200
_REFUSED, _TOO_MANY, _SEE_OTHER = 401, 429, 303
_HOME = "/wall"

_WRONG = "Token tidak dikenal. Minta token baru kepada admin: <code>layar token create</code>"
_SLOW = "Terlalu banyak percobaan. Tunggu satu menit."
_PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Masuk · Layar 112</title>
<link rel="stylesheet" href="/assets/00-tokens.css">
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--night);
  color: var(--text); font: 18px/1.5 system-ui, sans-serif }}
form {{ width: min(26em, 88vw); padding: 2em; background: var(--panel); border: 1px solid var(--panel-edge);
  border-radius: 12px }}
h1 {{ margin: 0 0 .2em; font-size: 1.5em }} p {{ color: var(--text-soft); margin: 0 0 1.2em }}
.wrong {{ color: var(--priority-2) }}
label {{ display: block; color: var(--text-soft) }}
input, button {{ box-sizing: border-box; width: 100%; padding: .6em; margin-top: .4em; font: inherit;
  border-radius: 8px; border: 1px solid var(--panel-edge); background: var(--ground); color: var(--text) }}
button {{ margin-top: 1em; background: var(--brand); border: 0; font-weight: 600; cursor: pointer }}
</style>
</head>
<body>
<form method="post" action="/login">
<h1>Layar 112</h1>
<p>{said}</p>
<input type="hidden" name="next" value="{next}">
<label>Token
<input name="token" type="password" autocomplete="current-password" required autofocus maxlength="200"></label>
<button>Masuk</button>
</form>
</body>
</html>"""


class Attempts:
    """Wrong tries per address within the last minute; remembers at most ten thousand addresses."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def are_spent(self, address: str) -> bool:
        """Whether this address has to wait."""
        with self._lock:
            return len(self._recent(address)) >= ATTEMPTS

    def add(self, address: str) -> None:
        """The address tried a wrong token."""
        with self._lock:
            self._recent(address).append(self._clock_s())
            while len(self._tries) > _MOST_ADDRESSES:
                self._tries.popitem(last=False)

    def _recent(self, address: str) -> deque[float]:
        tries = self._tries.setdefault(address, deque(maxlen=ATTEMPTS))
        self._tries.move_to_end(address)
        while tries and self._clock_s() - tries[0] > PER_S:
            tries.popleft()
        return tries


def local_path(said: str | None) -> str:
    """Where to go after signing in: a path of this server, never another site."""
    if not said or not said.startswith("/") or said.startswith(("//", "/\\")) or not said.isprintable():
        return _HOME
    return said


def register(server: Flask, tokens: TokenBook, sessions: Sessions, attempts: Attempts) -> None:
    """Add `/login` and `/logout`."""

    def login() -> Response:
        return _form(local_path(request.args.get("next")), "Masukkan token layar ini.", 200)

    def login_try() -> Response:
        request.max_content_length = MAX_FORM_BYTES
        _refuse_strangers_form()
        address = request.remote_addr or "?"
        home = local_path(request.form.get("next"))
        if attempts.are_spent(address):
            response = _form(home, _SLOW, _TOO_MANY)
            response.headers["Retry-After"] = str(int(PER_S))
            return response
        token = tokens.check(request.form.get("token", "")[:_LONGEST_TOKEN].strip())
        if token is None or token.role == "ingest":
            attempts.add(address)
            return _form(home, f'<span class="wrong">{_WRONG}</span>', _REFUSED)
        response = Response(status=_SEE_OTHER, headers={"Location": home})
        sessions.open(request, response, token)
        return response

    def logout() -> Response:
        response = Response(status=_SEE_OTHER, headers={"Location": "/login"})
        sessions.end(request, response)
        return response

    server.add_url_rule("/login", "login", login, methods=["GET"])
    server.add_url_rule("/login", "login_try", login_try, methods=["POST"])
    server.add_url_rule("/logout", "logout", logout, methods=["POST"])


def _refuse_strangers_form() -> None:
    """Another site must not sign a browser in; what is no browser says nothing of where it comes from."""
    is_told = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
    if is_told and not comes_from_us(request):
        raise Forbidden


def _form(home: str, said: str, status: int) -> Response:
    response = Response(_PAGE.format(said=said, next=escape(home)), status, content_type="text/html; charset=utf-8")
    response.headers["Referrer-Policy"] = "same-origin"  # with no-referrer browsers send the form with "Origin: null"
    return response
