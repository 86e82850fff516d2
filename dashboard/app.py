"""The one place where objects are made and joined: settings and a folder in, a server out.

Nothing runs yet when this is done: `dashboard/serve.py` starts the hub in the process that serves.
"""

import hashlib
import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import structlog
from dash import Dash
from dash.development.base_component import Component
from flask import Flask, Response
from flask_caching import Cache
from werkzeug.middleware.proxy_fix import ProxyFix

from cctv.inventory import load_cameras
from cctv.shelf import Shelf
from dashboard import (
    api,
    audit_routes,
    auth,
    basemap,
    bookmark_routes,
    cards,
    city_routes,
    compress,
    counts_routes,
    desk_routes,
    export_routes,
    eyes,
    feed_routes,
    health_routes,
    icon,
    live_routes,
    live_video,
    map_routes,
    media,
    metrics,
    operate_audit_routes,
    operate_routes,
    place_routes,
    problems,
    reference,
    replay_routes,
    replay_timeline_routes,
    report_routes,
    reports,
    scene_routes,
    security,
    self_check,
    sign_in,
    stills,
    tour_routes,
    tracks_routes,
    visit_routes,
    webhooks_in,
)
from dashboard.accounts import Accounts
from dashboard.audit import Audit
from dashboard.auth import ANYONE, VISITORS, Access, Gate
from dashboard.caller_key import load_caller_key
from dashboard.campaigns import Campaigns
from dashboard.config import LayarSettings
from dashboard.degraded import Signs
from dashboard.director_run import Director, director_for
from dashboard.history import History
from dashboard.live import Hub, Surroundings
from dashboard.page import Page, discover_pages
from dashboard.past import open_past
from dashboard.self_check import signs
from dashboard.services import Services
from dashboard.sessions import Sessions
from dashboard.short_way import ShortWay
from dashboard.spools import spool_or_none
from dashboard.tokens import FILE_NAME as TOKEN_FILE
from dashboard.tokens import TokenBook
from dashboard.users import FILE_NAME as USER_FILE
from dashboard.users import UserBook
from dashboard.visitors import openness
from dashboard.visits import Visits
from geodata.clock import Clock, epoch_s, utc_now
from geodata.errors import BadSettings
from geodata.ground import load_ground
from geodata.ground_now import GroundNow
from geodata.places import Ground
from geodata.plugins import Plugins
from layers.doubts import doubts
from layers.event import Mode
from layers.feed import Feed, at_home, discover_feeds
from layers.ingest import Door
from layers.layer import Layer, discover_layers
from layers.store.spool import SPOOL_NAME
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.sqlite import open_store
from layers.store.store import Store

