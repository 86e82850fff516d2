"""When was this picture taken? RTCP sender reports (RFC 3550, 6.4.1) tie a stream's time stamps to a clock. Pure.

The camera's clock may be wrong by years, and its reports as late as its pictures; but the report that took the
shortest way shows how far that clock is from ours. A picture that then lies behind was held up on its way.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cctv.rtsp.packets import Bytes

RATE = 90_000
"""RTP ticks a second, of every video codec."""

_SENDER_REPORT = 200
_BYE = 203
_NTP_EPOCH_S = 2_208_988_800
_REPORT_BYTES = 28
_KEPT = 24
_OLDEST_S = 60.0
_LONGEST_DELAY_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The camera's clock (seconds of the Unix age) at one RTP time stamp."""

    clock_s: float
    timestamp: int


def reports(data: Bytes, start: int, end: int) -> Iterator[Report]:
    """The sender reports in one RTCP packet. A camera without a clock says 0: that is none."""
    for kind, at, stop in _packets(data, start, end):
        if kind == _SENDER_REPORT and stop - at >= _REPORT_BYTES:
            seconds, fraction, timestamp = (int.from_bytes(data[at + n : at + n + 4], "big") for n in (8, 12, 16))
            if seconds:
                yield Report(clock_s=seconds - _NTP_EPOCH_S + fraction / 2**32, timestamp=timestamp)


def says_bye(data: Bytes, start: int, end: int) -> bool:
    """Whether the camera ends the stream."""
    return any(kind == _BYE for kind, _, _ in _packets(data, start, end))


def _packets(data: Bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    while at + 4 <= end:
        stop = at + 4 + 4 * (data[at + 2] << 8 | data[at + 3])
        if data[at] >> 6 != 2 or stop > end:  # noqa: PLR2004 — RTP's version
            return
        yield data[at + 1], at, stop
        at = stop


def seconds_between(earlier: int, later: int) -> float:
    """From one time stamp to another, wrapped or not; negative when `later` is the earlier one."""
    return (((later - earlier + 2**31) & 0xFFFFFFFF) - 2**31) / RATE


class SenderClock:
    """What the reports of one stream tell."""

    def __init__(self) -> None:
        self._newest: Report | None = None
        self._heard_at: datetime | None = None
        self._behind_s: deque[float] = deque(maxlen=_KEPT)

    @property
    def error_s(self) -> float | None:
        """How many seconds the camera's clock is ahead of ours; too small by the network's delay. None: not known."""
        return -min(self._behind_s) if self._behind_s else None

    def hear(self, report: Report, now: datetime) -> None:
        """A report came at `now`. A clock that was set anew makes what we knew of it worthless."""
        behind_s = now.timestamp() - report.clock_s
        if self._behind_s and not -1.0 <= behind_s - min(self._behind_s) <= _LONGEST_DELAY_S:
            self._behind_s.clear()
        self._behind_s.append(behind_s)
        self._newest, self._heard_at = report, now

    def captured_at(self, timestamp: int, now: datetime) -> datetime:
        """When the picture with that time stamp, here at `now`, was taken; `now` itself where nobody can say."""
        if self._newest is None or self._heard_at is None or (now - self._heard_at).total_seconds() > _OLDEST_S:
            return now
        clock_s = self._newest.clock_s + seconds_between(self._newest.timestamp, timestamp)
        delay_s = now.timestamp() - clock_s - min(self._behind_s)
        return now - timedelta(seconds=delay_s) if 0 < delay_s <= _LONGEST_DELAY_S else now
