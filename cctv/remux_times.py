"""Times of a camera's packets made fit for a player: they begin at nothing, only grow, and never leap. Pure.

FFmpeg gives none for the packets it probed with, and moves all later ones when the camera's first sender report comes;
some cameras count backwards after midnight. A player would stop at each.
"""

from dataclasses import dataclass

TICKS_PER_S = 90_000
_USUAL_STEP = TICKS_PER_S // 25
_LONGEST_STEP = 2 * TICKS_PER_S
_LONGEST_DELAY = TICKS_PER_S


@dataclass(frozen=True, slots=True)
class Times:
    """When a packet is to be decoded, and when to be shown."""

    dts: int
    pts: int


class Timeline:
    """Takes the times of one stream in its order, in ticks of 1/90,000 s."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._shift: int | None = None

    def place(self, dts: int | None, pts: int | None, duration: int | None) -> Times:
        """Where this packet stands. Without a sound time of its own it follows the one before by its duration."""
        said = dts if dts is not None else pts
        step = duration if duration and 0 < duration <= _LONGEST_STEP else _USUAL_STEP
        usual = 0 if self._last is None else self._last + step
        at = usual if said is None or self._shift is None else said + self._shift
        if self._last is not None and not self._last - _LONGEST_STEP <= at <= self._last + _LONGEST_STEP:
            at = usual
            self._shift = None
        if said is not None and self._shift is None:
            self._shift = at - said
        if self._last is not None:
            at = max(at, self._last + 1)
        self._last = at
        delay = pts - said if pts is not None and said is not None else 0
        return Times(dts=at, pts=at + delay if 0 <= delay <= _LONGEST_DELAY else at)
