"""Everything about coming in and going out, joined: the form, the city's own provider, one's own account."""

import os
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from dashboard import account_routes, oidc_routes
from dashboard.auth import Access
from dashboard.doorkeeper import doorkeeper
from dashboard.exercise import mode_now
from dashboard.oidc import Provider
from dashboard.oidc_settings import OidcSettings, client_secret
from dashboard.pages import login
from dashboard.plain_page import MODE_NOW, THEME_NOW, theme_at
from dashboard.services import Services
from dashboard.sessions import FILE_NAME as KEY_FILE
from dashboard.sessions import Sessions, load_key

ACCESS: Access = {**login.ACCESS, **oidc_routes.ACCESS, **account_routes.ACCESS}


def register(server: Flask, services: Services, sessions: Sessions, clock_s: Callable[[], float]) -> None:
    """Add the routes, and let the server read its session cookie."""
    sessions.register(server)
    wanted, zone = services.settings.screens.theme, services.ground.city.zone
    server.config[THEME_NOW] = lambda: theme_at(wanted, services.clock(), zone)
    server.config[MODE_NOW] = lambda: mode_now(services)
    provider = _provider(services, clock_s)
    door = doorkeeper(services.accounts, sessions, services.audit, services.clock, clock_s, provider)
    login.register(server, door)
    oidc_routes.register(server, door)
    account_routes.register(server, door)


def refuse_bad_secret(settings: OidcSettings, data_dir: Path) -> None:
    """Before anything serves: raises BadSettings when the provider's secret can be read by others, or not at all."""
    if settings.issuer:
        client_secret(data_dir, os.environ)


def _provider(services: Services, clock_s: Callable[[], float]) -> Provider | None:
    settings = services.settings.oidc
    if not settings.issuer:
        return None
    secret = client_secret(services.data_dir, os.environ)
    return Provider(settings, secret, load_key(services.data_dir / KEY_FILE), services.clock, clock_s)
