"""Bookmarks: moments and spans of the past to be found again, each with who set it and in which sense."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from layers.event import Event
from layers.feature import Feature
from layers.layer import Layer, Role, Words
from layers.situation import Changes, Situation, Things
from layers.told import Told, told_by


@dataclass(frozen=True, slots=True, kw_only=True)
class BookmarkSet:
    """Somebody marked the moment `at`, or the time from then until `until`. `by`: the name of their token.

    `for_visitors`: that time may be shown on the visitors' tour, reduced as everything they see.
    """

    kind: ClassVar[str] = "bookmark_set"
    bookmark: str
    name: str
    at: datetime
    until: datetime | None = None
    sense: Literal["shown", "known"] = "shown"
    note: str | None = None
    by: str
    for_visitors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookmarkRemoved:
    """Somebody took a bookmark away."""

    kind: ClassVar[str] = "bookmark_removed"
    bookmark: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """One bookmark."""

    id: str
    fact: BookmarkSet
    told: Told


def fold(things: Things, event: Event) -> Changes:
    """One that was taken away stays away: its id is never given again."""
    fact = event.fact
    if isinstance(fact, BookmarkRemoved):
        return {fact.bookmark: None} if fact.bookmark in things else {}
    if not isinstance(fact, BookmarkSet):
        return {}
    return {fact.bookmark: Bookmark(id=fact.bookmark, fact=fact, told=told_by(event))}


def redact(bookmark: Bookmark, role: Role) -> Bookmark | None:
    """The center's own business."""
    return bookmark if role in {"wall", "admin"} else None


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map."""
    return []


LAYER = Layer(
    title=Words(id="Penanda waktu", en="Bookmarks"),
    facts=(BookmarkSet, BookmarkRemoved),
    thing=Bookmark,
    hears=(BookmarkSet, BookmarkRemoved),
    fold=fold,
    redact=redact,
    draw=draw,
)