_LOG = structlog.get_logger()
ASSETS = Path(__file__).parents[1] / "assets"
SHELF = "shelf"
_CACHE = {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": 256}
_ROOMS = (
    api, audit_routes, bookmark_routes, cards, city_routes, counts_routes, eyes, live_routes,
    media, operate_audit_routes, operate_routes, place_routes, replay_routes, replay_timeline_routes, stills,
)  # fmt: skip
"""Routes that want nothing but the services."""
_ROOMS_OF_FILES = (
    desk_routes, feed_routes, health_routes, live_video, reference, report_routes, tour_routes, webhooks_in,
)  # fmt: skip
"""Routes that keep or read files of the city's folder besides."""
_OTHER_ROOMS = (export_routes, icon, metrics, reports, scene_routes, self_check, sign_in, tracks_routes, visit_routes)
"""Routes that want more."""
_INDEX = """<!DOCTYPE html>
<html lang="id" data-screens-theme="%s">
<head>{%metas%}<title>{%title%}</title><link rel="icon" href="/favicon.ico">{%css%}</head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """What holds no thread and no open file, and may therefore be made before a fork."""

    settings: LayarSettings
    data_dir: Path
    ground: Ground
    layers: Plugins[Layer]
    feeds: Plugins[Feed]
    pages: Plugins[Page]
    mode: Mode


def lay_foundation(settings: LayarSettings, data_dir: Path, mode: Mode | None = None) -> Foundation:
    """Read everything that does not change while the server runs. Raises BadSettings and BadBoundaries."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    sign_in.refuse_bad_secret(settings.oidc, data_dir)
    foundation = Foundation(
        settings=settings,
        data_dir=data_dir,
        ground=load_ground(data_dir, settings.city.code),
        layers=discover_layers(),
        feeds=discover_feeds(),
        pages=discover_pages(),
        mode=mode or settings.mode,
    )
    for plugins in (foundation.layers, foundation.feeds, foundation.pages):
        for name, reason in plugins.broken.items():
            _LOG.error("plugin_left_out", plugin=name, reason=reason)
    return foundation


def make_services(
    base: Foundation,
    server: Flask,
    clock: Clock = utc_now,
    on_death: Callable[[], None] = lambda: None,
    seconds: Callable[[], float] = time.monotonic,
) -> Services:
    """Open the log and join everything; in the process that serves."""
    settings, shelf, cache = base.settings, Shelf(base.data_dir / SHELF), Cache(server, config=_CACHE)
    (grounds, feeds, store, door, director), build = _opened(base, clock), build_name(base)
    around = Surroundings(
        layers=base.layers.found,
        feeds=feeds,
        clock=clock,
        signs=lambda: _signs(base, store, shelf, door, clock()),
        heartbeat_s=settings.cameras.heartbeat_s,
        mode=base.mode,
        build=build,
        cache=cache,
        on_death=on_death,
        seconds=seconds,
        openness=openness(settings.visitor, settings.cameras),
        campaigns=Campaigns(store=store, city=grounds.city, mode=base.mode, clock=clock, seconds=seconds).cards,
        director_stuck=director.stuck,
        ground=grounds.now,
    )
    hub, tokens = Hub(store, around), TokenBook(base.data_dir / TOKEN_FILE)
    return Services(
        settings=settings,
        data_dir=base.data_dir,
        grounds=grounds,
        layers=base.layers.found,
        feeds=feeds,
        pages=base.pages.found,
        store=store,
        door=door,
        shelf=shelf,
        inventory=partial(load_cameras, base.data_dir),
        past=open_past(settings.archive, base.data_dir),
        history=History(store, hub.situation, clock),
        hub=hub,
        director=director,
        tokens=tokens,
        accounts=Accounts(tokens=tokens, users=UserBook(base.data_dir / USER_FILE)),
        audit=Audit(base.data_dir, clock),
        visits=Visits(base.data_dir, clock, settings.access),
        cache=cache,
        clock=clock,
        build=build,
        mode=base.mode,
    )


def _complain(reason: str) -> None:
    _LOG.warning("taxonomy_unreadable", reason=reason)


def _opened(base: Foundation, clock: Clock) -> tuple[GroundNow, Mapping[str, Feed], Store, Door, Director]:
    grounds = GroundNow(base.ground, base.data_dir / "cities", _complain)
    feeds = at_home(base.feeds.found, base.ground)
    store = open_store(base.data_dir / LOG_FILE, base.layers.found, grounds.now)
    spool = spool_or_none(base.data_dir, SPOOL_NAME, base.settings.server.spool_mb)
    door = Door(store, feeds, lambda fact: doubts(fact, grounds.now()), load_caller_key(base.data_dir), spool)
    return grounds, feeds, store, door, director_for(base.settings, store, clock, base.mode)


def _signs(base: Foundation, store: Store, shelf: Shelf, door: Door, now: datetime) -> Signs:
    known = signs(store, shelf, base.data_dir, now, has_lines=bool(base.settings.feeds))
    return replace(known, waiting=door.waiting)


def build_name(base: Foundation) -> str:
    """Version and a hash of all that a page holds on to: its scripts and styles, the settings, the ground."""
    known = hashlib.blake2s(digest_size=3)
    for path in sorted(path for path in ASSETS.rglob("*") if path.is_file()):
        known.update(path.name.encode() + path.read_bytes())
    known.update(base.settings.model_dump_json().encode())
    known.update(orjson.dumps(base.ground.places.labels_geojson()))
    known.update(basemap.trace(base.data_dir))
    return f"{version('layar112')}+{known.hexdigest()}"


def new_server() -> Flask:
    """A server without routes; `/assets` alone is served to all, it holds nothing of the city."""
    return _Server("dashboard", static_folder=str(ASSETS), static_url_path="/assets")


class _Server(Flask):
    """Flask, without looking sixteen times in each request for what is asynchronous: nothing here is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(base: Foundation, services: Services, server: Flask, clock_s: Callable[[], float]) -> Flask:
    """Add every route, then the gate before them and the bounds around them. `clock_s` is for rate limits only.

    Until the gate stands there is no access table and nothing is served; afterwards what is not in the table is not.
    """
    sessions = Sessions(base.data_dir, services.accounts, services.clock, services.settings.access)
    access = dict(_plain_routes(base, services, server, sessions, clock_s))
    count = metrics.register(server, services, base.data_dir, clock_s)
    shown = [_add_page(server, page, services) for page in base.pages.found.values()]
    _warm_up(server)
    for page in shown:
        access |= page.access
    hashes = sorted({said for page in shown for said in page.app.csp_hashes()})
    security.register(server, security.content_policy(hashes))
    gate = Gate(
        accounts=services.accounts,
        sessions=sessions,
        anonymous=services.settings.access.anonymous,
        access=access,
        pages=frozenset({"account"}.union(*(page.entrances for page in shown))),
        lowered=services.visits.lowered,
    )
    auth.register(server, gate)
    compress.register(server)
    problems.register(server)
    server.wsgi_app = _short_way(server, services, sessions, count)  # type: ignore[method-assign]
    hops = services.settings.server.proxies
    if hops:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return server


def _short_way(
    server: Flask, services: Services, sessions: Sessions, count: Callable[[str, int, float], None]
) -> ShortWay:
    return ShortWay(
        server.wsgi_app,
        polls=live_routes.Polls(services.hub, services.build),
        is_still_let_in=lambda let_in: (
            services.accounts.stands(let_in.asks.proof)
            and services.visits.holds(let_in.asks)
            and not sessions.is_ended(let_in.session)
        ),
        counted=partial(count, "live"),
        now_s=lambda: epoch_s(services.clock()),
        seconds=time.monotonic,
    )


def _plain_routes(
    base: Foundation, services: Services, server: Flask, sessions: Sessions, clock_s: Callable[[], float]
) -> Access:
    server.add_url_rule("/", "root", _to_the_wall)
    map_routes.register(server, services, basemap.ground_of(base.settings.basemap, base.ground.city, base.data_dir))
    for room in _ROOMS:
        room.register(server, services)
    for room_of_files in _ROOMS_OF_FILES:
        room_of_files.register(server, services, base.data_dir)
    tracks_routes.register(server, services)
    export_routes.register(server, services, base.data_dir, clock_s)
    self_check.register(server, services, base.data_dir, clock_s)
    sign_in.register(server, services, sessions, clock_s)
    scene_routes.register(server, services, clock_s)
    visit_routes.register(server, services, clock_s)
    reports.register(server)
    icon.register(server)
    of_map = {name: VISITORS for name in server.view_functions if name.startswith("map_") or name == "font"}
    rooms = (*_ROOMS, *_ROOMS_OF_FILES, *_OTHER_ROOMS)
    of_rooms = {endpoint: who for room in rooms for endpoint, who in room.ACCESS.items()}
    return {"static": ANYONE, "root": ANYONE, **of_map, **of_rooms}


def _to_the_wall() -> Response:
    return Response(status=303, headers={"Location": "/wall"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A page on the server: its Dash app, who may use each of its endpoints, and those that a person opens."""

    app: Dash
    access: Access
    entrances: frozenset[str]


def _add_page(server: Flask, page: Page, services: Services) -> _Shown:
    """A Dash app of its own under the page's path; every endpoint it brings belongs to the page's roles."""
    if not page.path.startswith("/") or page.path.endswith("/"):
        raise BadSettings(f"page {page.title.id}: the path {page.path!r} must start with / and not end with it")
    before = set(server.view_functions)
    app = Dash(
        name="dashboard.app",
        server=server,  # type: ignore[arg-type]  # a Flask is what its own docstring asks for
        url_base_pathname=f"{page.path}/",
        assets_folder=str(ASSETS),
        assets_external_path="/",  # all pages share /assets
        assets_ignore=r".*\.mjs$",  # Dash would load modules as classic scripts, and they would throw
        title=page.title.id,
        update_title=None,  # type: ignore[arg-type]  # None: the title does not flicker
        index_string=_INDEX.replace("%s", services.settings.screens.theme, 1),
        serve_locally=True,
        compress=False,
        suppress_callback_exceptions=False,
        add_log_handler=False,
        enable_mcp=False,
    )
    app.layout = _first_made_once(partial(page.layout, services))
    page.register(app, services)
    server.add_url_rule(page.path, page.path, app.index)
    access = dict.fromkeys(set(server.view_functions) - before, page.roles)
    return _Shown(app=app, access=access, entrances=frozenset({page.path, f"{page.path}/", f"{page.path}/<path:path>"}))


def _first_made_once(make: Callable[[], Component]) -> Callable[[], Component]:
    """Dash asks twice before anybody looks: when the layout is named, and when it sets itself up (`_warm_up`)."""
    waiting: list[Component] = []
    asked = itertools.count()

    def layout() -> Component:
        turn = next(asked)
        if turn == 0:
            waiting.append(make())
            return waiting[0]
        return waiting.pop() if turn == 1 else make()

    return layout


def _warm_up(server: Flask) -> None:
    """Let Dash finish its setup now: a mistake in a page shows at the start, and the first viewer need not wait."""
    with server.test_request_context("/"):
        server.preprocess_request()
