"""Cameras that push JPEG after JPEG over one HTTP answer: the due one is taken, none is decoded."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from cctv.camera import Reach, Rung, Snapshot, Source
from cctv.faults import Broken, each_lost_as, lost_as
from cctv.multipart import parts
from cctv.pace import Pace
from cctv.picture import jpeg_extent, whole_jpeg
from cctv.request import Answer, Asker

_RUNG = Rung(name="split", reason="gives_jpegs")


def _boundary(answer: Answer) -> str:
    boundary = answer.headers.get_boundary()
    if answer.headers.get_content_maintype() != "multipart" or not boundary:
        raise Broken("garbled")
    return boundary


def _pictures(answer: Answer, reach: Reach) -> Iterator[Snapshot]:
    pace = Pace(lambda: reach.period_s)
    stream = parts(answer.chunks(), _boundary(answer), reach.max_bytes)
    answer.within(reach.read_timeout_s)
    for part in stream:
        if reach.stopping.is_set():
            return
        answer.within(reach.read_timeout_s)  # for the next one
        if pace.takes(time.monotonic()):
            jpeg = whole_jpeg(part)
            jpeg_extent(jpeg)
            yield Snapshot(data=jpeg, captured_at=reach.clock(), rung=_RUNG)
            answer.within(reach.read_timeout_s)  # using a picture takes time too
    raise Broken("ended")


def _stalled_after_first(pictures: Iterator[Snapshot]) -> Iterator[Snapshot]:
    try:
        yield from pictures
    except TimeoutError:
        raise Broken("stalled") from None


@contextmanager
def open_mjpeg(reach: Reach) -> Iterator[Iterator[Snapshot]]:
    """One GET that never ends."""
    camera = reach.camera.id
    answer = lost_as(camera, lambda: Asker(reach).get())
    with answer:
        yield each_lost_as(camera, _stalled_after_first(_pictures(answer, reach)))


SOURCE = Source(schemes=("http", "https"), open=open_mjpeg)
