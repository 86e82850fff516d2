"""The simulated center beside its incidents: telephone, shifts, networks, water, a flood that comes and goes. Pure.

`step(now, calls)` gives what the feeds are told since the last step. All names are of roles, all numbers begin with
0000, which nobody has; the flood runs in a circle of eight hours, so that whoever looks sees some part of it.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np

from dashboard.demo.calls import Call
from dashboard.demo.flood import Flood
from geodata.city import City
from geodata.places import Ground
from layers.watches import Watch, watch_at

Told = tuple[str, dict[str, Any]]
"""(feed, record)."""

PROVIDERS = ("Telkomsel",) * 11 + ("Indosat",) * 4 + ("XL",) * 4 + ("Smartfren",)
"""A network has as many callers as places in this row."""

_KINDS = {"real": "normal", "prank": "prank", "ghost": "ghost", "informasi": "informasi", "terputus": "terputus"}
_JOKERS, _JOKER_SHARE, _BLOCK_AFTER = 5, 0.6, 7
_JOKERS_HOME = "64.72.05.1013"
"""Where the first joker calls from: in the flood, so that the warning about blocked numbers is seen."""

_WATER_EVERY, _SLOW_EVERY = timedelta(seconds=60), timedelta(minutes=10)
_ROLES = ("Penyelia", "Penerima 1", "Penerima 2", "Penerima 3", "Penugas")


class Center:
    """One simulated center; the same arguments and steps give the same words."""

    def __init__(self, ground: Ground, start: datetime, seed: int) -> None:
        self._ground = ground
        self._city: City = ground.city
        self._dice = np.random.default_rng([seed, 112])
        self._flood = Flood(ground)
        self._agenda: list[tuple[datetime, int, Told]] = []
        self._order = count()
        self._pranks: Counter[str] = Counter()
        self._water_at = self._slow_at = start
        self._watch: Watch | None = None
        self._is_new = True

    def step(self, now: datetime, calls: Sequence[Call] = ()) -> list[Told]:
        """Everything to tell up to `now`; `calls` are those that came since the last step."""
        told: list[Told] = list(self._introduction(now)) if self._is_new else []
        self._is_new = False
        for call in calls:
            self._plan_call(call)
        while self._agenda and self._agenda[0][0] <= now:
            told.append(heapq.heappop(self._agenda)[2])
        while self._water_at <= now:
            told += self._flood.level(self._water_at)
            self._water_at += _WATER_EVERY
        while self._slow_at <= now:
            told += self._flood.standing(self._slow_at)
            self._slow_at += _SLOW_EVERY
        return told + list(self._shift(now))

    def past(self, calls: Iterator[Call]) -> list[Told]:
        """Calls of earlier today, each told once, when it was over."""
        return [self._told(call, *self._times(call), caller=self._caller(call)) for call in calls]

    def _introduction(self, now: datetime) -> Iterator[Told]:
        yield from self._flood.introduction(now)

    # telephone

    def _plan_call(self, call: Call) -> None:
        """A call rings, is answered or given up, and is typed when it is over."""
        answered, ended = self._times(call)
        caller = self._caller(call)
        self._plan(call.at, self._told(call, None, None, caller=caller))
        if answered is not None:
            self._plan(answered, self._told(call, answered, None, caller=caller))
        self._plan(ended, self._told(call, answered, ended, caller=caller))
        if call.kind == "prank":
            self._pranks[caller] += 1
            if self._pranks[caller] == _BLOCK_AFTER:
                block = {"caller": caller, "blocked_at": _iso(ended), "reason": f"iseng {_BLOCK_AFTER} kali"}
                self._plan(ended, ("blocks", block))

    def _plan(self, at: datetime, told: Told) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), told))

    def _times(self, call: Call) -> tuple[datetime | None, datetime]:
        """(answered, ended): every third dropped call gave up while it rang."""
        waits = timedelta(seconds=float(self._dice.lognormal(math.log(7), 0.6)))
        talks = timedelta(
            seconds=float(self._dice.uniform(4, 15) if call.kind == "terputus" else self._dice.uniform(15, 110))
        )
        if call.kind == "terputus" and self._dice.random() < 1 / 3:
            return None, call.at + waits
        return call.at + waits, call.at + waits + talks

    def _caller(self, call: Call) -> str:
        """A few jokers make most of the pranks."""
        if call.kind == "prank" and self._dice.random() < _JOKER_SHARE:
            return f"0000{int(self._dice.integers(_JOKERS)):07d}"
        return f"0000{int(self._dice.integers(1_000, 9_999_999)):07d}"

    def _told(self, call: Call, answered: datetime | None, ended: datetime | None, *, caller: str) -> Told:
        lon, lat = call.place or (None, None)
        record = {
            "id": f"TEL-{call.id}",
            "time": _iso(call.at),
            "caller": caller,
            "provider": PROVIDERS[int(caller[-4:]) % len(PROVIDERS)],
            "answered_at": answered and _iso(answered),
            "ended_at": ended and _iso(ended),
            "type": _KINDS[call.kind] if ended else None,
            "incident": call.id if ended and call.kind == "real" else None,
            "kelurahan": (_JOKERS_HOME if caller == f"{0:011d}" else call.kelurahan) if ended else None,
            "lon": lon if ended else None,
            "lat": lat if ended else None,
        }
        return "calls", {name: value for name, value in record.items() if value is not None}

    # shifts

    def _shift(self, now: datetime) -> Iterator[Told]:
        """A shift begins: its roster, who came, and what the one before left written. Now and then one is missing."""
        watch = watch_at(self._city, now)
        if self._watch is not None and watch.id == self._watch.id:
            return
        before, self._watch = self._watch, watch
        people: list[dict[str, Any]] = [{"name": f"{role} (simulasi)", "role": role} for role in _ROLES]
        people += [
            {"name": f"Relawan {n} (simulasi)", "role": "Penerima", "agency": "balakarcana", "volunteer": True}
            for n in (1, 2)
        ]
        missing = int(self._dice.integers(3))
        said = {"shift": watch.id, "time": _iso(now), "roster": people, "needed": len(people) - 1}
        yield "shifts", {**said, "present": people[missing:]}
        if before is not None:
            yield "shifts", {"shift": before.id, "time": _iso(now), "note": "[SIMULASI] Pompa Bengkuring diawasi."}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
