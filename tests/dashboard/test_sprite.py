"""The sprite: an icon for every category and priority, told apart by shape, all of it inside its cell."""

from functools import cache

import cv2
import numpy as np
import pytest

from dashboard.glyphs import GLYPHS
from dashboard.sprite import CELL, DENSITY, PLATES, Sprite, sprite
from geodata.city import DEFAULT_CODE, load_city
from layers.layer import discover_layers


@pytest.fixture(scope="module")
def plain() -> Sprite:
    return sprite(1)


@cache
def decoded(png):
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def icon(of, name):
    """BGRA pixels of one icon."""
    at = of.index[name]
    return decoded(of.png)[at["y"] : at["y"] + at["height"], at["x"] : at["x"] + at["width"]]


def test_every_category_of_the_city_has_a_glyph_of_its_own():
    wanted = [category.icon for category in load_city(DEFAULT_CODE).categories]
    assert set(wanted) <= set(GLYPHS)
    assert len(set(wanted)) == len(wanted)


def test_no_two_categories_look_alike(plain):
    """Smaller than anywhere on a wall: what differs in a few pixels only is told apart by nobody."""
    signs = sorted({category.icon for category in load_city(DEFAULT_CODE).categories})
    small = {
        sign: cv2.resize(icon(plain, f"incident-3-{sign}")[..., :3].max(axis=2), (28, 28), interpolation=cv2.INTER_AREA)
        for sign in signs
    }
    alike = [
        (one, other)
        for place, one in enumerate(signs)
        for other in signs[place + 1 :]
        if np.abs(small[one].astype(int) - small[other].astype(int)).mean() < 5
    ]
    assert not alike


def test_every_priority_has_an_icon_for_every_glyph(plain):
    signs = set(GLYPHS) - {"kamera"}
    assert {f"incident-{priority}-{sign}" for priority in PLATES for sign in signs} <= set(plain.index)


def test_every_icon_a_legend_names_is_there(plain):
    named = {mark.icon for layer in discover_layers().found.values() for mark in layer.legend if mark.icon}
    assert named
    assert named <= set(plain.index)


def test_every_health_of_a_camera_has_its_own_picture(plain):
    drawn = [icon(plain, f"camera-{health}").tobytes() for health in ("ok", "late", "lost", "unknown")]
    assert len(set(drawn)) == 4


def test_no_icon_is_empty_or_the_same_as_another(plain):
    drawn = {name: icon(plain, name) for name in plain.index}
    assert all(pixels[..., 3].max() == 255 for pixels in drawn.values())
    assert len({pixels.tobytes() for pixels in drawn.values()}) == len(drawn)


def test_priorities_differ_in_shape_and_not_in_colour_alone(plain):
    shapes = [icon(plain, f"incident-{priority}-lain")[..., 3] > 128 for priority in PLATES]
    for i, one in enumerate(shapes):
        for other in shapes[i + 1 :]:
            assert (one ^ other).mean() > 0.04


def test_no_icon_is_cut_off_by_its_cell(plain):
    for name in plain.index:
        alpha = icon(plain, name)[..., 3].astype(int)
        edge = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
        assert edge.max() <= 90, name


def test_the_sharper_sprite_has_twice_the_pixels_for_the_same_size(plain):
    sharp = sprite(2)
    assert set(sharp.index) == set(plain.index)
    one, two = plain.index["lain"], sharp.index["lain"]
    assert two["width"] == 2 * one["width"] == 2 * CELL * DENSITY
    assert two["width"] / two["pixelRatio"] == one["width"] / one["pixelRatio"] == CELL


def test_a_hole_in_a_glyph_is_a_hole(plain):
    middle = icon(plain, "incident-1-api")
    plate = tuple(icon(plain, "incident-1-lain")[CELL, CELL // 2 + 8][:3])
    flame_hole = middle[CELL + 22, CELL][:3]
    assert np.abs(flame_hole.astype(int) - np.array(plate, int)).max() < 30
