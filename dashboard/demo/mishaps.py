"""What goes wrong with simulated cameras, and when: a script over time, the same for the same camera. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Mishap = Literal["none", "late", "frozen", "dead"]
LATE_STEP_S = 40.0
"""A late camera takes a new picture only this often, and says honestly when it took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Out of every `cycle_s` seconds the first `for_s` bring the mishap; equal numbers mean always."""

    mishap: Mishap
    cycle_s: float
    for_s: float


SCRIPTS: Mapping[str, Script] = MappingProxyType(
    {
        "CAM-27": Script(mishap="dead", cycle_s=1.0, for_s=1.0),
        "CAM-10": Script(mishap="dead", cycle_s=540.0, for_s=170.0),
        "CAM-21": Script(mishap="dead", cycle_s=900.0, for_s=75.0),
        "CAM-20": Script(mishap="late", cycle_s=600.0, for_s=240.0),
        "CAM-17": Script(mishap="frozen", cycle_s=780.0, for_s=330.0),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a camera is at a moment; `shows_s` is the moment its picture shows, in epoch seconds.

    A `frozen` camera goes on saying that its picture is new: only the picture itself gives it away.
    """

    mishap: Mishap
    shows_s: float


def condition_of(camera: str, seconds: float, phase_s: float = 0.0) -> Condition:
    """The condition of that camera; `phase_s` moves the script in time (the seed of a demo)."""
    script = SCRIPTS.get(camera)
    if script is None:
        return Condition(mishap="none", shows_s=seconds)
    into = (seconds + phase_s) % script.cycle_s
    if into >= script.for_s:
        return Condition(mishap="none", shows_s=seconds)
    shown = {"late": seconds - seconds % LATE_STEP_S, "frozen": seconds - into}
    return Condition(mishap=script.mishap, shows_s=shown.get(script.mishap, seconds))
