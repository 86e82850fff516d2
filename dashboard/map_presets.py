"""Sets of layers for common questions, of which a hand at the map chooses one: ours, unless the city names its own."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from geodata.settings import Settings


class PresetSettings(Settings):
    """[[presets]] a set of layers that one press shows."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,30}$", description="its name in the address: /wall?preset=banjir")
    id: str = Field(min_length=1, max_length=30, description="its name in Indonesian")
    en: str = Field(min_length=1, max_length=30, description="its name in English")
    layers: tuple[str, ...] = Field(default=(), description="keys of the layers that are shown; none: all of them")


_GROUND = ("kelurahan", "disasters")
USUAL: tuple[PresetSettings, ...] = (
    PresetSettings(key="semua", id="Semua", en="All"),
    PresetSettings(key="kejadian", id="Kejadian", en="Incidents", layers=("incidents", "responders", *_GROUND)),
    PresetSettings(
        key="banjir",
        id="Banjir",
        en="Flood",
        layers=("incidents", "floods", "water", "tides", "weather", "alerts", "shelters", "public_reports", *_GROUND),
    ),
    PresetSettings(key="kamera", id="Kamera", en="Cameras", layers=("incidents", "cameras", *_GROUND)),
    PresetSettings(
        key="relawan", id="Relawan", en="Volunteers", layers=("incidents", "responders", "markers", *_GROUND)
    ),
)


def presets(own: Sequence[PresetSettings]) -> list[dict[str, Any]]:
    """As JSON."""
    return [{"key": one.key, "title": {"id": one.id, "en": one.en}, "layers": list(one.layers)} for one in own or USUAL]
