"""`layar basemap add | list | remove | check`: streets under the map, from a file that was carried here."""

from pathlib import Path

import click

from dashboard.config import load_settings
from dashboard.options import data_option
from geodata.basemap import Basemap, plain_credit
from geodata.basemap_book import Unreadable, add, basemaps, check, chosen, remove, with_attribution
from geodata.errors import BadBasemap
from geodata.ground import load_ground

_NAME_WIDTH = 24
_RESTART = "Restart `layar serve` to see it."


@click.group()
def basemap() -> None:
    """Streets, water and place names under the map, without the internet."""


@basemap.command("add")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", help="What to call it; else the file's name. One of the same name is replaced.")
@click.option("--attribution", help="Whom to name on the map, where the file does not say it or says it wrong.")
@data_option
def add_(file: Path, name: str | None, attribution: str | None, data_dir: Path) -> None:
    """Take in what FILE (.pmtiles or .mbtiles) has of the city and its surroundings."""
    extent = load_ground(data_dir, load_settings(data_dir).city.code).city.extent
    added = add(file, data_dir, (extent.west, extent.south, extent.east, extent.north), name)
    kept = with_attribution(added.basemap, plain_credit(attribution)) if attribution else added.basemap
    click.echo(_told(kept))
    click.echo(f"  attribution  {kept.attribution or 'none'}")
    for note in added.notes:
        click.echo(f"  note         {note}")
    click.echo(_RESTART)


@basemap.command("list")
@data_option
def list_(data_dir: Path) -> None:
    """Print the basemaps kept here; an asterisk marks the one that is shown."""
    used = chosen(data_dir, load_settings(data_dir).basemap.use) if _is_wanted(data_dir) else None
    for known in basemaps(data_dir):
        mark = "*" if used is not None and used.name == known.name else " "
        click.echo(f"{mark} {_listed(known)}")


def _is_wanted(data_dir: Path) -> bool:
    return load_settings(data_dir).basemap.use != "none"


@basemap.command("remove")
@click.argument("name")
@data_option
def remove_(name: str, data_dir: Path) -> None:
    """Delete the basemap NAME."""
    remove(data_dir, name)
    click.echo(f"removed {name}. {_RESTART}")


@basemap.command("check")
@data_option
def check_(data_dir: Path) -> None:
    """Read every tile of every basemap again, and compare with what was added."""
    faults = 0
    for known in basemaps(data_dir):
        fault = known.why if isinstance(known, Unreadable) else _fault(known)
        faults += fault is not None
        click.echo(f"{known.name:<{_NAME_WIDTH}} {fault or 'whole'}")
    if faults:
        raise BadBasemap(f"{faults} cannot be used: add them again, or remove them")


def _fault(known: Basemap) -> str | None:
    try:
        check(known)
    except BadBasemap as error:
        return str(error)
    return None


def _listed(known: Basemap | Unreadable) -> str:
    if isinstance(known, Unreadable):
        return f"{known.name:<{_NAME_WIDTH}} cannot be used: {known.why}"
    return _told(known)


def _told(known: Basemap) -> str:
    kind = f"{known.schema}, {known.tile_format}" if known.schema == "raster" else known.schema
    zooms = f"zoom {known.min_zoom} to {known.max_zoom}"
    return f"{known.name:<{_NAME_WIDTH}} {kind}, {zooms}, {known.tiles:,} tiles, {known.size / 1e6:,.1f} MB"
