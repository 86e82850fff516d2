"""`layar city list | show | use | import | add`: which city this is, and where its boundaries come from."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click

from dashboard.options import data_option
from geodata.boundaries import Change, ImportReport, Wish, import_boundaries
from geodata.cities import KnownCity, known_cities
from geodata.city import checked, code_in_use
from geodata.download import fetch, published_url
from geodata.ground import load_ground, use
from geodata.places import Ground

_UNSEEN_PERCENT = 0.005
_NAME_WIDTH = 28
_F = TypeVar("_F", bound=Callable[..., Any])


@click.group()
def city() -> None:
    """Cities and their boundaries."""


@city.command("list")
@data_option
def list_(data_dir: Path) -> None:
    """Print the cities known here; an asterisk marks the one in use."""
    for known in known_cities(data_dir):
        click.echo(_listed(known))


def _listed(known: KnownCity) -> str:
    mark = "*" if known.is_in_use else " "
    whose = "own" if known.is_own else "shipped"
    told = f"cannot be read: {known.fault}" if known.fault else f"{known.boundaries} boundaries"
    return f"{mark} {known.code}  {known.name:<{_NAME_WIDTH}} {whose:<8} {told}"


@city.command()
@click.argument("code", required=False)
@data_option
def show(code: str | None, data_dir: Path) -> None:
    """Print what is known of the city CODE, or of the one in use."""
    for line in _shown(load_ground(data_dir, code)):
        click.echo(line)


def _shown(ground: Ground) -> Iterator[str]:
    here, areas = ground.city, ground.places.areas.values()
    kind = "approximate (batas perkiraan)" if ground.places.is_approximate else "real"
    source = ground.places.boundaries_geojson()["features"][0]["properties"]["source"]
    smallest, largest = min(areas, key=lambda a: a.area_km2), max(areas, key=lambda a: a.area_km2)
    yield f"{here.code} {here.name}"
    yield f"  time zone   {here.time_zone} ({here.zone_label})"
    yield f"  extent      {here.extent.west}, {here.extent.south} to {here.extent.east}, {here.extent.north}"
    yield f"  metres in   EPSG:{here.utm_epsg}"
    yield f"  boundaries  {kind}"
    yield f"  source      {source}"
    yield f"  areas       {len(areas)} in {len({a.kecamatan for a in areas})} kecamatan"
    yield f"  total       {sum(a.area_km2 for a in areas):,.2f} km²"
    yield f"  smallest    {smallest.name}, {smallest.area_km2:.2f} km²"
    yield f"  largest     {largest.name}, {largest.area_km2:,.2f} km²"


@city.command("use")
@click.argument("code")
@data_option
def use_(code: str, data_dir: Path) -> None:
    """Show the city CODE on the screens from the next start on."""
    ground = use(data_dir, code)
    click.echo(f"in use: {ground.city.code} {ground.city.name}. Restart `layar serve` to see it.")


def _import_options(command: _F) -> _F:
    for option in (
        click.option("--name", help="Name of a city that has no description yet, e.g. 'Kota Pekalongan'."),
        click.option("--source", help="Where the boundaries come from, as shown on the map; else the file's name."),
        click.option(
            "--codes",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="CSV with the columns bps,kode for a file that only has codes of BPS.",
        ),
        click.option("--without-bad", is_flag=True, help="Leave out areas that cannot be read; else all is refused."),
        data_option,
    ):
        command = option(command)
    return command


@city.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--code", help="Kemendagri code of the city; needed when FILE holds several.")
@_import_options
def import_(file: Path, code: str | None, data_dir: Path, **wished: Any) -> None:  # noqa: ANN401 — as declared above
    """Take real boundaries from FILE: GeoJSON, GeoPackage, shapefile (zipped too) or wilayah_boundaries SQL."""
    _tell(import_boundaries(data_dir, file, Wish(code=code, **wished)), data_dir)


@city.command()
@click.argument("code")
@click.option("--from", "url", help="Address of the file; else where wilayah_boundaries publishes it.")
@_import_options
def add(code: str, url: str | None, data_dir: Path, **wished: Any) -> None:  # noqa: ANN401 — as declared above
    """Download the boundaries of the city CODE and take them."""
    url = url or published_url(checked(code))
    with TemporaryDirectory(prefix="layar-city-") as folder:
        file = fetch(url, Path(folder))
        _tell(import_boundaries(data_dir, file, Wish(code=checked(code), **wished)), data_dir)


def _tell(report: ImportReport, data_dir: Path) -> None:
    for line in (*_repaired(report), *_remarks(report), *_next_steps(report, data_dir)):
        click.echo(line)


def _repaired(report: ImportReport) -> Iterator[str]:
    changes = report.changes
    misfits = sum(not change.fitted for change in changes)
    total = sum(change.km2_after for change in changes)
    yield f"{report.city.code} {report.city.name}: {len(changes)} areas, {total:,.2f} km² ({report.selection.dialect})"
    yield (
        f"{misfits} of {len(changes)} did not fit their neighbours; now there are no gaps and no overlaps."
        if (misfits)
        else "all fit their neighbours: no gaps, no overlaps."
    )
    yield f"{report.repair.vertices_before:,} vertices before, {report.repair.vertices_after:,} after."
    seen = [change for change in changes if abs(change.percent) >= _UNSEEN_PERCENT]
    yield from map(_changed, sorted(seen, key=lambda change: -abs(change.percent)))
    if len(seen) < len(changes):
        yield f"  {len(changes) - len(seen)} areas changed by less than {_UNSEEN_PERCENT} %"
    largest = report.largest
    yield f"largest change: {largest.code} {largest.name} {largest.percent:+.3f} %"


def _changed(change: Change) -> str:
    figures = f"{change.km2_before:>10,.4f} → {change.km2_after:>10,.4f} km²  {change.percent:+8.3f} %"
    return f"  {change.code} {change.name:<{_NAME_WIDTH}} {figures}"


def _remarks(report: ImportReport) -> Iterator[str]:
    joined = report.selection.parts - len(report.selection.areas)
    if joined:
        yield f"{joined} parts were joined to the area that has their code."
    for refusal in report.selection.left_out:
        yield f"left out: {refusal}"
    for difference in report.differences:
        yield f"note: {difference}"
    if report.is_outside:
        yield f"note: areas reach beyond [extent] of {report.city.code}.toml; positions out there count as no place."


def _next_steps(report: ImportReport, data_dir: Path) -> Iterator[str]:
    yield f"saved: {report.saved} (source: {report.source})"
    if report.described:
        yield f"described: {report.described}; agencies, shifts and taxonomy are our defaults, edit what differs."
    if code_in_use(data_dir) != report.city.code:
        yield f"To show this city: layar city use {report.city.code} --data {data_dir}"
    else:
        yield "Restart `layar serve` to see them."
