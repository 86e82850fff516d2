"""What is said of walls that cannot hold what they are to show."""

import pytest

from dashboard.wall_fit import fit_of, fits, lines
from dashboard.wall_layout import LEAST_CELL_REM
from dashboard.wall_sizes import canvas_of
from dashboard.walls import ScreenSettings, WallSettings

FULL = ScreenSettings(name="penuh")
FAR = WallSettings(width_mm=1210)


def test_the_assumed_wall_holds_everything_and_nothing_is_said_against_it():
    (line,) = lines([])
    assert line == "wall      utama · penuh: shows penuh, 120 by 68 letters, each 16 px"


def test_one_panel_read_from_afar_has_no_room_for_all_and_the_layouts_that_fit_are_named():
    fit = fit_of(FAR, FULL)
    assert {"map", "cameras"} <= set(fit.missing)
    assert fit.text_fits
    assert all(not fit_of(FAR, ScreenSettings(name="x", shows=kind)).missing for kind in fit.instead)
    assert any("NO ROOM for map" in line for line in lines([FAR]))


@pytest.mark.parametrize(
    "wall",
    [WallSettings(width_mm=680, pixels=(1080, 1920)), WallSettings(width_mm=600), WallSettings(farthest_seat_m=40)],
)
def test_a_screen_too_small_for_a_line_of_text_is_said_with_a_seat_and_a_width_that_do(wall):
    fit = fit_of(wall, FULL)
    assert not fit.text_fits
    for mended in ({"farthest_seat_m": fit.seat_m}, {"width_mm": fit.width_mm}):
        canvas = canvas_of(wall.model_copy(update=mended))
        assert canvas.wide_rem >= LEAST_CELL_REM[0] - 1e-6
        assert canvas.high_rem >= LEAST_CELL_REM[1] - 1e-6
    assert any("TOO SMALL" in line for line in lines([wall]))


def test_a_screen_is_judged_by_its_own_size():
    wall = WallSettings(screens=(FULL, ScreenSettings(name="kecil", shows="angka", width_mm=600)))
    assert [fit.text_fits for fit in fits([wall])] == [True, False]
