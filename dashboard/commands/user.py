"""`layar user add | list | passwd | role | disable | enable | remove`: people who sign in by name and password.

A password is typed on the terminal or made; it never stands in the command, where other programs and the shell's
history would see it.
"""

from pathlib import Path

import click

from dashboard.accounts import Accounts
from dashboard.audit import Audit, operator
from dashboard.options import data_option
from dashboard.tokens import FILE_NAME as TOKEN_FILE
from dashboard.tokens import Grant, TokenBook
from dashboard.users import FILE_NAME, ROLES, UserBook, new_password
from geodata.clock import utc_now
from geodata.errors import BadInput

_made_option = click.option("--generate", is_flag=True, help="Make a password and print it, this once.")
_role_option = click.option("--role", required=True, type=click.Choice(ROLES), help="What this person may.")
_agency_option = click.option("--agency", help="Of a head: the only agency whose figures are shown.")


@click.group()
def user() -> None:
    """Add, list and change people."""


@user.command()
@data_option
@_role_option
@_agency_option
@_made_option
@click.argument("name")
def add(data_dir: Path, name: str, role: Grant, agency: str | None, *, generate: bool) -> None:
    """Add a person; the password is asked for."""
    book = UserBook(data_dir / FILE_NAME)
    if not Accounts(tokens=TokenBook(data_dir / TOKEN_FILE), users=book).is_free(name):
        raise BadInput(f"there is a user or a token named {name} already", field="name")
    password = _password(is_made=generate)
    book.create(name=name, role=role, password=password, now=utc_now(), agency=agency)
    _note(data_dir, "user.add", name, role=role, agency=agency)
    _say(password if generate else None, f"{name} ({role}) may sign in")


@user.command(name="list")
@data_option
def list_(data_dir: Path) -> None:
    """Print everybody's name, role, agency and state."""
    for one in UserBook(data_dir / FILE_NAME).users():
        state = "disabled" if one.is_disabled else "elsewhere" if one.subject else "password"
        click.echo(f"{one.name}\t{one.role}\t{one.agency or '-'}\t{state}\t{one.created_at:%Y-%m-%d %H:%M} UTC")


@user.command()
@data_option
@_made_option
@click.argument("name")
def passwd(data_dir: Path, name: str, *, generate: bool) -> None:
    """Give a person another password; every session of theirs ends."""
    password = _password(is_made=generate)
    UserBook(data_dir / FILE_NAME).set_password(name, password)
    _note(data_dir, "user.password", name)
    _say(password if generate else None, f"{name} has another password and signs in again")


@user.command()
@data_option
@_role_option
@_agency_option
@click.argument("name")
def role(data_dir: Path, name: str, role: Grant, agency: str | None) -> None:
    """Give a person another role; every session of theirs ends."""
    UserBook(data_dir / FILE_NAME).set_role(name, role, agency)
    _note(data_dir, "user.role", name, role=role, agency=agency)
    click.echo(f"{name} is {role} now")


@user.command()
@data_option
@click.argument("name")
def disable(data_dir: Path, name: str) -> None:
    """Keep a person out, at once, on every device."""
    UserBook(data_dir / FILE_NAME).set_disabled(name, is_disabled=True)
    _note(data_dir, "user.disable", name)
    click.echo(f"{name} may not sign in any more")


@user.command()
@data_option
@click.argument("name")
def enable(data_dir: Path, name: str) -> None:
    """Let a person in again."""
    UserBook(data_dir / FILE_NAME).set_disabled(name, is_disabled=False)
    _note(data_dir, "user.enable", name)
    click.echo(f"{name} may sign in again")


@user.command()
@data_option
@click.argument("name")
def remove(data_dir: Path, name: str) -> None:
    """Forget a person; what they did stays in the audit."""
    UserBook(data_dir / FILE_NAME).remove(name)
    _note(data_dir, "user.remove", name)
    click.echo(f"{name} is removed")


def _password(*, is_made: bool) -> str:
    if is_made:
        return new_password()
    said: str = click.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True, err=True)
    return said


def _say(password: str | None, done: str) -> None:
    if password is not None:
        click.echo(password)
        done += "; the password is not shown again"
    click.echo(done, err=True)


def _note(data_dir: Path, action: str, name: str, **details: str | None) -> None:
    Audit(data_dir, is_logged=False).note(operator(), action, name, **details)
