"""Who and what a simulated city has: vehicles, volunteers, posts, cameras. Positions are invented."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from cctv.camera import Camera, PurposeCard
from dashboard.demo.scene import Kind, Scene, scene_of
from dashboard.demo.streets import METRES_PER_DEGREE, Place, Streets
from geodata.places import Ground

Dialect = Literal["get", "post_query", "form", "json"]
"""How a unit's phone words the OsmAnd protocol: apps differ."""

Habit = Literal["steady", "silent", "coarse"]
"""`silent` ones stop reporting for minutes; `coarse` ones know their place only roughly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One vehicle or volunteer. `home` is a crossing; `pace` multiplies the speed of the roads."""

    id: str
    name: str
    kind: Literal["vehicle", "volunteer"]
    agency: str
    home: int
    pace: float
    dialect: Dialect
    habit: Habit
    number: int


_FLEET: tuple[tuple[str, str, str, tuple[str, ...], int], ...] = (
    # agency, id, name, kelurahan of the posts, vehicles
    (
        "damkar",
        "DMK",
        "Damkar",
        (
            "64.72.09.1002",
            "64.72.08.1002",
            "64.72.06.1001",
            "64.72.10.1005",
            "64.72.05.1003",
            "64.72.01.1001",
            "64.72.07.1002",
            "64.72.03.1005",
        ),
        9,
    ),
    (
        "psc119",
        "AMB",
        "Ambulans PSC",
        ("64.72.03.1007", "64.72.02.1002", "64.72.08.1001", "64.72.06.1003", "64.72.07.1001", "64.72.05.1002"),
        8,
    ),
    ("bpbd", "BPB", "Rescue BPBD", ("64.72.03.1004", "64.72.05.1012", "64.72.10.1004"), 6),
    (
        "polresta",
        "PAT",
        "Patroli",
        ("64.72.09.1004", "64.72.03.1002", "64.72.02.1009", "64.72.08.1003", "64.72.06.1006"),
        7,
    ),
    ("satpolpp", "SPP", "Satpol PP", ("64.72.09.1003", "64.72.03.1008", "64.72.10.1001"), 4),
    ("dishub", "DSH", "Dishub", ("64.72.04.1003", "64.72.06.1005"), 3),
    ("pln", "PLN", "Yantek PLN", ("64.72.09.1005", "64.72.10.1003", "64.72.05.1013"), 3),
)
_DIALECTS: tuple[Dialect, ...] = ("get", "get", "post_query", "form", "json")

ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "kebakaran": "damkar", "odgj": "satpolpp", "hewan_liar": "damkar", "darurat_medis": "psc119",
        "pohon_tumbang": "bpbd", "evakuasi": "damkar", "kerusuhan": "polresta", "kecelakaan_lalu_lintas": "polresta",
        "tiang_listrik": "pln", "banjir": "bpbd", "cuaca_ekstrem": "bpbd", "kecelakaan_air": "bpbd",
        "kriminalitas": "polresta", "kecelakaan_kerja": "psc119",
    }
)  # fmt: skip
"""Which agency answers which category."""


def roster(ground: Ground, streets: Streets, seed: int) -> tuple[Unit, ...]:
    """About 40 vehicles at posts and a volunteer in every kelurahan; names are of roles, never of persons."""
    dice = np.random.default_rng([seed, 61])
    units = [*_vehicles(ground, streets, dice), *_volunteers(ground, streets, dice)]
    return tuple(units)


def _vehicles(ground: Ground, streets: Streets, dice: np.random.Generator) -> Iterator[Unit]:
    number = 0
    for agency, prefix, name, posts, count in _FLEET:
        for i in range(count):
            area = ground.places.areas[posts[i % len(posts)]]
            yield Unit(
                id=f"{prefix}-{i + 1:02d}",
                name=f"{name} {i + 1:02d}",
                kind="vehicle",
                agency=agency,
                home=streets.nearest((area.lon, area.lat)),
                pace=float(dice.uniform(0.95, 1.25)),
                dialect=_DIALECTS[number % len(_DIALECTS)],
                habit="silent" if number in {11, 29} else "coarse" if number == 20 else "steady",  # noqa: PLR2004
                number=number,
            )
            number += 1


