"""Runs the director in the web process: one look a second at every wall, one event for every decision.

It must never take the wall with it: what it cannot decide it leaves as it is, and says since when.
"""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from dashboard.config import LayarSettings
from dashboard.director import direct
from dashboard.director_facts import facts_of
from dashboard.director_settings import DirectorSettings
from dashboard.walls import walls_of
from geodata.clock import Clock
from geodata.errors import StoreUnavailable
from layers.event import Event, Mode
from layers.scenes import SceneShown, WallScene
from layers.situation import Situation
from layers.store.store import Store

_LOG = structlog.get_logger()
LOOK_S = 1.0
SOURCE = "director"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the director works with."""

    store: Store
    clock: Clock
    mode: Mode
    walls: Sequence[str]
    rules: DirectorSettings


class Director:
    """Decides for every wall; `start` it in the process that serves."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.decisions: Counter[str] = Counter()
        """How many it made since it began, by wall."""
        self._shown: dict[str, SceneShown] = {}
        self._stuck_since: datetime | None = None
        self._stopping, self._soon = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def stuck(self) -> datetime | None:
        """Since when it could not decide; None while it can."""
        return self._stuck_since

    def start(self, situation: Callable[[], Situation]) -> None:
        """Look once a second from now on; `situation` is the newest, and may be a moment behind the log."""
        self._thread = threading.Thread(target=self._run, args=(situation,), name="director", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        self._soon.set()
        if self._thread is not None:
            self._thread.join(5)

    def look_soon(self) -> None:
        """Somebody has asked something: do not wait for the next second."""
        self._soon.set()

    def _run(self, situation: Callable[[], Situation]) -> None:
        self._soon.wait(LOOK_S)
        while not self._stopping.is_set():
            self._soon.clear()
            self.look(situation)
            self._soon.wait(LOOK_S)

    def look(self, situation: Callable[[], Situation]) -> None:
        """Decide for every wall, once."""
        try:
            self._decide(situation())
        except StoreUnavailable as error:
            self._is_stuck(str(error))
        except Exception:  # noqa: BLE001 — edge: a worker loop; the walls keep their scenes
            _LOG.exception("director_failed")
            self._is_stuck("see the line before")
        else:
            self._stuck_since = None

    def _is_stuck(self, reason: str) -> None:
        if self._stuck_since is None:
            _LOG.warning("director_stuck", reason=reason)
            self._stuck_since = self._stage.clock()

    def _decide(self, situation: Situation) -> None:
        stage, now = self._stage, self._stage.clock()
        facts = facts_of(situation, now, stage.rules)
        known = situation.of("scenes")
        for wall in stage.walls:
            scene: WallScene = known.get(wall) or WallScene(id=wall)
            before = self._shown.get(wall) or scene.shown
            after = direct(wall, facts, before, scene.asked, now, stage.rules)
            if after != before:
                stage.store.append([decided(after, now, stage.mode)])
                self.decisions[wall] += 1
            self._shown[wall] = after


def director_for(settings: LayarSettings, store: Store, clock: Clock, mode: Mode) -> Director:
    """The director of this city's walls."""
    walls = tuple(wall.name for wall in walls_of(settings.walls))
    return Director(Stage(store=store, clock=clock, mode=mode, walls=walls, rules=settings.director))


def decided(shown: SceneShown, now: datetime, mode: Mode) -> Event:
    """A decision as an event."""
    return Event(id=str(uuid.uuid4()), at=now, seen=now, source=f"{SOURCE}/{shown.wall}", fact=shown, mode=mode)
