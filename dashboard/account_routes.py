"""One's own account: who one is here, another password, and signing out, on every machine at once too."""

from html import escape

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from dashboard.auth import ANONYMOUS, VISITORS, Access, Principal, principal
from dashboard.doorkeeper import Doorkeeper
from dashboard.plain_page import field, hidden, language, page, paragraph, told
from dashboard.security import MAX_FORM_BYTES
from dashboard.tokens import Grant
from geodata.errors import BadInput
from layers.layer import Words

ACCESS: Access = {"account": VISITORS, "account_password": VISITORS, "account_everywhere": VISITORS}
_SEE_OTHER, _BAD, _TOO_MANY = 303, 400, 429
_LONGEST = 256

ROLE_WORDS: dict[Grant, Words] = {
    "admin": Words(id="Admin", en="Admin"),
    "supervisor": Words(id="Supervisor", en="Supervisor"),
    "operator": Words(id="Operator", en="Operator"),
    "head": Words(id="Kepala OPD", en="Head of agency"),
    "visitor": Words(id="Tamu", en="Visitor"),
    "wall": Words(id="Layar", en="Screen"),
    "ingest": Words(id="Pengirim data", en="Sender of data"),
}
_TITLE = Words(id="Akun saya", en="My account")
_LABELS = {
    "name": Words(id="Nama", en="Name"),
    "role": Words(id="Peran", en="Role"),
    "agency": Words(id="OPD", en="Agency"),
    "wall": Words(id="Layar", en="Wall"),
}
_CHANGE = Words(id="Ganti kata sandi", en="Change the password")
_OLD = Words(id="Kata sandi sekarang", en="Present password")
_NEW = Words(id="Kata sandi baru", en="New password")
_NEW_HINT = Words(
    id="Sedikitnya 12 huruf; beberapa kata berurutan boleh.", en="At least 12 letters; a few words in a row do."
)
_AGAIN = Words(id="Sekali lagi", en="Once more")
_OUT = Words(id="Keluar", en="Sign out")
_EVERYWHERE = Words(id="Keluar di semua perangkat", en="Sign out on every device")
_BACK = Words(id="Ke layar", en="To the wall")
_WRONG = Words(id="Kata sandi sekarang tidak benar.", en="The present password is not right.")
_DIFFER = Words(id="Dua kata sandi baru itu tidak sama.", en="The two new passwords differ.")
_BAD_NEW = Words(
    id="Kata sandi baru harus 12 sampai 256 huruf, bukan nama Anda, dan tidak hanya beberapa huruf berulang.",
    en="The new password has 12 to 256 letters, is not your name, and not a few letters again and again.",
)
_SLOW = Words(id="Terlalu banyak percobaan. Tunggu sebentar.", en="Too many tries. Wait a little.")
_DONE = Words(
    id="Kata sandi sudah diganti. Perangkat lain harus masuk lagi.",
    en="The password is changed. Other devices have to sign in again.",
)


def register(server: Flask, door: Doorkeeper) -> None:
    """Add `/account` and what its forms send to."""

    def account() -> Response:
        return _page(door, "")

    def account_password() -> Response:
        request.max_content_length = MAX_FORM_BYTES
        asks, form = _person(), request.form
        if door.by_name.are_spent(asks.name.casefold()):
            return _page(door, paragraph(_SLOW, "wrong"), _TOO_MANY)
        if door.accounts.users.check(asks.name, form.get("old", "")[: _LONGEST + 1]) is None:
            door.by_name.add(asks.name.casefold())
            return _page(door, paragraph(_WRONG, "wrong"), _BAD)
        if form.get("new", "") != form.get("again", ""):
            return _page(door, paragraph(_DIFFER, "wrong"), _BAD)
        try:
            user = door.accounts.users.set_password(asks.name, form.get("new", ""))
        except BadInput:
            return _page(door, paragraph(_BAD_NEW, "wrong"), _BAD)
        door.audit.note(asks.name, "user.password", asks.name)
        door.sessions.open(user)
        return _page(door, paragraph(_DONE, "well"))

    def account_everywhere() -> Response:
        asks = _person()
        door.accounts.users.sign_out_everywhere(asks.name)
        door.audit.note(asks.name, "sign-out.everywhere", asks.name)
        door.sessions.end()
        return Response(status=_SEE_OTHER, headers={"Location": "/login"})

    server.add_url_rule("/account", "account", account)
    server.add_url_rule("/account/password", "account_password", account_password, methods=["POST"])
    server.add_url_rule("/account/everywhere", "account_everywhere", account_everywhere, methods=["POST"])


def _person() -> Principal:
    """Who asks, if it is a person signed in with a browser. Raises Forbidden."""
    asks = principal()
    if not asks.is_user or not asks.is_by_cookie:
        raise Forbidden
    return asks


def _page(door: Doorkeeper, said: str, status: int = 200) -> Response:
    asks = principal()
    user = door.accounts.users.named(asks.name) if asks.is_user else None
    has_password = user is not None and bool(user.hash)
    parts = (
        f"<h1>{escape(told(_TITLE))}</h1>",
        said,
        _who(asks),
        *(_password_form() if has_password else ()),
        _button("/logout", _OUT) if asks.is_by_cookie and not asks.is_guest else "",
        _button("/account/everywhere", _EVERYWHERE) if asks.is_user else "",
        f'<nav><a href="/wall">{escape(told(_BACK))}</a>{_other_language()}</nav>',
    )
    return page(_TITLE, parts, status)


def _who(asks: Principal) -> str:
    role = told(ROLE_WORDS[asks.role]) if asks.role else ""
    name = "" if asks.name == ANONYMOUS else asks.name
    known = {"name": name, "role": role, "agency": asks.agency, "wall": asks.wall}
    rows = (f"<dt>{escape(told(_LABELS[key]))}</dt><dd>{escape(value)}</dd>" for key, value in known.items() if value)
    return f"<dl>{''.join(rows)}</dl>"


def _password_form() -> tuple[str, ...]:
    return (
        f"<h2>{escape(told(_CHANGE))}</h2>",
        '<form method="post" action="/account/password">',
        hidden("lang", language()),
        field("old", _OLD, "password", "current-password", None, "required"),
        field("new", _NEW, "password", "new-password", _NEW_HINT, "required", 'minlength="12"'),
        field("again", _AGAIN, "password", "new-password", None, "required", 'minlength="12"'),
        f'<button class="first">{escape(told(_CHANGE))}</button>',
        "</form>",
    )


def _button(action: str, words: Words) -> str:
    return f'<form method="post" action="{action}"><button>{escape(told(words))}</button></form>'


def _other_language() -> str:
    other, name = ("id", "Bahasa Indonesia") if language() == "en" else ("en", "English")
    return f'<a lang="{other}" href="/account?lang={other}">{name}</a>'
