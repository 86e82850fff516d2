"""Incidents: what was reported, where, how bad, and how far the answer has come."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from geodata.city import City
from geodata.clock import epoch_s
from geodata.places import Ground
from layers.feature import Feature, feature, point
from layers.incident_answer import arrivals
from layers.incident_facts import (
    CLOSED,
    PRIORITY_WORDS,
    STATUS_WORDS,
    STATUSES,
    Incident,
    IncidentReported,
    IncidentStatusChanged,
    Report,
    Status,
)
from layers.incident_fold import fold, keep, newest
from layers.incident_reading import (
    category_of,
    is_emergency_call,
    kelurahan_of,
    order_of,
    position_of,
    priority_of,
)
from layers.incident_visitor import for_visitor
from layers.layer import Ages, Layer, Mark, Role, Words
from layers.situation import Situation

__all__ = [
    "CLOSED",
    "LAYER",
    "STATUSES",
    "Incident",
    "IncidentReported",
    "IncidentStatusChanged",
    "Report",
    "Status",
    "category_of",
    "draw",
    "fold",
    "is_emergency_call",
    "keep",
    "kelurahan_of",
    "newest",
    "order_of",
    "position_of",
    "priority_of",
    "redact",
]


_DRILL = Words(id="LATIHAN · ", en="EXERCISE · ")
"""Before the title of what is rehearsed, wherever it is shown: it outlives the exercise until somebody closes it."""
_NO_DRILL = Words(id="", en="")


def redact(incident: Incident, role: Role) -> Incident:
    """Free text may name a person: only an admin reads it."""
    if role == "admin" or incident.report is None or incident.report.description is None:
        return incident
    return replace(incident, report=replace(incident.report, description=None))


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point for every open incident that is a real report; no geometry where the place is not known."""
    things = situation.of("incidents")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        _draw(incident, situation.ground)
        for incident in chosen
        if incident.is_open and is_emergency_call(incident, situation.ground.city)
    ]


def _draw(incident: Incident, ground: Ground) -> Feature:
    where = position_of(incident, ground)
    return feature(incident.id, point(where[0], where[1]) if where else None, **_properties(incident, ground, where))


def _properties(incident: Incident, ground: Ground, where: tuple[float, float, bool] | None) -> dict[str, Any]:
    category, report = category_of(incident, ground.city), incident.report
    area = ground.places.areas.get(kelurahan_of(incident, ground) or "")
    drill = _DRILL if incident.mode == "drill" else _NO_DRILL
    return {
        "category": category.id,
        "title": drill.id + category.id_name,
        "title_en": drill.en + category.en_name,
        "icon": category.icon,
        "priority": priority_of(incident, ground.city),
        "order": order_of(incident, ground.city),
        "status": incident.status,
        "status_words": STATUS_WORDS[incident.status].id,
        "status_words_en": STATUS_WORDS[incident.status].en,
        "agency": _agency_short(incident.agency, ground.city),
        "kelurahan": area.name if area else None,
        "kelurahan_code": area.code if area else None,
        **_first(incident, ground.city),
        "place": "none" if where is None else "exact" if where[2] else "kelurahan",
        "reported_at": epoch_s(report.reported_at) if report else None,
        "observed_at": epoch_s(incident.observed_at),
        "description": report.description if report else None,
        "source": incident.source,
        "mode": incident.mode,
    }


def _first(incident: Incident, city: City) -> dict[str, Any]:
    """Who was on the scene first, and by how much; absent until both sides are there and their times are sound."""
    came = arrivals(incident, city) if incident.reached_by else None
    return {"first": came.first, "lead_s": came.lead_s} if came and came.first else {}


def _agency_short(agency: str | None, city: City) -> str | None:
    return next((a.short for a in city.agencies if a.id == agency), agency)


LAYER = Layer(
    title=Words(id="Kejadian", en="Incidents"),
    facts=(IncidentReported, IncidentStatusChanged),
    thing=Incident,
    hears=(IncidentReported, IncidentStatusChanged),
    fold=fold,
    history=True,
    keep=keep,
    newest=newest,
    redact=redact,
    for_visitor=for_visitor,
    draw=draw,
    ages=Ages(late_s=1800, lost_s=14400),
    style=(
        {
            "id": "incidents-halo",
            "type": "circle",
            # in a badge of many the glows would add up
            "filter": ["all", ["<=", ["get", "priority"], 2], ["!=", ["get", "grouped"], True]],
            "paint": {
                "circle-radius": ["match", ["get", "priority"], 1, 46, 34],
                "circle-color": ["match", ["get", "priority"], 1, "var(--priority-1)", "var(--priority-2)"],
                "circle-blur": 1,
                "circle-opacity": 0.55,
            },
        },
        {
            "id": "incidents-place",
            "type": "circle",
            "paint": {
                "circle-radius": 3.5,
                "circle-color": "var(--icon-rim)",
                "circle-stroke-color": "var(--icon-ring)",
                "circle-stroke-width": 2,
            },
        },
        {
            "id": "incidents",
            "type": "symbol",
            "layout": {
                "icon-image": ["concat", "incident-", ["to-string", ["get", "priority"]], "-", ["get", "icon"]],
                "icon-size": ["match", ["get", "priority"], 1, 0.8, 2, 0.74, 0.62],
                "icon-allow-overlap": True,
                "symbol-sort-key": ["-", 5, ["get", "priority"]],
            },
            # the worst few are drawn above everything by the page, which marks them `pinned`; here they only keep
            # the place free of names
            "paint": {"icon-opacity": ["case", ["==", ["get", "pinned"], True], 0, 1]},
        },
    ),
    legend=tuple(Mark(words=PRIORITY_WORDS[p], icon=f"incident-{p}-lain") for p in (1, 2, 3, 4)),
)
