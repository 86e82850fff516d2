"""The simulated city: calls come in, teams are sent, arrive, finish. No I/O; time is a parameter.

`step(now)` gives what the city has to tell since the last step: incident records as the HTTP feed takes them,
and positions of units. The speed scales how often people call and how long work takes; nobody drives faster.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import Any

import numpy as np

from dashboard.demo.calls import Call, Callers
from dashboard.demo.cast import ANSWERS, Unit
from dashboard.demo.streets import Place, Streets, distance_m
from dashboard.demo.units import Crew, Report, arrived, at_post, is_silent, next_report_s, report_of, sent

Record = dict[str, Any]
"""One object of `POST /api/v1/incidents`."""

WORK_MIN: Mapping[str, float] = MappingProxyType(
    {
        "kebakaran": 12, "odgj": 6, "hewan_liar": 6, "darurat_medis": 8, "pohon_tumbang": 12, "evakuasi": 7,
        "kerusuhan": 6, "kecelakaan_lalu_lintas": 9, "tiang_listrik": 10, "banjir": 20, "cuaca_ekstrem": 14,
        "kecelakaan_air": 12, "kriminalitas": 8, "kecelakaan_kerja": 6,
    }
)  # fmt: skip
"""Minutes on scene in the demo: about a quarter of the published ones, so that incidents are seen to close."""

VOLUNTEERS = "balakarcana"
_VOLUNTEER_REACH_M = 3500.0
_LONGEST_WAY_S = 1100.0
_PATROL_EVERY_S = 40.0
_MOST_PATROLS = 9
_ECHO_SHARE = 0.25
_TEAMS: Mapping[str, int] = MappingProxyType({"kebakaran": 3, "banjir": 2, "kerusuhan": 2})


@dataclass(slots=True, kw_only=True)
class Case:
    """A real call being answered. `teams` are the units sent to it, `echoes` more calls about the same thing."""

    call: Call
    agency: str
    teams: set[str] = field(default_factory=set)
    echoes: list[Call] = field(default_factory=list)
    is_reached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the city tells: incident records in order of time, positions, and the calls that came."""

    records: tuple[Record, ...]
    reports: tuple[Report, ...]
    calls: tuple[Call, ...] = ()
    assignments: tuple[Record, ...] = ()


