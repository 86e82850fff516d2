"""Single JPEGs, one GET each: the cheapest way to read a camera. Nothing is decoded here."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Self

from cctv.camera import Reach, Rung, Snapshot
from cctv.faults import Broken
from cctv.picture import jpeg_extent, whole_jpeg
from cctv.request import Asker
from cctv.rungs import Unfit

_OLDEST_BELIEVED = timedelta(days=30)
_CLOCKS_AGREE = timedelta(seconds=60)
_MOST_REPEATS = 3


def captured_at(headers: Message, arrived_at: datetime) -> datetime:
    """The camera's own time of the picture where it can be believed, else arrival.

    A camera's clock may be wrong, but Last-Modified and Date are by the same one: their difference is the
    picture's age. Without a Date its clock has to agree with ours.
    """
    modified, sent = date_in(headers, "Last-Modified"), date_in(headers, "Date")
    if modified is None:
        return arrived_at
    age = (sent or arrived_at) - modified
    is_believed = timedelta(0) <= age <= (_OLDEST_BELIEVED if sent else _CLOCKS_AGREE)
    return arrived_at - age if is_believed else arrived_at


def date_in(headers: Message, name: str) -> datetime | None:
    """The date in that header, where there is one with a time zone."""
    try:
        date = parsedate_to_datetime(headers[name])
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else None


def single(asker: Asker, reach: Reach, rung: Rung) -> Snapshot:
    """Ask once. Raises Broken or OSError."""
    with asker.get() as answer:
        if answer.headers.get_content_maintype() == "multipart":
            raise Broken("garbled")  # an endless stream: kind mjpeg
        jpeg = whole_jpeg(answer.body(reach.max_bytes))
    jpeg_extent(jpeg)
    return Snapshot(data=jpeg, captured_at=captured_at(answer.headers, reach.clock()), rung=rung)


class SnapshotStep:
    """The first rung of a stream that gives single JPEGs besides. Opens when made: raises Unfit."""

    def __init__(self, reach: Reach, rung: Rung, _until_s: float) -> None:
        url = reach.camera.snapshot_url or ""
        self._reach = replace(reach, camera=replace(reach.camera, url=url))
        self._rung = rung
        self._asker = Asker(self._reach)
        self._asked_s = time.monotonic()
        self._first = self._picture()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Each answer was hung up by itself."""

    def pictures(self) -> Iterator[Snapshot]:
        """Until one does not come, or they are all the same: the stream may know better."""
        newest, repeats = self._first, 0
        yield newest
        while not self._reach.is_over_by_next(self._asked_s):
            before = newest.data
            newest = self._picture()
            repeats = repeats + 1 if newest.data == before else 0
            if repeats >= _MOST_REPEATS:
                raise Unfit(None, "same_snapshot")
            yield newest

    def _picture(self) -> Snapshot:
        self._asked_s = time.monotonic()
        try:
            return single(self._asker, self._reach, self._rung)
        except (Broken, OSError, ValueError):
            pass
        raise Unfit(None, "no_snapshot")
