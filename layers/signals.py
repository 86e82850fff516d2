"""Signs that a lifeline fails before anybody says so: callers who wait, cameras lost together. Pure.

A sign is a hint where to ask, never a state: what a provider or the center says stands in the layer `lifelines`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from layers.areas import is_within
from layers.calls import queue
from layers.layer import Words
from layers.outages import outages_in
from layers.situation import Situation

Sign = Literal["queue", "cameras"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One sign. `areas`: where, by kelurahan code; empty where that is not known."""

    key: str
    sign: Sign
    words: Words
    since: datetime | None
    areas: tuple[str, ...] = ()


def signals(situation: Situation, now: datetime) -> list[Signal]:
    """All signs there are at `now`."""
    return [*_of_the_queue(situation, now), *of_cameras(situation)]


def within(found: Iterable[Signal], area: str) -> list[Signal]:
    """Those in an area (a city, kecamatan or kelurahan, by code); never one of which nobody knows where it is."""
    return [one for one in found if any(is_within(code, (area,)) for code in one.areas)]


def _of_the_queue(situation: Situation, now: datetime) -> list[Signal]:
    waiting = queue(situation.of("calls").values(), now)
    if waiting.pressure == "lancar":
        return []
    since = None if waiting.longest_wait_s is None else now - timedelta(seconds=waiting.longest_wait_s)
    words = Words(
        id=f"antrean {waiting.pressure}: {waiting.waiting} penelepon menunggu",
        en=f"{waiting.waiting} callers wait",
    )
    return [Signal(key="queue", sign="queue", words=words, since=since)]


def of_cameras(situation: Situation) -> list[Signal]:
    """Each outage of cameras: power or a network may have failed where they stand."""
    return [
        Signal(
            key=f"cameras:{outage.key}",
            sign="cameras",
            words=Words(
                id=f"{len(outage.cameras)} kamera putus bersama · {outage.value}",
                en=f"{len(outage.cameras)} cameras lost together · {outage.value}",
            ),
            since=outage.since,
            areas=outage.areas,
        )
        for outage in outages_in(situation)
    ]
