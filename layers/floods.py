"""Flooded areas as a publisher lists them: the newest list holds whole, so what is no longer in it is dry again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.clock import epoch_s
from layers.feature import Feature, feature
from layers.layer import Ages, Layer, Mark, Words
from layers.rings import Ring, geometry_of, shapes_of, touched
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance

_REMEMBER = timedelta(days=2)
_SHOWN = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodedArea:
    """One area under water. `rank` 1 to 4, the deeper the higher; `depth` in the publisher's words."""

    id: str
    name: str
    rank: int
    depth: str
    polygons: tuple[Ring, ...]
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodsListed:
    """All that one publisher says is under water."""

    kind: ClassVar[str] = "floods_listed"
    publisher: str
    areas: tuple[FloodedArea, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floods:
    """The list of one publisher as known now."""

    id: str
    fact: FloodsListed
    told: Told


def keep(floods: Floods, now: datetime) -> bool:
    """Two days after its last word."""
    return now - floods.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A shape for every flooded area that touches the city."""
    things, places = situation.of("floods"), situation.ground.places
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        {
            **feature(
                one.id,
                geometry_of(shapes_of(area.polygons, ())),
                area=area.id,
                name=area.name,
                rank=area.rank,
                depth=area.depth,
                label=f"{area.name}\n{area.depth}",
                publisher=one.id,
                expires_at=epoch_s(one.told.at + _SHOWN),
                **provenance(one.told),
            ),
            "id": f"{one.id}/{area.id}",
        }
        for one in chosen
        for area in one.fact.areas
        if touched(area.polygons, (), places)
    ]


LAYER = Layer(
    title=Words(id="Daerah tergenang", en="Flooded areas"),
    facts=(FloodsListed,),
    thing=Floods,
    hears=(FloodsListed,),
    fold=newest_holds(FloodsListed, Floods),
    history=True,
    keep=keep,
    draw=draw,
    ages=Ages(late_s=1800, lost_s=7200),
    style=(
        {
            "id": "floods",
            "type": "fill",
            "paint": {
                "fill-color": "var(--river-label)",
                "fill-opacity": ["match", ["get", "rank"], 1, 0.2, 2, 0.32, 3, 0.44, 0.56],
            },
        },
        {
            "id": "floods-label",
            "type": "symbol",
            "metadata": {"is-news": True},
            "layout": {
                "text-field": ["get", "label"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 18,
            },
            "paint": {"text-color": "var(--text)", "text-halo-color": "var(--label-halo)", "text-halo-width": 2},
        },
    ),
    legend=(Mark(words=Words(id="Daerah tergenang", en="Flooded area"), token="--river-label"),),  # noqa: S106 — a colour
)
