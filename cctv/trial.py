"""Open a camera once and say what came: for the person who has just listed it."""

import time
from dataclasses import dataclass

from cctv.camera import Reach, Source
from cctv.faults import camera_lost, lost_as
from cctv.picture import renditions
from cctv.shelf import Renditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the first picture was, and how long it took from the first knock."""

    codec: str
    pictures: Renditions
    first_picture_s: float


def try_once(source: Source, reach: Reach) -> Trial:
    """The first picture. Raises CameraLost with the reason."""
    began_s = time.monotonic()
    with source.open(reach) as pictures:
        snapshot = next(pictures, None)
    took_s = time.monotonic() - began_s
    if snapshot is None:
        raise camera_lost(reach.camera.id, "ended")
    shown = lost_as(reach.camera.id, lambda: renditions(snapshot, reach.camera.masks))
    return Trial(codec=snapshot.codec, pictures=shown, first_picture_s=took_s)
