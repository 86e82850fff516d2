"""`/login/oidc`: to the city's own provider and back. Only there when `[oidc]` names one.

The way back ends in a page that goes on by itself: a redirect would still count as sent by the provider's site, and the
browser would withhold the session cookie.
"""

from html import escape
from urllib.parse import quote

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import NotFound

from dashboard.attempts import network_of
from dashboard.auth import ANYONE, Access
from dashboard.doorkeeper import Doorkeeper
from dashboard.oidc import AWAY_S, Person, Provider
from dashboard.oidc_settings import CALLBACK
from dashboard.oidc_wire import ProviderDown, ProviderRefused
from dashboard.plain_page import CAME_IN, language, local_path, page, paragraph, told
from dashboard.rates import Rates
from dashboard.users import User
from geodata.errors import BadInput
from layers.layer import Words

ACCESS: Access = {"oidc_start": ANYONE, "oidc_back": ANYONE}
START = "/login/oidc"
_COOKIE, _SECURE_COOKIE = "layar-away", "__Host-layar-away"
_SEE_OTHER, _REFUSED, _DOWN = 303, 403, 503
_TRIES_PER_S = 5.0
_LOG = structlog.get_logger()

_TITLE = Words(id="Masuk", en="Sign in")
_WELCOME = Words(id="Anda masuk sebagai", en="You are signed in as")
_ON = Words(id="Lanjut ke layar", en="On to the wall")
_BACK = Words(id="Kembali ke halaman masuk", en="Back to the sign-in page")
_IS_DOWN = Words(
    id="Saat ini {name} tidak terjangkau. Coba lagi nanti, atau masuk dengan nama dan kata sandi di sini.",
    en="Just now {name} cannot be reached. Try again later, or sign in here with a name and a password.",
)
_NOT_VOUCHED = Words(
    id="Masuk lewat {name} tidak selesai. Mulai sekali lagi dari halaman masuk.",
    en="Signing in through {name} did not come to its end. Begin once more from the sign-in page.",
)
_NO_ROLE = Words(
    id="Akun Anda di {name} tidak punya peran di Layar 112. Minta kepada admin.",
    en="Your account at {name} has no role in Layar 112. Ask an admin.",
)
_NAMESAKE = Words(
    id="Nama Anda di {name} tidak dapat dipakai di sini atau sudah dipakai akun lain. Minta bantuan admin.",
    en="Your name at {name} cannot be used here or belongs to another account. Ask an admin.",
)
_DISABLED = Words(id="Akun Anda dinonaktifkan. Minta kepada admin.", en="Your account is disabled. Ask an admin.")


def register(server: Flask, door: Doorkeeper) -> None:
    """Add the way there and the way back."""
    rates = Rates(_TRIES_PER_S, door.clock_s)

    def oidc_start() -> Response:
        provider = _provider(door)
        rates.take(network_of(request.remote_addr))
        try:
            address, carried = provider.begin(local_path(request.args.get("next")), language())
        except ProviderDown as error:
            return _down(provider, error)
        response = Response(status=_SEE_OTHER, headers={"Location": address})
        _carry(response, carried)
        return response

    def oidc_back() -> Response:
        provider = _provider(door)
        rates.take(network_of(request.remote_addr))
        carried = request.cookies.get(_cookie_name(), "")
        setattr(g, CAME_IN, provider.lang_of(carried))
        try:
            person, home = provider.finish(carried, request.args)
        except ProviderDown as error:
            return _down(provider, error)
        except ProviderRefused as error:
            _LOG.warning("oidc_refused", reason=str(error))
            return _page(provider, _NOT_VOUCHED, _REFUSED)
        return _let_in(door, provider, person, home)

    server.add_url_rule(START, "oidc_start", oidc_start)
    server.add_url_rule(CALLBACK, "oidc_back", oidc_back)


def _provider(door: Doorkeeper) -> Provider:
    if door.provider is None:
        raise NotFound
    return door.provider


def _let_in(door: Doorkeeper, provider: Provider, person: Person, home: str) -> Response:
    try:
        user = _user(door, person)
    except BadInput:
        return _page(provider, _NAMESAKE, _REFUSED)
    if user is None or user.is_disabled:
        return _page(provider, _DISABLED if user else _NO_ROLE, _REFUSED)
    door.sessions.open(user)
    door.audit.note(user.name, "sign-in", user.role, through=provider.settings.name)
    welcome = f"<p>{escape(told(_WELCOME))} <b>{escape(user.name)}</b>.</p>"
    response = page(_TITLE, (f"<h1>{escape(told(_TITLE))}</h1>", welcome, _link(home, _ON)))
    response.headers["Refresh"] = f"0; url={_in_ascii(home)}"
    return _arrived(response)


def _user(door: Doorkeeper, person: Person) -> User | None:
    """As the provider knows them today; None for who has lost, or never had, a role. Raises BadInput."""
    users = door.accounts.users
    known = users.with_subject(person.subject)
    if person.role is None:
        if known is not None:
            users.sign_out_everywhere(known.name)
        return None
    name = known.name if known else next((one for one in person.names if users.fits(one)), "")
    if known is None and not door.accounts.is_free(name):
        raise BadInput(f"{name} is somebody else here", field="name")
    return users.of_subject(subject=person.subject, name=name, role=person.role, agency=person.agency, now=door.clock())


def _down(provider: Provider, error: ProviderDown) -> Response:
    _LOG.warning("oidc_down", reason=str(error))
    return _page(provider, _IS_DOWN, _DOWN)


def _page(provider: Provider, words: Words, status: int) -> Response:
    name = provider.settings.name
    said = Words(id=words.id.format(name=name), en=words.en.format(name=name))
    parts = (f"<h1>{escape(told(_TITLE))}</h1>", paragraph(said, "wrong"), _link(f"/login?lang={language()}", _BACK))
    return _arrived(page(_TITLE, parts, status))


def _link(path: str, words: Words) -> str:
    return f'<a class="button" href="{escape(_in_ascii(path))}">{escape(told(words))}</a>'


def _in_ascii(path: str) -> str:
    return quote(path, safe="/?&=%#:,;+@!~*'()")


def _cookie_name() -> str:
    return _SECURE_COOKIE if request.is_secure else _COOKIE


def _carry(response: Response, carried: str) -> None:
    """Lax: it must come along when the provider sends the browser back."""
    response.set_cookie(
        _cookie_name(), carried, max_age=AWAY_S, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )


def _arrived(response: Response) -> Response:
    response.delete_cookie(_cookie_name(), secure=request.is_secure, httponly=True, samesite="Lax", path="/")
    return response
