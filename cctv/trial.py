"""Open a camera once and say what came: for the person who has just listed it."""

import time
from dataclasses import dataclass

from cctv.camera import Reach, Rung, Source
from cctv.faults import camera_lost, lost_as
from cctv.picture import renditions
from cctv.shelf import Renditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the first picture was, and how long it took from the first knock.

    The rest is known of cameras that can be read in several ways: how this one is, how far its keyframes are apart,
    and how many seconds its clock is ahead of ours.
    """

    codec: str
    pictures: Renditions
    first_picture_s: float
    rung: Rung | None = None
    keyframe_spacing_s: float | None = None
    clock_error_s: float | None = None


def try_once(source: Source, reach: Reach) -> Trial:
    """The first picture; of a stream also the second, which tells the rest. Raises CameraLost with the reason."""
    began_s = time.monotonic()
    with source.open(reach) as pictures:
        snapshot = next(pictures, None)
        took_s = time.monotonic() - began_s
        if snapshot is None:
            raise camera_lost(reach.camera.id, "ended")
        newest = next(pictures, snapshot) if snapshot.rung else snapshot
    shown = lost_as(reach.camera.id, lambda: renditions(snapshot, reach.camera.masks))
    return Trial(
        codec=snapshot.codec,
        pictures=shown,
        first_picture_s=took_s,
        rung=newest.rung,
        keyframe_spacing_s=newest.keyframe_spacing_s,
        clock_error_s=newest.clock_error_s,
    )
