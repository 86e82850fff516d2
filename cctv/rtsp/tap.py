"""The cheapest way to read an RTSP camera: keep its keyframes, look at nothing else. Nothing is decoded here.

One thread per camera, asleep most of the time: it lets the kernel gather a tenth of a period of stream (at most half a
second) and goes through it in one step. Of a packet that belongs to no keyframe it looks at two bytes.
"""

import time
from collections.abc import Iterator
from typing import Self

from cctv.camera import Reach, Rung, Snapshot
from cctv.faults import Broken
from cctv.pace import Pace, rarest_s
from cctv.rtsp.packets import Depacketiser, Keyframe
from cctv.rtsp.reports import SenderClock, reports, says_bye, seconds_between
from cctv.rtsp.sdp import Track
from cctv.rtsp.session import Session
from cctv.rungs import FIRST_REASONS, Unfit

_ENOUGH_FRAMES = 10
_STEADY = 2  # the first says nothing: many cameras send a keyframe to whoever connects, then go on in their own time
_LONGEST_NAP_S = 0.5
_NAPS_A_PERIOD = 10
_LITTLE = 32_768
_LONGEST_SPACING_S = 60.0
_FIRST = Rung(name="tap", reason=FIRST_REASONS["tap"])


class Tap:
    """Opens when made: raises Broken, OSError, or Unfit where FFmpeg may know better."""

    def __init__(self, reach: Reach, rung: Rung = _FIRST, until_s: float = float("inf")) -> None:
        self._reach = reach
        self._rung = rung
        self._until_s = until_s
        self._session = Session(reach)
        try:
            track = _playing(self._session)
        except BaseException:
            self._session.close()
            raise
        self._packets = Depacketiser(track.codec or "", track.payload_type, track.sets, reach.max_bytes)
        self._codec = track.codec or ""
        self._clock = SenderClock()
        self._pace = Pace(lambda: reach.period_s)
        self._newest: Keyframe | None = None
        self._spacing_s: float | None = None
        self._spacings = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def pictures(self) -> Iterator[Snapshot]:
        """The due keyframes, until `until_s`. Raises Unfit when they are too rare, Broken when the camera is lost."""
        newest_s, seen = time.monotonic(), (0, 0)
        while not self._reach.stopping.is_set():
            now_s = time.monotonic()
            if now_s >= self._until_s:
                return
            for keyframe in self._keyframes():
                seen = self._packets.frames, self._packets.begun
                if self._pace.takes(now_s):
                    yield self._snapshot(keyframe)
                newest_s = now_s = time.monotonic()  # a picture may wait long for its turn: no fault of the camera
            self._session.stay(now_s)
            if now_s - newest_s > rarest_s(self._reach.period_s):
                raise self._overdue(*seen)
            self._wait()

    def _overdue(self, frames: int, begun: int) -> Exception:
        """What it means that no keyframe came whole since that many frames had gone by, and that many had begun.

        A camera whose keyframes came often enough until now is not to be read by the dearest way from now on because
        its network, or this machine, is short of breath.
        """
        if self._packets.begun > begun:
            return Broken("truncated")
        if self._packets.frames - frames < _ENOUGH_FRAMES or self._spacings >= _STEADY:
            return Broken("stalled")
        return Unfit("decode", "rare_keyframes")

    def _wait(self) -> None:
        """Read what has come, and wait for more where there was little.

        Not while a keyframe is on its way, and not over TLS, which gives its stream in small records.
        """
        starting_s = 0.0 if self._newest else self._reach.open_timeout_s  # some only now begin to encode
        self._session.within(self._reach.read_timeout_s + starting_s)
        try:
            got = self._session.inbox.fill()
        except TimeoutError:
            raise Broken("stalled") from None
        if got < _LITTLE and self._newest and not self._packets.is_collecting and not self._session.is_tls:
            time.sleep(
                min(_LONGEST_NAP_S, self._reach.period_s / _NAPS_A_PERIOD)
            )  # not stopping.wait: that makes a lock each time, and costs more than the reading

    def _keyframes(self) -> Iterator[Keyframe]:
        """Those that are whole with what has just come."""
        video, buffer = self._session.channel, self._session.inbox.buffer
        take = self._packets.take
        for channel, start, end in self._session.inbox.packets():
            if channel == video:
                if keyframe := take(buffer, start, end):
                    self._measure(keyframe)
                    yield keyframe
            elif channel == video + 1:
                self._hear(start, end)

    def _hear(self, start: int, end: int) -> None:
        buffer = self._session.inbox.buffer
        for report in reports(buffer, start, end):
            self._clock.hear(report, self._reach.clock())
        if says_bye(buffer, start, end):
            raise Broken("ended")

    def _measure(self, keyframe: Keyframe) -> None:
        if self._newest is not None:
            self._spacings += 1
            spacing_s = seconds_between(self._newest.timestamp, keyframe.timestamp)
            self._spacing_s = spacing_s if 0 < spacing_s < _LONGEST_SPACING_S else None
        self._newest = keyframe

    def _snapshot(self, keyframe: Keyframe) -> Snapshot:
        return Snapshot(
            data=keyframe.data,
            codec=self._codec,
            captured_at=self._clock.captured_at(keyframe.timestamp, self._reach.clock()),
            rung=self._rung,
            keyframe_spacing_s=self._spacing_s,
            clock_error_s=self._clock.error_s,
        )


def _playing(session: Session) -> Track:
    track = session.describe()
    if track.codec is None:
        raise Unfit("demux", "other_codec")
    try:
        session.play(track)
    except Broken as error:
        if error.fault in {"camera_error", "garbled", "not_found"}:
            raise Unfit("demux", "other_dialect") from None  # it did describe itself
        raise
    return track
