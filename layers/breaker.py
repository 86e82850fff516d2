"""How long to wait after a failure: soon at first, ever longer, and at last a rest. Pure."""

from dataclasses import dataclass

RESTS_FROM = 6
_FIRST_S = 5.0
_LONGEST_S = 300.0
_REST_S = 900.0
_LONGEST_ASKED_S = 3600.0
_JITTER = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Wait so long. `is_resting`: the circuit breaker is open; the next try is a single, careful one."""

    wait_s: float
    is_resting: bool


def pause_after(failures: int, every_s: float, chance: float, asked_s: float | None = None) -> Pause:
    """The pause after that many failures in a row of something that is due `every_s`.

    `chance` (0 to 1) spreads those who failed together. `asked_s`: how long the other side asked us to wait; it is
    obeyed up to an hour.
    """
    is_resting = failures >= RESTS_FROM
    first_s = min(every_s, _FIRST_S)
    doubled_s = min(first_s * 2.0 ** (min(failures, RESTS_FROM) - 1), max(every_s, _LONGEST_S))
    usual_s = max(min(_REST_S, 20 * every_s), every_s) if is_resting else doubled_s
    wait_s = usual_s * (1 - _JITTER + 2 * _JITTER * chance)
    if asked_s is not None:
        wait_s = max(wait_s, min(asked_s, _LONGEST_ASKED_S))
    return Pause(wait_s=wait_s, is_resting=is_resting)
