"""How an incident comes to be out of what is said of it, in whatever order that arrives. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from layers.event import Event, first_id
from layers.incident_facts import STATUSES, Incident, IncidentReported, IncidentStatusChanged, Status
from layers.situation import Changes, Things

_REMEMBER = timedelta(hours=48)
_STALE = timedelta(minutes=1)
"""What was received so long before the newest word comes out of the quarantine: it takes nothing back."""


def fold(things: Things, event: Event) -> Changes:
    """The report that arrived last holds, and the status that was reached last, by `_reached`."""
    fact = event.fact
    if not isinstance(fact, IncidentReported | IncidentStatusChanged):
        return {}
    before = things.get(fact.incident)
    known = before or _unheard(fact.incident, event)
    known = replace(known, observed_at=max(known.observed_at, event.at))
    told = _with_report(known, fact, event) if isinstance(fact, IncidentReported) else _with_status(known, fact, event)
    return {} if told == before else {fact.incident: told}


def _unheard(incident: str, event: Event) -> Incident:
    return Incident(id=incident, milestones={}, source=event.source, mode=event.mode, observed_at=event.at)


def _with_report(before: Incident, fact: IncidentReported, event: Event) -> Incident:
    known = before.report_seen and (before.report_seen, str(before.report))
    if known and known >= (event.seen, str(fact.report)):
        return before
    return replace(
        before,
        report=fact.report,
        report_seen=event.seen,
        report_event=first_id(event.id),
        source=event.source,
        mode=event.mode,
    )


def _with_status(before: Incident, fact: IncidentStatusChanged, event: Event) -> Incident:
    """At the same time the step further on wins."""
    at, said = _reached(fact, event), first_id(event.id)
    milestones, reached_by = _earliest(before.milestones, fact), _by_agency(before.reached_by, fact)
    told = _assigned(replace(before, milestones=milestones, reached_by=reached_by), fact.agency, at)
    if before.status_at is not None and _step(before.status_at, before.status) > _step(at, fact.status):
        return told
    is_same = before.status_at == at and before.status == fact.status
    said = max(said, before.status_event or "") if is_same else said
    told = replace(told, status=fact.status, status_at=at, status_event=said)
    if before.report is not None or (is_same and (before.source, before.mode) >= (event.source, event.mode)):
        return told
    return replace(told, source=event.source, mode=event.mode)


def _reached(fact: IncidentStatusChanged, event: Event) -> datetime:
    """By the sender's clock; by arrival where it did not say: that never goes back, even when our own clock does.

    The first step is as old as the report, unless its time was said.
    """
    return event.at if fact.reached_at is not None or fact.status == "diterima" else event.seen


def _step(at: datetime, status: Status) -> tuple[datetime, int]:
    return at, STATUSES.index(status)


def _assigned(before: Incident, agency: str | None, at: datetime) -> Incident:
    if agency is None:
        return before
    if before.assigned_at and (before.assigned_at, before.assigned or "") > (at, agency):
        return before
    return replace(before, assigned=agency, assigned_at=at)


def _earliest(milestones: Mapping[str, datetime], fact: IncidentStatusChanged) -> Mapping[str, datetime]:
    if fact.reached_at is None or milestones.get(fact.status, fact.reached_at) < fact.reached_at:
        return milestones
    return {**milestones, fact.status: fact.reached_at}


def _by_agency(
    known: Mapping[str, Mapping[str, datetime | None]], fact: IncidentStatusChanged
) -> Mapping[str, Mapping[str, datetime | None]]:
    """A time that was said is better than none, an earlier one better than a later."""
    if fact.agency is None:
        return known
    steps = known.get(fact.agency, {})
    before = steps.get(fact.status)
    if fact.status in steps and (fact.reached_at is None or (before is not None and before <= fact.reached_at)):
        return known
    return {**known, fact.agency: {**steps, fact.status: fact.reached_at}}


def newest(things: Things, event: Event) -> str | None:
    """A correction may be taken back, and a step without a time be reached twice: both are news in the same words.

    Asked with `event.seen` still the time it was received. A step whose time was said is always a repeat.
    """
    fact = event.fact
    incident = things.get(fact.incident) if isinstance(fact, IncidentReported | IncidentStatusChanged) else None
    if incident is None:
        return None
    if isinstance(fact, IncidentReported):
        said, at = incident.report_event, incident.report_seen
    else:
        said, at = incident.status_event, incident.status_at if event.at == event.seen else None
    return None if at is None or event.seen < at - _STALE else said


def keep(incident: Incident, now: datetime) -> bool:
    """Open incidents always; closed ones and pranks for two days after the last word."""
    return incident.is_open or now - incident.observed_at < _REMEMBER
