"""The ground of the city that the settings name; apart from the settings, for it brings the heavy libraries of maps."""

from pathlib import Path

from dashboard.config import load_settings
from geodata.ground import load_ground
from geodata.places import Ground


def ground_of(data_dir: Path) -> Ground:
    """The city that this folder serves: what its settings say, else the one in use."""
    return load_ground(data_dir, load_settings(data_dir).city.code)
