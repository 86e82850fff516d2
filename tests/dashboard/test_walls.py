"""The walls of the configuration, and what an address means."""

import orjson
import pytest

from dashboard.config import LayarSettings, parse_settings
from dashboard.wall_canvas import canvas_said
from dashboard.walls import KINDS, screen_named, sized, wall_named, walls_of
from geodata.errors import BadSettings

TWO = """
[[walls]]
name = "utama"
width_mm = 2420
columns = 2
rows = 2
pixels = [1920, 1080]
screens = [{name = "kiri", shows = "peta"}, {name = "kanan", shows = "angka", width_mm = 700, pixels = [1080, 1920]}]

[[walls]]
name = "rapat"
"""


def walls(text=TWO):
    return walls_of(parse_settings(text, "layar.toml").walls)


def test_without_configuration_there_is_one_wall_that_shows_everything():
    (only,) = walls_of(LayarSettings().walls)
    assert (only.name, [(s.name, s.shows) for s in only.screens]) == ("utama", [("penuh", "penuh")])


def test_an_address_without_names_means_the_first_screen_of_the_first_wall():
    wall = wall_named(walls(), None)
    assert wall.name == "utama"
    assert screen_named(wall, "").name == "kiri"


def test_a_screen_is_found_by_its_name_or_by_what_it_shows():
    wall = wall_named(walls(), "rapat")
    assert [screen_named(wall, kind).shows for kind in KINDS] == list(KINDS)
    assert screen_named(wall_named(walls(), "utama"), "kanan").shows == "angka"


def test_a_kiosk_of_one_wall_is_told_of_that_one_only():
    told = orjson.loads(canvas_said(walls(), "rapat"))
    assert [wall["name"] for wall in told] == ["rapat"]
    assert [wall["name"] for wall in orjson.loads(canvas_said(walls()))] == ["utama", "rapat"]


@pytest.mark.parametrize("name", ["kiri2", "PETA", "../x", "<b>"])
def test_a_name_that_nobody_gave_means_nothing(name):
    assert wall_named(walls(), name) is None
    assert screen_named(walls()[0], name) is None


def test_a_screen_of_another_size_says_so_itself_and_takes_the_rest_from_its_wall():
    wall = walls()[0]
    left, right = (sized(wall, screen) for screen in wall.screens)
    assert (left.width_mm, left.pixels, left.columns) == (2420, (1920, 1080), 2)
    assert (right.width_mm, right.pixels, right.columns, right.farthest_seat_m) == (700, (1080, 1920), 2, 6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[walls]]\nname='a'\n[[walls]]\nname='a'", "one name"),
        ("[[walls]]\nscreens=[{name='a'},{name='a'}]", "one name"),
        ("[[walls]]\nscreens=[]", "at least 1"),
        ("[[walls]]\nname='A b'", "pattern"),
        ("[[walls]]\npixels=[0, 1080]", "100 to"),
        ("[[walls]]\nscreens=[{name='a', shows='semua'}]", "peta"),
        ("[[walls]]\nwidht_mm=3", "no such setting"),
    ],
)
def test_what_cannot_be_is_said_when_it_is_read(text, words):
    with pytest.raises(BadSettings, match=words):
        walls(text)
