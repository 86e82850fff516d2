"""RTSP cameras over TCP, by the cheapest way that works: a ladder of three rungs, chosen by what the camera sends.

The tap (`cctv/rtsp/tap.py`) reads nearly every camera. Where it cannot, FFmpeg takes the stream apart; where keyframes
are too rare, every frame is decoded. A dearer rung is held for ten minutes, then the cheapest has another chance.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import structlog

from cctv.camera import Reach, Rung, Snapshot, Source
from cctv.faults import each_lost_as, lost_as
from cctv.rtsp.ffmpeg import Demux
from cctv.rtsp.tap import Tap
from cctv.rungs import REASONS, Unfit

_LOG = structlog.get_logger()
_HELD_S = 600.0


class _Ladder:
    """One open rung at a time: the camera sees one connection."""

    def __init__(self, reach: Reach, held_s: float) -> None:
        self._reach = reach
        self._held_s = held_s
        self._open = ExitStack()
        self._rung: Tap | Demux | None = None

    def climb(self) -> None:
        """Open the cheapest rung that can be opened."""
        try:
            self._rung = self._open.enter_context(Tap(self._reach))
        except Unfit as unfit:
            self._step_down(unfit)

    def _step_down(self, unfit: Unfit) -> None:
        self.close()
        rung = Rung(name=unfit.rung, reason=unfit.reason)
        _LOG.info("camera_rung", camera=self._reach.camera.id, rung=rung.name, reason=REASONS[rung.reason].en)
        self._rung = self._open.enter_context(Demux(self._reach, rung, time.monotonic() + self._held_s))

    def pictures(self) -> Iterator[Snapshot]:
        """From whichever rung, until the camera is lost."""
        while self._rung is not None and not self._reach.stopping.is_set():
            try:
                yield from self._rung.pictures()
            except Unfit as unfit:
                self._step_down(unfit)
            else:
                self.close()
                self.climb()

    def close(self) -> None:
        """Hang up."""
        self._open.close()


@contextmanager
def open_rtsp(reach: Reach, held_s: float = _HELD_S) -> Iterator[Iterator[Snapshot]]:
    """One camera, until it breaks."""
    ladder = _Ladder(reach, held_s)
    camera = reach.camera.id
    try:
        lost_as(camera, ladder.climb)
        yield each_lost_as(camera, ladder.pictures())
    finally:
        ladder.close()


SOURCE = Source(schemes=("rtsp", "rtsps"), open=open_rtsp)
