"""The mode that screens and exports say: that of the installation, or LATIHAN while an exercise goes on."""

from datetime import datetime

from dashboard.services import Services
from layers.event import Mode
from layers.exercises import exercise_now
from layers.situation import Situation


def shown_mode(mode: Mode, situation: Situation, now: datetime) -> Mode:
    """What every screen says: a demo stays one."""
    return "drill" if mode == "live" and exercise_now(situation, now) else mode


def mode_now(services: Services) -> Mode:
    """What a page or an export of this moment must say."""
    return shown_mode(services.mode, services.hub.situation(), services.clock())
