"""HLS (`…/index.m3u8`): the playlist is asked for once a period, and of each new segment the first keyframe is taken.

The connection is closed as soon as that keyframe is there, so that of a stream little more than its keyframes is
fetched. FFmpeg opens nothing: playlists and segments are fetched by our own client, from the listed host alone. A
picture is as old as its segment says; the newest one that is whole is at least a segment's length old.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message
from typing import Self
from urllib.parse import urlsplit

import av

from cctv.camera import Reach, Rung, Snapshot, Source
from cctv.demux import fault_of, first_keyframe, opened_feed
from cctv.faults import Broken
from cctv.feed import HttpFeed
from cctv.ladder import HELD_S, Steps, open_ladder
from cctv.playlist import Playlist, Segment, read_playlist
from cctv.request import Asker
from cctv.single import SnapshotStep, date_in

_MOST_PLAYLIST = 2_000_000
_MOST_HEAD = 100_000
_OLDEST = timedelta(days=1)
_CLOCKS_AGREE = timedelta(seconds=60)
_LONGEST_STILL_S = 10.0
_MOST_TARGETS = 3
_MOST_MISSES = 3


def _within_host(reach: Reach, url: str) -> Reach:
    """The same camera at another address of the same server. Raises Broken where it leads elsewhere."""
    listed, wanted = urlsplit(reach.camera.url), urlsplit(url)
    if (listed.scheme, listed.hostname, listed.port) != (wanted.scheme, wanted.hostname, wanted.port):
        raise Broken("redirected")
    return replace(reach, camera=replace(reach.camera, url=url))


def began_at(segment: Segment, headers: Message, arrived_at: datetime) -> datetime | None:
    """When the first frame of the newest segment was taken; None where nobody can say how old the playlist is.

    The server's clock may be wrong: its own `Date` tells how old what it dates is.
    """
    sent, modified = date_in(headers, "Date"), date_in(headers, "Last-Modified")
    if segment.began_at is not None:
        age, bound = (sent or arrived_at) - segment.began_at, _OLDEST if sent else _CLOCKS_AGREE
    elif modified is not None:
        age, bound = (sent or arrived_at) - modified + timedelta(seconds=segment.duration_s), _OLDEST
    else:
        return None
    return arrived_at - age if timedelta(0) <= age <= bound else None


class HlsStep:
    """The one rung of HLS. Opens when made: raises Broken or OSError."""

    def __init__(self, reach: Reach, rung: Rung, until_s: float) -> None:
        self._reach = reach
        self._rung = rung
        self._until_s = until_s
        self._asker, self._address = Asker(reach), reach.camera.url
        self._headers = Message()
        self._asked_s = time.monotonic()
        self._list = self._streams()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Each answer was hung up by itself."""

    def pictures(self) -> Iterator[Snapshot]:
        """One of each new segment. Raises Broken when none comes any more."""
        shown, misses, moved_s = self._already_shown(), 0, time.monotonic()
        while time.monotonic() < self._until_s:
            newest = self._list.newest
            if newest is not None and newest.url != shown:
                snapshot = self._picture(newest)
                misses = misses + 1 if snapshot is None else 0
                if misses > _MOST_MISSES:
                    raise Broken("no_keyframes")
                shown = newest.url
                if snapshot is not None:
                    yield snapshot
                moved_s = time.monotonic()
            elif time.monotonic() - moved_s > max(_LONGEST_STILL_S, _MOST_TARGETS * self._list.target_s):
                raise Broken("stalled")
            if self._reach.is_over_by_next(self._asked_s):
                return
            self._list = self._asked()

    def _already_shown(self) -> str | None:
        """The first segment, where nobody says how old it is: it may have stood there for days."""
        newest = self._list.newest
        is_dated = newest is not None and began_at(newest, self._headers, self._reach.clock()) is not None
        return None if newest is None or is_dated else newest.url

    def _streams(self) -> Playlist:
        """The playlist itself, or that of the variant it names first."""
        found = self._asked()
        if found.variants:
            self._address = found.variants[0]
            self._asker = Asker(_within_host(self._reach, self._address))
            found = self._asked()
        if found.variants:
            raise Broken("garbled")
        return found

    def _asked(self) -> Playlist:
        self._asked_s = time.monotonic()
        with self._asker.get() as answer:
            text = answer.body(_MOST_PLAYLIST).decode("utf-8", "replace")
            self._headers = answer.headers
        return read_playlist(text, self._address)

    def _picture(self, segment: Segment) -> Snapshot | None:
        """The first keyframe of a segment; None where it has none, or is gone already."""
        arrived_at = self._reach.clock()
        try:
            keyframe = self._keyframe(segment)
        except Broken as error:
            if error.fault != "not_found":
                raise
            return None
        if keyframe is None:
            return None
        at = began_at(segment, self._headers, arrived_at) or arrived_at - timedelta(seconds=segment.duration_s)
        return Snapshot(
            data=keyframe[0],
            codec=keyframe[1],
            captured_at=at,
            rung=self._rung,
            keyframe_spacing_s=segment.duration_s,
            lag_s=2 * max(segment.duration_s, self._list.target_s),
        )

    def _keyframe(self, segment: Segment) -> tuple[bytes, str] | None:
        head = self._head(segment.head_url) if segment.head_url else b""
        feed = HttpFeed(_within_host(self._reach, segment.url), head)
        try:
            with closing(opened_feed(feed, "mp4" if head else "mpegts")) as container:
                return first_keyframe(container, self._reach.max_bytes)
        except av.FFmpegError as error:
            fault = feed.fault or fault_of(error)
        finally:
            feed.close()
        raise Broken(fault)

    def _head(self, url: str) -> bytes:
        with Asker(_within_host(self._reach, url)).get() as answer:
            return answer.body(_MOST_HEAD)


_STEPS: Steps = {"snapshot": SnapshotStep, "demux": HlsStep}


def open_hls(reach: Reach, held_s: float = HELD_S) -> AbstractContextManager[Iterator[Snapshot]]:
    """One stream, until it stands still."""
    return open_ladder(reach, _STEPS, held_s)


SOURCE = Source(schemes=("http", "https"), open=open_hls)
