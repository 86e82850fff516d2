"""Incidents as rows of the desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dashboard.operate import Line, Look, Mood, Row, version_of
from geodata.clock import epoch_s
from geodata.places import Ground
from layers.incident_facts import PRIORITY_WORDS, STATUS_WORDS, Incident
from layers.incident_reading import (
    category_of,
    is_emergency_call,
    kelurahan_of,
    order_of,
    position_of,
    priority_of,
)
from layers.joins import folded_now
from layers.layer import Words
from layers.surge import Folded

_ON_OPEN = ("verify", "assign", "step", "correct", "join", "alone", "close")
_MOST_CLOSED = 60


def rows(look: Look) -> Sequence[Row]:
    """Open ones worst first, then those closed in the last two days, the newest first."""
    city, folded = look.situation.ground.city, {one.first.id: one for one in folded_now(look.situation)}
    parts = {other.id: one for one in folded.values() for other in one.others}
    real = [i for i in look.situation.of("incidents").values() if is_emergency_call(i, city)]
    waiting = sorted((i for i in real if i.is_open), key=lambda i: (order_of(i, city), i.id))
    over = sorted((i for i in real if not i.is_open), key=lambda i: (i.observed_at, i.id), reverse=True)
    return [_row(i, look, folded.get(i.id), parts.get(i.id)) for i in (*waiting, *over[:_MOST_CLOSED])]


def _row(incident: Incident, look: Look, whole: Folded | None, part_of: Folded | None) -> Row:
    ground, city = look.situation.ground, look.situation.ground.city
    category, priority, where = category_of(incident, city), priority_of(incident, city), position_of(incident, ground)
    return Row(
        key=incident.id,
        version=version_of(incident, part_of.first.id if part_of else None),
        title=Words(id=category.id_name, en=category.en_name),
        sub=_area(incident, ground) or Words(id="tempat belum diketahui", en="place not known yet"),
        state=STATUS_WORDS[incident.status],
        mood=_mood(incident, priority),
        at=epoch_s(incident.report.reported_at) if incident.report else epoch_s(incident.observed_at),
        group="open" if incident.is_open else "closed",
        badges=tuple(_badges(priority, whole, part_of)),
        lines=tuple(_lines(incident, look)),
        values={"agencies": list(category.agencies), **_values(incident)},
        deeds=_deeds(incident),
        place=(where[0], where[1]) if where else None,
        marker={"priority": priority, "icon": category.icon} if incident.is_open else None,
        mode=incident.mode,
    )


def _deeds(incident: Incident) -> tuple[str, ...]:
    if not incident.is_open:
        return ("reopen", "correct")
    return _ON_OPEN if incident.status == "diterima" else _ON_OPEN[1:]


def _mood(incident: Incident, priority: int) -> Mood:
    if not incident.is_open:
        return "lost"
    if incident.status in {"di_lokasi", "tertangani"}:
        return "good"
    return "grave" if priority == 1 else "warn" if incident.status in {"diterima", "diverifikasi"} else "calm"


def _badges(priority: int, whole: Folded | None, part_of: Folded | None) -> list[Words]:
    found = [PRIORITY_WORDS[priority]]
    if whole is not None and whole.others:
        found.append(Words(id=f"{whole.reports} laporan", en=f"{whole.reports} reports"))
    if part_of is not None:
        found.append(Words(id=f"bagian dari {part_of.first.id}", en=f"part of {part_of.first.id}"))
    return found


def _area(incident: Incident, ground: Ground) -> str | None:
    area = ground.places.areas.get(kelurahan_of(incident, ground) or "")
    return area.name if area else None


def _lines(incident: Incident, look: Look) -> list[Line]:
    report, city = incident.report, look.situation.ground.city
    short = {agency.id: agency.short for agency in city.agencies}
    found = [Line(label=Words(id="Nomor", en="Number"), value=incident.id)]
    if report is not None and report.description:
        found.append(Line(label=Words(id="Keterangan", en="Description"), value=report.description))
    for agency, steps in sorted(incident.reached_by.items()):
        found += [_step_line(short.get(agency, agency), status, at) for status, at in steps.items()]
    units = [one.id for one in look.situation.of("assignments").values() if one.fact.incident == incident.id]
    if units:
        found.append(Line(label=Words(id="Armada", en="Units"), value=", ".join(sorted(units))))
    found.append(Line(label=Words(id="Sumber", en="Source"), value=incident.source))
    return found


def _step_line(agency: str, status: str, at: datetime | None) -> Line:
    words = {str(known): said for known, said in STATUS_WORDS.items()}[status]
    label = Words(id=f"{agency}: {words.id}", en=f"{agency}: {words.en}")
    return Line(label=label, value={"at": epoch_s(at)} if at else Words(id="tanpa waktu", en="no time"))


def _values(incident: Incident) -> dict[str, Any]:
    report = incident.report
    if report is None:
        return {}
    return {
        "category": report.category,
        "priority": str(report.priority) if report.priority else "",
        "kelurahan": report.kelurahan or "",
        "description": report.description or "",
        "place": [report.lon, report.lat] if report.lon is not None and report.lat is not None else None,
    }
