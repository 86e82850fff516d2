"""`layar audit list | verify`: who looked at what and who changed what, and whether anybody edited that since."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from dashboard.audit import Audit, Row
from dashboard.options import data_option

_WRONG = 1


@click.group()
def audit() -> None:
    """Who looked at what, who changed what."""


@audit.command("list")
@click.option("--since", type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")), help="UTC; the newest 100 without it.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000), help="At most so many.")
@data_option
def list_(data_dir: Path, since: datetime | None, limit: int) -> None:
    """The newest last: number, time, who, what, on what, details."""
    rows = Audit(data_dir).newest(limit, since.replace(tzinfo=UTC) if since else None)
    for row in reversed(rows):
        click.echo(_line(row))
    if not rows:
        click.echo("Nothing is noted.", err=True)


def _line(row: Row) -> str:
    details = "  ".join(f"{key}={value}" for key, value in row.details.items() if value is not None)
    said = f"{row.number:>6}  {row.at:%Y-%m-%d %H:%M:%S} UTC  {row.who}  {row.action}  {row.target}  {details}"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in said).rstrip()


@audit.command()
@click.option("--expect", metavar="HASH", help="A hash that was printed before: it must still be in the chain.")
@data_option
def verify(data_dir: Path, expect: str | None) -> None:
    """Check every row against the one before; exit code 1 names the first that is not as it was written."""
    said = Audit(data_dir).verify(expect)
    if said.torn:
        click.echo(f"{said.torn} lines were torn by a power cut or a full disk; no row is missing there", err=True)
    if said.wrong:
        click.echo(f"WRONG: {said.wrong}")
        sys.exit(_WRONG)
    click.echo(f"{said.rows} rows, whole\n{said.head}")
