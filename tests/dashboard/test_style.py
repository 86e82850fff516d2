"""The map's style: every colour from the tokens, every source known, no icon that could reach the network."""

import dataclasses
import re

import pytest

from dashboard.style import (
    ASSETS,
    THEMES,
    UNKNOWN_ICON,
    UnknownToken,
    fragments,
    map_style,
    resolved,
    stacked,
    tokens,
    tokens_in,
)
from geodata.ground import load_ground
from layers.layer import discover_layers

LAYERS = discover_layers().found
HOST = "http://127.0.0.1/"
SPRITE = f"{HOST}map/sprite"
PANELS = ("--panel", "--ground", "--night")


@pytest.fixture(scope="module")
def style(tmp_path_factory):
    return map_style(load_ground(tmp_path_factory.mktemp("city")), LAYERS, HOST, tokens())


def leaves(value):
    """Every value in some JSON that holds no other."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]


def luminance(colour):
    """Relative luminance as WCAG counts it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_token_is_read_with_its_value_and_a_comment_is_not():
    assert tokens_in("/* --not: 1; */ :root { --ink: #0a0b0c; --wide:  2rem ; }") == {
        "--ink": "#0a0b0c",
        "--wide": "2rem",
    }


def test_a_token_is_found_however_deep_it_lies():
    assert resolved({"a": ["x", {"b": "var(--ink)"}], "n": 3}, {"--ink": "red"}) == {"a": ["x", {"b": "red"}], "n": 3}


def test_an_unknown_token_is_an_error_that_names_it():
    with pytest.raises(UnknownToken, match="--nowhere"):
        resolved(["var(--nowhere)"], {"--ink": "red"})


def test_no_colour_is_left_unresolved(style):
    assert not [leaf for leaf in leaves(style) if isinstance(leaf, str) and "var(" in leaf]


def test_every_drawn_layer_has_a_source_that_exists_and_an_id_of_its_own(style):
    drawn = [layer for layer in style["layers"] if layer["type"] != "background"]
    assert {layer["source"] for layer in drawn} <= set(style["sources"])
    assert len({layer["id"] for layer in style["layers"]}) == len(style["layers"])


def test_only_what_is_drawn_has_a_source_of_its_name(style):
    assert {name for name, layer in LAYERS.items() if layer.style} <= set(style["sources"])
    assert not {name for name, layer in LAYERS.items() if not layer.style} & set(style["sources"])


def test_letters_are_drawn_here_and_nothing_is_fetched_from_another_machine(style):
    assert "glyphs" not in style
    addresses = [leaf for leaf in leaves(style) if isinstance(leaf, str) and "//" in leaf]
    assert addresses == [SPRITE]


def test_an_icon_nobody_drew_falls_back_to_one_of_ours():
    icons = [
        f["layout"]["icon-image"]
        for name in LAYERS
        for f in fragments(name, LAYERS)
        if "icon-image" in f.get("layout", {})
    ]
    assert icons
    assert all(icon[0] == "coalesce" and icon[-1] == ["image", UNKNOWN_ICON] for icon in icons)


def test_incidents_lie_above_everything_else():
    assert stacked(["incidents", "weather", "cameras", "kelurahan", "responders"]) == [
        "kelurahan", "cameras", "responders", "weather", "incidents",
    ]  # fmt: skip


def test_a_third_party_layer_may_bring_its_own_style(tmp_path):
    strange = dataclasses.replace(
        LAYERS["cameras"], style=({"id": "rain", "type": "circle", "paint": {"circle-color": "var(--ok)"}},)
    )
    style = map_style(load_ground(tmp_path), {**LAYERS, "rain": strange}, HOST, tokens())
    rain = next(layer for layer in style["layers"] if layer["id"] == "rain")
    assert rain["source"] == "rain"
    assert rain["paint"]["circle-color"] == tokens()["--ok"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "text",
    ["--text", "--text-soft", "--text-quiet", "--priority-1-text", "--priority-2-text", "--priority-3-text",
     "--priority-4-text", "--late", "--lost", "--ok", "--danger-text"],
)  # fmt: skip
def test_text_stands_out_from_every_panel_by_night_and_by_day(text, theme):
    known = tokens(theme)
    assert min(contrast(known[text], known[panel]) for panel in PANELS) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mode", ["demo", "drill"])
def test_the_banner_of_what_is_not_real_can_be_read(mode, theme):
    assert contrast(tokens(theme)[f"--{mode}"], tokens(theme)[f"--{mode}-ink"]) >= 7


def test_by_day_the_ground_is_light_and_by_night_dark():
    assert luminance(tokens("day")["--night"]) > 0.6
    assert luminance(tokens("night")["--night"]) < 0.02


def test_both_themes_name_the_same_colours():
    """A colour that a theme forgot would be that of the other: dark on dark."""
    css = (ASSETS / "00-tokens.css").read_text("utf-8")
    night, day = (tokens_in(part.partition("}")[0]) for part in re.split(r"still-picture \{|\"day\"\] \{", css)[1:])
    on_plates = {name for name in night if name.endswith(("-glyph", "-ink"))} | {"--text-on-light", "--demo"}
    assert set(day) <= set(night)
    assert set(night) - set(day) <= on_plates


@pytest.mark.parametrize("priority", [1, 2, 3, 4])
def test_the_sign_in_an_icon_stands_out_from_its_plate(priority):
    assert contrast(tokens()[f"--priority-{priority}"], tokens()[f"--priority-{priority}-glyph"]) >= 3


def test_no_text_of_a_panel_is_smaller_than_sixteen_pixels():
    sizes = [
        float(size)
        for name, size in tokens().items()
        if name.startswith("--type")
        for size in re.findall(r"[\d.]+", size)
    ]
    assert min(sizes) >= 1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("plate", ["--late", "--ok", "--text", "--camera"])
def test_what_stands_on_a_bright_plate_can_be_read(plate, theme):
    """Lost connections, no new data, notices of the desk."""
    assert contrast(tokens(theme)[plate], tokens(theme)["--text-on-light"]) >= 4.5