def _volunteers(ground: Ground, streets: Streets, dice: np.random.Generator) -> Iterator[Unit]:
    codes = list(ground.places.areas)
    for i, code in enumerate([*codes, codes[len(codes) // 2]]):
        area = ground.places.areas[code]
        second = "" if i < len(codes) else " 2"
        yield Unit(
            id=f"RLW-{i + 1:02d}",
            name=f"Relawan {area.name}{second}",
            kind="volunteer",
            agency="balakarcana",
            home=streets.nearest((area.lon, area.lat)),
            pace=float(dice.uniform(0.55, 0.85)),
            dialect=_DIALECTS[i % len(_DIALECTS)],
            habit="silent" if i in {7, 23, 41} else "coarse" if i % 12 == 5 else "steady",  # noqa: PLR2004
            number=100 + i,
        )


_CAMERAS: tuple[tuple[str, str, Kind], ...] = (
    # name (DOMAIN: published names of cameras and flood points), kelurahan, scene
    ("Jembatan Mahakam", "64.72.06.1006", "river"), ("Simpang Muara", "64.72.06.1003", "crossing"),
    ("Air Putih", "64.72.03.1004", "street"), ("Air Hitam", "64.72.03.1006", "street"),
    ("Mal Lembuswana", "64.72.03.1008", "crossing"), ("SMPN 1", "64.72.09.1004", "street"),
    ("Hotel Mesra", "64.72.03.1007", "street"), ("H Darjad", "64.72.08.1005", "crossing"),
    ("Simpang Empat Sempaja", "64.72.05.1002", "crossing"), ("Bankaltim", "64.72.03.1002", "street"),
    ("Kantor Pos", "64.72.09.1002", "crossing"), ("Masjid Raya Darussalam", "64.72.09.1003", "street"),
    ("Jembatan Mahkota II", "64.72.07.1001", "river"), ("Flyover Juanda", "64.72.03.1009", "crossing"),
    ("Simpang Lembuswana", "64.72.08.1001", "crossing"), ("Mugirejo", "64.72.08.1004", "street"),
    ("P. Suryanata", "64.72.03.1009", "street"), ("Antasari", "64.72.06.1005", "street"),
    ("Gerilya", "64.72.08.1002", "street"), ("Pasundan", "64.72.03.1001", "street"),
    ("KS Tubun", "64.72.03.1005", "street"), ("DI Panjaitan", "64.72.08.1003", "crossing"),
    ("Gatot Subroto", "64.72.04.1014", "street"), ("Kadrie Oening", "64.72.05.1012", "street"),
    ("Rapak Indah", "64.72.06.1004", "street"), ("Cipto Mangunkusumo", "64.72.10.1004", "street"),
    ("Loa Buah", "64.72.06.1002", "street"), ("Bengkuring", "64.72.05.1013", "street"),
    ("Kebun Agung", "64.72.05.1003", "street"), ("Simpang Tiga", "64.72.10.1001", "crossing"),
)  # fmt: skip
_MJPEG = frozenset({3, 8, 13, 21})
_NO_AZIMUTH = frozenset({6, 15, 19, 24, 27})
_RAINY = frozenset({3, 8, 15, 16, 23, 28})
_MOSQUE = 12


_FOR_VISITORS_EVERY = 3
_CARD = PurposeCard(
    purpose="penanggulangan bencana dan lalu lintas (simulasi)",
    legal_basis="UU 27/2022 pasal 17 (simulasi)",
    retention="30 hari (simulasi)",
)
"""As most cities have it: somebody still has to say where the notice hangs and whom to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A simulated camera: how the city lists it, what stands before its lens, and whether it rains there."""

    camera: Camera
    scene: Scene
    is_rainy: bool


def cameras(ground: Ground, streets: Streets, seed: int, base_url: str) -> tuple[Staged, ...]:
    """The 30 cameras; `base_url` is where the camera server answers. Names are real, positions are not."""
    dice = np.random.default_rng([seed, 71])
    return tuple(
        _staged(ground, streets, dice, (seed * 100 + number, number, *row), base_url)
        for number, row in enumerate(_CAMERAS, 1)
    )


def _staged(
    ground: Ground, streets: Streets, dice: np.random.Generator, row: tuple[int, int, str, str, Kind], base_url: str
) -> Staged:
    scene_seed, number, name, code, kind = row
    id_ = f"CAM-{number:02d}"
    (lon, lat), azimuth = _stand(ground, streets, dice, code, kind, name)
    scheme = "mjpg" if number in _MJPEG else "jpg"
    camera = Camera(
        id=id_,
        name=name,
        lon=lon,
        lat=lat,
        url=f"{base_url}/cam/{id_}.{scheme}",
        kind="mjpeg" if number in _MJPEG else "http_jpeg",
        azimuth_deg=None if number in _NO_AZIMUTH else azimuth,
        fov_deg=62.0,
        range_m=300.0 if kind == "river" else 180.0,
        owner="Dishub (simulasi)",
        kelurahan=code,
        audience="visitor" if number % _FOR_VISITORS_EVERY == 0 else "wall",
        card=_CARD,
    )
    return Staged(
        camera=camera, scene=scene_of(scene_seed, kind, has_mosque=number == _MOSQUE), is_rainy=number in _RAINY
    )


def _stand(  # noqa: PLR0913, PLR0917 — where, whose, and what it looks at
    ground: Ground, streets: Streets, dice: np.random.Generator, code: str, kind: Kind, name: str
) -> tuple[Place, float]:
    """Where a camera stands and where it looks: along a road of its kelurahan, or over its bridge."""
    bridge = next((road for road in streets.roads if road.bridge == name), None) if kind == "river" else None
    if bridge is not None:
        return bridge.line[0], _bearing(bridge.line[0], bridge.line[-1])
    area = ground.places.areas[code]
    crossing = streets.nearest((area.lon, area.lat))
    roads = streets.roads_at(crossing)
    road = roads[int(dice.integers(len(roads)))]
    line = road.line if road.ends[0] == crossing else road.line[::-1]
    aside = dice.normal(0, 60 / METRES_PER_DEGREE, 2)
    stand = (round(line[0][0] + float(aside[0]), 6), round(line[0][1] + float(aside[1]), 6))
    return stand, _bearing(line[0], line[1])


def _bearing(start: Place, end: Place) -> float:
    return round(float(np.degrees(np.arctan2(end[0] - start[0], end[1] - start[1]))) % 360)
