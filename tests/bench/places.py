"""How long point → kelurahan takes, one by one and in bulk: `python -m tests.bench.places`.

Points are all different, so no cache could help. Wanted: at most 25 µs for one.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely

from geodata.boundaries import Wish, import_boundaries
from geodata.ground import load_ground
from geodata.places import Places

POINTS = 20_000
PUBLISHED = Path(__file__).parents[3] / "shared" / "geodata"
FILES = ("samarinda_kelurahan.geojson", "pekalongan_kelurahan.geojson", "kutai_kartanegara_desa.geojson")


def measured(places: Places) -> tuple[float, float, float]:
    """µs per point one by one, µs per point in bulk, share of the points inside the city."""
    shapes = [shapely.geometry.shape(f["geometry"]) for f in places.boundaries_geojson()["features"]]
    west, south, east, north = shapely.total_bounds(shapes)
    random = np.random.default_rng(112)
    lons, lats = random.uniform(west, east, POINTS), random.uniform(south, north, POINTS)
    began = time.perf_counter()
    codes = [places.kelurahan_at(lon, lat) for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True)]
    single = time.perf_counter() - began
    began = time.perf_counter()
    bulk_codes = places.kelurahan_at_many(lons, lats)
    bulk = time.perf_counter() - began
    if codes != bulk_codes:
        raise AssertionError("one by one and in bulk disagree")
    return single / POINTS * 1e6, bulk / POINTS * 1e6, sum(code is not None for code in codes) / POINTS


def main() -> None:
    """Print a table: the approximate city, and those published beside this clone."""
    print(f"{'city':<44}{'areas':>6}{'one µs':>9}{'bulk µs':>9}{'inside':>8}")
    with TemporaryDirectory() as folder:
        data = Path(folder)
        row("64.72 Samarinda, approximate", load_ground(data).places)
        for name in FILES:
            if (PUBLISHED / name).is_file():
                city = import_boundaries(data, PUBLISHED / name, Wish()).city
                row(f"{city.code} {city.name}, imported", load_ground(data, city.code).places)


def row(title: str, places: Places) -> None:
    """Measure one city and print it."""
    single, bulk, inside = measured(places)
    print(f"{title:<44}{len(places.areas):>6}{single:>9.1f}{bulk:>9.1f}{inside:>8.0%}")


if __name__ == "__main__":
    main()
