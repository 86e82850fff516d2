"""What a running server holds, made and joined in `dashboard/app.py`, handed to pages and routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from flask_caching import Cache

from cctv.camera import Camera
from cctv.shelf import Shelf
from dashboard.accounts import Accounts
from dashboard.audit import Audit
from dashboard.auth import Who
from dashboard.beats_kept import Beats
from dashboard.config import LayarSettings
from dashboard.director_run import Director
from dashboard.history import History
from dashboard.live import Hub
from dashboard.past import Past
from dashboard.tokens import TokenBook
from dashboard.visits import Visits
from geodata.clock import Clock
from geodata.ground_now import GroundNow
from geodata.places import Ground
from layers.event import Mode
from layers.feed import Feed
from layers.ingest import Door
from layers.layer import Layers, Words
from layers.store.store import Store


class Screen(Protocol):
    """What one page may know of another: enough for a link."""

    @property
    def path(self) -> str:
        """Where it is served."""

    @property
    def title(self) -> Words:
        """What it is called."""

    @property
    def roles(self) -> frozenset[Who]:
        """Who may open it."""

    @property
    def layout(self) -> Callable[[Any], Any]:
        """Its frame; the gallery shows it with other news in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a page or a route may use; nothing in it is a second copy of the city's state.

    `build` changes whenever the page in a browser should reload itself. `mode` is what every screen shows large
    unless it is "live". `inventory` reads the list of cameras from its file. `data_dir` is the city's folder.
    """

    settings: LayarSettings
    data_dir: Path
    grounds: GroundNow
    layers: Layers
    feeds: Mapping[str, Feed]
    pages: Mapping[str, Screen]
    store: Store
    door: Door
    shelf: Shelf
    inventory: Callable[[], tuple[Camera, ...]]
    past: Past
    history: History
    hub: Hub
    director: Director
    tokens: TokenBook
    accounts: Accounts
    audit: Audit
    visits: Visits
    cache: Cache
    clock: Clock
    build: str
    mode: Mode
    beats: Beats = field(default_factory=Beats)

    @property
    def ground(self) -> Ground:
        """The city and its places; its kinds of calls as they are now."""
        return self.grounds.now()
