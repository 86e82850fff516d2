"""How long what says who is kept, by the settings; and the proof, in the audit, that it was destroyed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from dashboard.audit import Audit
from dashboard.config import RetentionSettings
from layers.bookmarks import BookmarkRemoved
from layers.event import Event, stable_id
from layers.store.retention import Destroyed, Kept
from layers.store.sqlite import SqliteStore

_SOURCE = "desk/retention"


def limits(settings: RetentionSettings, now: datetime) -> Mapping[Kept, datetime]:
    """Before which moment each kind is destroyed; one that is kept for ever is not in it."""
    days: Mapping[Kept, int] = {
        "incidents": settings.incidents_days,
        "calls": settings.calls_days,
        "blocks": settings.blocks_days,
        "shifts": settings.shifts_days,
        "quarantine": settings.quarantine_days,
        "positions": settings.positions_days,
        "bookmarks": settings.bookmarks_days,
    }
    return {kind: now - timedelta(days=count) for kind, count in days.items() if count}


def retain(
    store: SqliteStore, settings: RetentionSettings, now: datetime, audit: Audit, who: str
) -> tuple[Destroyed, ...]:
    """Destroy what is too old, and note how much of which time; never what it said."""
    before = limits(settings, now)
    if "bookmarks" in before:
        _end_bookmarks(store, before["bookmarks"], now, who)
    found = store.destroy(before)
    for one in found:
        if one.count:
            span = {"first": _said(one.first), "last": _said(one.last), "older_than": _said(before[one.kind])}
            audit.note(who, "retention", one.kind, count=one.count, still_needed=one.still_needed, **span)
    return found


def _end_bookmarks(store: SqliteStore, before: datetime, now: datetime, who: str) -> None:
    """Nobody takes most of them away, and what is still shown is not destroyed."""
    old = [one for one in store.live().situation.of("bookmarks").values() if one.told.at < before]
    facts = [(one, BookmarkRemoved(bookmark=one.id, by=who)) for one in old]
    events = [
        Event(id=stable_id("retention", one.id), at=now, seen=now, source=_SOURCE, fact=fact, mode=one.told.mode)
        for one, fact in facts
    ]
    if events:
        store.append(events)


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
