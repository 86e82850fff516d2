"""How simulated vehicles and volunteers move: posts, ways, patrols, and when each tells its position. Pure."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dashboard.demo.cast import Unit
from dashboard.demo.streets import METRES_PER_DEGREE, Fix, Place, Route, Streets

Task = Literal["post", "incident", "patrol", "home"]

_MOVING_EVERY_S = 2.6
_PARKED_EVERY_S = 22.0
_SILENT_EVERY_S, _SILENT_FOR_S = 900.0, 420.0
_GOOD_M, _COARSE_M = 8.0, 140.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A unit and what it does. While `route` is given it drives, from `started_s` on; else it stands at `crossing`."""

    unit: Unit
    crossing: int
    stand: Place
    task: Task = "post"
    route: Route | None = None
    started_s: float = 0.0
    incident: str | None = None

    @property
    def is_free(self) -> bool:
        """Whether it can be sent somewhere: it stands or drives about without an incident."""
        return self.incident is None

    @property
    def arrives_s(self) -> float:
        """When it reaches the end of its way; never while it stands."""
        return self.started_s + self.route.duration_s if self.route else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a tracker tells. `battery_pct` falls over the day; `accuracy_m` as phones estimate it."""

    unit: Unit
    at_s: float
    fix: Fix
    accuracy_m: float
    battery_pct: float


def at_post(unit: Unit, streets: Streets) -> Crew:
    """The crew at its post."""
    return Crew(unit=unit, crossing=unit.home, stand=streets.crossings[unit.home])


def fix_of(crew: Crew, now_s: float) -> Fix:
    """Where the crew is."""
    if crew.route is None:
        return Fix(lon=crew.stand[0], lat=crew.stand[1], heading_deg=crew.unit.number * 47 % 360, speed_mps=0.0)
    return crew.route.at(now_s - crew.started_s)


def sent(  # noqa: PLR0913 — an order says who, where to, when, what for
    crew: Crew, streets: Streets, to: int, now_s: float, *, task: Task, incident: str | None = None
) -> Crew | None:
    """The crew on its way to a crossing; None when no way leads there. One under way turns at its next crossing."""
    here = _next_crossing(crew, streets, now_s)
    way = streets.route(here, to, pace=crew.unit.pace)
    if way is None and here != to:
        return None
    route = _chained(_rest(crew, streets.crossings[here], now_s), way)
    place = route.points[-1] if route else streets.crossings[to]
    return replace(crew, crossing=to, stand=place, task=task, route=route, started_s=now_s, incident=incident)


def _next_crossing(crew: Crew, streets: Streets, now_s: float) -> int:
    if crew.route is None:
        return crew.crossing
    ahead = [p for p, s in zip(crew.route.points, crew.route.after_s, strict=True) if s > now_s - crew.started_s]
    known = {place: number for number, place in enumerate(streets.crossings)}
    return next((known[place] for place in ahead if place in known), crew.crossing)


def _rest(crew: Crew, until: Place, now_s: float) -> Route | None:
    """What is left of the way as far as that crossing: nobody jumps."""
    if crew.route is None:
        return None
    elapsed = now_s - crew.started_s
    fix = crew.route.at(elapsed)
    points, after = [(fix.lon, fix.lat)], [0.0]
    for place, at_s in zip(crew.route.points, crew.route.after_s, strict=True):
        if at_s > elapsed:
            points.append(place)
            after.append(at_s - elapsed)
            if place == until:
                break
    return Route(points=tuple(points), after_s=tuple(after)) if len(points) > 1 else None


def _chained(first: Route | None, second: Route | None) -> Route | None:
    if first is None or second is None:
        return first or second
    later = tuple(at_s + first.duration_s for at_s in second.after_s[1:])
    return Route(points=first.points + second.points[1:], after_s=first.after_s + later)


def arrived(crew: Crew) -> Crew:
    """The crew standing at the end of its way."""
    return replace(crew, route=None, task="post" if crew.task in {"home", "patrol"} else crew.task)


def next_report_s(crew: Crew, now_s: float) -> float:
    """When it tells its position next: often while it moves, rarely while it stands."""
    every = _MOVING_EVERY_S if crew.route else _PARKED_EVERY_S
    return now_s + every * (0.85 + 0.3 * (crew.unit.number * 0.618 % 1))


def is_silent(unit: Unit, now_s: float) -> bool:
    """Whether this unit's phone has lost the network just now; that comes and goes."""
    return unit.habit == "silent" and (now_s + unit.number * 131) % _SILENT_EVERY_S < _SILENT_FOR_S


def report_of(crew: Crew, now_s: float, dice: np.random.Generator) -> Report:
    """What the tracker says now: the true place and the error of its receiver."""
    fix = fix_of(crew, now_s)
    error = _COARSE_M if crew.unit.habit == "coarse" else _GOOD_M if crew.unit.kind == "volunteer" else _GOOD_M / 2
    stray = error * 0.3 * dice.normal(0, 1, 2) / METRES_PER_DEGREE
    if crew.route is not None and crew.unit.habit != "coarse":
        stray *= 0.3
    seen = replace(fix, lon=round(fix.lon + float(stray[0]), 6), lat=round(fix.lat + float(stray[1]), 6))
    battery = 96 - (crew.unit.number * 7 + now_s / 900) % 70
    return Report(unit=crew.unit, at_s=now_s, fix=seen, accuracy_m=error, battery_pct=round(battery, 1))
