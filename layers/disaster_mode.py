"""How a disaster stands: shelters, evacuees, families that ask, calls per day; and when it is over. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.city import City
from geodata.places import Ground
from layers.areas import is_within
from layers.call_tally import funnel, tallies_between
from layers.callers import CallerBlocked, Number, blocked
from layers.disasters import Disaster
from layers.enquiries import open_and_answered
from layers.event import Mode
from layers.shelters import Shelter
from layers.situation import Situation, Things

_LONGEST_CURVE = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One disaster at one moment.

    `home` counts those gone home from the shelters that said so, `home_untold` the shelters that did not. `curve` is
    (local day, calls that came), from its beginning.
    """

    disaster: Disaster
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


def going_on(situation: Situation, now: datetime) -> list[Disaster]:
    """Every disaster that has begun and is not over, the newest first."""
    begun = [d for d in situation.of("disasters").values() if d.declared and d.declared.began_at <= now]
    found = [disaster for disaster in begun if not is_over(disaster, _shelters(situation, disaster))]
    return sorted(found, key=lambda one: (_began(one, now), one.id), reverse=True)


def standings(situation: Situation, now: datetime, mode: Mode = "live") -> list[Standing]:
    """How each that goes on stands."""
    return [_standing(situation, disaster, now, mode) for disaster in going_on(situation, now)]


def _began(disaster: Disaster, now: datetime) -> datetime:
    return disaster.declared.began_at if disaster.declared else now


def _shelters(situation: Situation, disaster: Disaster) -> list[Shelter]:
    return [one for one in situation.of("shelters").values() if one.fact.disaster == disaster.id]


def _standing(situation: Situation, disaster: Disaster, now: datetime, mode: Mode) -> Standing:
    shelters = _shelters(situation, disaster)
    waiting, answered = open_and_answered(situation.of("enquiries").values(), disaster.id)
    tallies = situation.of("call_tally")
    return Standing(
        disaster=disaster,
        shelters=len(shelters),
        in_use=sum(one.fact.occupants > 0 for one in shelters),
        occupants=sum(one.fact.occupants for one in shelters),
        home=sum(one.fact.home or 0 for one in shelters),
        home_untold=sum(one.fact.home is None for one in shelters),
        enquiries_open=waiting,
        enquiries_answered=answered,
        curve=calls_per_day(tallies, situation.ground.city, _began(disaster, now), now, mode),
    )


def is_over(disaster: Disaster, shelters: Iterable[Shelter]) -> bool:
    """When the city says so, or when there were shelters and the last one is empty."""
    occupants = [one.fact.occupants for one in shelters]
    return not disaster.is_active or (bool(occupants) and not any(occupants))


def calls_per_day(
    tallies: Things, city: City, since: datetime, now: datetime, mode: Mode
) -> tuple[tuple[str, int], ...]:
    """Calls of each local day from `since` to today, days without calls included; the last sixty at most."""
    first = max(since, now - _LONGEST_CURVE).astimezone(city.zone)
    day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    days = []
    while day <= now:
        later = day + timedelta(days=1)
        days.append((f"{day:%Y-%m-%d}", funnel(tallies_between(tallies, day, later, mode), day, later, mode).came))
        day = later
    return tuple(days)


def blocked_in_disaster(situation: Situation, now: datetime) -> list[BlockedInDisaster]:
    """Blocked numbers whose last place lies in a disaster that goes on; unblock them, or call them back."""
    areas = {one.id: one.declared.areas for one in going_on(situation, now) if one.declared}
    if not areas:
        return []
    warned = []
    for number, block in blocked(situation.of("callers").values(), now):
        kelurahan = _last_kelurahan(number, situation.ground)
        hit = tuple(id_ for id_, codes in areas.items() if kelurahan and is_within(kelurahan, codes))
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
