"""Everything about coming in and going out, joined: the form, one's own account."""

from collections.abc import Callable

from flask import Flask

from dashboard import account_routes
from dashboard.auth import Access
from dashboard.doorkeeper import doorkeeper
from dashboard.pages import login
from dashboard.services import Services
from dashboard.sessions import Sessions

ACCESS: Access = {**login.ACCESS, **account_routes.ACCESS}


def register(server: Flask, services: Services, sessions: Sessions, clock_s: Callable[[], float]) -> None:
    """Add the routes, and let the server read its session cookie."""
    sessions.register(server)
    door = doorkeeper(services.accounts, sessions, services.audit, clock_s)
    login.register(server, door)
    account_routes.register(server, door)
