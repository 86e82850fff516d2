"""What visitors see of the situation, and beside the map: their picture, drawn by a clock of its own.

It changes as time goes by, without any event, and is old anyway: so each thing is judged anew every few seconds, and
only while somebody looks (`dashboard/live.py`).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from dashboard.board import board
from dashboard.config import CameraSettings, VisitorSettings
from dashboard.director_said import visitor_scenes
from dashboard.panels import figures_at, quiet_cameras, shift_said
from dashboard.picture import Picture, first_picture, next_picture, short_hash, with_panels
from layers.audience import differing, drawn_for, visible
from layers.exercises import exercise_said
from layers.incidents import priority_of
from layers.layer import Layers, Visit
from layers.situation import Situation
from layers.statistics import open_incidents

EVERY_S = 5.0
Visiting = Callable[[Situation, datetime], Visit]
"""Makes, of a situation and a time, that by which things are judged."""

_WORST = 1
_BETWEEN_TWO = 1 + 1 / 12
"""Of those that wait, one per twelfth of the delay is kept (`cctv/late_show.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Openness:
    """What the city lets visitors see: incidents of these categories (ids), once they are older than `delay`.

    `picture_delay_s`: how old the newest picture may be that they see of a camera that is well.
    """

    categories: frozenset[str] = frozenset()
    delay: timedelta = timedelta(minutes=15)
    picture_delay_s: float = 60.0


def openness(settings: VisitorSettings, cameras: CameraSettings) -> Openness:
    """As the city's settings have it."""
    return Openness(
        categories=frozenset(settings.categories),
        delay=timedelta(minutes=settings.delay_min),
        picture_delay_s=cameras.visitor_delay_s * _BETWEEN_TWO + 2 * cameras.period_s,
    )


@dataclass(slots=True, kw_only=True)
class Visitors:
    """Draws their picture. Not for several threads at once, except `visit`. `seconds` is a monotonic clock."""

    layers: Layers
    openness: Openness
    seconds: Callable[[], float]
    tag: str
    credits: Callable[[Situation], list[str]] = lambda _situation: []
    _drawn: int = 0
    _drawn_s: float = 0.0
    _pepper: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def visit(self, situation: Situation, now: datetime) -> Visit:
        """By what things are judged at `now`."""
        return Visit(
            ground=situation.ground,
            now=now,
            delay=self.openness.delay,
            categories=self.openness.categories,
            alias=lambda id_: f"P-{short_hash(self._pepper, id_)}",
        )

    def first(self, situation: Situation, now: datetime) -> Picture:
        """The whole picture; `situation` is what is really known."""
        shown = self._shown(situation, now)
        picture = first_picture(shown, drawn_for("visitor", self.layers), "visitor", self.tag, now)
        return self._with_panels(picture, situation, now)

    def next(self, picture: Picture, situation: Situation, now: datetime) -> Picture:
        """The same picture until it is time to look again."""
        if self.seconds() - self._drawn_s < EVERY_S:
            return picture
        shown = self._shown(situation, now)
        touched = differing(picture.situation, shown)
        after = next_picture(picture, shown, drawn_for("visitor", self.layers), touched, now)
        return self._with_panels(after, situation, now)

    def _shown(self, situation: Situation, now: datetime) -> Situation:
        """With a cursor of its own, that never comes again."""
        self._drawn, self._drawn_s = self._drawn + 1, self.seconds()
        shown = visible(situation, self.layers, "visitor", self.visit(situation, now))
        return replace(shown, cursor=self._drawn)

    def _with_panels(self, picture: Picture, known: Situation, now: datetime) -> Picture:
        """Whom to name is no secret: it is taken from what is really `known`, where sources have names."""
        said = visitor_panels(picture.situation, self.openness, now)
        exercise = exercise_said(picture.situation, now)
        return with_panels(picture, orjson.dumps({**said, "exercise": exercise, "credits": self.credits(known)}))


def visitor_panels(situation: Situation, openness: Openness, now: datetime) -> dict[str, Any]:
    """As `dashboard.panels.panels`; `situation` is redacted, so what is counted is what they are shown.

    Null is what would say more than they may know, or less than is so. Cameras stand by name: which of them is nearest
    to an incident would tell where it is.
    """
    waiting, cameras = open_incidents(situation), quiet_cameras(situation)
    critical = sum(priority_of(incident, situation.ground.city) == _WORST for incident in waiting)
    unsaid = dict.fromkeys(
        (
            "units", "units_fresh", "seen_share", "calls_today", "real_today", "response_median_s", "response_n",
            "response_without_time", "response_target_s",
        )
    )  # fmt: skip
    counted = {
        "open": len(waiting) if openness.categories else None,
        "critical": critical if openness.categories else None,
        "cameras": len(cameras),
        "cameras_ok": sum(camera["health"] == "ok" and not camera["faults"] for camera in cameras),
        "observed_at": figures_at(situation),
    }
    return {
        "audience": "visitor",
        "picture_delay_s": openness.picture_delay_s,
        "figures": {**unsaid, **counted},
        "degraded": None,
        "shift": shift_said(situation, now),
        "cameras": cameras,
        "eyes": None,
        "board": board(situation, now),
        "scenes": visitor_scenes(now),
    }
