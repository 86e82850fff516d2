"""A city nobody has described yet: its TOML, made from its boundaries and the defaults of the product.

Taxonomy, shifts and target are those of the default city; the file is the city's own to edit.
"""

import json
from dataclasses import dataclass

import numpy as np

from geodata.city import DEFAULT_CODE, SHIPPED
from geodata.plane import utm_epsg

_FIRST_LIST = "[[shifts]]"
_PAD_DEG = 0.002
_WESTERN, _KALIMANTAN, _CENTRAL, _EASTERN = (
    ("Asia/Jakarta", "WIB"),
    ("Asia/Pontianak", "WIB"),
    ("Asia/Makassar", "WITA"),
    ("Asia/Jayapura", "WIT"),
)
_CENTRAL_PROVINCES = frozenset({51, 52, 53, 63, 64, 65, 71, 72, 73, 74, 75, 76})
_FIRST_EASTERN_PROVINCE = 81
_WESTERN_KALIMANTAN = frozenset({61, 62})


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What boundaries tell of a city. `name` as the file has it: "Kota Pekalongan". `bounds` in degrees."""

    code: str
    name: str
    bounds: tuple[float, float, float, float]
    label_points: tuple[tuple[float, float], ...]


def time_zone(code: str) -> tuple[str, str]:
    """IANA name and label of the zone of a code's province (its first two digits)."""
    province = int(code[:2])
    if province in _CENTRAL_PROVINCES:
        return _CENTRAL
    if province >= _FIRST_EASTERN_PROVINCE:
        return _EASTERN
    return _KALIMANTAN if province in _WESTERN_KALIMANTAN else _WESTERN


def toml_of(city: Described) -> str:
    """The text of its `cities/<code>.toml`."""
    zone, label = time_zone(city.code)
    west, south, east, north = city.bounds
    view_lon, view_lat = np.median(np.array(city.label_points), axis=0).round(4).tolist()
    return f"""# {_one_line(city.name)}. Made by `layar city import`: edit what differs in your city.
code = "{city.code}"
name = {_quoted(short_name(city.name))}
center_name = {_quoted(f"Pusat Komando 112 {city.name}")}
time_zone = "{zone}"
zone_label = "{label}"
utm_epsg = {utm_epsg((west + east) / 2, (south + north) / 2)}
view_lon = {view_lon}
view_lat = {view_lat}
response_target_min = 15
response_target_source = "Permendagri 114/2018: 15 menit dari laporan sampai tiba di lokasi"

[extent]
west = {west - _PAD_DEG:.4f}
south = {south - _PAD_DEG:.4f}
east = {east + _PAD_DEG:.4f}
north = {north + _PAD_DEG:.4f}

{_default_lists(city.name)}"""


def short_name(name: str) -> str:
    """The name without "Kota" or "Kabupaten" before it."""
    first, _, rest = name.partition(" ")
    return rest if rest and first.lower() in {"kota", "kabupaten", "kab."} else name


def _default_lists(name: str) -> str:
    """Shifts, agencies and taxonomy of the default city, without what only it has."""
    text = (SHIPPED / f"{DEFAULT_CODE}.toml").read_text("utf-8")
    lists = text[text.index(_FIRST_LIST) :]
    police = json.dumps(f"Polres {_one_line(name)}", ensure_ascii=False)
    return (
        lists.replace('"Polresta Samarinda"', police)
        .replace('"Polresta"', '"Polres"')
        .replace('"Relawan Balakarcana"', '"Relawan"')
        .replace('"balakarcana"', '"relawan"')
        .replace('"polresta"', '"polres"')
    )


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's."""
    return json.dumps(_one_line(text), ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join("".join(char for char in text if char.isprintable()).split())
