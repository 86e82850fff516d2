"""A whole server in a folder of its own: the real log, the real feeds and layers, and two small pages."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from dash import Input, Output, html
from flask import Flask
from flask.testing import FlaskClient

from dashboard.app import Foundation, create_app, make_services, new_server
from dashboard.auth import VISITORS
from dashboard.config import AccessSettings, BackupSettings, LayarSettings, ServerSettings, VisitorSettings
from dashboard.oidc_settings import OidcSettings
from dashboard.page import Page
from dashboard.report_settings import MailSettings
from dashboard.services import Services
from dashboard.tokens import TokenBook
from geodata.ground import load_ground
from geodata.places import Ground
from geodata.plugins import Plugins
from layers.event import Event, Fact, stable_id
from layers.feed import discover_feeds
from layers.layer import Words, discover_layers

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW
        self.monotonic_s = 1_000.0

    def __call__(self) -> datetime:
        """What time it is."""
        return self.now

    def seconds(self) -> float:
        """The same for rate limits."""
        return self.monotonic_s

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.monotonic_s += seconds


class SaidLog:
    """A log that remembers what was said."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def info(self, event: str, **_words: object) -> None:
        """As structlog's."""
        self.events.append(event)

    warning = info


def _layout(_services):
    return html.Div([html.Button("x", id="button"), html.Div(id="said")])


def _register(app, _services):
    app.clientside_callback("function (n) { return n; }", Output("said", "children"), Input("button", "n_clicks"))

    @app.callback(Output("said", "title"), Input("button", "n_clicks"))
    def said(clicks):
        return f"clicked {clicks}"


def page(path: str, *roles: str) -> Page:
    """A page that only these roles may open."""
    return Page(path=path, title=Words(id="Coba", en="Try"), layout=_layout, register=_register, roles=frozenset(roles))


@dataclass(frozen=True, kw_only=True)
class City:
    """A server and all that a test needs to talk to it."""

    server: Flask
    services: Services
    folder: Path
    watch: Watch
    tokens: dict[str, str]

    def client(self) -> FlaskClient:
        """A browser without cookies."""
        return self.server.test_client()

    def bearer(self, role: str) -> dict[str, str]:
        """The header of a machine with a token of that role."""
        return {"Authorization": f"Bearer {self.tokens[role]}"}

    def get(self, path: str, role: str | None = None, **headers: str):
        """Ask as that role; `If_None_Match="x"` sends If-None-Match."""
        given = self.bearer(role) if role else {}
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client().get(path, headers={**given, **said}, buffered=True)

    def bring(self, *facts: Fact, source: str = "cad/incidents", at: datetime | None = None) -> int:
        """Append these facts and wait until the hub shows them; gives the cursor."""
        moment = at or self.watch.now
        events = [
            Event(id=stable_id(fact, moment), at=moment, seen=self.watch.now, source=source, fact=fact)
            for fact in facts
        ]
        cursor = self.services.store.append(events).cursor
        until(lambda: self.services.hub.situation().cursor >= cursor)
        return cursor

    def beat(self, seconds_ago: float = 0) -> None:
        """As the camera process does every second, by the time of the test."""
        self.services.shelf.beat()
        at = self.watch.now.timestamp() - seconds_ago
        os.utime(self.folder / "shelf" / "heartbeat", (at, at))

    def live(self, role: str = "wall", cursor: str | None = None):
        """The live message for a viewer that holds `cursor`."""
        response = self.get(f"/live?cursor={cursor}" if cursor else "/live", role)
        assert response.status_code == 200, response.data
        return orjson.loads(response.data)


def until(is_so: Callable[[], object], within_s: float = 10.0) -> None:
    """Wait for something that is about to be so."""
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture(scope="session")
def ground(tmp_path_factory) -> Ground:
    return load_ground(tmp_path_factory.mktemp("ground"))


@pytest.fixture
def make_city(tmp_path, ground) -> Iterator[Callable[..., City]]:
    """Builds servers and ends them after the test."""
    made: list[Services] = []

    def build(  # noqa: PLR0913 — a test's wishes
        *,
        folder: Path = tmp_path / "data",
        starts: bool = True,
        mode="live",
        proxies=0,
        pages=None,
        visitor=None,
        server=None,
        feeds=(),
        oidc=None,
        mail=None,
        backup=None,
        **access,
    ) -> City:
        folder.mkdir(exist_ok=True)
        settings = LayarSettings(
            access=AccessSettings(**access),
            server=ServerSettings(threads=8, proxies=proxies, spool_mb=1, **(server or {})),
            mode=mode,
            visitor=visitor or VisitorSettings(),
            feeds=feeds,
            oidc=oidc or OidcSettings(),
            mail=mail or MailSettings(),
            backup=backup or BackupSettings(),
        )
        pages = pages or {"wall": page("/wall", *VISITORS), "office": page("/office", "admin")}
        base = Foundation(
            settings=settings,
            data_dir=folder,
            ground=ground,
            layers=discover_layers(),
            feeds=discover_feeds(),
            pages=Plugins(found=pages, broken={}),
            mode=mode,
        )
        watch, server = Watch(), new_server()
        services = make_services(base, server, watch, seconds=watch.seconds)
        made.append(services)
        create_app(base, services, server, watch.seconds)
        server.testing = True
        if starts:
            services.hub.start()
            until(lambda: services.hub.behind_s is not None)
        return City(server=server, services=services, folder=folder, watch=watch, tokens=_tokens(folder))

    yield build
    for services in made:
        services.hub.stop()
        services.door.close()
        services.store.close()
        services.past.close()
    shutil.rmtree(tmp_path, ignore_errors=True)


def _tokens(folder: Path) -> dict[str, str]:
    book = TokenBook(folder / "tokens.json")
    return {
        role: book.create(name=f"{role}-{len(book.tokens())}", role=role, now=NOW)
        for role in ("ingest", "wall", "admin", "visitor", "head", "operator", "supervisor")
    }


@pytest.fixture
def city(make_city) -> City:
    return make_city()
