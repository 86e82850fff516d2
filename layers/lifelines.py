"""Lifelines: telephone networks, power and internet per area, as their operators or the center say they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal, get_args

from geodata.clock import epoch_s
from layers.areas import is_within
from layers.feature import Feature, feature
from layers.layer import Ages, Layer, Words
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance, without_note

State = Literal["normal", "jammed", "down"]
STATES: tuple[State, ...] = get_args(State)
STATE_WORDS: dict[State, Words] = {
    "normal": Words(id="normal", en="normal"),
    "jammed": Words(id="padat", en="jammed"),
    "down": Words(id="putus", en="down"),
}
PROVIDERS = ("Telkomsel", "XL", "Indosat", "PLN", "Internet")
"""Those every center watches; a feed may name others."""

_REMEMBER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifelineReported:
    """How a provider stands in an area (a city, kecamatan or kelurahan, by code). `since`: when that began."""

    kind: ClassVar[str] = "lifeline_reported"
    lifeline: str
    provider: str
    area: str
    state: State
    since: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifeline:
    """One provider in one area as known now."""

    id: str
    fact: LifelineReported
    told: Told


def lifeline_id(provider: str, area: str) -> str:
    """The same provider in the same area is the same lifeline, however its name is spelt."""
    return f"{provider.casefold()}@{area}"


def keep(lifeline: Lifeline, now: datetime) -> bool:
    """What is broken is never forgotten; what is well after a month of silence."""
    return lifeline.fact.state != "normal" or now - lifeline.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """No geometry: an area is drawn by its kelurahan."""
    things = situation.of("lifelines")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [_draw(lifeline) for lifeline in chosen]


def _draw(lifeline: Lifeline) -> Feature:
    fact = lifeline.fact
    return feature(
        lifeline.id,
        None,
        provider=fact.provider,
        area=fact.area,
        state=fact.state,
        state_words=STATE_WORDS[fact.state].id,
        since=epoch_s(fact.since) if fact.since else None,
        note=fact.note,
        **provenance(lifeline.told),
    )


def over(lifelines: Iterable[Lifeline], kelurahan: str) -> list[Lifeline]:
    """Those of a kelurahan: of each provider the one of the narrowest area that holds it."""
    narrowest: dict[str, Lifeline] = {}
    for lifeline in lifelines:
        provider, area = lifeline.fact.provider.casefold(), lifeline.fact.area
        known = narrowest.get(provider)
        if is_within(kelurahan, (area,)) and (known is None or len(area) > len(known.fact.area)):
            narrowest[provider] = lifeline
    return [narrowest[provider] for provider in sorted(narrowest)]


LAYER = Layer(
    title=Words(id="Jaringan vital", en="Lifelines"),
    facts=(LifelineReported,),
    thing=Lifeline,
    hears=(LifelineReported,),
    fold=newest_holds(LifelineReported, Lifeline),
    keep=keep,
    for_visitor=without_note,
    draw=draw,
    ages=Ages(late_s=3600, lost_s=21600),
)
