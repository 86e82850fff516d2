"""Cameras that give one JPEG per GET, and nothing else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from cctv.camera import Reach, Rung, Snapshot, Source
from cctv.faults import each_lost_as, lost_as
from cctv.request import Asker
from cctv.single import single

_RUNG = Rung(name="snapshot", reason="gives_jpegs")


def _pictures(asker: Asker, reach: Reach, first: Snapshot) -> Iterator[Snapshot]:
    asked_s = time.monotonic()
    yield first
    while not reach.is_over_by_next(asked_s):
        asked_s = time.monotonic()
        yield single(asker, reach, _RUNG)


@contextmanager
def open_http_jpeg(reach: Reach) -> Iterator[Iterator[Snapshot]]:
    """Ask once a period."""
    camera = reach.camera.id
    asker = lost_as(camera, lambda: Asker(reach))
    first = lost_as(camera, lambda: single(asker, reach, _RUNG))
    yield each_lost_as(camera, _pictures(asker, reach, first))


SOURCE = Source(schemes=("http", "https"), open=open_http_jpeg)
