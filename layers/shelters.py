"""Shelters: where evacuees are, how many, and how many have gone home. No names: only heads are counted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.places import place_or_none
from layers.feature import Feature, feature, point
from layers.layer import Ages, Layer, Mark, Words, left_as_redacted
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance

_REMEMBER = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelterReported:
    """Who is in a shelter now. `home`: how many went home from it so far; None is "not said", never 0."""

    kind: ClassVar[str] = "shelter_reported"
    shelter: str
    name: str
    occupants: int
    disaster: str | None = None
    capacity: int | None = None
    home: int | None = None
    lon: float | None = None
    lat: float | None = None
    kelurahan: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelter:
    """One shelter as known now."""

    id: str
    fact: ShelterReported
    told: Told


def keep(shelter: Shelter, now: datetime) -> bool:
    """One with people in it always; an empty one for a year and a bit."""
    return shelter.fact.occupants > 0 or now - shelter.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """Those with people in them; without a geometry where the place is not known."""
    things = situation.of("shelters")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [_draw(shelter, situation) for shelter in chosen if shelter.fact.occupants]


def _draw(shelter: Shelter, situation: Situation) -> Feature:
    fact = shelter.fact
    where = place_or_none(situation.ground.city, fact.lon, fact.lat)
    return feature(
        shelter.id,
        point(*where) if where else None,
        name=fact.name,
        disaster=fact.disaster,
        occupants=fact.occupants,
        capacity=fact.capacity,
        home=fact.home,
        kelurahan_code=fact.kelurahan,
        label=f"{fact.name}\n{fact.occupants} orang",
        label_en=f"{fact.name}\n{fact.occupants} people",
        **provenance(shelter.told),
    )


LAYER = Layer(
    title=Words(id="Pengungsian", en="Shelters"),
    facts=(ShelterReported,),
    thing=Shelter,
    hears=(ShelterReported,),
    fold=newest_holds(ShelterReported, Shelter),
    history=True,
    keep=keep,
    for_visitor=left_as_redacted,
    draw=draw,
    ages=Ages(late_s=7200, lost_s=43200),
    style=(
        {
            "id": "shelters",
            "type": "circle",
            "paint": {
                "circle-radius": 9,
                "circle-color": "var(--ok)",
                "circle-stroke-color": "var(--icon-ring)",
                "circle-stroke-width": 3,
            },
        },
        {
            "id": "shelters-label",
            "type": "symbol",
            "layout": {
                "text-field": ["get", "label"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 20,
                "text-anchor": "top",
                "text-offset": [0, 0.7],
            },
            "paint": {"text-color": "var(--ok)", "text-halo-color": "var(--label-halo)", "text-halo-width": 2},
        },
    ),
    legend=(Mark(words=Words(id="Pengungsian", en="Shelter"), token="--ok"),),  # noqa: S106 — a colour
)
