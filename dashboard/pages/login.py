"""The sign-in form: a name and a password, or a token, in; a session cookie out. Plain HTML.

Not a Dash page: it must open before anybody may see one.
"""

from html import escape
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from dashboard.accounts import Account
from dashboard.attempts import Attempts, network_of
from dashboard.auth import ANYONE, Access, principal
from dashboard.doorkeeper import Doorkeeper
from dashboard.oidc_routes import START
from dashboard.plain_page import field, hidden, language, local_path, page, paragraph, told
from dashboard.security import MAX_FORM_BYTES
from layers.layer import Words

ACCESS: Access = {"login": ANYONE, "login_try": ANYONE, "logout": ANYONE}
_LONGEST = 256
_REFUSED, _TOO_MANY, _SEE_OTHER = 401, 429, 303

_TITLE = Words(id="Masuk", en="Sign in")
_HINT = Words(id="Orang masuk dengan nama dan kata sandi.", en="People sign in with a name and a password.")
_NAME = Words(id="Nama", en="Name")
_NAME_HINT = Words(id="Kosongkan untuk layar yang memakai token.", en="Leave empty for a screen with a token.")
_SECRET = Words(id="Kata sandi atau token", en="Password or token")
_THROUGH = Words(id="Masuk lewat {name}", en="Sign in through {name}")
_WRONG_TOKEN = Words(
    id="Token tidak dikenal. Minta token baru kepada admin (layar token create).",
    en="This token is not known. Ask an admin for a new one (layar token create).",
)
_WRONG = Words(id="Nama atau kata sandi tidak benar.", en="The name or the password is not right.")
_SLOW = Words(id="Terlalu banyak percobaan. Tunggu {n} menit.", en="Too many tries. Wait {n} min.")


def register(server: Flask, door: Doorkeeper) -> None:
    """Add `/login` and `/logout`."""

    def login() -> Response:
        return _form(door, paragraph(_HINT), 200)

    def login_try() -> Response:
        request.max_content_length = MAX_FORM_BYTES
        name, said = request.form.get("name", "")[:_LONGEST].strip(), request.form.get("token", "")
        keys = _keys(door, name)
        if (late := next((tries for tries, key in keys if tries.are_spent(key)), None)) is not None:
            return _wait(door, late.within_s)
        account = _account(door, name, said[: _LONGEST + 1])
        if account is None:
            return _wrong(door, name, keys)
        door.by_name.forget(name.casefold())
        door.sessions.open(account)
        door.audit.note(account.name, "sign-in", account.role)
        return Response(status=_SEE_OTHER, headers={"Location": local_path(request.form.get("next"))})

    def logout() -> Response:
        if principal().is_guest:
            raise Forbidden  # a visitor must not take the screen's key away
        if principal().is_by_cookie:
            door.audit.note(principal().name, "sign-out", principal().role or "")
        door.sessions.end()
        return Response(status=_SEE_OTHER, headers={"Location": "/login"})

    server.add_url_rule("/login", "login", login, methods=["GET"])
    server.add_url_rule("/login", "login_try", login_try, methods=["POST"])
    server.add_url_rule("/logout", "logout", logout, methods=["POST"])


def _keys(door: Doorkeeper, name: str) -> list[tuple[Attempts, str]]:
    """By what tries are counted; a name also when nobody has it, so that waiting tells nothing."""
    by_name = [(door.by_name, name.casefold())] if name else []
    return [(door.by_address, network_of(request.remote_addr)), *by_name]


def _account(door: Doorkeeper, name: str, said: str) -> Account | None:
    if name:
        return door.accounts.users.check(name, said)
    token = door.accounts.tokens.check(said.strip())
    return None if token is None or token.role == "ingest" else token


def _wrong(door: Doorkeeper, name: str, keys: list[tuple[Attempts, str]]) -> Response:
    """What was typed as a name may be a password; the audit gets only names that somebody has."""
    for tries, key in keys:
        tries.add(key)
    known = door.accounts.users.named(name) if name else None
    if known is not None and door.by_name.are_spent(name.casefold()):
        door.audit.note(known.name, "sign-in.locked", network_of(request.remote_addr))
    return _form(door, paragraph(_WRONG if name else _WRONG_TOKEN, "wrong"), _REFUSED)


def _wait(door: Doorkeeper, seconds: float) -> Response:
    minutes = str(round(seconds / 60))
    words = Words(id=_SLOW.id.format(n=minutes), en=_SLOW.en.format(n=minutes))
    response = _form(door, paragraph(words, "wrong"), _TOO_MANY)
    response.headers["Retry-After"] = str(int(seconds))
    return response


def _form(door: Doorkeeper, said: str, status: int) -> Response:
    home = local_path(request.values.get("next"))
    parts = (
        "<h1>Layar 112</h1>",
        said,
        '<form method="post" action="/login">',
        hidden("next", home),
        hidden("lang", language()),
        field("name", _NAME, "text", "username", _NAME_HINT, "autofocus", 'autocapitalize="none"'),
        field("token", _SECRET, "password", "current-password", None, "required"),
        f'<button class="first">{escape(told(_TITLE))}</button>',
        "</form>",
        _elsewhere(door, home),
        _other_language(home),
    )
    return page(_TITLE, parts, status)


def _elsewhere(door: Doorkeeper, home: str) -> str:
    """The way to the city's own provider; a link, because what a form sends may not be sent on to another site."""
    if door.provider is None:
        return ""
    words = told(_THROUGH).format(name=door.provider.settings.name)
    return f'<a class="button" href="{START}?lang={language()}&amp;next={quote(home, safe="/")}">{escape(words)}</a>'


def _other_language(home: str) -> str:
    other, name = ("id", "Bahasa Indonesia") if language() == "en" else ("en", "English")
    return f'<nav><a lang="{other}" href="/login?lang={other}&amp;next={quote(home, safe="/")}">{name}</a></nav>'
