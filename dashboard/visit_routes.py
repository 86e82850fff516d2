"""The key D over HTTP: a screen may become a visitor's; back leads only the name and password of somebody on duty.

Who begins needs no password: it takes away. But the screen needs a key of its own, unless the settings say otherwise:
else whoever reaches the network could take the picture from every screen of a room that signs in nobody.
What the browser kept of the picture before is thrown away with it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from dashboard.accounts import Account
from dashboard.attempts import Attempts, network_of
from dashboard.auth import ANONYMOUS, OPERATORS, VIEWERS, VISITORS, Access, Principal, principal
from dashboard.desk_request import json_body, text_of, told
from dashboard.problems import problem
from dashboard.services import Services
from geodata.errors import BadInput

ACCESS: Access = {"api_visit": VISITORS, "api_visit_begin": VIEWERS, "api_visit_end": VISITORS}
_LONGEST = 256
_REFUSED, _TOO_MANY = 403, 429
_TRIES_PER_NAME, _NAME_WAITS_S = 10, 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tries:
    by_address: Attempts
    by_name: Attempts


def register(server: Flask, services: Services, clock_s: Callable[[], float]) -> None:
    """Add `/api/v1/visit`."""
    tries = _Tries(by_address=Attempts(clock_s), by_name=Attempts(clock_s, _TRIES_PER_NAME, _NAME_WAITS_S))

    def state() -> Response:
        return told(_said(services, principal()))

    def begin() -> Response:
        asks = principal()
        if not _has_key(services, asks):
            raise Forbidden
        services.visits.begin(_screen(asks), asks.name)
        services.audit.note(asks.name, "visit.begin", _named(asks))
        return _forgetting(told({"is_on": True}))

    def end() -> Response:
        asks, body = principal(), json_body()
        name = (text_of(body, "name", _LONGEST) or "").strip()
        keys = _keys(tries, name)
        if (late := next((one for one, key in keys if one.are_spent(key)), None)) is not None:
            return _wait(late.within_s)
        account = _account(services, name, text_of(body, "secret", _LONGEST) or "")
        if account is None or account.role not in OPERATORS:
            return _wrong(services, asks, account, keys)
        tries.by_name.forget(name.casefold())
        services.visits.end(_screen(asks))
        services.audit.note(account.name, "visit.end", _named(asks))
        return _forgetting(told({"is_on": False}))

    path = "/api/v1/visit"
    server.add_url_rule(path, "api_visit", state)
    server.add_url_rule(path, "api_visit_begin", begin, methods=["POST"], provide_automatic_options=False)
    server.add_url_rule(f"{path}/end", "api_visit_end", end, methods=["POST"], provide_automatic_options=False)


def _said(services: Services, asks: Principal) -> dict[str, object]:
    visit = services.visits.of(asks.screen) if asks.is_guest else None
    return {
        "is_on": visit is not None,
        "since": visit.since_s if visit else None,
        "may_begin": asks.role in VIEWERS and asks.screen is not None and _has_key(services, asks),
    }


def _has_key(services: Services, asks: Principal) -> bool:
    """A screen that nobody signed in stands for all such screens: turning it needs the setting."""
    return asks.screen != ANONYMOUS or services.settings.access.guests_without_key


def _screen(asks: Principal) -> str:
    if asks.screen is None:
        raise BadInput("only a screen becomes a visitor's: sign in with a browser")
    return asks.screen


def _named(asks: Principal) -> str:
    """The screen as the audit names it: a session's own number is nobody's business."""
    return asks.wall or request.user_agent.string[:80] or "browser"


def _keys(tries: _Tries, name: str) -> list[tuple[Attempts, str]]:
    by_name = [(tries.by_name, name.casefold())] if name else []
    return [(tries.by_address, network_of(request.remote_addr)), *by_name]


def _account(services: Services, name: str, secret: str) -> Account | None:
    known = services.accounts
    return known.users.check(name, secret) if name else known.tokens.check(secret.strip())


def _wrong(services: Services, asks: Principal, account: Account | None, keys: list[tuple[Attempts, str]]) -> Response:
    """Also who is known but may not: a visitor with a key of their own."""
    for one, key in keys:
        one.add(key)
    services.audit.note(account.name if account else asks.name, "visit.refused", _named(asks))
    if account is not None:
        raise Forbidden
    return problem(_REFUSED, "the name or the password is not right")


def _wait(seconds: float) -> Response:
    response = problem(_TOO_MANY, "too many tries")
    response.headers["Retry-After"] = str(int(seconds))
    return response


def _forgetting(response: Response) -> Response:
    """The browser throws away what it kept; where it does not know this header the page does (83-visitor-mode.js)."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