class City:
    """One simulated city from `start` on. The same arguments and the same steps give the same city."""

    def __init__(  # noqa: PLR0913 — what a city is made of
        self, *, streets: Streets, units: Sequence[Unit], callers: Callers, start: datetime, speed: float, seed: int
    ) -> None:
        self._streets, self._speed = streets, speed
        self._dice = np.random.default_rng([seed, 81])
        self._echo_dice = np.random.default_rng([seed, 82])
        self._calls = callers.flow(start, speed)
        self._next_call = next(self._calls)
        self._crews = {unit.id: at_post(unit, streets) for unit in units}
        first = start.timestamp()
        self._due_s = {unit.id: first + unit.number * 0.37 % 20 for unit in units}
        self._agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = count()
        self._cases: dict[str, Case] = {}
        self._told: list[Record] = []
        self._sent: list[Record] = []
        self._plan(first + 1, self._patrol)

    @property
    def open_cases(self) -> Mapping[str, Case]:
        """The real incidents nobody has closed yet."""
        return MappingProxyType(self._cases)

    @property
    def crews(self) -> Mapping[str, Crew]:
        """Every unit and what it does."""
        return MappingProxyType(self._crews)

    def step(self, now: datetime, *, with_positions: bool = True) -> Said:
        """Everything that happened up to `now`, and the positions due."""
        now_s = now.timestamp()
        calls: list[Call] = []
        while self._next_call.at <= now:
            calls.append(self._next_call)
            self._plan(self._next_call.at.timestamp(), _taking(self._take, self._next_call))
            self._next_call = next(self._calls)
        self._arrive(now_s)
        while self._agenda and self._agenda[0][0] <= now_s:
            at_s, _, action = heapq.heappop(self._agenda)
            action(at_s)
        records, self._told = tuple(self._told), []
        assignments, self._sent = tuple(self._sent), []
        reports = tuple(self._reports(now_s)) if with_positions else ()
        return Said(records=records, reports=reports, calls=tuple(calls), assignments=assignments)

    def _plan(self, at_s: float, action: Callable[[float], None]) -> None:
        heapq.heappush(self._agenda, (at_s, next(self._order), action))

    def _after(self, at_s: float, low_s: float, high_s: float, action: Callable[[float], None]) -> None:
        self._plan(at_s + float(self._dice.uniform(low_s, high_s)) / self._speed, action)

    def _tell(self, call: Call, status: str, at_s: float, agency: str | None = None) -> None:
        self._told.append(record_of(call, status, datetime.fromtimestamp(at_s, UTC), agency))

    # a call, step by step

    def _take(self, call: Call, at_s: float) -> None:
        if call.kind != "real":
            self._tell(call, noise_status(call), at_s)
            return
        case = Case(call=call, agency=ANSWERS[call.key])
        self._cases[call.id] = case
        self._tell(call, "diterima", at_s)
        self._after(at_s, 25, 70, lambda s: self._verify(case, s))
        if call.place is not None and self._echo_dice.random() < _ECHO_SHARE:
            self._plan(at_s + float(self._echo_dice.uniform(40, 200)), lambda s: self._echo(case, s))

    def _echo(self, case: Case, at_s: float) -> None:
        """A neighbour calls about the same thing, from some steps away."""
        if case.call.id not in self._cases or case.call.place is None:
            return
        lon, lat = (round(v + float(self._echo_dice.normal(0, 3e-4)), 6) for v in case.call.place)
        at = datetime.fromtimestamp(at_s, UTC)
        echo = replace(case.call, id=f"{case.call.id}-{len(case.echoes) + 2}", at=at, place=(lon, lat))
        case.echoes.append(echo)
        self._tell(echo, "diterima", at_s)

    def _verify(self, case: Case, at_s: float) -> None:
        chance = float(self._dice.random())
        if chance < 0.05:  # noqa: PLR2004 — one in twenty turns out false or called off
            self._close(case, at_s, "laporan_palsu" if chance < 0.03 else "batal")  # noqa: PLR2004
            return
        self._tell(case.call, "diverifikasi", at_s)
        self._after(at_s, 12, 45, lambda s: self._forward(case, s))

    def _forward(self, case: Case, at_s: float) -> None:
        self._tell(case.call, "diteruskan", at_s, case.agency)
        self._after(at_s, 15, 60, lambda s: self._accept(case, s))

    def _accept(self, case: Case, at_s: float) -> None:
        self._tell(case.call, "diterima_opd", at_s, case.agency)
        self._after(at_s, 12, 50, lambda s: self._send(case, s))

    def _send(self, case: Case, at_s: float) -> None:
        """Send the nearest vehicles and, if one is near, a volunteer; else a team without a tracker goes."""
        self._tell(case.call, "menuju_lokasi", at_s, case.agency)
        place = self._place_of(case.call)
        wanted = _TEAMS.get(case.call.key, 1)
        went = sum(self._order_to(case, crew, place, at_s) for crew in self._nearest(case.agency, place)[:wanted])
        if float(self._dice.random()) < 0.8:  # noqa: PLR2004 — mostly somebody of the neighbourhood comes
            near = [c for c in self._nearest(VOLUNTEERS, place)[:1] if distance_m(c.stand, place) < _VOLUNTEER_REACH_M]
            for crew in near:
                self._order_to(case, crew, place, at_s)
        if not went:
            self._after(at_s, 240, 660, lambda s: self._reach(case, case.agency, s))

    def _place_of(self, call: Call) -> Place:
        return call.place or self._streets.crossings[hash_of(call.id) % len(self._streets.crossings)]

    def _nearest(self, agency: str, place: Place) -> list[Crew]:
        free = [crew for crew in self._crews.values() if crew.unit.agency == agency and crew.is_free]
        return sorted(free, key=lambda crew: distance_m(crew.stand, place))

    def _order_to(self, case: Case, crew: Crew, place: Place, at_s: float) -> bool:
        goal = self._streets.nearest(place)
        order = sent(crew, self._streets, goal, at_s, task="incident", incident=case.call.id)
        if order is None or (order.route and order.route.duration_s > _LONGEST_WAY_S):
            return False
        case.teams.add(crew.unit.id)
        self._set(order, at_s)
        if order.route is None:
            self._plan(at_s + 1, lambda s: self._reach(case, crew.unit.agency, s))
        return True

    def _reach(self, case: Case, agency: str, at_s: float) -> None:
        """Somebody is there. The agency's arrival starts the work; a volunteer's is told and then they wait."""
        if case.call.id not in self._cases or case.is_reached:
            return
        self._tell(case.call, "di_lokasi", at_s, agency)
        if agency != VOLUNTEERS:
            case.is_reached = True
            work_s = WORK_MIN[case.call.key] * 60
            self._after(at_s, work_s * 0.6, work_s * 1.4, lambda s: self._handle(case, s))

    def _handle(self, case: Case, at_s: float) -> None:
        self._tell(case.call, "tertangani", at_s, case.agency)
        self._after(at_s, 30, 120, lambda s: self._close(case, s, "selesai"))

    def _close(self, case: Case, at_s: float, status: str) -> None:
        self._tell(case.call, status, at_s, case.agency if status == "selesai" else None)
        for echo in case.echoes:
            self._tell(echo, "batal", at_s)
        del self._cases[case.call.id]
        for name in case.teams:
            crew = self._crews[name]
            home = sent(crew, self._streets, crew.unit.home, at_s, task="home")
            self._set(home or arrived(crew), at_s)

    # units

    def _set(self, crew: Crew, at_s: float) -> None:
        if crew.incident != self._crews[crew.unit.id].incident:
            self._sent.append(assignment_of(crew, datetime.fromtimestamp(at_s, UTC)))
        self._crews[crew.unit.id] = crew
        if crew.route is not None:
            self._due_s[crew.unit.id] = min(self._due_s[crew.unit.id], at_s)

    def _arrive(self, now_s: float) -> None:
        for name, crew in self._crews.items():
            if crew.arrives_s <= now_s:
                self._crews[name] = arrived(crew)
                case = self._cases.get(crew.incident or "")
                if case is not None:
                    self._plan(crew.arrives_s, _reaching(self._reach, case, crew.unit.agency))

    def _patrol(self, at_s: float) -> None:
        """Police drive rounds, volunteers ride about their kelurahan; only so many at a time."""
        self._plan(at_s + _PATROL_EVERY_S * float(self._dice.uniform(0.5, 1.5)) / 2, self._patrol)
        under_way = sum(crew.task == "patrol" and crew.route is not None for crew in self._crews.values())
        idle = [c for c in self._crews.values() if c.task == "post" and c.is_free and c.unit.agency in _PATROLS]
        if under_way >= _MOST_PATROLS or not idle:
            return
        crew = idle[int(self._dice.integers(len(idle)))]
        reach_m = 900.0 if crew.unit.kind == "volunteer" else 3500.0
        home = self._streets.crossings[crew.unit.home]
        goals = [
            n for n, p in enumerate(self._streets.crossings) if n != crew.crossing and distance_m(p, home) < reach_m
        ]
        if goals:
            goal = goals[int(self._dice.integers(len(goals)))]
            order = sent(crew, self._streets, goal, at_s, task="patrol")
            if order is not None:
                self._set(order, at_s)

    def _reports(self, now_s: float) -> Iterator[Report]:
        for name, crew in self._crews.items():
            if self._due_s[name] <= now_s:
                self._due_s[name] = next_report_s(crew, now_s)
                if not is_silent(crew.unit, now_s):
                    yield report_of(crew, now_s, self._dice)


