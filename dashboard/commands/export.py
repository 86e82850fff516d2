"""`layar export KIND`: the city's events as tables, without personal data."""

from datetime import date, datetime
from pathlib import Path

import click

from dashboard.audit import Audit, operator
from dashboard.caller_key import load_caller_key
from dashboard.commands.log import opened
from dashboard.export import Wanted, frame_of
from dashboard.export import export as export_to
from dashboard.export_files import FORMATS, format_of
from dashboard.grounds import ground_of
from dashboard.options import data_option
from layers.export_tables import TABLES
from layers.feed import discover_feeds

_DAY = click.DateTime(("%Y-%m-%d",))


@click.command()
@click.argument("kind", type=click.Choice(tuple(TABLES)))
@click.option("--since", required=True, type=_DAY, help="First day, by the city's clock.")
@click.option("--until", required=True, type=_DAY, help="Last day, included.")
@click.option("--format", "format_", type=click.Choice(tuple(FORMATS)), help="What the name of --out ends in.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@data_option
def export(kind: str, out: Path, data_dir: Path, format_: str | None, **days: datetime) -> None:
    """Write a table of what happened, free of names, numbers and free text, to a file."""
    wanted = Wanted(kind=kind, first=_day(days["since"]), last=_day(days["until"]))
    frame = frame_of(ground_of(data_dir), dict(discover_feeds().found), load_caller_key(data_dir))
    partial = out.with_name(f".{out.name}.partial")
    try:
        with opened(data_dir) as store, partial.open("wb") as file:
            count = export_to(store, wanted, frame, format_ or format_of(out), file)
        partial.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    days_said = f"{wanted.first}/{wanted.last}"
    Audit(data_dir, is_logged=False).note(operator(), "export", kind, rows=count, days=days_said)
    click.echo(f"{count} rows in {out}", err=True)


def _day(moment: datetime) -> date:
    return moment.date()
