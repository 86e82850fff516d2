"""Who asks, and may they: the one check that every request goes through, before anything else.

A table says for each endpoint who may use it. What is not in the table is refused. A token comes as Bearer, as
the password of Basic (OwnTracks and Traccar know nothing else), or through the session cookie; never in a URL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import quote, urlsplit

import structlog
from flask import Flask, Request, Response, g, has_request_context, redirect, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import ExpectationFailed, Forbidden, LengthRequired, RequestEntityTooLarge, Unauthorized

from dashboard.accounts import Account, Accounts
from dashboard.sessions import Sessions, is_deed
from dashboard.tokens import Grant, Token
from dashboard.worker import MOST_WAITED_FOR
from layers.event import Mode
from layers.layer import Role

_LOG = structlog.get_logger()

Who = Literal["anyone"] | Grant
Access = Mapping[str, frozenset[Who]]
"""Flask endpoint → who may use it."""

ANYONE: frozenset[Who] = frozenset({"anyone"})
ADMIN: frozenset[Who] = frozenset({"admin"})
SUPERVISORS: frozenset[Who] = ADMIN | {"supervisor"}
OPERATORS: frozenset[Who] = SUPERVISORS | {"operator"}
BRIEFERS: frozenset[Who] = OPERATORS | {"head"}
"""People with an account who may rewind and count."""
VIEWERS: frozenset[Who] = BRIEFERS | {"wall"}
VISITORS: frozenset[Who] = VIEWERS | {"visitor"}
"""Also those who see the reduced picture: only for what is redacted for them."""
INGEST: frozenset[Who] = frozenset({"ingest"})

ANONYMOUS = "anonymous"
GUEST = "tamu"
"""Whoever looks while a screen is a visitor's (dashboard/visits.py)."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who asks. `role` is None for a stranger; `mode` is what a token stamps on the events it brings.

    `wall` is the only named wall a kiosk may show, `agency` the only one whose figures a head may count; None: any.
    `proof` says whether that still holds (dashboard/accounts.py). `screen`: what becomes a visitor's together with the
    one that asks, `is_guest` that it is one for now (dashboard/visits.py).
    """

    name: str
    role: Grant | None
    mode: Mode = "live"
    is_by_cookie: bool = False
    is_user: bool = False
    wall: str | None = None
    agency: str | None = None
    proof: str = ""
    screen: str | None = None
    is_guest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the check needs. `pages` are endpoints that send a stranger to the sign-in form instead of a problem.

    `lowered`: who asks, given them and the name of their session, while their screen is a visitor's.
    """

    accounts: Accounts
    sessions: Sessions
    anonymous: Literal["none", "visitor", "wall"]
    access: Access
    pages: frozenset[str]
    lowered: Callable[[Principal, str | None], Principal] = lambda asks, _session: asks


