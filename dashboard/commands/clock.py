"""`layar clock`: is the log written in the future, and bringing it back when the machine's clock was wrong."""

from pathlib import Path

import click

from dashboard.audit import Audit, operator
from dashboard.grounds import ground_of
from dashboard.options import data_option
from geodata.clock import utc_now
from geodata.errors import LayarError
from layers.layer import discover_layers
from layers.store.backup import copy_database
from layers.store.mend import AHEAD, Mended, look, mend
from layers.store.spool import SPOOL_NAME, open_spool
from layers.store.sqlite import FILE_NAME


@click.command()
@data_option
@click.option("--mend", "is_wanted", is_flag=True, help="Bring the arrivals back; `layar serve` must not run.")
def clock(data_dir: Path, *, is_wanted: bool) -> None:
    """Say whether the machine's clock wrote events into the future, and bring them back."""
    path = data_dir / FILE_NAME
    if not path.is_file():
        raise click.ClickException(f"{data_dir} holds no log yet: is --data right?")
    try:
        found = look(path, utc_now())
        if found.ahead <= AHEAD:
            click.echo("The log is not ahead of this machine's clock.")
        elif is_wanted:
            _mend(data_dir, path)
        else:
            click.echo(f"{_said(found)}. Set the clock (NTP), stop `layar serve`, then: layar clock --mend")
    except LayarError as error:
        raise click.ClickException(str(error)) from error


def _mend(data_dir: Path, path: Path) -> None:
    spool = open_spool(data_dir / SPOOL_NAME, 0)
    if spool is None:
        raise click.ClickException("`layar serve` is running; stop it first")
    try:
        copy = path.with_name(f"{path.stem}-before-mending.db")
        copy.unlink(missing_ok=True)
        copy_database(path, copy)
        mended = mend(path, discover_layers().found, ground_of(data_dir), utc_now())
    finally:
        spool.close()
    Audit(data_dir, is_logged=False).note(operator(), "clock.mend", path.name, count=mended.events)
    click.echo(f"{_said(mended)}: brought back. The log as it was: {copy.name}; delete it when all is well.")


def _said(found: Mended) -> str:
    return f"{found.events} events arrived up to {str(found.ahead).split('.', maxsplit=1)[0]} in the future"
