"""What there is for the director to choose from, read from a situation. Pure."""

from datetime import datetime

from dashboard.director import QUIET, Facts
from dashboard.director_score import candidates
from dashboard.director_settings import DirectorSettings
from layers.scenes import SceneKind
from layers.situation import Situation
from layers.statistics import listed_cameras, open_incidents


def facts_of(situation: Situation, now: datetime, rules: DirectorSettings) -> Facts:
    """The open incidents by score, and the quiet scenes of which something is known."""
    return Facts(
        candidates=candidates(situation, now, rules),
        quiet=tuple(kind for kind in QUIET if _has_data(kind, situation)),
    )


def _has_data(kind: SceneKind, situation: Situation) -> bool:
    if kind == "pressure":
        return bool(open_incidents(situation))
    if kind == "cameras":
        return bool(listed_cameras(situation))
    if kind == "weather":
        return bool(situation.of("weather") or situation.of("water"))
    of_layer = {"funnel": "call_tally", "lifelines": "lifelines"}
    return kind not in of_layer or bool(situation.of(of_layer[kind]))
