"""How a disaster stands: shelters, evacuees, families that ask, calls per day; and when it is over. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from geodata.city import City
from geodata.places import Ground
from layers.areas import is_within
from layers.call_tally import Tally, funnel
from layers.callers import CallerBlocked, Number, blocked
from layers.disasters import Disaster
from layers.enquiries import open_and_answered
from layers.event import Mode
from layers.shelters import Shelter
from layers.situation import Situation

Phase = Literal["berlangsung", "selesai"]
_LONGEST_CURVE = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One disaster at one moment.

    `home` counts those gone home from the shelters that said so, `home_untold` the shelters that did not. `curve` is
    (local day, calls that came), from its beginning.
    """

    disaster: Disaster
    phase: Phase
    shelters: int
    in_use: int
    occupants: int
    home: int
    home_untold: int
    enquiries_open: int
    enquiries_answered: int
    curve: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedInDisaster:
    """A blocked number that last called from where a disaster is: it may have something real to say."""

    number: Number
    block: CallerBlocked
    kelurahan: str
    disasters: tuple[str, ...]


def standings(situation: Situation, now: datetime, mode: Mode = "live") -> list[Standing]:
    """Every disaster that goes on, the newest first."""
    found = [
        standing for one in situation.of("disasters").values() if (standing := _standing(situation, one, now, mode))
    ]
    going_on = [one for one in found if one.phase == "berlangsung"]
    return sorted(going_on, key=lambda one: (_began(one.disaster, now), one.disaster.id), reverse=True)


def _began(disaster: Disaster, now: datetime) -> datetime:
    return disaster.declared.began_at if disaster.declared else now


def _standing(situation: Situation, disaster: Disaster, now: datetime, mode: Mode) -> Standing | None:
    if disaster.declared is None or disaster.declared.began_at > now:
        return None
    shelters = [one for one in situation.of("shelters").values() if one.fact.disaster == disaster.id]
    waiting, answered = open_and_answered(situation.of("enquiries").values(), disaster.id)
    tallies = situation.of("call_tally").values()
    return Standing(
        disaster=disaster,
        phase="selesai" if is_over(disaster, shelters) else "berlangsung",
        shelters=len(shelters),
        in_use=sum(one.fact.occupants > 0 for one in shelters),
        occupants=sum(one.fact.occupants for one in shelters),
        home=sum(one.fact.home or 0 for one in shelters),
        home_untold=sum(one.fact.home is None for one in shelters),
        enquiries_open=waiting,
        enquiries_answered=answered,
        curve=calls_per_day(tallies, situation.ground.city, disaster.declared.began_at, now, mode),
    )


def is_over(disaster: Disaster, shelters: Iterable[Shelter]) -> bool:
    """When the city says so, or when there were shelters and the last one is empty."""
    occupants = [one.fact.occupants for one in shelters]
    return not disaster.is_active or (bool(occupants) and not any(occupants))


def calls_per_day(
    tallies: Iterable[Tally], city: City, since: datetime, now: datetime, mode: Mode
) -> tuple[tuple[str, int], ...]:
    """Calls of each local day from `since` to today, days without calls included; the last sixty at most."""
    first = max(since, now - _LONGEST_CURVE).astimezone(city.zone)
    day, kept = first.replace(hour=0, minute=0, second=0, microsecond=0), tuple(tallies)
    days = []
    while day <= now:
        later = day + timedelta(days=1)
        days.append((f"{day:%Y-%m-%d}", funnel(kept, day, later, mode).came))
        day = later
    return tuple(days)


def blocked_in_disaster(situation: Situation, now: datetime) -> list[BlockedInDisaster]:
    """Blocked numbers whose last place lies in a disaster that goes on; unblock them, or call them back."""
    going_on = [
        (one.disaster.id, one.disaster.declared.areas) for one in standings(situation, now) if one.disaster.declared
    ]
    warned = []
    for number, block in blocked(situation.of("callers").values(), now):
        kelurahan = _last_kelurahan(number, situation.ground)
        hit = tuple(id_ for id_, areas in going_on if kelurahan and is_within(kelurahan, areas))
        if kelurahan and hit:
            warned.append(BlockedInDisaster(number=number, block=block, kelurahan=kelurahan, disasters=hit))
    return warned


def _last_kelurahan(number: Number, ground: Ground) -> str | None:
    last = number.last_place
    if last is None:
        return None
    if last.lon is not None and last.lat is not None:
        return ground.places.kelurahan_at(last.lon, last.lat) or last.kelurahan
    return last.kelurahan
