"""Which city this is, and its ground: the one function the other rooms call."""

from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geodata import boundary_file, mahakam
from geodata.areas import Areas
from geodata.boundary_file import Boundaries
from geodata.city import SHIPPED, City, checked, code_in_use, load_city
from geodata.demo_city import approximate_areas
from geodata.errors import BadSettings
from geodata.facts import has_facts, read_facts
from geodata.obstacles import load_obstacles
from geodata.places import Ground
from geodata.plane import Plane
from geodata.river import river_of


def load_ground(data_dir: Path, code: str | None = None) -> Ground:
    """The city of `code` (else the one in use) with its own boundaries, else approximate ones from facts.

    Raises BadSettings, naming the command to run, for an unknown city and one without boundaries; BadObstacles.
    """
    code = checked(code or code_in_use(data_dir))
    city = load_city(code, data_dir / "cities")
    return Ground(city=city, places=_places(data_dir / "cities", city), obstacles=load_obstacles(data_dir))


def _places(folder: Path, city: City) -> Areas:
    own = boundary_file.path_of(folder, city.code)
    if own.is_file():
        boundaries = boundary_file.read(own)
        river = _river(boundaries, city)
        return Areas(
            boundaries.frame, source=boundaries.source, is_approximate=False, river=river, river_name=mahakam.NAME
        )
    if has_facts(city.code):
        return approximate_areas(city)
    raise BadSettings(
        f"city {city.code} has no boundaries yet: run `layar city import FILE --code {city.code}` "
        f"or `layar city add {city.code}`",
        field="city.code",
    )


def _river(boundaries: Boundaries, city: City) -> list[BaseGeometry]:
    """Where facts tell the bank of each kelurahan, the real border between the banks tells where the river runs."""
    if not has_facts(city.code):
        return []
    shapes = dict(zip(boundaries.frame["code"], boundaries.frame.geometry, strict=True))
    return list(river_of(shapes, read_facts(city.code), Plane(city.utm_epsg)))


def is_known(data_dir: Path, code: str) -> bool:
    """Whether the city is described, by us or by its own file."""
    return any((folder / f"{code}.toml").is_file() for folder in (data_dir / "cities", SHIPPED))


def use(data_dir: Path, code: str) -> Ground:
    """Make `code` the city in use; refused (BadSettings) when it could not be loaded."""
    ground = load_ground(data_dir, code)
    data_dir.mkdir(parents=True, exist_ok=True)
    fresh = data_dir / ".city"
    fresh.write_text(f"{code}\n", "utf-8")
    fresh.replace(data_dir / "city")
    return ground
