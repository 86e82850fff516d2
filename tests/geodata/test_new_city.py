"""A description for a city that has none."""

import tomllib

import pytest

from geodata.city import City, load_city
from geodata.new_city import Described, short_name, time_zone, toml_of


def described(name="Kota Jayapura"):
    bounds, labels = (140.5, -2.8, 141.0, -2.4), ((140.6, -2.6), (140.7, -2.5))
    return Described(code="94.71", name=name, bounds=bounds, label_points=labels)


def city(**more):
    return City.model_validate(tomllib.loads(toml_of(described(**more))))


def test_the_description_is_whole_and_its_own():
    made = city()
    assert (made.code, made.name, made.center_name) == ("94.71", "Jayapura", "Pusat Komando 112 Kota Jayapura")
    assert (made.time_zone, made.zone_label, made.utm_epsg) == ("Asia/Jayapura", "WIT", 32754)
    assert made.extent.holds(140.5, -2.8)
    assert made.extent.holds(141.0, -2.4)
    assert (made.view_lon, made.view_lat) == (140.65, -2.55)


def test_taxonomy_and_shifts_are_those_of_the_default_city():
    made, default = city(), load_city("64.72")
    assert made.categories == default.categories
    assert made.shifts == default.shifts
    assert len(made.agencies) == len(default.agencies)


def test_nothing_of_samarinda_is_left_in_it():
    assert "samarinda" not in toml_of(described()).casefold()
    assert "balakarcana" not in toml_of(described()).casefold()


@pytest.mark.parametrize(
    ("code", "label"),
    [("11.71", "WIB"), ("33.75", "WIB"), ("36.71", "WIB"), ("61.71", "WIB"), ("62.71", "WIB"), ("51.71", "WITA"),
     ("53.71", "WITA"), ("63.71", "WITA"), ("64.72", "WITA"), ("65.71", "WITA"), ("71.71", "WITA"), ("76.02", "WITA"),
     ("81.71", "WIT"), ("82.71", "WIT"), ("91.71", "WIT"), ("96.71", "WIT")],
)  # fmt: skip
def test_the_time_zone_follows_from_the_province(code, label):
    assert time_zone(code)[1] == label


@pytest.mark.parametrize(
    ("name", "short"),
    [("Kota Pekalongan", "Pekalongan"), ("Kabupaten Kutai Kartanegara", "Kutai Kartanegara"), ("Kab. Batang", "Batang"),
     ("KOTA BATU", "BATU"), ("Bontang", "Bontang"), ("Kota", "Kota"), ("33.75", "33.75")],
)  # fmt: skip
def test_a_name_is_shown_without_its_rank(name, short):
    assert short_name(name) == short


@pytest.mark.parametrize("name", ['Kota "A"', "Kota B\\C", "Kota\nD\n[extent]\nwest = 0", "Kota É'`", "Kota \x00\x7f"])
def test_no_name_breaks_the_file(name):
    assert city(name=name).extent.west == pytest.approx(140.498)
