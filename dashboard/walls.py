"""The walls of the room as `layar.toml` names them: how large, how far away, and what each of their screens shows.

A wall has one or more screens, each a browser of its own; all screens of one wall share its director and its clock.
Sizes are said once for the wall and again only for a screen that is another size. How large letters must be for
these sizes says `dashboard/wall_sizes.py`.
"""

from collections.abc import Sequence
from typing import Literal, get_args

from pydantic import Field, model_validator

from geodata.settings import Settings

Shows = Literal["peta", "kamera", "angka", "adegan", "penuh"]
KINDS: tuple[Shows, ...] = get_args(Shows)
FIRST = "utama"
_NAME = r"^[a-z0-9][a-z0-9-]{0,31}$"
_LEAST_PIXELS, _MOST_PIXELS = 100, 16_384
_ONE_PANEL = (1920, 1080)


class ScreenSettings(Settings):
    """[[walls.screens]] one browser of a wall; what it does not say is as the wall says it."""

    name: str = Field(pattern=_NAME, description="its name in the address: /wall?wall=…&screen=…")
    shows: Shows = Field(default="penuh", description="peta, kamera, angka, adegan or penuh (all of them)")
    width_mm: float | None = Field(default=None, ge=200, le=60_000, description="width of the picture in millimetres")
    height_mm: float | None = Field(default=None, ge=100, le=60_000, description="height of the picture in millimetres")
    columns: int | None = Field(default=None, ge=1, le=12, description="panels side by side")
    rows: int | None = Field(default=None, ge=1, le=12, description="panels one above the other")
    bezel_mm: float | None = Field(default=None, ge=0, le=100, description="dark gap between two pictures")
    pixels: tuple[int, int] | None = Field(default=None, description="width and height of one panel in pixels")
    farthest_seat_m: float | None = Field(default=None, ge=0.5, le=60, description="metres to the farthest reader")


class WallSettings(Settings):
    """[[walls]] one wall of the room: its size, its panels, who must be able to read it, and its screens."""

    name: str = Field(default=FIRST, pattern=_NAME, description="name of the wall, as in /wall?wall=utama")
    width_mm: float = Field(
        default=5200, ge=200, le=60_000, description="width of one screen's picture in millimetres, all panels together"
    )
    height_mm: float | None = Field(
        default=None, ge=100, le=60_000, description="its height in millimetres; left out: as the pixels say"
    )
    columns: int = Field(default=1, ge=1, le=12, description="panels side by side that make one screen")
    rows: int = Field(default=1, ge=1, le=12, description="panels one above the other that make one screen")
    bezel_mm: float = Field(default=0, ge=0, le=100, description="dark gap in millimetres between two pictures")
    pixels: tuple[int, int] = Field(
        default=_ONE_PANEL, description="width and height in pixels of what one panel is sent"
    )
    farthest_seat_m: float = Field(
        default=6, ge=0.5, le=60, description="metres from the screen to whoever must read it from farthest away"
    )
    screens: tuple[ScreenSettings, ...] = Field(
        default=(ScreenSettings(name="penuh"),), min_length=1, description="its browsers, each with what it shows"
    )

    @model_validator(mode="after")
    def _is_possible(self) -> "WallSettings":
        names = [screen.name for screen in self.screens]
        if len(set(names)) < len(names):
            raise ValueError(f"screens: two screens of {self.name} have one name")
        for pixels in (self.pixels, *(screen.pixels for screen in self.screens if screen.pixels)):
            if not all(_LEAST_PIXELS <= side <= _MOST_PIXELS for side in pixels):
                raise ValueError(f"pixels: a side of a panel has {_LEAST_PIXELS} to {_MOST_PIXELS} pixels")
        return self


def with_names_of_their_own(walls: tuple[WallSettings, ...]) -> tuple[WallSettings, ...]:
    """The same walls; raises ValueError where two have one name."""
    names = [wall.name for wall in walls]
    if len(set(names)) < len(names):
        raise ValueError("two walls have one name")
    return walls


def walls_of(configured: Sequence[WallSettings]) -> tuple[WallSettings, ...]:
    """The walls of this city; where none is configured, one of an assumed size that shows everything."""
    return tuple(configured) or (WallSettings(),)


def wall_named(walls: Sequence[WallSettings], name: str | None) -> WallSettings | None:
    """The wall of that name; the first where none is asked for; None where there is no such wall."""
    if not name:
        return walls[0]
    return next((wall for wall in walls if wall.name == name), None)


def screen_named(wall: WallSettings, name: str | None) -> ScreenSettings | None:
    """The screen of that name, or what `name` shows where no screen is called so; None where it means nothing."""
    if not name:
        return wall.screens[0]
    found = next((screen for screen in wall.screens if screen.name == name), None)
    shown = next((kind for kind in KINDS if kind == name), None)
    return found or (ScreenSettings(name=shown, shows=shown) if shown else None)


def sized(wall: WallSettings, screen: ScreenSettings) -> WallSettings:
    """The wall as this one screen of it is: its own sizes where it says them."""
    own = {key: getattr(screen, key) for key in _SIZES if getattr(screen, key) is not None}
    if "width_mm" in own or "pixels" in own:
        own.setdefault("height_mm", None)
    return wall.model_copy(update=own)


_SIZES = ("width_mm", "height_mm", "columns", "rows", "bezel_mm", "pixels", "farthest_seat_m")
