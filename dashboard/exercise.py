"""The mode that a page of this moment says: that of the installation, or LATIHAN while an exercise goes on."""

from dashboard.services import Services
from geodata.errors import StoreUnavailable
from layers.event import Mode
from layers.exercises import shown_mode


def mode_now(services: Services) -> Mode:
    """While the log has not been read nobody knows of an exercise: the page learns of it by the live message."""
    try:
        return shown_mode(services.mode, services.hub.situation(), services.clock())
    except StoreUnavailable:
        return services.mode
