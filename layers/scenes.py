"""Scenes: what the director showed on each wall and why, and what hands and the desk asked of it.

The director itself is `dashboard/director.py`. What it must remember from one decision to the next stands in the
decision, so the log alone says what comes next; a moment of the past shows what was shown then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Literal, get_args

from layers.event import Event
from layers.feature import Feature
from layers.layer import Layer, Role, Words
from layers.situation import Changes, Situation, Things
from layers.told import Told, told_by

SceneKind = Literal["incident", "overview", "centre", "pressure", "cameras", "funnel", "lifelines", "weather"]
SCENE_KINDS: tuple[SceneKind, ...] = get_args(SceneKind)
Holder = Literal["acknowledge", "hand", "desk"]
Deed = Literal["send", "lock", "release", "acknowledge"]
Reason = Literal["worst", "preempted", "turn", "quiet", "sent"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Why a scene came on: it was the worst; worse than the one shown; its turn; nothing presses; somebody sent it."""

_REMEMBER = timedelta(days=3)
_MOST_ASKED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneShown:
    """A decision of the director: what a wall shows from now on, or on what terms it goes on showing it.

    `since`: when the scene came on the wall. `factors` multiply to `score`. `held_by`: why it may not go yet, `until`:
    how long at most. What it remembers: `rests` maps incident → when it may come back; `acknowledged` are those that
    somebody has taken note of; `quiet` the newest scene of the carousel; `heard` the newest word that it has heeded.
    """

    kind: ClassVar[str] = "scene_shown"
    wall: str
    scene: SceneKind
    incident: str | None = None
    since: datetime
    reason: Reason
    score: float | None = None
    factors: Mapping[str, float] = field(default_factory=dict)
    held_by: Holder | None = None
    until: datetime | None = None
    rests: Mapping[str, datetime] = field(default_factory=dict)
    acknowledged: tuple[str, ...] = ()
    quiet: SceneKind | None = None
    heard: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneAsked:
    """Somebody asked something of the director; who and why stand in the event. `is_hand`: at the wall itself.

    send: show this scene. lock: leave what is shown until `until`. release: go on. acknowledge: the incident is known.
    """

    kind: ClassVar[str] = "scene_asked"
    wall: str
    deed: Deed
    scene: SceneKind | None = None
    incident: str | None = None
    until: datetime | None = None
    is_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One word to the director, and when it was heard."""

    fact: SceneAsked
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class WallScene:
    """One wall: the newest decision (None before the first) and the newest words to the director, oldest first."""

    id: str
    shown: SceneShown | None = None
    told: Told | None = None
    asked: tuple[Ask, ...] = ()


def fold(things: Things, event: Event) -> Changes:
    """The newest decision holds; words are kept in the order in which they came."""
    fact = event.fact
    if not isinstance(fact, SceneShown | SceneAsked):
        return {}
    before: WallScene = things.get(fact.wall) or WallScene(id=fact.wall)
    if isinstance(fact, SceneAsked):
        asked = (*before.asked, Ask(fact=fact, told=told_by(event)))[-_MOST_ASKED:]
        return {fact.wall: WallScene(id=fact.wall, shown=before.shown, told=before.told, asked=asked)}
    return {fact.wall: WallScene(id=fact.wall, shown=fact, told=told_by(event), asked=before.asked)}


def keep(wall: WallScene, now: datetime) -> bool:
    """A wall of which nothing was heard for days is no longer there."""
    return now - _newest(wall) < _REMEMBER


def _newest(wall: WallScene) -> datetime:
    heard = [told.seen for told in (wall.told, *(ask.told for ask in wall.asked)) if told is not None]
    return max(heard)


def redact(wall: WallScene, role: Role) -> WallScene | None:
    """The center's own business: it names incidents."""
    return wall if role in {"wall", "admin"} else None


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing of its own: the wall shows it as a scene (`dashboard/director_said.py`)."""
    return []


LAYER = Layer(
    title=Words(id="Adegan layar", en="Scenes of the walls"),
    facts=(SceneShown, SceneAsked),
    thing=WallScene,
    hears=(SceneShown, SceneAsked),
    fold=fold,
    keep=keep,
    redact=redact,
    draw=draw,
)
