"""What is done to incidents at the desk: each deed says what to tell the door, and what would take it back."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from dashboard.operate import Asked, Done, Told, one_of
from dashboard.operate_time import moment_asked
from geodata.errors import BadInput
from layers.incident_facts import Incident, Status
from layers.joins import folded_now

STEPS: tuple[Status, ...] = ("diterima_opd", "menuju_lokasi", "di_lokasi", "tertangani")
ENDINGS: tuple[Status, ...] = ("selesai", "batal", "laporan_palsu", "dialihkan")
LAST_DIGITS = 3
LONGEST_DESCRIPTION = 1_900


def _incident(asked: Asked) -> Incident:
    incident: Incident = asked.look.situation.of("incidents")[asked.key]
    return incident


def _status(incident: str, status: str, at: datetime | None, agency: str | None = None) -> Told:
    said = {"id": incident, "status": status, "status_time": at.isoformat() if at else None, "agency": agency}
    return Told(feed="incidents", payload=said)


def _back_to(incident: Incident) -> tuple[Told, ...]:
    """The step before, as a new word: the times of the step taken back stay in the log."""
    return (_status(incident.id, incident.status, None),)


def create(asked: Asked) -> Done:
    """A new incident; taking it back calls it off."""
    local = asked.look.now.astimezone(asked.look.situation.ground.city.zone)
    key = f"MEJA-{local:%y%m%d-%H%M}-{secrets.token_hex(2).upper()}"
    caller = asked.text("caller", LAST_DIGITS)
    if caller is not None and not (caller.isascii() and caller.isdecimal() and len(caller) == LAST_DIGITS):
        raise BadInput("caller: write the last three digits alone", field="caller")
    description = asked.text("description", LONGEST_DESCRIPTION)
    whose = f"Penelepon ••{caller}" if caller else None
    payload = _report_said(asked, key) | {
        "description": " · ".join(part for part in (description, whose) if part) or None,
        "time": asked.look.now.isoformat(),
    }
    if payload["lon"] is None and payload["kelurahan"] is None:
        raise BadInput("place: click on the map, or choose the kelurahan", field="place")
    back = (_status(key, "batal", asked.look.now),)
    return Done(subject=key, tells=(Told(feed="incidents", payload=payload),), back=back)


def _report_said(asked: Asked, key: str) -> dict[str, Any]:
    place = asked.said.get("place")
    lon, lat = place if isinstance(place, list) and len(place) == 2 else (None, None)  # noqa: PLR2004 — lon and lat
    return {
        "id": key,
        "category": asked.needed("category"),
        "priority": asked.text("priority"),
        "lon": lon,
        "lat": lat,
        "kelurahan": asked.text("kelurahan"),
        "description": asked.text("description"),
    }


def correct(asked: Asked) -> Done:
    """The whole report anew; taking it back sends the former one."""
    incident = _incident(asked)
    report = incident.report
    at = report.reported_at if report else asked.look.now
    agency = {"agency": report.agency if report else None, "time": at.isoformat()}
    told = Told(feed="incidents", payload=_report_said(asked, incident.id) | agency)
    return Done(subject=incident.id, tells=(told,), back=_former(incident))


def _former(incident: Incident) -> tuple[Told, ...] | None:
    report = incident.report
    if report is None:
        return None
    return (
        Told(
            feed="incidents",
            payload={
                "id": incident.id,
                "category": report.category,
                "priority": report.priority,
                "lon": report.lon,
                "lat": report.lat,
                "kelurahan": report.kelurahan,
                "description": report.description,
                "agency": report.agency,
                "time": report.reported_at.isoformat(),
            },
        ),
    )


def verify(asked: Asked) -> Done:
    """Somebody has made sure that it is real."""
    incident = _incident(asked)
    told = _status(incident.id, "diverifikasi", asked.look.now)
    return Done(subject=incident.id, tells=(told,), back=_back_to(incident))


def assign(asked: Asked) -> Done:
    """Sent on to several agencies at once."""
    incident, known = _incident(asked), {a.id for a in asked.look.situation.ground.city.agencies}
    agencies = asked.many("agencies")
    if set(agencies) - known:
        raise BadInput(f"agencies: {min(set(agencies) - known)!r} is no agency of this city", field="agencies")
    tells = tuple(_status(incident.id, "diteruskan", asked.look.now, agency) for agency in agencies)
    return Done(subject=incident.id, tells=tells, back=_back_to(incident))


def step(asked: Asked) -> Done:
    """One agency came one step further: relawan and OPD each have their own times."""
    incident = _incident(asked)
    known = {agency.id: agency for agency in asked.look.situation.ground.city.agencies}
    at = moment_asked(asked, "time") or asked.look.now
    if incident.report is not None and at < incident.report.reported_at - timedelta(minutes=1):
        raise BadInput("time: it lies before the report", field="time")
    status = one_of(asked, "step", dict.fromkeys(STEPS))
    told = _status(incident.id, status, at, one_of(asked, "agency", known))
    return Done(subject=incident.id, tells=(told,), back=_back_to(incident))


def join(asked: Asked) -> Done:
    """One more report of another incident; taking it back lets it stand as it did."""
    into = asked.needed("into")
    if into == asked.key or into not in asked.look.situation.of("incidents"):
        raise BadInput("into: choose another open incident", field="into")
    told = Told(feed="joins", payload={"id": asked.key, "into": into})
    return Done(subject=asked.key, tells=(told,), back=(_joined_before(asked),))


def alone(asked: Asked) -> Done:
    """It is no part of any other, whatever is near it."""
    told = Told(feed="joins", payload={"id": asked.key, "alone": True})
    return Done(subject=asked.key, tells=(told,), back=(_joined_before(asked),))


def _joined_before(asked: Asked) -> Told:
    """The word before; where there was none, how it was folded by itself."""
    said = asked.look.situation.of("joins").get(asked.key)
    into = said.fact.into if said else next(
        (one.first.id for one in folded_now(asked.look.situation) if asked.key in {o.id for o in one.others}), None
    )  # fmt: skip
    return Told(feed="joins", payload={"id": asked.key, "into": into} if into else {"id": asked.key, "alone": True})


def close(asked: Asked) -> Done:
    """Nobody has to do anything more; the reason stands in the log."""
    incident, known = _incident(asked), {str(status): status for status in ENDINGS}
    told = _status(incident.id, one_of(asked, "ending", known), asked.look.now)
    return Done(subject=incident.id, tells=(told,), back=_back_to(incident))


def reopen(asked: Asked) -> Done:
    """Back among the open ones, at the last step before its end that was reached."""
    incident = _incident(asked)
    way = [status for status in ("tertangani", "di_lokasi", "menuju_lokasi", "diteruskan", "diverifikasi")
           if status in incident.milestones]  # fmt: skip
    told = _status(incident.id, way[0] if way else "diterima", None)
    return Done(subject=incident.id, tells=(told,), back=_back_to(incident))
