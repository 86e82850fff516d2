"""Playing the past: at which moments a picture is shown, and which dead time is left out. Pure.

Moments lie on a grid from where the playing began, so that who goes on in the middle meets the same ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

SLOWEST, FASTEST = 1.0, 120.0
_PLAYED_STEP_S = 0.5
_LEAST_STEP_S = 1.0
_TAIL_S, _LEAD_S = 6.0, 1.0
"""Seconds of play that are shown after something happened, and before the next thing, of a time that is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast, and whether time in which nothing happens is left out."""

    speed: float
    skips: bool = False

    @property
    def step(self) -> timedelta:
        """From one picture to the next, by the clock of the past."""
        return timedelta(seconds=max(_LEAST_STEP_S, self.speed * _PLAYED_STEP_S))

    def played(self, seconds: float) -> timedelta:
        """What passes in the past while so many seconds are played."""
        return timedelta(seconds=seconds * self.speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What is played: from `since` to `until`."""

    since: datetime
    until: datetime
    pace: Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The next picture. `skipped`: how much of the time before it was left out."""

    at: datetime
    skipped: timedelta = timedelta()


def next_beat(played: Stretch, at: datetime, quiet_since: datetime, upcoming: datetime | None) -> Beat:
    """After the picture of `at`; `quiet_since`: the newest news by then; `upcoming`: the first after it, if any."""
    step = _on_grid(played, at + played.pace.step)
    if not played.pace.skips or at - quiet_since < played.pace.played(_TAIL_S):
        return Beat(at=step)
    resume = played.until if upcoming is None else _on_grid(played, upcoming - played.pace.played(_LEAD_S))
    return Beat(at=resume, skipped=resume - step) if resume > step else Beat(at=step)


def _on_grid(played: Stretch, moment: datetime) -> datetime:
    """The grid's last moment up to then; the end belongs to the grid, too."""
    steps = (moment - played.since) // played.pace.step
    return min(played.until, played.since + steps * played.pace.step)
