"""Open a camera once and say what came: for the person who has just listed it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from cctv.camera import Reach, Rung, Snapshot, Source
from cctv.faults import camera_lost, lost_as
from cctv.picture import renditions
from cctv.shelf import Renditions
from geodata.errors import CameraLost

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the first picture was, and how long it took from the first knock.

    `making_ms` is the CPU time that stills of it cost. The rest is known of cameras that can be read in several ways,
    once a second picture came: how this one is, how far its keyframes are apart, how many seconds its clock is ahead
    of ours, the CPU time of reading from one still to the next; or why no second picture came.
    """

    codec: str
    pictures: Renditions
    first_picture_s: float
    making_ms: float
    rung: Rung | None = None
    keyframe_spacing_s: float | None = None
    clock_error_s: float | None = None
    reading_ms: float | None = None
    lost: str | None = None


def trials(source: Source, reach: Reach) -> Iterator[Trial]:
    """What is known after the first picture; of a stream also after the second. Raises CameraLost without a first."""
    began_s = time.monotonic()
    with source.open(reach) as pictures:
        snapshot = next(pictures, None)
        if snapshot is None:
            raise camera_lost(reach.camera.id, "ended")
        trial = _first(snapshot, reach, time.monotonic() - began_s)
        yield trial
        if snapshot.rung:
            yield _second(trial, pictures)


def try_once(source: Source, reach: Reach) -> Trial:
    """All that can be learnt. Raises CameraLost with the reason."""
    *_, trial = trials(source, reach)
    return trial


def _first(snapshot: Snapshot, reach: Reach, took_s: float) -> Trial:
    def make() -> Renditions:
        return renditions(snapshot, reach.camera.masks)

    shown = lost_as(reach.camera.id, make)  # the first is dear: libraries wake up
    making_ms, shown = _measured(make)
    return Trial(
        codec=snapshot.said_codec, pictures=shown, first_picture_s=took_s, making_ms=making_ms, rung=snapshot.rung
    )


def _second(trial: Trial, pictures: Iterator[Snapshot]) -> Trial:
    try:
        reading_ms, newest = _measured(lambda: next(pictures, None))
    except CameraLost as lost:
        return replace(trial, lost=lost.fault)
    if newest is None:
        return replace(trial, lost="ended")
    return replace(
        trial,
        rung=newest.rung,
        keyframe_spacing_s=newest.keyframe_spacing_s,
        clock_error_s=newest.clock_error_s,
        reading_ms=reading_ms,
    )


def _measured(action: Callable[[], T]) -> tuple[float, T]:
    began_s = time.process_time()
    result = action()
    return round((time.process_time() - began_s) * 1000, 2), result
