"""Rooms of the desk as JSON for its page."""

from typing import Any

from dashboard.auth import Who
from dashboard.operate import Deed, Field, Line, Look, More, Room, Row
from layers.layer import Words


def words_said(words: Words | str) -> Any:  # noqa: ANN401 — JSON
    """Both languages, or a text that is the same in both."""
    return words if isinstance(words, str) else {"id": words.id, "en": words.en}


def room_said(room: Room, look: Look, role: Who) -> dict[str, Any]:
    """All that the page needs to show a room and offer its deeds to that role."""
    may = {name: deed for name, deed in room.deeds.items() if role in deed.allowed}
    return {
        "title": words_said(room.title),
        "empty": words_said(room.empty),
        "has_map": room.has_map,
        "has_history": bool(room.kinds),
        "has_more": room.more is not None,
        "seek": [_field(one) for one in room.seek(look)],
        "groups": [{"key": key, "words": words_said(words)} for key, words in room.groups.items()],
        "head": [_line(line) for line in room.head(look)],
        "deeds": [_deed(name, deed, look) for name, deed in may.items()],
        "rows": [row_said(row, frozenset(may)) for row in room.rows(look)],
    }


def row_said(row: Row, may: frozenset[str]) -> dict[str, Any]:
    """One row with the deeds that may be done to it by who looks."""
    return {
        "key": row.key,
        "version": row.version,
        "title": words_said(row.title),
        "sub": words_said(row.sub),
        "state": words_said(row.state),
        "mood": row.mood,
        "at": row.at,
        "group": row.group,
        "badges": [words_said(one) for one in row.badges],
        "lines": [_line(line) for line in row.lines],
        "values": dict(row.values),
        "deeds": [name for name in row.deeds if name in may],
        "place": row.place,
        "marker": dict(row.marker) if row.marker else None,
        "mode": row.mode,
    }


def more_said(more: More) -> dict[str, Any]:
    """What one row tells when it is looked at."""
    return {"lines": [_line(line) for line in more.lines], "values": dict(more.values)}


def _line(line: Line) -> dict[str, Any]:
    value = words_said(line.value) if isinstance(line.value, Words) else line.value
    return {"label": words_said(line.label), "value": value}


def _deed(name: str, deed: Deed, look: Look) -> dict[str, Any]:
    return {
        "name": name,
        "words": words_said(deed.words),
        "key": deed.key,
        "is_new": deed.is_new,
        "asks_why": deed.asks_why,
        "is_grave": deed.is_grave,
        "hint": words_said(deed.hint) if deed.hint else None,
        "fields": [_field(one) for one in deed.fields(look)],
    }


def _field(one: Field) -> dict[str, Any]:
    return {
        "name": one.name,
        "words": words_said(one.words),
        "kind": one.kind,
        "is_needed": one.is_needed,
        "options": [{"value": option.value, "words": words_said(option.words)} for option in one.options],
        "hint": words_said(one.hint) if one.hint else None,
        "longest": one.longest,
    }
