"""Incidents as facts and as things: what was reported, and how far the answer has come, by agency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, get_args

from layers.event import Mode
from layers.layer import Words

Status = Literal[
    "diterima", "diverifikasi", "diteruskan", "diterima_opd", "menuju_lokasi", "di_lokasi",
    "tertangani", "selesai", "batal", "dialihkan", "laporan_palsu",
]  # fmt: skip
STATUSES: tuple[Status, ...] = get_args(Status)
CLOSED: frozenset[Status] = frozenset({"selesai", "batal", "dialihkan", "laporan_palsu"})
"""Nobody has to do anything more."""

STATUS_WORDS: Mapping[Status, Words] = {
    "diterima": Words(id="diterima", en="received"),
    "diverifikasi": Words(id="diverifikasi", en="verified"),
    "diteruskan": Words(id="diteruskan", en="forwarded"),
    "diterima_opd": Words(id="diterima OPD", en="accepted"),
    "menuju_lokasi": Words(id="menuju lokasi", en="en route"),
    "di_lokasi": Words(id="di lokasi", en="on scene"),
    "tertangani": Words(id="tertangani", en="handled"),
    "selesai": Words(id="selesai", en="closed"),
    "batal": Words(id="batal", en="cancelled"),
    "dialihkan": Words(id="dialihkan", en="transferred"),
    "laporan_palsu": Words(id="laporan palsu", en="false report"),
}
PRIORITY_WORDS: Mapping[int, Words] = {
    1: Words(id="kritis", en="critical"),
    2: Words(id="berat", en="severe"),
    3: Words(id="sedang", en="moderate"),
    4: Words(id="ringan", en="minor"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a call-taking system says of an incident.

    `category` is as the source said it (resolved by the city's taxonomy when shown); `priority` 1 is
    worst, None lets the category decide. `kelurahan` is a code, used where there is no position.
    """

    category: str
    reported_at: datetime
    priority: int | None = None
    lon: float | None = None
    lat: float | None = None
    kelurahan: str | None = None
    description: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReported:
    """An incident was reported, or its report was corrected."""

    kind: ClassVar[str] = "incident_reported"
    incident: str
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStatusChanged:
    """The answer to an incident came one step further.

    `reached_at` is None when the source did not say when: then the step has no time, not a guessed one.
    """

    kind: ClassVar[str] = "incident_status_changed"
    incident: str
    status: Status
    reached_at: datetime | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident as known now. `milestones` maps a status to when it was first reached.

    `reached_by` maps agency → status → when that agency first reached it, None where nobody said when.

    `agency` is the newest that a status named, else the report's. `source` and `mode` are those of the
    report, and of the status while no report has come. `report_event` and `status_event` are the `first_id` of the
    events that said what holds now; `report_seen` and `status_at` decide which report and which status that is.
    """

    id: str
    report: Report | None = None
    report_seen: datetime | None = None
    report_event: str | None = None
    status: Status = "diterima"
    status_at: datetime | None = None
    status_event: str | None = None
    assigned: str | None = None
    assigned_at: datetime | None = None
    milestones: Mapping[str, datetime]
    reached_by: Mapping[str, Mapping[str, datetime | None]] = field(default_factory=dict)
    source: str
    mode: Mode
    observed_at: datetime

    @property
    def agency(self) -> str | None:
        """Id of the agency that answers, as far as anybody said."""
        return self.assigned or (self.report.agency if self.report else None)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status not in CLOSED
