"""What visitors see of an incident. Pure."""

from layers.incident_facts import Incident, Report
from layers.incident_reading import category_of, kelurahan_of, priority_of
from layers.layer import Visit


def for_visitor(incident: Incident, visit: Visit) -> Incident | None:
    """What happened in which kelurahan, once it is old enough; not where in it, who called, who goes, or what was said.

    A step younger than the delay is not told: until then it is "received", which is true of every incident.
    """
    report, until = incident.report, visit.now - visit.delay
    category = category_of(incident, visit.ground.city)
    if report is None or not incident.is_open or category.id not in visit.categories:
        return None
    if report.reported_at > until or (incident.report_seen or report.reported_at) > (visit.told_until or until):
        return None
    is_told = incident.status_at is not None and incident.status_at <= until
    return Incident(
        id=visit.alias(incident.id),
        report=Report(
            category=category.id,
            reported_at=report.reported_at.replace(second=0, microsecond=0),
            priority=priority_of(incident, visit.ground.city),
            kelurahan=kelurahan_of(incident, visit.ground),
        ),
        status=incident.status if is_told else "diterima",
        milestones={},
        source="",
        mode=incident.mode,
        observed_at=min(incident.observed_at, until),
    )
