"""What is published of a city's kelurahan: a code, a name, a point inside, an area and a bank of the river."""

import csv
from dataclasses import dataclass
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One kelurahan. `bank` is "utara" or "selatan" of the river."""

    code: str
    name: str
    kecamatan: str
    lon: float
    lat: float
    area_km2: float
    bank: str


def has_facts(code: str) -> bool:
    """Whether facts of that city ship with the product."""
    return _path(code).is_file()


def read_facts(code: str) -> tuple[Fact, ...]:
    """The shipped facts of a city, by code."""
    with _path(code).open(encoding="utf-8", newline="") as file:
        return tuple(sorted((_fact(row) for row in csv.DictReader(file)), key=lambda fact: fact.code))


def _path(code: str) -> Path:
    return _DATA / f"{code}.kelurahan.csv"


def _fact(row: dict[str, str]) -> Fact:
    return Fact(
        code=row["code"],
        name=row["kelurahan"],
        kecamatan=row["kecamatan"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        area_km2=float(row["area_km2"]),
        bank=row["bank"],
    )
