"""What is told to others of an incident: composed of what their form may hold, so nobody's data can be in it. Pure.

"agency": where, what, how bad, how far, who goes; never free text, never who called. "public": what visitors see, under
an id of its own.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson

from dashboard.webhooks_book import Change, OutHook
from geodata.clock import epoch_s
from geodata.places import Ground
from layers.event import Event, stable_id
from layers.incidents import (
    Incident,
    IncidentReported,
    IncidentStatusChanged,
    category_of,
    is_emergency_call,
    kelurahan_of,
    position_of,
    priority_of,
)
from layers.store.outbox import Message, News

_ALIAS_CHARS = 20


def change_of(event: Event) -> Change | None:
    """What kind of news an event is; None: none for anybody."""
    if isinstance(event.fact, IncidentReported):
        return "reported"
    return "status" if isinstance(event.fact, IncidentStatusChanged) else None


def news_for(hook: OutHook, events: Iterable[tuple[int, Event]], delay: timedelta, now: datetime) -> Iterator[News]:
    """The events this hook is told of, history never. The public is told later, as visitors are."""
    for cursor, event in events:
        change, fact = change_of(event), event.fact
        if change is None or change not in hook.changes or event.mode != hook.mode or event.is_history:
            continue
        assert isinstance(fact, IncidentReported | IncidentStatusChanged)  # noqa: S101 — change_of says so
        yield News(
            id=f"msg_{stable_id(hook.name, hook.created_at, event.id)}",
            subject=fact.incident,
            change=change,
            cursor=cursor,
            at=event.at,
            due=max(now, event.seen + delay) if hook.form == "public" else now,
        )


def body_of(hook: OutHook, message: Message, incident: Incident, ground: Ground, key: bytes) -> bytes | None:
    """What is said; None where this hook is not told of such incidents. `incident` is already redacted for its form.

    `key`: by which ids are made unreadable; no receiver has it.
    """
    category = category_of(incident, ground.city)
    if incident.report is None or not is_emergency_call(incident, ground.city):
        return None
    if hook.categories and category.id not in hook.categories:
        return None
    is_public = hook.form == "public"
    said = _public(incident, ground, _alias(hook, message, key)) if is_public else _agency(incident, ground)
    return orjson.dumps({
        "type": f"incident.{message.change}",
        "timestamp": message.at.isoformat().replace("+00:00", "Z"),
        "sequence": message.cursor,
        "city": ground.city.code,
        "mode": incident.mode,
        "data": {"category": category.id, "priority": priority_of(incident, ground.city), **said},
    })  # fmt: skip


def _agency(incident: Incident, ground: Ground) -> dict[str, Any]:
    where, report = position_of(incident, ground), incident.report
    return {
        "id": incident.id,
        "status": incident.status,
        "lon": where[0] if where and where[2] else None,
        "lat": where[1] if where and where[2] else None,
        "kelurahan": kelurahan_of(incident, ground),
        "agency": incident.agency,
        "reported_at": epoch_s(report.reported_at) if report else None,
        "steps": {status: epoch_s(at) for status, at in incident.milestones.items()},
    }


def _alias(hook: OutHook, message: Message, key: bytes) -> str:
    """Another id, the same for the same incident: its own may be a number that is found by trying all."""
    said = f"hook\0{hook.name}\0{message.subject}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:_ALIAS_CHARS]


def _public(incident: Incident, ground: Ground, alias: str) -> dict[str, Any]:
    return {
        "id": alias,
        "status": incident.status,
        "kelurahan": kelurahan_of(incident, ground),
        "reported_at": epoch_s(incident.report.reported_at) if incident.report else None,
    }
