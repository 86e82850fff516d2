"""The walls that are measured: each with the windows it is looked at in. Real sizes of real panels."""

from dataclasses import dataclass

from dashboard.walls import WallSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One screen of one wall in a window of so many pixels."""

    wall: WallSettings
    screen: str
    pixels: tuple[int, int]

    @property
    def name(self) -> str:
        """What a failing test says."""
        return f"{self.wall.name}-{self.screen}-{self.pixels[0]}"

    @property
    def pitch_mm(self) -> float:
        """How wide a pixel of that window is on the wall."""
        return self.wall.width_mm / self.pixels[0]


HALL = WallSettings(name="balai", width_mm=5200)
TWO = WallSettings(name="dua", width_mm=2420, columns=2, rows=2, bezel_mm=3.5)
FIVE = WallSettings(name="lima", width_mm=6050, columns=5, rows=4, bezel_mm=3.5)
UPRIGHT = WallSettings(name="tegak", width_mm=680, pixels=(1080, 1920), farthest_seat_m=3)
FAR = WallSettings(name="jauh", width_mm=1210)
WALLS = (HALL, TWO, FIVE, UPRIGHT, FAR)

CLASSIC = Layout(wall=HALL, screen="penuh", pixels=(1920, 1080))
LAYOUTS = (
    CLASSIC,
    Layout(wall=HALL, screen="angka", pixels=(3840, 2160)),
    Layout(wall=TWO, screen="kamera", pixels=(1920, 1080)),
    Layout(wall=TWO, screen="penuh", pixels=(1920, 1080)),
    Layout(wall=TWO, screen="angka", pixels=(1920, 1080)),
    Layout(wall=FIVE, screen="penuh", pixels=(2400, 1080)),
    Layout(wall=FIVE, screen="adegan", pixels=(2400, 1080)),
    Layout(wall=UPRIGHT, screen="peta", pixels=(1080, 1920)),
    Layout(wall=UPRIGHT, screen="angka", pixels=(1080, 1920)),
    Layout(wall=FAR, screen="penuh", pixels=(1920, 1080)),
)
"""Ten that differ: one window and many panels, flat and upright, far and near, with a map and without."""
