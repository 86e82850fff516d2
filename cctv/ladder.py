"""One camera, several ways to read it: the cheapest that works, one at a time, chosen by what the camera sends.

A dearer rung is held for ten minutes, then the cheapest has another chance. The camera sees one connection.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Protocol

import structlog

from cctv.camera import Reach, Rung, Snapshot
from cctv.faults import Broken, each_lost_as, lost_as
from cctv.rungs import FIRST_REASONS, REASONS, Unfit

_LOG = structlog.get_logger()
HELD_S = 600.0


class Step(Protocol):
    """An open rung. `pictures` ends by itself when its time is over; raises Unfit, Broken or OSError."""

    def pictures(self) -> Iterator[Snapshot]:
        """About one per period."""


Steps = Mapping[str, Callable[[Reach, Rung, float], AbstractContextManager[Step]]]
"""By name of rung, cheapest first. Opened with the moment (monotonic) until which the rung is to be held."""


class Ladder:
    """`climb`, then `pictures` until the camera is lost, then `close`."""

    def __init__(self, reach: Reach, steps: Steps, held_s: float) -> None:
        self._reach = reach
        self._steps = steps
        self._names = [name for name in steps if name != "snapshot" or reach.camera.snapshot_url]
        self._held_s = held_s
        self._open = ExitStack()
        self._at = 0
        self._step: Step | None = None

    def climb(self) -> None:
        """Open the cheapest rung that can be opened."""
        self._go(0, FIRST_REASONS[self._names[0]])

    def pictures(self) -> Iterator[Snapshot]:
        """From whichever rung, until the camera is lost."""
        while self._step is not None and not self._reach.stopping.is_set():
            try:
                yield from self._step.pictures()
            except Unfit as unfit:
                self._step_down(unfit)
            else:
                self.close()
                self.climb()

    def close(self) -> None:
        """Hang up."""
        self._step = None
        self._open.close()

    def _go(self, at: int, reason: str) -> None:
        self.close()
        self._at = at
        rung = Rung(name=self._names[at], reason=reason)
        until_s = time.monotonic() + self._held_s if at else float("inf")
        try:
            self._step = self._open.enter_context(self._steps[rung.name](self._reach, rung, until_s))
        except Unfit as unfit:
            self._step_down(unfit)

    def _step_down(self, unfit: Unfit) -> None:
        at = self._names.index(unfit.rung) if unfit.rung else self._at + 1
        if not self._at < at < len(self._names):
            raise Broken("garbled")
        _LOG.info("camera_rung", camera=self._reach.camera.id, rung=self._names[at], reason=REASONS[unfit.reason].en)
        self._go(at, unfit.reason)


@contextmanager
def open_ladder(reach: Reach, steps: Steps, held_s: float = HELD_S) -> Iterator[Iterator[Snapshot]]:
    """What a source of such a camera opens."""
    ladder = Ladder(reach, steps, held_s)
    camera = reach.camera.id
    try:
        lost_as(camera, ladder.climb)
        yield each_lost_as(camera, ladder.pictures())
    finally:
        ladder.close()
