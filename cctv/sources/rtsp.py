"""RTSP cameras over TCP, by the cheapest way that works.

The tap (`cctv/rtsp/tap.py`) reads nearly every camera. Where it cannot, FFmpeg takes the stream apart; where keyframes
are too rare, every frame is decoded. Before all of them stands the camera's snapshot address, where it has one.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from cctv.camera import Reach, Snapshot, Source
from cctv.ladder import HELD_S, Steps, open_ladder
from cctv.rtsp.ffmpeg import RtspDemux
from cctv.rtsp.tap import Tap
from cctv.single import SnapshotStep

_STEPS: Steps = {"snapshot": SnapshotStep, "tap": Tap, "demux": RtspDemux, "decode": RtspDemux}


def open_rtsp(reach: Reach, held_s: float = HELD_S) -> AbstractContextManager[Iterator[Snapshot]]:
    """One camera, until it breaks."""
    return open_ladder(reach, _STEPS, held_s)


SOURCE = Source(schemes=("rtsp", "rtsps"), open=open_rtsp)
