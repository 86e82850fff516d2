"""Bookmarks of the past over HTTP: listed for those who look, set and taken away by admins."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Flask, Response

from dashboard.auth import BRIEFERS, SUPERVISORS, VIEWERS, Access, principal, require
from dashboard.bookmark_words import address, iso
from dashboard.desk_request import json_body, text_of, told
from dashboard.replay_asked import within_the_past
from dashboard.services import Services
from geodata.errors import BadInput, NotFound
from layers.bookmarks import Bookmark, BookmarkRemoved, BookmarkSet
from layers.event import Event, Fact
from layers.fields import moment_of
from layers.situation import Things
from layers.store.store import Sense

ACCESS: Access = {"api_bookmarks": VIEWERS, "api_bookmark_post": BRIEFERS, "api_bookmark_delete": SUPERVISORS}
SOURCE = "desk/bookmarks"
MOST = 1_000
_LONGEST_NAME, _LONGEST_NOTE = 120, 1_000
_CREATED = 201
_SENSES: dict[str, Sense] = {"shown": "shown", "known": "known"}


def register(server: Flask, services: Services) -> None:
    """Add `/api/v1/bookmarks`."""

    def listed() -> Response:
        return told({"bookmarks": [said(one) for one in in_order(_known(services).values())]})

    def added() -> Response:
        if len(_known(services)) >= MOST:
            raise BadInput(f"there are {MOST} bookmarks already: take some away first")
        fact = _asked(services, json_body())
        _tell(services, fact, "bookmark.set", at=fact.at.isoformat(), sense=fact.sense)
        return told({"id": fact.bookmark, "url": address(fact)}, _CREATED)

    def removed(bookmark_id: str) -> Response:
        if bookmark_id not in services.store.live().situation.of("bookmarks"):
            raise NotFound(f"no bookmark {bookmark_id!r}")
        _tell(services, BookmarkRemoved(bookmark=bookmark_id, by=principal().name), "bookmark.remove")
        return told({"id": bookmark_id})

    path = "/api/v1/bookmarks"
    server.add_url_rule(path, "api_bookmarks", listed)
    server.add_url_rule(path, "api_bookmark_post", added, methods=["POST"], provide_automatic_options=False)
    server.add_url_rule(f"{path}/<bookmark_id>", "api_bookmark_delete", removed, methods=["DELETE"])


def in_order(bookmarks: Iterable[Bookmark]) -> list[Bookmark]:
    """The newest moment first."""
    return sorted(bookmarks, key=lambda one: (one.fact.at, one.id), reverse=True)


def said(bookmark: Bookmark) -> dict[str, Any]:
    """As JSON; `url` shows it on a wall."""
    fact = bookmark.fact
    return {
        "id": bookmark.id,
        "name": fact.name,
        "at": iso(fact.at),
        "until": iso(fact.until) if fact.until else None,
        "sense": fact.sense,
        "note": fact.note,
        "by": fact.by,
        "for_visitors": fact.for_visitors,
        "url": address(fact),
    }


def _known(services: Services) -> Things:
    return services.hub.situation().of("bookmarks")


def _asked(services: Services, body: dict[str, Any]) -> BookmarkSet:
    name, note = (text_of(body, "name", _LONGEST_NAME) or "").strip(), text_of(body, "note", _LONGEST_NOTE)
    if not name:
        raise BadInput("name: a bookmark needs a name", field="name")
    sense = _SENSES.get(str(body.get("sense", "shown")))
    if sense is None:
        raise BadInput(f"sense is {' or '.join(_SENSES)}", field="sense")
    moments = {field: _moment(body, field) for field in ("at", "until") if body.get(field) is not None}
    if "at" not in moments:
        raise BadInput("at: a time is needed, ISO 8601 with offset, or seconds since 1970", field="at")
    within_the_past(services.store, sense, services.clock(), **moments)
    at, until = moments["at"], moments.get("until")
    if until is not None and until <= at:
        raise BadInput("until: a span ends after it begins", field="until")
    return BookmarkSet(
        bookmark=uuid.uuid4().hex[:12],
        name=name,
        at=at,
        until=until,
        sense=sense,
        note=note,
        by=principal().name,
        for_visitors=_is_for_visitors(body),
    )


def _is_for_visitors(body: dict[str, Any]) -> bool:
    """Whether the time may be shown on the tour; only who leads a shift opens it to strangers."""
    said = body.get("for_visitors", False)
    if not isinstance(said, bool):
        raise BadInput("for_visitors is true or false", field="for_visitors")
    if said:
        require(SUPERVISORS)
    return said


def _moment(body: dict[str, Any], field: str) -> datetime:
    try:
        return moment_of(body[field])
    except ValueError as error:
        raise BadInput(f"{field}: {error}", field=field) from error


def _tell(services: Services, fact: Fact, action: str, **details: str) -> None:
    now = services.clock()
    event = Event(id=str(uuid.uuid4()), at=now, seen=now, source=SOURCE, fact=fact, mode=services.mode)
    services.store.append([event])
    services.audit.note(principal().name, action, str(getattr(fact, "bookmark", "")), **details)