_PATROLS = frozenset({"polresta", "dishub", VOLUNTEERS})


def _taking(take: Callable[[Call, float], None], call: Call) -> Callable[[float], None]:
    return lambda at_s: take(call, at_s)


def _reaching(reach: Callable[[Case, str, float], None], case: Case, agency: str) -> Callable[[float], None]:
    return lambda at_s: reach(case, agency, at_s)


def hash_of(text: str) -> int:
    """A number of the text that is the same in every process."""
    return int.from_bytes(text.encode(), "big") % 1_000_003


def noise_status(call: Call) -> str:
    """How a call taker closes a call that is no incident: at once."""
    return "laporan_palsu" if call.kind == "prank" else "selesai"


def record_of(call: Call, status: str, at: datetime, agency: str | None = None) -> Record:
    """The call as the HTTP feed takes it: always whole, since a report replaces the one before it."""
    lon, lat = (0.0, 0.0) if call.is_at_null else call.place or (None, None)
    record = {
        "id": call.id,
        "category": call.category,
        "priority": call.priority,
        "status": status,
        "time": call.at.isoformat(timespec="seconds"),
        "status_time": at.isoformat(timespec="seconds"),
        "lon": lon,
        "lat": lat,
        "kelurahan": call.kelurahan,
        "description": call.description,
        "agency": agency,
    }
    return {name: value for name, value in record.items() if value is not None}


def assignment_of(crew: Crew, at: datetime) -> Record:
    """What dispatch says when a crew gets a task or has none any more."""
    task: Record = {"free": True} if crew.incident is None else {"incident": crew.incident}
    return {"unit": crew.unit.id, "time": at.isoformat(timespec="seconds"), **task}


def past_records(calls: Iterator[Call], now: datetime, seed: int) -> list[Record]:
    """All that was said of earlier calls, each with its own times; what would not be closed by now is left out."""
    dice = np.random.default_rng([seed, 91])
    records: list[Record] = []
    for call in calls:
        said = list(_past(call, dice))
        if said[-1][1] < now:
            records += [record_of(call, status, at, agency) for status, at, agency in said]
    return records


_PAST_MIN: Mapping[str, float] = MappingProxyType({"darurat_medis": 30, "kebakaran": 60, "banjir": 300})
"""Minutes to close as published (Sumenep 2021 to 2023); 40 for the others."""


def _past(call: Call, dice: np.random.Generator) -> Iterator[tuple[str, datetime, str | None]]:
    if call.kind != "real":
        yield noise_status(call), call.at + timedelta(seconds=float(dice.uniform(4, 60))), None
        return
    at, agency = call.at, ANSWERS[call.key]
    yield "diterima", at, None
    travel = float(dice.lognormal(math.log(420), 0.45))
    work = _PAST_MIN.get(call.key, 40) * 60 * float(dice.uniform(0.5, 1.2))
    waits = (
        ("diverifikasi", 45.0),
        ("diteruskan", 30.0),
        ("diterima_opd", 40.0),
        ("menuju_lokasi", 35.0),
        ("di_lokasi", travel),
        ("tertangani", work),
        ("selesai", 80.0),
    )
    for status, wait_s in waits:
        at += timedelta(seconds=wait_s * float(dice.uniform(0.6, 1.4)))
        yield status, at, None if status == "diverifikasi" else agency
