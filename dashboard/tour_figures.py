"""The figures of the tour: sums over the whole city, as late as all that visitors see. Pure."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from geodata.clock import epoch_s
from layers.call_tally import UNTYPED, bucket_start, funnel, tallies_between
from layers.calls import CALL_KINDS, KIND_WORDS
from layers.event import Mode
from layers.roster import Registration
from layers.situation import Situation
from layers.statistics import day_start

Json = dict[str, Any]
_MOST_OTHERS = 4


def tour_figures(situation: Situation, now: datetime, delay: timedelta, mode: Mode) -> Json:
    """`situation` is what is really known: of it only counts leave here, of nobody and of no place."""
    city, places = situation.ground.city, situation.ground.places
    return {
        "city": city.name,
        "center": city.center_name,
        "kelurahan": len(places.areas),
        "kecamatan": len({area.kecamatan for area in places.areas.values()}),
        "agencies": [agency.short for agency in city.agencies if not agency.is_volunteer],
        "volunteers": _volunteers(situation, mode),
        "calls": _calls(situation, now - delay, mode),
    }


def _volunteers(situation: Situation, mode: Mode) -> int | None:
    """How many are on the city's roster; None where it has told of none."""
    roster: list[Registration] = list(situation.of("roster").values())
    return sum(one.unit_kind == "volunteer" and one.mode == mode for one in roster) or None


def _calls(situation: Situation, until: datetime, mode: Mode) -> Json | None:
    """Of the day of `until`, in full half hours; None while there is none of it or nobody counted a call."""
    start, end = day_start(situation.ground.city, until), bucket_start(until)
    if end <= start:
        return None
    found = funnel(tallies_between(situation.of("call_tally"), start, end, mode), start, end, mode)
    if not found.came:
        return None
    others = sorted(((kind, found.by_kind[kind]) for kind in CALL_KINDS if kind != "normal"), key=lambda one: -one[1])
    return {
        "came": found.came,
        "answered": found.answered,
        "real": found.real,
        "untyped": found.by_kind[UNTYPED],
        "others": [{"words": asdict(KIND_WORDS[kind]), "count": count} for kind, count in others if count][
            :_MOST_OTHERS
        ],
        "since": epoch_s(start),
        "until": epoch_s(end),
    }
