"""`layar retention`: destroys what says who, once it is older than the city may keep it."""

from datetime import UTC, datetime
from pathlib import Path

import click

from dashboard.audit import Audit, operator
from dashboard.commands.log import opened
from dashboard.config import load_settings
from dashboard.options import config_option, data_option
from dashboard.retention import limits, retain
from layers.store.retention import Destroyed


@click.command()
@data_option
@config_option
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would be destroyed.")
def retention(data_dir: Path, config_file: Path | None, is_dry: bool) -> None:  # noqa: FBT001 — click's way
    """Destroy names, numbers and free text older than [retention] says; counts and times stay."""
    settings, now = load_settings(data_dir, config_file).retention, datetime.now(UTC)
    with opened(data_dir) as store:
        if is_dry:
            found = store.destroy(limits(settings, now), is_dry=True)
        else:
            found = retain(store, settings, now, Audit(data_dir, is_logged=False), operator())
    for one in found:
        click.echo(_line(one, is_dry=is_dry))


def _line(one: Destroyed, *, is_dry: bool) -> str:
    span = f" of {one.first:%Y-%m-%d} to {one.last:%Y-%m-%d}" if one.first and one.last else ""
    waiting = f"; {one.still_needed} are old enough and still needed" if one.still_needed else ""
    return f"{one.kind}: {one.count}{span} {'would be' if is_dry else 'were'} destroyed{waiting}"
