"""Public reports: what people and agencies tell the public of a place, outside of 112. Nobody has checked it here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from geodata.clock import epoch_s
from geodata.places import Ground, place_or_none
from layers.feature import Feature, feature, point
from layers.hazards import in_english
from layers.layer import Layer, Mark, Words
from layers.rings import Circle, Ring, geometry_of, shapes_of, touched
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance

SHOWN = timedelta(hours=6)
"""Nobody says when it is over; after that it is news no more."""

_REMEMBER = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReportMade:
    """Something was told of a place: a point, or an area of `polygons` and `circles` as in a warning.

    `publisher` is who passes it on, `hazard` one of their kinds in plain words.
    """

    kind: ClassVar[str] = "public_report_made"
    report: str
    title: str
    publisher: str
    hazard: str | None = None
    lon: float | None = None
    lat: float | None = None
    polygons: tuple[Ring, ...] = ()
    circles: tuple[Circle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReport:
    """One report as known now."""

    id: str
    fact: PublicReportMade
    told: Told


def keep(report: PublicReport, now: datetime) -> bool:
    """Two days."""
    return now - report.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """Where it is told of, with the time; a screen hides it six hours later. Without a geometry outside the city."""
    things, ground = situation.of("public_reports"), situation.ground
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            _geometry(one.fact, ground),
            title=one.fact.title,
            publisher=one.fact.publisher,
            hazard=one.fact.hazard,
            label=_label(one, one.fact.title, ground),
            label_en=_label(one, in_english(one.fact.title), ground),
            expires_at=epoch_s(one.told.at + SHOWN),
            **provenance(one.told),
        )
        for one in chosen
    ]


def _geometry(fact: PublicReportMade, ground: Ground) -> dict[str, Any] | None:
    if where := place_or_none(ground.city, fact.lon, fact.lat):
        return point(*where)
    if touched(fact.polygons, fact.circles, ground.places):
        return geometry_of(shapes_of(fact.polygons, fact.circles))
    return None


def _label(report: PublicReport, title: str, ground: Ground) -> str:
    local = report.told.at.astimezone(ground.city.zone)
    return f"{title}\n{report.fact.publisher} {local:%H.%M}"


LAYER = Layer(
    title=Words(id="Laporan publik di luar 112", en="Public reports outside 112"),
    facts=(PublicReportMade,),
    thing=PublicReport,
    hears=(PublicReportMade,),
    fold=newest_holds(PublicReportMade, PublicReport),
    history=True,
    keep=keep,
    draw=draw,
    style=(
        {
            "id": "public-reports-area",
            "type": "fill",
            "filter": ["==", ["geometry-type"], "Polygon"],
            "paint": {"fill-color": "var(--river-label)", "fill-opacity": 0.18},
        },
        {
            "id": "public-reports",
            "type": "circle",
            "filter": ["==", ["geometry-type"], "Point"],
            "paint": {
                "circle-radius": 9,
                "circle-color": "var(--label-halo)",
                "circle-stroke-color": "var(--river-label)",
                "circle-stroke-width": 4,
            },
        },
        {
            "id": "public-reports-label",
            "type": "symbol",
            "metadata": {"is-news": True},
            "layout": {
                "text-field": ["get", "label"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 20,
                "text-variable-anchor": ["top", "bottom", "left", "right"],
                "text-radial-offset": 0.8,
                "text-justify": "auto",
            },
            "paint": {"text-color": "var(--text)", "text-halo-color": "var(--label-halo)", "text-halo-width": 2},
        },
    ),
    legend=(Mark(words=Words(id="Laporan publik", en="Public report"), token="--river-label"),),  # noqa: S106 — a colour
)
