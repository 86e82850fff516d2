"""How often a camera is asked for a picture, and which of the pictures streaming by are due. Pure.

A camera that looks at an open incident goes faster. When the machine is behind with decoding, the others wait longer,
by a bounded factor that shrinks back by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

PeriodReason = Literal["default", "camera", "near_incident", "stretched"]
"""Why pictures are fetched as often as they are: the city's setting, the camera's own, an incident it looks at, or a
machine that is behind with decoding."""

_BEHIND_S, _EASY_S = 1.0, 0.25
_WIDER, _NARROWER = 1.25, 0.9
_NO_STRETCH = 1.02
_RAREST_S = 4.5
_MOST_PERIODS = 2.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """What the city sets: seconds between two pictures of a camera, usually and near an open incident.

    `most_stretch` is the largest factor by which a camera without an incident may be made to wait longer.
    """

    period_s: float = 2.0
    near_period_s: float = 1.0
    most_stretch: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paced:
    """How often one camera is asked now, and why; `usual_s` how often it would be on a quiet day."""

    period_s: float
    usual_s: float
    reason: PeriodReason = "default"

    @property
    def is_near(self) -> bool:
        """Whether it looks at an open incident: its pictures go before those of others."""
        return self.reason == "near_incident"


PaceOf = Callable[[], Paced]


def steady(period_s: float) -> PaceOf:
    """The same pace for ever."""
    paced = Paced(period_s=period_s, usual_s=period_s)
    return lambda: paced


def paced(own_s: float | None, tempo: Tempo, *, is_near: bool, stretch: float) -> Paced:
    """The pace of a camera whose own period, where its list names one, is `own_s`."""
    usual_s = own_s or tempo.period_s
    if is_near:
        return Paced(period_s=min(usual_s, tempo.near_period_s), usual_s=usual_s, reason="near_incident")
    if stretch > 1:
        return Paced(period_s=round(usual_s * stretch, 2), usual_s=usual_s, reason="stretched")
    return Paced(period_s=usual_s, usual_s=usual_s, reason="camera" if own_s else "default")


def stretched(stretch: float, waited_s: float, most: float) -> float:
    """The factor for the next second, after one in which a picture waited `waited_s` for its turn to be decoded."""
    if waited_s > _BEHIND_S:
        return min(max(1.0, most), stretch * _WIDER)
    if waited_s > _EASY_S:
        return stretch
    narrower = stretch * _NARROWER
    return narrower if narrower > _NO_STRETCH else 1.0


def promised_s(paced: Paced, spacing_s: float | None, *, is_stream: bool) -> float:
    """The period by which a camera's pictures are called late.

    A stream cannot go faster than its keyframes: asked more often near an incident, it is measured by their spacing, or
    by its usual pace while that is not known.
    """
    if not is_stream:
        return paced.period_s
    return max(paced.period_s, min(paced.usual_s, paced.usual_s if spacing_s is None else spacing_s))


def rarest_s(period_s: float) -> float:
    """How long to wait for a keyframe: from there on a camera would be called late (`cctv/health.py`) between two."""
    return max(_RAREST_S, _MOST_PERIODS * period_s)


class Pace:
    """Of the pictures streaming by the one nearest to each due moment is due; the moments are a period apart.

    Asked for five seconds of a stream with a keyframe every two, it takes them after four and six by turns. Should the
    stream fall behind, the moments are counted from the picture that came at last.
    """

    def __init__(self, period_s: Callable[[], float]) -> None:
        self._period_s = period_s
        self._due_before_s = self._seen_s = float("-inf")

    def takes(self, now_s: float) -> bool:
        """Whether this picture, here at `now_s`, is to be taken."""
        period_s = self._period_s()
        early_s, self._seen_s = min(period_s, now_s - self._seen_s) / 2, now_s
        due_s = self._due_before_s + period_s
        if now_s < due_s - early_s:
            return False
        self._due_before_s = due_s if abs(now_s - due_s) <= early_s else now_s
        return True
