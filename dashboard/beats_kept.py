"""Whether the screens of the walls live: each says so every few seconds, and what it sees of itself.

Kept in memory only: after a restart of the server the next beats say it all again. A screen that stands still, or whose
browser is gone, is one that does not beat any more; how long ago it did is said, never guessed.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.wall_canvas import screens_of
from dashboard.walls import WallSettings
from geodata.clock import epoch_s

EVERY_S = 10
LATE_S = 3 * EVERY_S
_FORGOTTEN = timedelta(hours=24)
_BROWSERS = 4
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a browser last said of itself. `page` is a name it gave itself when it opened the page."""

    page: str
    at: datetime
    connection: str
    pixels: tuple[int, int]
    errors: int
    reloads: int


class Beats:
    """The newest beat of each browser of each screen; a few browsers a screen, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: dict[tuple[str, str], OrderedDict[str, Beat]] = {}

    def hear(self, wall: str, screen: str, beat: Beat) -> None:
        """Keep it; of more browsers than a screen can have, forget the one that is silent for longest."""
        with self._lock:
            browsers = self._heard.setdefault((wall, screen), OrderedDict())
            browsers.pop(beat.page, None)
            browsers[beat.page] = beat
            while len(browsers) > _BROWSERS or beat.at - next(iter(browsers.values())).at > _FORGOTTEN:
                browsers.popitem(last=False)

    def newest(self, wall: str, screen: str) -> Beat | None:
        """The last that was heard of that screen."""
        with self._lock:
            browsers = self._heard.get((wall, screen))
            return next(reversed(browsers.values())) if browsers else None


def beats_of(wall: WallSettings, beats: Beats, now: datetime) -> list[Json]:
    """Every screen of a wall with its last beat: those that are configured, and others that somebody has opened."""
    found = []
    for screen in screens_of(wall):
        beat = beats.newest(wall.name, screen.name)
        if screen in wall.screens or beat is not None:
            found.append(
                {"name": screen.name, "shows": screen.shows, "beat": None if beat is None else _said(beat, now)}
            )
    return found


def _said(beat: Beat, now: datetime) -> Json:
    age_s = max(0.0, (now - beat.at).total_seconds())
    return {
        "at": epoch_s(beat.at),
        "is_alive": age_s <= LATE_S,
        "connection": beat.connection,
        "pixels": beat.pixels,
        "errors": beat.errors,
        "reloads": beat.reloads,
    }


def silent(walls: Sequence[WallSettings], beats: Beats, now: datetime) -> int | None:
    """How many screens that once beat do so no more; None where none ever did."""
    told = [one["beat"] for wall in walls for one in beats_of(wall, beats, now) if one["beat"]]
    return sum(not beat["is_alive"] for beat in told) if told else None