LET_IN = "layar.let_in"
"""Where a request's WSGI environment says who was let in to see a picture (dashboard/short_way.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """Who passed the gate, and the name of their session, if it is by one."""

    asks: Principal
    session: str | None


def register(server: Flask, gate: Gate) -> None:
    """Put the gate before every route of the server, those added later too."""

    def check() -> Response | None:
        session = gate.sessions.id()
        g.principal = gate.lowered(_principal(gate, request), session)
        refused = _check(gate, g.principal, request)
        if refused is None and g.principal.role in PICTURES:
            request.environ[LET_IN] = LetIn(asks=g.principal, session=session)
        return refused

    server.before_request(check)


def principal() -> Principal:
    """Who asks the present request."""
    asks: Principal = g.principal
    return asks


PICTURES: Mapping[Grant, Role] = {
    "visitor": "visitor",
    "wall": "wall",
    "head": "wall",
    "operator": "admin",
    "supervisor": "admin",
    "admin": "admin",
}
"""Grant → the picture it sees: few, because each is drawn for itself. Who works a call reads its words."""


def agency() -> str | None:
    """The only agency whose incidents the present request may count and list; None: all of them."""
    return principal().agency


def viewer_role() -> Role:
    """The role of the picture the present request may see; `as=visitor` asks for the visitors' instead of one's own."""
    role = principal().role
    if role is None or role not in PICTURES:
        raise Forbidden
    return "visitor" if request.args.get("as") == "visitor" else PICTURES[role]


def may(allowed: frozenset[Who]) -> bool:
    """Whether one of these asks; False outside of a request, and while the pages are warmed up before the gate."""
    asks: Principal | None = g.get("principal") if has_request_context() else None
    return asks is not None and asks.role in allowed


def own_wall() -> str | None:
    """The only wall that this screen may show; None where it may show any, and outside of a request."""
    asks: Principal | None = g.get("principal") if has_request_context() else None
    return None if asks is None else asks.wall


def is_admin() -> bool:
    """Whether an admin asks."""
    return may(ADMIN)


def require(allowed: frozenset[Who]) -> None:
    """For what only some may ask of a route that more may use. Raises Forbidden."""
    if principal().role not in allowed:
        raise Forbidden


def _principal(gate: Gate, asked: Request) -> Principal:
    if asked.authorization is not None or "Authorization" in asked.headers:
        return _known(gate.accounts.tokens.check(_said(asked)), is_by_cookie=False)
    account = gate.sessions.account(is_deed=is_deed(asked))
    if account is not None:
        return _known(account, is_by_cookie=True)
    return Principal(name=ANONYMOUS, role=None if gate.anonymous == "none" else gate.anonymous)


def _said(asked: Request) -> str:
    given = asked.authorization
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.password) or ""


def _known(account: Account | None, *, is_by_cookie: bool) -> Principal:
    if account is None:
        return Principal(name="unknown", role=None)
    base = Principal(name=account.name, role=account.role, is_by_cookie=is_by_cookie, proof=account.proof)
    if isinstance(account, Token):
        return replace(base, mode=account.mode, wall=account.wall)
    return replace(base, is_user=True, agency=account.agency)


def _check(gate: Gate, asks: Principal, asked: Request) -> Response | None:
    endpoint = asked.endpoint
    if endpoint is None:
        return None  # there is no such route: the answer is 404 or 405 for everybody
    allowed = gate.access.get(endpoint)
    if allowed is None:
        _LOG.error("endpoint_without_rule", endpoint=endpoint)
        raise Forbidden
    if asked.method not in _SAFE_METHODS and not _is_sent_by_us(asks, asked):
        raise Forbidden
    _refuse_another_wall(asks, asked)
    if "anyone" in allowed:
        _refuse_unmeasured(asked)
        return None
    if asks.role in allowed:
        return None
    return _refuse(gate, asks, endpoint)


def _is_sent_by_us(asks: Principal, asked: Request) -> bool:
    """What a browser says where it comes from: it must, if its cookie speaks for it; a Bearer no other site knows."""
    if "Authorization" in asked.headers:
        return True
    is_told = "Origin" in asked.headers or "Sec-Fetch-Site" in asked.headers
    return comes_from_us(asked) if asks.is_by_cookie or is_told else True


def _refuse_another_wall(asks: Principal, asked: Request) -> None:
    """A kiosk of one wall shows and steers that one only, whatever route it asks. Raises Forbidden."""
    if asks.wall is None:
        return
    in_path = (asked.view_args or {}).get("wall", asks.wall)
    if {in_path, *asked.args.getlist("wall")} != {asks.wall}:
        raise Forbidden


def _refuse_unmeasured(asked: Request) -> None:
    """A stranger's body must have arrived before a thread looks at it (dashboard/worker.py), so it says its length."""
    if "Transfer-Encoding" in asked.headers:
        raise LengthRequired
    if "Expect" in asked.headers:
        raise ExpectationFailed
    if (asked.content_length or 0) > MOST_WAITED_FOR:
        raise RequestEntityTooLarge


def _refuse(gate: Gate, asks: Principal, endpoint: str) -> Response:
    """Who showed no token is asked for one, also where anybody may see the wall."""
    if endpoint in gate.pages and asks.role is None:
        return _to_sign_in(request)
    if asks.role is None or asks.name == ANONYMOUS:
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer", {"realm": "layar"}))
    raise Forbidden


def _to_sign_in(asked: Request) -> Response:
    """With what the address asked for beside the page: a kiosk's grid outlives the sign-in."""
    wanted = quote(asked.full_path if asked.query_string else asked.path, safe="/")
    response: Response = redirect(f"/login?next={wanted}", 303)  # type: ignore[assignment]  # Flask's, by its app
    return response


def comes_from_us(asked: Request) -> bool:
    """Whether a page of this server sent it: browsers say so, and cannot be made to lie by another site."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = asked.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == asked.host
