"""Signs that a lifeline fails before anybody says so: callers who wait, cameras lost together. Pure.

A sign is a hint where to ask, never a state: what a provider or the center says stands in the layer `lifelines`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

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
    return [*_of_the_queue(situation, now), *_of_cameras(situation)]


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


def _of_cameras(situation: Situation) -> list[Signal]:
    return [
        Signal(
            key=f"cameras:{outage.key}",
            sign="cameras",
            words=Words(
                id=f"{len(outage.cameras)} kamera putus bersamaan: {outage.value}",
                en=f"{len(outage.cameras)} cameras lost together: {outage.value}",
            ),
            since=outage.since,
            areas=outage.areas,
        )
        for outage in outages_in(situation)
    ]
