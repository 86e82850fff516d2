"""When is a lost camera tried again? Soon enough to be seen within five seconds of its return, never as a hammer. Pure.

Opening a camera may be dear, and a wrong password tried too often locks the account; a knock at its door, a TCP
connection without a word, is neither. Reasons and figures: `docs/cameras.md`, "What each state means".
"""

from collections.abc import Collection
from dataclasses import dataclass

SHUT: Collection[str] = frozenset({"refused", "timed_out", "unreachable", "unknown_host"})
"""Faults with which the door may be shut: nobody said a word."""

NEVER = float("inf")
_SOONEST_S = 1.0
_QUICK_S = 3.0
_LONGEST_S = 30.0
_KNOCK_S = 1.5
_SELDOM_KNOCK_S = 3.0
_JITTER = 0.3
_MOST_DOUBLINGS = 16
_SPARED = 25.0
_SECOND_PASSWORD_S = 15.0
_LATER_PASSWORDS_S = 600.0
_PASSWORDS_TWO_WAYS_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a try ended: the `count`th in a row, after `took_s`.

    `cpu_s` is what it cost without giving a picture. `passwords` is how many in a row refused our password, and
    `ways` at how many doors each showed it.
    """

    fault: str
    count: int = 1
    took_s: float = 0.0
    cpu_s: float = 0.0
    passwords: int = 0
    ways: int = 1
    has_door: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Try again after `longest_s`, or as soon as the door, knocked at every `knock_s`, opens that was shut."""

    longest_s: float
    knock_s: float = NEVER
    is_shut: bool = False


def wait_after(failure: Failure, chance: float) -> Wait:
    """How to wait before the next try, a little differently each time as `chance` (0 to 1) falls."""
    seldom_s = _SELDOM_KNOCK_S + chance if failure.has_door else NEVER
    if failure.passwords:
        wait_s = _LATER_PASSWORDS_S
        if failure.ways > 1:
            wait_s = _PASSWORDS_TWO_WAYS_S
        elif failure.passwords == 1:
            wait_s = _SECOND_PASSWORD_S
        return Wait(longest_s=wait_s * (1 + _JITTER * chance), knock_s=seldom_s)
    doubled_s = _SOONEST_S * 2.0 ** (min(failure.count, _MOST_DOUBLINGS) - 1)
    if failure.fault in SHUT and failure.has_door:
        longest_s = min(_LONGEST_S, doubled_s * (1 + _JITTER * (2 * chance - 1)))
        return Wait(longest_s=max(_SOONEST_S, longest_s), knock_s=_KNOCK_S + chance, is_shut=True)
    quick_s = min(_QUICK_S, doubled_s) * (1 - _JITTER * chance) - failure.took_s
    longest_s = min(_LONGEST_S, max(_SOONEST_S, quick_s, _SPARED * failure.cpu_s))
    return Wait(longest_s=longest_s, knock_s=seldom_s if longest_s > seldom_s else NEVER)
