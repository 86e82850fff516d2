"""The words of the health page: what was looked at, and what is said of one part of the installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dashboard.degraded import Signs, Trouble
from dashboard.health_machine import Machine
from dashboard.supervisor import ChildState
from layers.layer import Words
from layers.situation import Situation

Mood = Literal["good", "warn", "grave", "lost", "off"]
"""`lost`: nobody knows. `off`: this city does not use it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that was looked at. `situation` is None while the log has not been read, `processes` where nobody tells.

    `behind_s`: since the screens last followed the log. `heartbeat_at` and the rest of the signs are the machine's.
    """

    now: datetime
    situation: Situation | None
    signs: Signs
    troubles: Sequence[Trouble]
    processes: Sequence[ChildState] | None
    machine: Machine
    behind_s: float | None

    def child(self, name: str) -> ChildState | None:
        """How a process is doing; None where there is none of that name, or nobody tells."""
        return next((state for state in self.processes or () if state.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A detail for who runs it."""

    label: Words
    value: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: how it is, since when, what to do. `remedy` is None where nothing is to be done."""

    key: str
    title: Words
    mood: Mood
    said: Words
    since: datetime | None = None
    remedy: Words | None = None
    lines: tuple[Line, ...] = ()
