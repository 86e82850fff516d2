"""Lifelines: telephone networks, power and internet per area, as their operators or the center say they are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, get_args

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

_SIGNS_FROM = "camera_outages"
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


def draw(situation: Situation, now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """No geometry: an area is drawn by its kelurahan. `hint`: cameras lost together there, whatever the state is."""
    things = situation.of("lifelines")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    outages = _outages(situation, now) if things else []
    return [_draw(lifeline, _within(outages, lifeline.fact.area)) for lifeline in chosen]


def _outages(situation: Situation, now: datetime) -> list[dict[str, Any]]:
    """Cameras lost together, as their own layer says it."""
    layer = situation.layers.get(_SIGNS_FROM)
    return [one["properties"] for one in layer.draw(situation, now, None)] if layer else []


def _within(outages: Sequence[dict[str, Any]], area: str) -> list[dict[str, Any]]:
    return [one for one in outages if any(is_within(code, (area,)) for code in one["kelurahan"])]


def _draw(lifeline: Lifeline, outages: Sequence[dict[str, Any]]) -> Feature:
    fact, hint = lifeline.fact, _hint(outages)
    return feature(
        lifeline.id,
        None,
        provider=fact.provider,
        area=fact.area,
        state=fact.state,
        state_words=STATE_WORDS[fact.state].id,
        since=epoch_s(fact.since) if fact.since else None,
        note=fact.note,
        hint=hint.id if hint else None,
        hint_en=hint.en if hint else None,
        hint_since=min((one["since"] for one in outages if one["since"]), default=None),
        **provenance(lifeline.told),
    )


def _hint(outages: Sequence[dict[str, Any]]) -> Words | None:
    if not outages:
        return None
    lost = [(len(one["cameras"]), one["value"]) for one in outages]
    return Words(
        id="dugaan gangguan: " + "; ".join(f"{count} kamera putus bersama · {value}" for count, value in lost),
        en="possible outage: " + "; ".join(f"{count} cameras lost together · {value}" for count, value in lost),
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
    history=True,
    keep=keep,
    for_visitor=without_note,
    draw=draw,
    draws_from=("cameras",),
    ages=Ages(late_s=3600, lost_s=21600),
)
