"""Is a camera's picture true? A state machine without I/O or clock: unknown → ok → late → lost → ok again.

It goes down at once and by time alone, whatever the source believes: a stream that drips is as lost as one that
is cut. It comes up with the first fresh picture; but a camera that keeps failing has to show a steady row of
them first, and is called late meanwhile, so that the log and the wall do not flicker.

How long ago something was is reckoned in monotonic seconds alone: the clock on the wall may be set.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from cctv.camera import Health

_MOMENT = timedelta(microseconds=1)
_SLACK = 4 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """Now, twice: `at` is what the log is told, by a clock that may be set; `s` (monotonic) is what ages count by."""

    at: datetime
    s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a camera counts as late and lost, by the age of its newest picture.

    An error counts once it is `grace` old without a picture since. A camera lost within `calm` of having come
    back is restless: it is ok again only after `steady` pictures in time, and lost only after `restless_lost`.
    """

    late: timedelta
    lost: timedelta
    grace: timedelta = timedelta(seconds=2)
    calm: timedelta = timedelta(seconds=30)
    restless_lost: timedelta = timedelta(seconds=30)
    steady: int = 3


@lru_cache(maxsize=256)
def limits_for(period_s: float) -> Limits:
    """Late when one picture and a bit is missing, lost after 5.5 s, or after 2¾ periods if that is longer.

    With what a tick and the log take, the wall says so within 6 s.
    """
    lost_s = max(5.5, 2.75 * period_s)
    return Limits(
        late=timedelta(seconds=max(2.25 * period_s, period_s + 0.75)),
        lost=timedelta(seconds=lost_s),
        restless_lost=timedelta(seconds=max(30.0, 3 * period_s)),
    )


def delayed(limits: Limits, lag_s: float) -> Limits:
    """The same for a camera whose pictures are so much older by the way they travel."""
    if not lag_s:
        return limits
    lag = timedelta(seconds=lag_s)
    return replace(limits, late=limits.late + lag, lost=limits.lost + lag, restless_lost=limits.restless_lost + lag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What is known of one camera. `fault` is a key of FAULTS; `error_s` is of an error not yet healed.

    `captured_at` is when the newest picture was taken, `stamp` the same as its source said it; `in_time` counts
    pictures in a row that came in time. Monotonic are `since_s`, `captured_s`, `error_s` and `ok_s`, which is when it
    last became ok. `told` are the reasons given since then: each is given once per outage, a microsecond after the one
    before it, so that the log keeps their order and the outage its beginning.
    """

    health: Health = "unknown"
    since: datetime
    since_s: float
    ok_s: float | None = None
    fault: str | None = None
    captured_at: datetime | None = None
    captured_s: float | None = None
    stamp: datetime | None = None
    error_s: float | None = None
    error: str | None = None
    in_time: int = 0
    is_restless: bool = False
    told: frozenset[str] = frozenset()

    @property
    def newest_s(self) -> float:
        """When the newest picture was taken, or since when there has been none."""
        return self.since_s if self.captured_s is None else self.captured_s


def pictured(vitals: Vitals, now: Instant, captured_at: datetime, limits: Limits) -> Vitals:
    """After a picture. One that the camera itself says is old does not heal anything, nor does the same once more."""
    captured_s = now.s - max(0.0, (now.at - captured_at).total_seconds())
    before_s = vitals.captured_s
    if before_s is not None and (captured_at == vitals.stamp or captured_s <= before_s):
        return ticked(replace(vitals, error_s=None, error=None), now, limits)
    is_in_time = before_s is not None and captured_s - before_s <= limits.late.total_seconds()
    seen = replace(
        vitals,
        captured_at=min(captured_at, now.at),
        captured_s=captured_s,
        stamp=captured_at,
        error_s=None,
        error=None,
        in_time=vitals.in_time + 1 if is_in_time else 0,
    )
    if now.s - captured_s > limits.late.total_seconds():
        return ticked(seen, now, limits)
    return _up(seen, now, limits)


def failed(vitals: Vitals, now: Instant, fault: str, limits: Limits) -> Vitals:
    """After an error: it counts only once its grace is over."""
    first_s = now.s if vitals.error_s is None else vitals.error_s
    return ticked(replace(vitals, error_s=first_s, error=fault, in_time=0), now, limits)


def ticked(vitals: Vitals, now: Instant, limits: Limits) -> Vitals:
    """After a while. To be called at least every half second."""
    age = timedelta(seconds=now.s - vitals.newest_s)
    lost = limits.restless_lost if vitals.is_restless and vitals.captured_at else limits.lost
    if age > lost or _is_error_over_its_grace(vitals, now, limits):
        return _down(vitals, now, "lost", vitals.error or "silent", limits)
    if age > limits.late and vitals.captured_at is not None:
        return _down(vitals, now, "late", vitals.error or "slow", limits)
    if vitals.is_restless and vitals.health == "ok" and not _is_relapse(vitals, now, limits):
        return replace(vitals, is_restless=False)
    return vitals


def _is_error_over_its_grace(vitals: Vitals, now: Instant, limits: Limits) -> bool:
    """A camera that is lost already has no grace: whoever looks wants to know why."""
    if vitals.error_s is None:
        return False
    return vitals.health == "lost" or timedelta(seconds=now.s - vitals.error_s) >= limits.grace


def has_changed(before: Vitals, after: Vitals) -> bool:
    """Whether the log should know: another state, or another reason for being lost."""
    return before.health != after.health or (after.health == "lost" and before.fault != after.fault)


def is_other_pace(told_s: float, late_s: float) -> bool:
    """Whether a camera is called late at an age so different from the one that was told that others should know.

    Who shows its pictures allows a third more than was told, so that a machine that is behind by little is no news.
    """
    return late_s > _SLACK * told_s or 2 * late_s < told_s


def _up(vitals: Vitals, now: Instant, limits: Limits) -> Vitals:
    if vitals.health == "ok":
        return vitals
    wanted = limits.steady if vitals.is_restless else 0 if vitals.health != "late" else 1
    if vitals.in_time >= wanted:
        return replace(vitals, health="ok", since=now.at, since_s=now.s, ok_s=now.s, fault=None, told=frozenset())
    if vitals.health == "late":
        return vitals
    return replace(vitals, health="late", since=now.at, since_s=now.s, fault="slow")


def _down(vitals: Vitals, now: Instant, health: Health, fault: str, limits: Limits) -> Vitals:
    if vitals.health == health:
        # "silent" and "slow" say less than the fault that is known already
        if fault in vitals.told | {"silent", "slow"}:
            return vitals
        return replace(vitals, fault=fault, since=vitals.since + _MOMENT, told=vitals.told | {fault})
    if health == "late" and vitals.health == "lost":
        return vitals  # what is lost does not become late by waiting
    is_restless = vitals.is_restless or (health == "lost" and _is_relapse(vitals, now, limits))
    return replace(
        vitals,
        health=health,
        since=now.at,
        since_s=now.s,
        fault=fault,
        in_time=0,
        is_restless=is_restless,
        told=vitals.told | {fault},
    )


def _is_relapse(vitals: Vitals, now: Instant, limits: Limits) -> bool:
    return vitals.ok_s is not None and now.s - vitals.ok_s <= limits.calm.total_seconds()
