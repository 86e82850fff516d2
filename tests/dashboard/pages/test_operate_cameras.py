"""The camera desk's frame: every place a script fills is there, once, and the words it needs come along."""

import re
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from cctv.camera import discover_sources
from cctv.truth import FAULT_KINDS
from dashboard.components.desk_words import PERIOD_REASONS
from dashboard.pages import operate_cameras
from dashboard.pages.operate_cameras import PAGE
from geodata.ground import load_ground

ASSETS = Path(operate_cameras.__file__).parents[2] / "assets"
SCRIPTS = {path.name: path.read_text("utf-8") for path in sorted(ASSETS.glob("5*-desk*.js"))}


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    return load_ground(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def page(ground):
    return PAGE.layout(SimpleNamespace(ground=ground, mode="live"))


@pytest.fixture(scope="module")
def words(page):
    return orjson.loads(page.to_plotly_json()["props"]["data-words"])


def ids(component):
    return [part.id for part in [component, *component._traverse()] if getattr(part, "id", None)]


def test_every_place_a_script_fills_is_on_the_page_or_made_by_a_script(page):
    everything = "".join(SCRIPTS.values())
    asked = {f"desk-{name}" for name in re.findall(r'desk\.part\("([\w-]+)"\)', everything)}
    made = set(re.findall(r'id: "(desk-[\w-]+)"', everything))
    made |= {f"desk-field-{name}" for name in re.findall(r'make\("([\w-]+)"', everything)}
    made |= {f"desk-dialog-{name}" for name in re.findall(r'(?:dialog|confirm)\(\s*"([\w-]+)"', everything)}
    assert len(asked) > 20
    assert asked - made <= set(ids(page))


def test_no_id_is_used_twice(page):
    assert len(ids(page)) == len(set(ids(page)))


def test_only_admins_may_open_it():
    assert PAGE.roles == {"admin"}


def test_every_key_the_server_may_say_has_a_word(words, ground):
    assert set(words["signs"]) == {"late", "lost", *FAULT_KINDS}
    assert set(words["kinds"]) == set(discover_sources().found)
    assert set(words["periods"]) == set(PERIOD_REASONS)
    assert len(words["kelurahan"]) == len(ground.places.areas)
    assert all(words[group] for group in ("health", "rungs", "reasons", "below"))


def test_every_kind_of_camera_is_explained_and_not_only_named(words):
    assert not [kind for kind, said in words["kinds"].items() if said == kind]


def test_every_field_of_a_camera_can_be_filled_in():
    bound = set(re.findall(r'make\("([\w.]+)"', SCRIPTS["57-desk-sheets.js"]))
    assert bound >= {
        "id", "name", "url", "kind", "snapshot_address", "user", "password", "group", "owner", "kelurahan", "night",
        "audience", "period_s", "lon", "lat", "azimuth_deg", "fov_deg", "range_m",
    }  # fmt: skip


def test_every_text_of_the_scripts_has_its_english_and_no_english_is_left_over():
    english = (ASSETS / "49-desk-english.js").read_text("utf-8")
    book = set(re.findall(r'^ {4}"((?:[^"\\]|\\.)*)":', english, re.MULTILINE))
    book = {text.replace('\\"', '"') for text in book}
    said = {key for script in SCRIPTS.values() for key in keys_said(script)}
    assert len(said) > 150
    assert said == book


def keys_said(script):
    """The texts behind t`…`, also within one another, with {} for each hole."""
    for start in (found.end() for found in re.finditer(r"(?<![\w`])t`", script)):
        text, place = "", start
        while script[place] != "`":
            if script.startswith("${", place):
                place = hole_end(script, place + 2)
                text += "{}"
            else:
                text += script[place]
                place += 1
        yield text


def hole_end(script, place):
    """Where the hole ends that begins there."""
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(script[place], 0)
        place += 1
    return place
