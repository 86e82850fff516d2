"""The wall's frame: every place a script fills is there, once; the figure is set once; nothing calls back."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboard.components.figures import FIGURES
from dashboard.components.map import STYLE_URL, first_figure
from dashboard.components.map_legend import city_inset
from dashboard.pages import camera_wall, wall
from dashboard.pages.wall import PAGE, credit
from dashboard.style import tokens
from geodata.ground import load_ground

ASSETS = Path(wall.__file__).parents[2] / "assets"
SCRIPTS = {path.name: path.read_text("utf-8") for path in sorted(ASSETS.glob("*.js"))}
WALLS_OWN = {name: text for name, text in SCRIPTS.items() if name < "50"}
SETTINGS = SimpleNamespace(walls=())
SHEETS = {path.name: path.read_text("utf-8") for path in sorted(ASSETS.glob("*.css"))}


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    return load_ground(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def page(ground):
    return PAGE.layout(SimpleNamespace(ground=ground, build="1+abc", mode="demo", settings=SETTINGS))


def ids(component):
    return [part.id for part in [component, *component._traverse()] if getattr(part, "id", None)]


def test_every_place_a_script_fills_is_on_a_page(page, ground):
    asked = {name for text in WALLS_OWN.values() for name in re.findall(r'slot\("([\w-]+)"\)', text)}
    asked |= {f"wall-figure-{name}" for name in re.findall(r'figure\("(\w+)"', SCRIPTS["30-header.js"])}
    assert len(asked) > 15
    cameras = camera_wall.PAGE.layout(SimpleNamespace(ground=ground, build="1+abc", mode="demo", settings=SETTINGS))
    assert asked <= {*ids(page), *ids(cameras)}


def test_no_id_is_used_twice(page):
    assert len(ids(page)) == len(set(ids(page)))


def test_every_figure_of_the_frame_is_filled_by_the_script():
    assert set(re.findall(r'figure\("(\w+)"', SCRIPTS["30-header.js"])) == set(FIGURES)


def test_the_page_says_which_build_made_it_and_what_mode_it_is(page):
    said = page.to_plotly_json()["props"]
    assert (said["data-build"], said["data-mode"]) == ("1+abc", "demo")


def test_the_map_takes_its_style_by_address():
    layout = first_figure(117.1, -0.5).to_plotly_json()["layout"]
    assert layout["map"]["style"] == STYLE_URL
    assert layout["map"]["center"] == {"lon": 117.1, "lat": -0.5}


def test_the_boundaries_are_credited_by_their_own_words(ground):
    assert "batas perkiraan" in credit(ground.places)


@pytest.mark.parametrize(("code", "id_words", "en_words"), [
    ("64.72", "Kota Uji", "City of Uji"), ("64.02", "Kabupaten Uji", "Regency of Uji"),
])  # fmt: skip
def test_a_kabupaten_is_not_called_a_city(ground, code, id_words, en_words):
    place = ground.city.model_copy(update={"code": code, "name": "Uji"})
    shown = str(city_inset("i", place))
    assert id_words in shown
    assert en_words in shown


def test_every_token_a_sheet_or_script_names_exists():
    set_by_scripts = {"--map-scale", "--map-width", "--map-height", "--bar", "--done", "--part", "--down"}
    set_by_scripts |= {"--across", "--columns", "--bezel", "--high", "--north", "--sign", "--wide", "--scale"}
    set_by_sheets = {name for text in SHEETS.values() for name in re.findall(r"(--[\w-]+):", text)}
    used = {name for text in SHEETS.values() for name in re.findall(r"var\((--[\w-]+)", text)}
    used |= {name for text in SCRIPTS.values() for name in re.findall(r'token\("(--[\w-]+)"\)', text)}
    assert used - set(tokens()) <= set_by_scripts | set_by_sheets


def test_no_script_writes_markup_or_evaluates_text():
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert not [name for name, text in SCRIPTS.items() if forbidden.search(text)]


def test_one_script_alone_knows_where_plotly_keeps_its_map():
    assert [name for name, text in SCRIPTS.items() if "_fullLayout" in text or "_subplot" in text] == ["20-map.js"]


def test_every_script_and_sheet_opens_by_saying_what_it_is_for():
    assert all(text.startswith("/* ") for text in (*SCRIPTS.values(), *SHEETS.values()))


def test_nothing_names_another_machine():
    assert not [name for name, text in (SCRIPTS | SHEETS).items() if re.search(r"https?://|//cdn", text)]


def test_no_text_on_the_wall_is_smaller_than_sixteen_pixels():
    small = []
    for name, text in SHEETS.items():
        sizes = re.findall(r"font(?:-size)?:[^;]*?([\d.]+)(rem|px)", text)
        small += [(name, size, unit) for size, unit in sizes if float(size) * (16 if unit == "rem" else 1) < 16]
    assert not small


def test_nothing_flashes_more_often_than_three_times_a_second():
    text = "".join(SHEETS.values())
    assert not re.findall(r"animation:[^;]*infinite", text)
    durations = [float(ms) for ms in re.findall(r"animation: \w+ ([\d.]+)ms", text)]
    assert durations
    assert min(durations) >= 340
    assert "prefers-reduced-motion" in text
