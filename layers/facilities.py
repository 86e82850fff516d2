"""Facilities: hospitals, fire posts, police, puskesmas, hydrants; and whether they can be used now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, get_args

from geodata.places import place_or_none
from layers.feature import Feature, feature, point
from layers.layer import Layer, Words
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance, without_note

FacilityKind = Literal["hospital", "puskesmas", "fire_post", "police", "hydrant", "posko", "other"]
FACILITY_KINDS: tuple[FacilityKind, ...] = get_args(FacilityKind)
KIND_WORDS: dict[FacilityKind, Words] = {
    "hospital": Words(id="rumah sakit", en="hospital"),
    "puskesmas": Words(id="puskesmas", en="health center"),
    "fire_post": Words(id="pos pemadam", en="fire post"),
    "police": Words(id="kantor polisi", en="police"),
    "hydrant": Words(id="hidran", en="hydrant"),
    "posko": Words(id="posko", en="command post"),
    "other": Words(id="fasilitas lain", en="other facility"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityListed:
    """What a facility is. `is_usable` False: closed, full or dry; None: nobody said."""

    kind: ClassVar[str] = "facility_listed"
    facility: str
    facility_kind: FacilityKind
    name: str
    lon: float
    lat: float
    is_usable: bool | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """One facility as known now."""

    id: str
    fact: FacilityListed
    told: Told


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point each; the map of the wall does not show them all, but answers what is near a place."""
    things, city = situation.of("facilities"), situation.ground.city
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            point(*where) if (where := place_or_none(city, one.fact.lon, one.fact.lat)) else None,
            name=one.fact.name,
            kind=one.fact.facility_kind,
            kind_words=KIND_WORDS[one.fact.facility_kind].id,
            usable=one.fact.is_usable,
            note=one.fact.note,
            **provenance(one.told),
        )
        for one in chosen
    ]


LAYER = Layer(
    title=Words(id="Fasilitas", en="Facilities"),
    facts=(FacilityListed,),
    thing=Facility,
    hears=(FacilityListed,),
    fold=newest_holds(FacilityListed, Facility),
    history=True,
    for_visitor=without_note,
    draw=draw,
)
