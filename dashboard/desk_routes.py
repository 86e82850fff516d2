"""All routes of the camera desk, joined. Admins only."""

from pathlib import Path

from flask import Flask

from dashboard import camera_desk, desk_lists, desk_onvif, desk_teach, desk_trial
from dashboard.auth import Access
from dashboard.desk import desk_for
from dashboard.services import Services

_ROOMS = (camera_desk, desk_lists, desk_onvif, desk_teach, desk_trial)
ACCESS: Access = {endpoint: who for room in _ROOMS for endpoint, who in room.ACCESS.items()}


def register(server: Flask, services: Services, data_dir: Path) -> None:
    """Add them."""
    desk = desk_for(services, data_dir)
    for room in _ROOMS:
        room.register(server, desk)
