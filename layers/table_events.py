"""What rows say, as events of the log; and the rows of several units of one incident, put together. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from layers.calls import CallRecord, CallRecorded
from layers.event import HISTORY, Event, Fact, stable_id
from layers.incident_answer import ON_SCENE, WAY
from layers.incident_facts import IncidentReported, IncidentStatusChanged, Report, Status
from layers.table_rows import Said, Steps

_CLOSED: Status = "selesai"
_SENT: Status = "diteruskan"


class Teller:
    """Makes events of rows. `is_call_log`: every row is a call, whatever came of it."""

    def __init__(self, feed: str, received: datetime, *, is_call_log: bool) -> None:
        self._feed = feed
        self._received = received
        self._is_call_log = is_call_log

    def of_row(self, said: Said) -> list[Event]:
        """The events of a row that is one incident, or one call."""
        if not self._is_call_log:
            return [self._report(said), *self._steps(said, said.steps, said.agency)]
        if said.kind != "normal" and (said.kind is not None or said.category is None):
            return [self._call(said, None)]
        return [self._call(said, said.id), self._report(said), *self._steps(said, said.steps, said.agency)]

    def of_units(self, rows: Sequence[Said]) -> list[Event]:
        """The events of one incident of which every row tells what one unit did."""
        first = rows[0]
        events = [self._report(first)]
        for agency, steps in answers_of(rows):
            events += self._steps(first, {s: at for s, at in steps.items() if s != _CLOSED}, agency)
        closed = [row.steps[_CLOSED] for row in rows if _CLOSED in row.steps]
        if closed:
            ends = [at for at in closed if at is not None]
            events += self._steps(first, {_CLOSED: max(ends, default=None)}, None)
        return events

    def _report(self, said: Said) -> Event:
        report = Report(
            category=said.category or "lainnya",
            reported_at=said.at,
            priority=said.priority,
            lon=said.lon,
            lat=said.lat,
            kelurahan=said.kelurahan,
            description=said.description,
            agency=said.agency,
        )
        return self._event(said.at, IncidentReported(incident=said.id, report=report), said.id, *_said(report))

    def _call(self, said: Said, incident: str | None) -> Event:
        record = CallRecord(
            came_at=said.at,
            kind=said.kind,
            caller=said.caller,
            lon=said.lon,
            lat=said.lat,
            kelurahan=said.kelurahan,
            incident=incident,
        )
        caller = said.caller.hash if said.caller else None
        told = (said.at, said.kind, caller, said.lon, said.lat, said.kelurahan, incident)
        return self._event(said.at, CallRecorded(call=said.id, record=record), said.id, *told)

    def _steps(self, said: Said, steps: Steps, agency: str | None) -> Iterator[Event]:
        for status, at in steps.items():
            fact = IncidentStatusChanged(incident=said.id, status=status, reached_at=at, agency=agency)
            yield self._event(at or said.at, fact, said.id, status, at, agency)

    def _event(self, at: datetime, fact: Fact, *told: object) -> Event:
        id_ = stable_id(self._feed, fact.kind, *told)
        return Event(id=id_, at=at, seen=self._received, source=f"{HISTORY}{self._feed}", fact=fact)


def _said(report: Report) -> tuple[object, ...]:
    return (
        report.category, report.reported_at, report.priority, report.lon, report.lat, report.kelurahan,
        report.description, report.agency,
    )  # fmt: skip


def is_contradicting(said: Said) -> bool:
    """Whether a step lies before the report, or before one that comes earlier."""
    times = [said.at, *(at for status in WAY if (at := said.steps.get(status)) is not None)]
    return any(later < earlier for earlier, later in pairwise(times))


def answers_of(rows: Sequence[Said]) -> Iterator[tuple[str | None, Steps]]:
    """(agency, steps): of several units of an agency the steps of the one that came first, and the first dispatch.

    A unit whose times contradict each other leads only where there is no other: the layer flags it then.
    """
    for agency in dict.fromkeys(row.agency for row in rows):
        yield agency, _led([row for row in rows if row.agency == agency])


def _led(units: Sequence[Said]) -> Steps:
    sound = [unit for unit in units if not is_contradicting(unit)] or list(units)
    came = [unit for unit in sound if unit.steps.get(ON_SCENE) is not None]
    if not came:
        return _earliest(sound)
    lead = min(came, key=lambda unit: (unit.steps[ON_SCENE], unit.at))
    arrival, sent = lead.steps[ON_SCENE], lead.steps.get(_SENT)
    others = [
        at for unit in sound if (at := unit.steps.get(_SENT)) is not None and arrival is not None and at <= arrival
    ]
    first = min([*others, *([sent] if sent else [])], default=None)
    return {**lead.steps, **({_SENT: first} if first is not None else {})}


def _earliest(units: Iterable[Said]) -> Steps:
    """Each step as early as any of them reached it; one that somebody reached without a time is reached."""
    found: dict[Status, datetime | None] = {}
    for unit in units:
        for status, at in unit.steps.items():
            before = found.get(status)
            found[status] = at if before is None else before if at is None else min(before, at)
    return found
