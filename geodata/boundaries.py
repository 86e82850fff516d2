"""Taking real boundaries for a city: read, join by code, repair, and only then replace the present ones."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geodata import boundary_file
from geodata.boundary_codes import CodedArea, kecamatan_code
from geodata.boundary_file import Boundaries
from geodata.boundary_formats import read_boundary_file
from geodata.boundary_selection import Selection, selected
from geodata.city import City, checked, code_in_use, load_city
from geodata.errors import BadSettings
from geodata.facts import Fact, has_facts, read_facts
from geodata.ground import is_known
from geodata.new_city import Described, toml_of
from geodata.plane import Plane, utm_epsg
from geodata.repair import Repair, repaired

_OUTSIDE_DEG = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the operator asked for; all may be left to the file and the city in use.

    `codes`: a CSV with the columns bps,kode. `without_bad`: leave out what cannot be read instead of refusing all.
    """

    code: str | None = None
    name: str | None = None
    source: str | None = None
    codes: Path | None = None
    without_bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the repair did to one area. `fitted`: its borders fitted its neighbours' before."""

    code: str
    name: str
    km2_before: float
    km2_after: float
    fitted: bool

    @property
    def percent(self) -> float:
        """Growth of the area, in percent."""
        return 100 * (self.km2_after - self.km2_before) / self.km2_before


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. `described`: the TOML made for a city that had none."""

    city: City
    selection: Selection
    repair: Repair
    source: str
    saved: Path
    described: Path | None

    @property
    def changes(self) -> tuple[Change, ...]:
        """One per area, by code."""
        columns = zip(
            self.selection.areas, self.repair.km2_before, self.repair.km2_after, self.repair.fitted, strict=True
        )
        return tuple(
            Change(code=area.code, name=area.name, km2_before=before, km2_after=after, fitted=fitted)
            for area, before, after, fitted in columns
        )

    @property
    def largest(self) -> Change:
        """The area that the repair changed most, by share."""
        return max(self.changes, key=lambda change: abs(change.percent))

    @property
    def differences(self) -> tuple[str, ...]:
        """Where the file and the known facts of the city disagree, in sentences."""
        facts = _facts(self.selection.code)
        names = {area.code: area.name for area in self.selection.areas}
        missing = [f"{code} {fact.name} is not in the file" for code, fact in facts.items() if code not in names]
        new = [f"{code} {name} was not known" for code, name in names.items() if facts and code not in facts]
        renamed = [
            f"{code} is {names[code]} in the file, {fact.name} in our facts"
            for code, fact in facts.items()
            if code in names and names[code].casefold() != fact.name.casefold()
        ]
        return (*missing, *new, *renamed)

    @property
    def is_outside(self) -> bool:
        """Whether areas reach beyond the city's extent, where positions count as no place."""
        west, south, east, north = shapely.total_bounds(self.repair.shapes).tolist()
        extent = self.city.extent
        beyond = (extent.west - west, extent.south - south, east - extent.east, north - extent.north)
        return bool(max(beyond) > _OUTSIDE_DEG)


def import_boundaries(data_dir: Path, file: Path, wish: Wish) -> ImportReport:
    """Replace the boundaries of a city by those of `file`.

    Raises BadBoundaries when the file cannot be read, is not about that city or cannot be repaired; the
    present boundaries are then untouched.
    """
    raw = read_boundary_file(file)
    selection = selected(
        raw,
        code=checked(wish.code) if wish.code else None,
        fallback=code_in_use(data_dir),
        kemendagri=_kemendagri(wish.codes),
        without_bad=wish.without_bad,
    )
    repair = _repaired(selection)
    source = wish.source or ", ".join(filter(None, [file.name, raw.notice]))
    folder = data_dir / "cities"
    described = None if is_known(data_dir, selection.code) else _describe(folder, selection, repair, wish.name)
    city = load_city(selection.code, folder)
    saved = boundary_file.path_of(folder, selection.code)
    boundary_file.save(saved, Boundaries(frame=_frame(selection, repair), source=source))
    return ImportReport(
        city=city,
        selection=selection,
        repair=repair,
        source=source,
        saved=saved,
        described=described,
    )


def _kemendagri(codes: Path | None) -> Mapping[str, str]:
    """BPS code → Kemendagri code."""
    if codes is None:
        return {}
    try:
        with codes.open(encoding="utf-8-sig", newline="") as file:
            return {row["bps"].strip(): row["kode"].strip() for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
        raise BadSettings(f"{codes} is no CSV with the columns bps,kode: {error}", field="codes") from error


def _repaired(selection: Selection) -> Repair:
    shapes = np.array([area.raw.shape for area in selection.areas])
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    plane = Plane(utm_epsg((west + east) / 2, (south + north) / 2))
    return repaired(shapes, [f"{area.code} {area.name}" for area in selection.areas], plane)


def _describe(folder: Path, selection: Selection, repair: Repair, name: str | None) -> Path:
    """Write a TOML for a city that has none."""
    west, south, east, north = shapely.total_bounds(repair.shapes).tolist()
    said = next((area.city for area in selection.areas if area.city), None)
    described = Described(
        code=selection.code,
        name=name or said or selection.code,
        bounds=(west, south, east, north),
        label_points=repair.label_points,
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{selection.code}.toml"
    fresh = folder / f".{selection.code}.toml"
    fresh.write_text(toml_of(described), "utf-8")
    fresh.replace(path)
    return path


def _frame(selection: Selection, repair: Repair) -> gpd.GeoDataFrame:
    facts = _facts(selection.code)
    columns = {
        "code": [area.code for area in selection.areas],
        "name": [area.name for area in selection.areas],
        "kecamatan": [_kecamatan(area, facts) for area in selection.areas],
        "lon": [lon for lon, _ in repair.label_points],
        "lat": [lat for _, lat in repair.label_points],
        "area_km2": [round(km2, 4) for km2 in repair.km2_after],
    }
    return gpd.GeoDataFrame(columns, geometry=repair.shapes, crs=4326)


def _kecamatan(area: CodedArea, facts: Mapping[str, Fact]) -> str:
    fact = facts.get(area.code)
    return area.kecamatan or (fact.kecamatan if fact else f"Kecamatan {kecamatan_code(area.code)}")


def _facts(code: str) -> Mapping[str, Fact]:
    return {fact.code: fact for fact in read_facts(code)} if has_facts(code) else {}
