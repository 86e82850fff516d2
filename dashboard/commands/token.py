"""`layar token create | list | revoke`: who may bring events and who may look."""

from pathlib import Path
from typing import get_args

import click

from dashboard.audit import Audit, operator
from dashboard.options import data_option
from dashboard.tokens import FILE_NAME, Grant, TokenBook
from dashboard.users import FILE_NAME as USER_FILE
from dashboard.users import UserBook
from geodata.clock import utc_now
from geodata.errors import BadInput
from layers.event import Mode


@click.group()
def token() -> None:
    """Make, list and revoke tokens."""


@token.command()
@data_option
@click.option("--role", required=True, type=click.Choice(get_args(Grant)), help="ingest brings, the others look.")
@click.option("--name", required=True, help="Who or what holds it; shown as the source of what it brings.")
@click.option(
    "--mode", default="live", show_default=True, type=click.Choice(get_args(Mode)), help="Stamp of its events."
)
@click.option("--wall", help="Of role wall: the only named wall that the screen may show.")
def create(data_dir: Path, role: Grant, name: str, mode: Mode, wall: str | None) -> None:
    """Make a token and print it, this once."""
    book = TokenBook(data_dir / FILE_NAME)
    if UserBook(data_dir / USER_FILE).named(name) is not None:
        raise BadInput(f"there is a user named {name} already", field="name")
    plain = book.create(name=name, role=role, now=utc_now(), mode=mode, wall=wall)
    Audit(data_dir, is_logged=False).note(operator(), "token.create", name, role=role, mode=mode, wall=wall)
    click.echo(plain)
    click.echo(f"The token of {name} ({role}). It is not shown again; only its hash is kept.", err=True)


@token.command(name="list")
@data_option
def list_(data_dir: Path) -> None:
    """Print every token's name, role, mode and age; never the token."""
    for one in TokenBook(data_dir / FILE_NAME).tokens():
        click.echo(f"{one.name}\t{one.role}\t{one.mode}\t{one.wall or '-'}\t{one.created_at:%Y-%m-%d %H:%M} UTC")


@token.command()
@data_option
@click.argument("name")
def revoke(data_dir: Path, name: str) -> None:
    """End a token, and every session opened with it, at once."""
    TokenBook(data_dir / FILE_NAME).revoke(name)
    Audit(data_dir, is_logged=False).note(operator(), "token.revoke", name)
    click.echo(f"{name} is revoked")
