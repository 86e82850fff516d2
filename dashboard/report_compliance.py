"""How many answers came within the minutes that the rules ask for, and which records say nothing of it. Pure.

What has no time, or times that contradict each other, is listed and never counted as late or in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.report_words import Tongue
from geodata.city import City
from layers.incident_answer import FLAW_WORDS, flaws
from layers.incident_facts import STATUS_WORDS, Incident
from layers.intervals import REASON_WORDS, Reason, interval_of

RULE_MIN = 15.0
"""Permendagri 114/2018: from the report until trained people are on the scene."""
_MINUTE_S = 60.0
_INDONESIAN = Tongue("id")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One record without a usable time. `why` says which times contradict each other, where they do."""

    incident: Incident
    reason: Reason
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compliance:
    """`n` have a time, `within` of them came in time; `late` are the others with their seconds, the slowest first."""

    minutes: float
    n: int
    within: int
    late: tuple[tuple[Incident, float], ...]
    left_out: tuple[LeftOut, ...]

    @property
    def share(self) -> float | None:
        """None where nothing has a time."""
        return self.within / self.n if self.n else None


def compliance(
    incidents: Iterable[Incident], city: City, minutes: float = RULE_MIN, say: Tongue = _INDONESIAN
) -> Compliance:
    """From the report until the first was on the scene."""
    told: list[tuple[Incident, float]] = []
    left: list[LeftOut] = []
    for incident in incidents:
        value = interval_of(incident, "first_on_scene", city)
        if isinstance(value, str):
            left.append(LeftOut(incident=incident, reason=value, why=_why(incident, value, say)))
        else:
            told.append((incident, value))
    late = [(incident, seconds) for incident, seconds in told if seconds > minutes * _MINUTE_S]
    return Compliance(
        minutes=minutes,
        n=len(told),
        within=len(told) - len(late),
        late=tuple(sorted(late, key=lambda one: (-one[1], one[0].id))),
        left_out=tuple(sorted(left, key=lambda one: (one.reason, one.incident.id))),
    )


def _why(incident: Incident, reason: Reason, say: Tongue) -> str:
    said = say.of(REASON_WORDS[reason])
    if reason != "impossible":
        return said
    named = {f"{say.of(STATUS_WORDS[one.status])} {say.of(FLAW_WORDS[one.flaw])}" for one in flaws(incident)}
    return f"{said}: {', '.join(sorted(named))}" if named else said
