"""Alerts: early warnings of an authority for an area and a time. An exercise never looks live."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal, get_args

from geodata.clock import epoch_s
from geodata.places import Ground
from layers.areas import is_within
from layers.event import Event
from layers.feature import Feature, feature, point
from layers.hazards import in_english
from layers.layer import Layer, Mark, Words, left_as_redacted
from layers.rings import Ring, geometry_of, point_within, shapes_of, touched
from layers.situation import Changes, Situation, Things
from layers.told import Told, order_of, provenance, told_by

Severity = Literal["unknown", "minor", "moderate", "severe", "extreme"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_REMEMBER = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertIssued:
    """A warning was issued or updated. `issuer` is who answers for it, e.g. BMKG.

    Where it holds: `areas` are codes, `polygons` rings of (lon, lat), `circles` (lon, lat, radius in km), `area_words`
    what the issuer calls it.
    """

    kind: ClassVar[str] = "alert_issued"
    alert: str
    title: str
    hazard: str
    issuer: str
    severity: Severity
    areas: tuple[str, ...]
    starts_at: datetime
    expires_at: datetime
    text: str | None = None
    is_exercise: bool = False
    polygons: tuple[Ring, ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()
    area_words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCancelled:
    """A warning was taken back before it expired."""

    kind: ClassVar[str] = "alert_cancelled"
    alert: str
    cancelled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One warning as known now. `issued` None: only that it was taken back has been heard."""

    id: str
    issued: AlertIssued | None = None
    cancelled_at: datetime | None = None
    told: Told

    def is_active(self, now: datetime) -> bool:
        """Whether it holds at `now`; an exercise never does."""
        issued = self.issued
        if issued is None or issued.is_exercise:
            return False
        is_cancelled = self.cancelled_at is not None and self.cancelled_at <= now
        return issued.starts_at <= now < issued.expires_at and not is_cancelled


def fold(things: Things, event: Event) -> Changes:
    """The newest word of the issuer holds; what is taken back stays so until it is issued anew."""
    fact = event.fact
    if not isinstance(fact, AlertIssued | AlertCancelled):
        return {}
    before = things.get(fact.alert)
    known = before or Alert(id=fact.alert, told=told_by(event))
    told = _issued(known, fact, told_by(event)) if isinstance(fact, AlertIssued) else _cancelled(known, fact)
    return {} if told == before else {fact.alert: told}


def _issued(before: Alert, fact: AlertIssued, told: Told) -> Alert:
    if before.issued is not None and order_of(before.told, before.issued) >= order_of(told, fact):
        return before
    is_anew = before.cancelled_at is not None and before.cancelled_at < told.at
    return replace(before, issued=fact, told=told, cancelled_at=None if is_anew else before.cancelled_at)


def _cancelled(before: Alert, fact: AlertCancelled) -> Alert:
    if before.issued is not None and fact.cancelled_at < before.told.at:
        return before
    return replace(before, cancelled_at=max(before.cancelled_at or fact.cancelled_at, fact.cancelled_at))


def concerns(alert: Alert, ground: Ground) -> bool:
    """Whether it is for this city or a part of it; one that does not say where it holds is for everybody."""
    issued, city = alert.issued, ground.city.code
    if issued is None:
        return False
    if issued.areas:
        return any(is_within(area, [city]) or is_within(city, [area]) for area in issued.areas)
    return not (issued.polygons or issued.circles) or bool(touched(issued.polygons, issued.circles, ground.places))


def holds_in(alert: Alert, code: str, ground: Ground) -> bool:
    """Whether it holds in a kelurahan."""
    issued = alert.issued
    if issued is None or is_within(code, issued.areas):
        return issued is not None
    return code in touched(issued.polygons, issued.circles, ground.places)


def active_alerts(alerts: Iterable[Alert], now: datetime) -> list[Alert]:
    """Those that hold, the gravest first."""
    holding = [alert for alert in alerts if alert.is_active(now)]
    return sorted(holding, key=lambda one: (-_rank(one), one.id))


def _rank(alert: Alert) -> int:
    return SEVERITIES.index(alert.issued.severity) if alert.issued else 0


def keep(alert: Alert, now: datetime) -> bool:
    """For a week after it expired or was taken back."""
    ends = [moment for moment in (alert.cancelled_at, alert.issued and alert.issued.expires_at) if moment]
    return now - max(ends, default=alert.told.at) < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """Those for this city, not taken back and no exercises: the area, and its words at a point of it in the city.

    A screen hides one before `starts_at` and from `expires_at` on.
    """
    things, ground = situation.of("alerts"), situation.ground
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        drawn
        for one in chosen
        if one.issued and not one.issued.is_exercise and one.cancelled_at is None and concerns(one, ground)
        for drawn in _drawn(one, one.issued, ground)
    ]


def _drawn(alert: Alert, issued: AlertIssued, ground: Ground) -> Iterator[Feature]:
    shapes = shapes_of(issued.polygons, issued.circles)
    said = {
        "severity": issued.severity,
        "starts_at": epoch_s(issued.starts_at),
        "expires_at": epoch_s(issued.expires_at),
        **provenance(alert.told),
    }
    yield feature(
        alert.id,
        geometry_of(shapes),
        title=issued.title,
        hazard=issued.hazard,
        issuer=issued.issuer,
        areas=list(issued.areas),
        area_words=issued.area_words,
        text=issued.text,
        **said,
    )
    extent = ground.city.extent
    where = point_within(shapes, (extent.west, extent.south, extent.east, extent.north))
    if where is not None:
        until = f"{issued.expires_at.astimezone(ground.city.zone):%H.%M}"
        words = {"label": f"{issued.hazard}\nsampai {until}", "label_en": f"{in_english(issued.hazard)}\nuntil {until}"}
        yield {**feature(alert.id, point(*where), **words, **said), "id": f"{alert.id}/label"}


LAYER = Layer(
    title=Words(id="Peringatan dini", en="Alerts"),
    facts=(AlertIssued, AlertCancelled),
    thing=Alert,
    hears=(AlertIssued, AlertCancelled),
    fold=fold,
    history=True,
    keep=keep,
    for_visitor=left_as_redacted,
    draw=draw,
    style=(
        {
            "id": "alerts",
            "type": "fill",
            "paint": {
                "fill-color": [
                    "match",
                    ["get", "severity"],
                    ["extreme", "severe"],
                    "var(--priority-1)",
                    "var(--priority-2)",
                ],
                "fill-opacity": 0.14,
            },
        },
        {
            "id": "alerts-edge",
            "type": "line",
            "paint": {
                "line-color": [
                    "match",
                    ["get", "severity"],
                    ["extreme", "severe"],
                    "var(--priority-1)",
                    "var(--priority-2)",
                ],
                "line-width": 3,
                "line-dasharray": [3, 2],
            },
        },
        {
            "id": "alerts-label",
            "type": "symbol",
            "metadata": {"is-news": True},
            "filter": ["==", ["geometry-type"], "Point"],
            "layout": {
                "text-field": ["get", "label"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 20,
                "text-max-width": 14,
            },
            "paint": {"text-color": "var(--priority-2)", "text-halo-color": "var(--label-halo)", "text-halo-width": 2},
        },
    ),
    legend=(Mark(words=Words(id="Wilayah peringatan dini", en="Area of a warning"), token="--priority-2"),),  # noqa: S106 — a colour
)
