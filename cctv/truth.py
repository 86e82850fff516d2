"""Is a camera's picture true? From single signs to faults, with patience and hysteresis. Pure, without pixels.

A fault is told only after enough different captures and enough time, and cleared by itself once enough captures in
a row are well again; in between nothing changes. `cctv/truth_signs.py` takes the signs from the pixels.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, get_args

FaultKind = Literal["frozen", "black", "covered", "blurred", "moved", "turned", "resolution", "clock"]
FAULT_KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
NOTES: frozenset[FaultKind] = frozenset({"clock"})
"""What is wrong with a camera though its picture is true, and as old as we say: only the clock in it misleads."""

_MOST_PATIENCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFault:
    """One way in which a picture is not what it seems. `value` and `threshold` are those it was told with."""

    kind: FaultKind
    value: float
    threshold: float
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A value beyond `bad` is a bad sign, one beyond `good` a good one; between them it says nothing new.

    Told after `captures` bad signs in a row that span `after`; cleared after `clear` good ones in a row.
    """

    bad: float
    good: float
    captures: int = 3
    after: timedelta
    clear: int = 2

    def is_bad(self, value: float) -> bool:
        """Whether the value counts against the picture."""
        return value < self.bad if self.bad < self.good else value > self.bad

    def is_good(self, value: float) -> bool:
        """Whether the value speaks for the picture."""
        return value > self.good if self.bad < self.good else value < self.good


RULES: Mapping[FaultKind, Rule] = MappingProxyType(
    {
        # most changed of 112 fields since the capture before, grey levels: live 1.4 and more, the same picture 0
        "frozen": Rule(bad=0.6, good=1.0, captures=2, after=timedelta(seconds=1.5), clear=1),
        # the brightest hundredth without noise, grey levels: a street at night has lamps, 100 and more
        "black": Rule(bad=20, good=28, after=timedelta(seconds=6)),
        # contrast (standard deviation), grey levels: a street 15 and more, a hand before the lens 3
        "covered": Rule(bad=6, good=9, after=timedelta(seconds=10)),
        # share of the sharpness it was taught with: rain 0.7, smeared lens 0.2 to 0.4
        "blurred": Rule(bad=0.42, good=0.55, after=timedelta(seconds=30)),
        # shift against the reference in percent of the width; wind stays below 0.5
        "moved": Rule(bad=1.5, good=1.0, after=timedelta(seconds=60)),
        # likeness to the reference (peak of phase correlation): same scene 0.28 and more, another one below 0.1
        "turned": Rule(bad=0.1, good=0.18, after=timedelta(seconds=180)),
        # how far its width or height is from those it was taught with, pixels
        "resolution": Rule(bad=8, good=4, after=timedelta(seconds=6)),
        # how far its clock (RTCP) is from ours, seconds; what its reports need on their way stays below 1
        "clock": Rule(bad=5, good=3, after=timedelta(seconds=60)),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One value measured on one capture."""

    kind: FaultKind
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What speaks against a picture: since when, how many bad signs in a row, and how many good ones since."""

    since: datetime
    bad: int = 0
    good: int = 0
    told: PictureFault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is thought of one camera's picture.

    `patience`: repeats of one picture that this camera has been seen to come out of by itself. Some serve each
    picture several times; theirs must repeat more often before they count as frozen.
    """

    doubts: Mapping[FaultKind, Doubt] = field(default_factory=dict)
    patience: int = 0

    @property
    def faults(self) -> tuple[PictureFault, ...]:
        """Everything that is wrong with the picture now."""
        told = {kind: doubt.told for kind, doubt in self.doubts.items() if doubt.told}
        return tuple(told[kind] for kind in FAULT_KINDS if kind in told)

    @property
    def is_sound(self) -> bool:
        """Whether nothing speaks against the picture, but that it may be the one before once more."""
        against = {kind: doubt for kind, doubt in self.doubts.items() if kind not in NOTES}
        return not against.keys() - {"frozen"} and not any(doubt.told for doubt in against.values())

    def without(self, kind: FaultKind) -> "Truth":
        """The same, but nothing is claimed of that kind."""
        return replace(self, doubts={one: doubt for one, doubt in self.doubts.items() if one != kind})


def judged(truth: Truth, signs: Iterable[Sign], at: datetime, rules: Mapping[FaultKind, Rule] = RULES) -> Truth:
    """The truth after the signs of one more capture. What no sign speaks of stays as it was."""
    doubts, patience = dict(truth.doubts), truth.patience
    for sign in signs:
        before = doubts.pop(sign.kind, None)
        after = _doubt(before, sign, at, rules[sign.kind], patience if sign.kind == "frozen" else 0)
        if after is not None:
            doubts[sign.kind] = after
        elif sign.kind == "frozen" and before is not None and before.bad < _MOST_PATIENCE:
            patience = max(patience, before.bad + 1)
    return Truth(doubts=doubts, patience=patience)


def _doubt(before: Doubt | None, sign: Sign, at: datetime, rule: Rule, patience: int) -> Doubt | None:
    if rule.is_bad(sign.value):
        return _told(_worse(before or Doubt(since=at), at), sign, at, rule, patience)
    if before is None or not rule.is_good(sign.value):
        return before
    if before.told is None or before.good + 1 >= rule.clear:
        return None
    return replace(before, good=before.good + 1)


def _worse(doubt: Doubt, at: datetime) -> Doubt:
    """One bad sign more. A clock that was set back must not make the doubt begin in the future."""
    return replace(doubt, since=min(doubt.since, at), bad=doubt.bad + 1, good=0)


def _told(doubt: Doubt, sign: Sign, at: datetime, rule: Rule, patience: int) -> Doubt:
    if doubt.told is not None or doubt.bad < max(rule.captures, patience) or at - doubt.since < rule.after:
        return doubt
    fault = PictureFault(kind=sign.kind, value=round(sign.value, 2), threshold=rule.bad, since=doubt.since)
    return replace(doubt, told=fault)
