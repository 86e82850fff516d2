"""Cameras that give one JPEG per GET: the cheapest way there is. Nothing is decoded here."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime

from cctv.camera import Reach, Snapshot, Source
from cctv.faults import Broken, each_lost_as, lost_as
from cctv.picture import jpeg_extent, whole_jpeg
from cctv.request import Asker

_OLDEST_BELIEVED = timedelta(days=30)
_CLOCKS_AGREE = timedelta(seconds=60)


def captured_at(headers: Message, arrived_at: datetime) -> datetime:
    """The camera's own time of the picture where it can be believed, else arrival.

    A camera's clock may be wrong, but Last-Modified and Date are by the same one: their difference is the
    picture's age. Without a Date its clock has to agree with ours.
    """
    modified, sent = _date(headers, "Last-Modified"), _date(headers, "Date")
    if modified is None:
        return arrived_at
    age = (sent or arrived_at) - modified
    is_believed = timedelta(0) <= age <= (_OLDEST_BELIEVED if sent else _CLOCKS_AGREE)
    return arrived_at - age if is_believed else arrived_at


def _date(headers: Message, name: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(headers[name])
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else None


def _picture(asker: Asker, reach: Reach) -> Snapshot:
    with asker.get() as answer:
        if answer.headers.get_content_maintype() == "multipart":
            raise Broken("garbled")  # an endless stream: kind mjpeg
        jpeg = whole_jpeg(answer.body(reach.max_bytes))
    jpeg_extent(jpeg)
    return Snapshot(data=jpeg, captured_at=captured_at(answer.headers, reach.clock()))


def _pictures(asker: Asker, reach: Reach, first: Snapshot) -> Iterator[Snapshot]:
    asked_s = time.monotonic()
    yield first
    while not reach.is_over_by_next(asked_s):
        asked_s = time.monotonic()
        yield _picture(asker, reach)


@contextmanager
def open_http_jpeg(reach: Reach) -> Iterator[Iterator[Snapshot]]:
    """Ask once a period."""
    camera = reach.camera.id
    asker = lost_as(camera, lambda: Asker(reach))
    first = lost_as(camera, lambda: _picture(asker, reach))
    yield each_lost_as(camera, _pictures(asker, reach, first))


SOURCE = Source(schemes=("http", "https"), open=open_http_jpeg)
