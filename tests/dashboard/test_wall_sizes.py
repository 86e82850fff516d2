"""How large letters must be: PRODUCT.md's numbers, and what follows from them."""

import math
from pathlib import Path

import font_rhd
import font_source_sans_pro
import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from dashboard.wall_sizes import CAP_RATIO, LEAST_ARCMIN, arcmin_of, canvas_of, cap_height_mm, turned, type_px
from dashboard.walls import WallSettings

FACES = [Path(font_rhd.font_directory) / f"RedHatDisplay-{weight}.ttf" for weight in ("Medium", "Bold", "Black")] + [
    Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{weight}.ttf" for weight in ("Regular", "Semibold")
]
WALLS = [
    WallSettings(),
    WallSettings(width_mm=1210),
    WallSettings(width_mm=2420, columns=2, rows=2),
    WallSettings(width_mm=6050, columns=5, rows=4, farthest_seat_m=10),
    WallSettings(width_mm=680, pixels=(1080, 1920), farthest_seat_m=3),
]


def test_sixteen_minutes_at_six_metres_are_capitals_of_28_millimetres():
    assert cap_height_mm(6) == pytest.approx(27.93, abs=0.01)


@pytest.mark.parametrize(("pitch_mm", "pixels"), [(0.634, 63), (1.268, 32)])
def test_that_is_63_pixels_of_a_55_inch_panel_and_32_where_the_same_picture_feeds_four(pitch_mm, pixels):
    assert type_px(6, pitch_mm, cap_ratio=0.7) == pytest.approx(pixels, abs=0.6)


def test_the_angle_and_the_height_say_the_same():
    assert arcmin_of(cap_height_mm(7.3), 7.3) == pytest.approx(LEAST_ARCMIN)


def test_no_face_in_use_has_lower_capitals_than_is_counted_with():
    ratios = []
    for face in FACES:
        font = TTFont(face)
        pen = BoundsPen(font.getGlyphSet())
        font.getGlyphSet()["H"].draw(pen)
        ratios.append(pen.bounds[3] / font["head"].unitsPerEm)
    assert min(ratios) == pytest.approx(CAP_RATIO)


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: f"{wall.width_mm:g}")
def test_the_smallest_text_of_every_wall_fills_sixteen_minutes(wall):
    canvas = canvas_of(wall)
    assert canvas.arcmin >= LEAST_ARCMIN - 1e-9
    cap_mm = canvas.root_share * wall.width_mm * CAP_RATIO
    assert arcmin_of(cap_mm, wall.farthest_seat_m) == pytest.approx(canvas.arcmin)


def test_a_nearer_seat_makes_letters_smaller_but_never_finer_than_the_layout():
    near, far = (canvas_of(WallSettings(width_mm=1210, farthest_seat_m=seat)) for seat in (1, 6))
    assert near.wide_rem == pytest.approx(120)
    assert far.wide_rem < near.wide_rem / 4


def test_a_wall_on_its_side_has_the_same_letters():
    wall = WallSettings(width_mm=1210, farthest_seat_m=3)
    on_its_side = turned(wall)
    assert on_its_side.pixels == (1080, 1920)
    assert math.isclose(
        canvas_of(wall).root_share * wall.width_mm, canvas_of(on_its_side).root_share * on_its_side.width_mm
    )
