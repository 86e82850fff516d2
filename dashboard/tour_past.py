"""Which time of the past a scene of the tour shows: what somebody marked for visitors, and nothing beside it. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dashboard.tour import TourScene
from layers.bookmarks import Bookmark
from layers.playback import Pace, Stretch

LONGEST = timedelta(hours=24)
_OF_A_MOMENT = timedelta(hours=2)
_SPEED = 120.0


def marked(scene: TourScene, bookmarks: Iterable[Bookmark]) -> Bookmark | None:
    """The bookmark that the scene names, else the one set last; either only if it is marked for visitors."""
    ours = [one for one in bookmarks if one.fact.for_visitors]
    if scene.bookmark is not None:
        return next((one for one in ours if one.id == scene.bookmark), None)
    return max(ours, key=lambda one: (one.told.at, one.id), default=None)


def stretch(scene: TourScene, bookmark: Bookmark, now: datetime) -> Stretch:
    """What is played of it: two hours of a moment, at most a day, and nothing that visitors would not know by now."""
    since = bookmark.fact.at
    until = bookmark.fact.until or since + _OF_A_MOMENT
    return Stretch(
        since=since, until=min(until, since + LONGEST, now), pace=Pace(speed=scene.speed or _SPEED, skips=True)
    )
