"""`layar demo`: the real processes of `layar serve`, and beside them a simulated city and its cameras.

The folder of a demo is a demo's for good: its settings say so, and the server stamps every event with it.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson

from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from dashboard.config import FILE_NAME as SETTINGS_FILE
from dashboard.config import guard_of, load_settings
from dashboard.demo.broadcast import TOKENS_FILE, wait_until_ready
from dashboard.demo.camera_server import base_url, free_port
from dashboard.demo.cast import Staged
from dashboard.demo.cast import cameras as cameras_of
from dashboard.demo.streets import street_graph
from dashboard.secret_book import write_secret
from dashboard.supervisor import Child
from dashboard.tokens import FILE_NAME as TOKEN_BOOK
from dashboard.tokens import Grant, TokenBook
from geodata.errors import BadSettings
from geodata.ground import load_ground
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.sqlite import open_store

LOG_OF_CHILDREN = "demo.log"
_MOST_LOG_BYTES, _LOOK_AT_LOG_S = 10_000_000, 30.0
_LEAN = {"MALLOC_ARENA_MAX": "2"}  # many short threads would each keep a heap of their own
_ROLES: tuple[Grant, ...] = ("ingest", "visitor", "wall", "admin")
_EVENTS_LOOKED_AT = 500
_READY_WITHIN_S = 120.0
_SETTINGS = """# Written by `layar demo`. Everything in this folder is simulated; use another one for a real city.
mode = "demo"

[access]
anonymous = "wall"
guests_without_key = true
"""
_WITH_CAMERAS = f"""{_SETTINGS}
[cameras]
allow = ["127.0.0.0/8"]

[visitor]
categories = ["kebakaran", "banjir", "pohon_tumbang"]
delay_min = 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was asked for on the command line."""

    data_dir: Path
    host: str
    port: int
    speed: float
    seed: int

    @property
    def url(self) -> str:
        """Where the simulated city finds the server; it runs on the same machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 — compared, not bound
        return f"http://{host}:{self.port}"


def prepare(plan: Plan, now: datetime, *, web: Child, cameras: Child) -> tuple[Child, ...]:
    """Make the folder ready and say which processes to run beside the two of `layar serve`.

    Raises BadSettings for a folder that is not a demo's.
    """
    refuse_real_folder(plan.data_dir)
    plan.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = plan.data_dir / SETTINGS_FILE
    if not settings.exists() or settings.read_text("utf-8") == _SETTINGS:  # a demo's from before cameras were guarded
        settings.write_text(_WITH_CAMERAS, "utf-8")
    make_tokens(plan.data_dir, now)
    port = free_port()
    list_cameras(plan, port)
    log = plan.data_dir / LOG_OF_CHILDREN
    log.unlink(missing_ok=True)
    children = (
        web,
        _own("camera_server", plan, "--port", str(port)),
        _own("broadcast", plan, "--url", plan.url, "--speed", str(plan.speed)),
        after(port, cameras),
    )
    return tuple(replace(child, log=log, env=_LEAN) for child in children)


def _own(module: str, plan: Plan, *more: str) -> Child:
    command = (sys.executable, "-m", f"dashboard.demo.{module}", "--data", str(plan.data_dir), "--seed", str(plan.seed))
    return Child(name=f"demo_{module}", command=(*command, *more))


def after(port: int, child: Child) -> Child:
    """The child, begun once somebody listens on that port of this machine."""
    return replace(child, command=(sys.executable, "-m", "dashboard.demo.after", str(port), *child.command))


def refuse_real_folder(data_dir: Path) -> None:
    """Never mix simulated events into a real city's log. Raises BadSettings."""
    advice = "give `layar demo` a folder of its own with --data"
    has_log = (data_dir / LOG_FILE).exists()
    if (data_dir / SETTINGS_FILE).exists() or has_log:
        mode = load_settings(data_dir).mode
        if mode != "demo":
            raise BadSettings(f"{data_dir} belongs to a city in mode {mode!r}, not to a demo; {advice}", field="data")
    if has_log and _holds_real_events(data_dir):
        raise BadSettings(f"{data_dir} holds events that are not simulated; {advice}", field="data")


