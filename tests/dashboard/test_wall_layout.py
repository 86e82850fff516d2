"""What stands where on a wall: over many sizes nothing overlaps, nothing is cut by a panel's edge."""

from itertools import combinations

import pytest

from dashboard.wall_layout import LEAST_CELL_REM, Arrangement, arranged, boxes
from dashboard.wall_sizes import canvas_of, turned
from dashboard.walls import KINDS, WallSettings

OVER_THE_MAP = {"status", "banners", "legend", "clock", "chip"}
SIZES = {
    "hall": WallSettings(),
    "one-55": WallSettings(width_mm=1210),
    "one-65-near": WallSettings(width_mm=1430, farthest_seat_m=3),
    "two-by-two": WallSettings(width_mm=2420, columns=2, rows=2, bezel_mm=3.5),
    "three-by-three": WallSettings(width_mm=3630, columns=3, rows=3, bezel_mm=3.5),
    "five-by-four": WallSettings(width_mm=6050, columns=5, rows=4, bezel_mm=3.5),
    "five-by-four-near": WallSettings(width_mm=6050, columns=5, rows=4, bezel_mm=3.5, farthest_seat_m=2),
    "strip": WallSettings(width_mm=3630, columns=3, rows=1),
    "pillar": WallSettings(width_mm=680, pixels=(1080, 1920), farthest_seat_m=3),
}
SIZES |= {f"{name}-turned": turned(wall) for name, wall in SIZES.items()}
ALL = [pytest.param(kind, wall, id=f"{kind}-{name}") for kind in KINDS for name, wall in SIZES.items()]


def made(kind: str, wall: WallSettings) -> Arrangement:
    return arranged(kind, wall, canvas_of(wall))


def meet(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    return all(one[i] < two[i] + two[i + 2] - 1e-9 and two[i] < one[i] + one[i + 2] - 1e-9 for i in (0, 1))


@pytest.mark.parametrize(("kind", "wall"), ALL)
def test_nothing_lies_outside_or_on_anything_but_the_map(kind, wall):
    here = made(kind, wall)
    across, down = here.cells
    for _, (left, top, wide, high) in boxes(here):
        assert left >= 0
        assert top >= 0
        assert left + wide <= across + 1e-9
        assert top + high <= down + 1e-9
        assert wide > 0
        assert high > 0
    for (one, first), (two, second) in combinations(boxes(here), 2):
        if "banners" in (one, two) or ("map" in (one, two) and {one, two} & OVER_THE_MAP):
            continue
        assert not meet(first, second), (one, two)


@pytest.mark.parametrize(("kind", "wall"), ALL)
def test_a_map_that_follows_the_director_has_room_to_say_why(kind, wall):
    here = made(kind, wall)
    _, _, wide, high = here.parts.get("map", (0, 0, 1, 1))
    assert {"scene", "chip"} & set(here.parts) or here.is_classic or (wide <= 1 and high <= 1)


@pytest.mark.parametrize(("kind", "wall"), ALL)
def test_what_is_read_stays_inside_one_panel(kind, wall):
    here = made(kind, wall)
    if wall.columns * wall.rows == 1:
        return
    per = (here.cells[0] / wall.columns, here.cells[1] / wall.rows)
    for name, box in boxes(here):
        if name in {"map", "cameras"} or (name == "scene" and kind == "adegan"):
            continue
        for axis in (0, 1):
            first, last = box[axis] / per[axis], (box[axis] + box[axis + 2]) / per[axis]
            assert int(first + 1e-9) == int(last - 1e-9), name


@pytest.mark.parametrize("name", ["two-by-two", "three-by-three", "five-by-four", "hall-turned"])
def test_a_wall_that_shows_everything_has_map_list_figures_and_clock(name):
    here = made("penuh", SIZES[name])
    assert {"map", "clock", "figures", "status", "banners"} <= set(here.parts)
    assert here.lists


def test_larger_letters_show_fewer_things_never_smaller_text():
    cells = [made("angka", WallSettings(width_mm=2420, farthest_seat_m=seat)).cells for seat in (2, 4, 6, 9)]
    assert [across * down for across, down in cells] == sorted((a * d for a, d in cells), reverse=True)
    assert cells[0] > cells[-1]


@pytest.mark.parametrize("name", ["hall", "two-by-two", "five-by-four", "one-65-near", "pillar"])
def test_every_cell_holds_a_text(name):
    canvas, here = canvas_of(SIZES[name]), made("angka", SIZES[name])
    assert canvas.wide_rem / here.cells[0] >= LEAST_CELL_REM[0]
    assert canvas.high_rem / here.cells[1] >= LEAST_CELL_REM[1]


def test_the_hall_has_the_map_to_all_edges():
    assert made("penuh", SIZES["hall"]).is_classic