def _holds_real_events(data_dir: Path) -> bool:
    store = open_store(data_dir / LOG_FILE, discover_layers().found, load_ground(data_dir))
    try:
        return any(event.mode != "demo" for _, event in store.since(0, _EVENTS_LOOKED_AT).events)
    finally:
        store.close()


def make_tokens(data_dir: Path, now: datetime) -> None:
    """A token per role, in `demo-tokens.json` for whoever wants to try the doors; kept from run to run."""
    path, book = data_dir / TOKENS_FILE, TokenBook(data_dir / TOKEN_BOOK)
    kept = orjson.loads(path.read_bytes()) if path.exists() else {}
    if set(kept) == set(_ROLES) and all(book.check(token) for token in kept.values()):
        return
    for token in book.tokens():
        if token.name in {_name(role) for role in _ROLES}:
            book.revoke(token.name)
    made = {role: book.create(name=_name(role), role=role, now=now, mode="demo") for role in _ROLES}
    write_secret(path, json.dumps(made, indent=1).encode())


def _name(role: Grant) -> str:
    return f"simulasi-{role}"


def list_cameras(plan: Plan, port: int) -> None:
    """Put the simulated cameras into the inventory, the way `layar cameras import` does."""
    ground = load_ground(plan.data_dir)
    staged = cameras_of(ground, street_graph(ground, plan.seed), plan.seed, base_url(port))
    guard = guard_of(load_settings(plan.data_dir))
    import_cameras(geojson_of(staged), plan.data_dir, discover_sources().found, guard=guard)


def geojson_of(staged: tuple[Staged, ...]) -> bytes:
    """The cameras as the GeoJSON a city would import."""
    features = []
    for one in staged:
        camera = one.camera
        said = {
            "id": camera.id,
            "name": camera.name,
            "url": camera.url,
            "kind": camera.kind,
            "azimuth": camera.azimuth_deg,
            "fov": camera.fov_deg,
            "range": camera.range_m,
            "owner": camera.owner,
            "kelurahan": camera.kelurahan,
            "audience": camera.audience,
            "purpose": camera.card.purpose,
            "legal_basis": camera.card.legal_basis,
            "retention": camera.card.retention,
        }
        place = {"type": "Point", "coordinates": [camera.lon, camera.lat]}
        features.append({"type": "Feature", "properties": said, "geometry": place})
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def announce(plan: Plan, say: Callable[[str], None]) -> None:
    """Say where the wall is as soon as it is there."""
    log = plan.data_dir / LOG_OF_CHILDREN
    if wait_until_ready(plan.url, _READY_WITHIN_S):
        say(f"\nLayar 112 · SIMULASI · {plan.url}/wall")
        say(f"Everything shown is simulated. Tokens: {plan.data_dir / TOKENS_FILE}. Ctrl-C stops it all.\n")
    else:
        say(f"The wall did not come up within {_READY_WITHIN_S:.0f} s; {log} says why.")


def keep_short(log: Path, most_bytes: int = _MOST_LOG_BYTES) -> None:
    """Empty the log of the children when it has grown too long; they append, so nothing else is lost."""
    if log.exists() and log.stat().st_size > most_bytes:
        os.truncate(log, 0)


def watch(plan: Plan, say: Callable[[str], None]) -> None:
    """What goes on beside the supervisor, in a thread of its own: announce, then keep the log short."""

    def work() -> None:
        announce(plan, say)
        while True:
            time.sleep(_LOOK_AT_LOG_S)
            keep_short(plan.data_dir / LOG_OF_CHILDREN)

    threading.Thread(target=work, daemon=True).start()
