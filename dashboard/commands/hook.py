"""`layar hook create | list | revoke | dead | retry`: systems that sign what they send, and whom we tell."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import click

from dashboard.audit import Audit, operator
from dashboard.options import data_option
from dashboard.tokens import FILE_NAME as TOKEN_FILE
from dashboard.tokens import TokenBook
from dashboard.webhooks_book import Change, Form, HookBook, InHook, OutHook, checked_url
from dashboard.webhooks_sign import new_secret
from geodata.clock import utc_now
from geodata.errors import BadSettings
from layers.event import Mode
from layers.feed import discover_feeds
from layers.store.outbox import FILE_NAME, Outbox


@click.group()
def hook() -> None:
    """Make, list and revoke webhooks, in and out; see what could not be told."""


hooks = hook
"""The same under the name that people type first."""


@hook.command()
@data_option
@click.option("--name", required=True, help="Who sends, or who is told; part of the source of what comes in.")
@click.option("--feed", default=None, help="Incoming: the feed that reads it. POST to /api/v1/hooks/NAME.")
@click.option("--url", default=None, help="Outgoing: where to tell, https://host/path.")
@click.option("--form", default="agency", show_default=True, type=click.Choice(get_args(Form)), help="What is told.")
@click.option("--on", "changes", multiple=True, type=click.Choice(get_args(Change)), help="Of which changes; all.")
@click.option("--category", "categories", multiple=True, help="Of incidents of this category only; may be repeated.")
@click.option("--allow", multiple=True, help="A network besides the Internet in which the receiver may be.")
@click.option("--mode", default="live", show_default=True, type=click.Choice(get_args(Mode)), help="Stamp of events.")
def create(data_dir: Path, name: str, feed: str | None, url: str | None, **wishes: Any) -> None:  # noqa: ANN401 — click checked them
    """Make a hook and print its secret, this once: --feed for one that comes in, --url for one that goes out."""
    made = _made(data_dir, name, feed, url, _Wishes(**wishes))
    HookBook(data_dir).add(made)
    target = made.feed if isinstance(made, InHook) else made.form
    Audit(data_dir, is_logged=False).note(operator(), "hook.create", name, what=target, mode=made.mode)
    click.echo(made.secret)
    click.echo(
        f"The secret of {name}. It is not shown again; it is kept in hook-secrets.json, for you alone.", err=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wishes:
    form: Form
    changes: tuple[Change, ...]
    categories: tuple[str, ...]
    allow: tuple[str, ...]
    mode: Mode


def _made(data_dir: Path, name: str, feed: str | None, url: str | None, wishes: _Wishes) -> InHook | OutHook:
    """Raises BadSettings."""
    if (feed is None) == (url is None):
        raise BadSettings("say --feed for a hook that comes in, or --url for one that goes out", field="name")
    _refuse_name(data_dir, name)
    secret, now = new_secret(), utc_now()
    if feed is not None:
        feeds = discover_feeds().found
        if feed not in feeds:
            raise BadSettings(f"there is no feed {feed!r}; there are: {', '.join(sorted(feeds))}", field="feed")
        return InHook(name=name, feed=feed, secret=secret, created_at=now, mode=wishes.mode)
    return OutHook(
        name=name,
        url=checked_url(url or "", wishes.allow),
        secret=secret,
        created_at=now,
        form=wishes.form,
        changes=wishes.changes or get_args(Change),
        categories=wishes.categories,
        allow=wishes.allow,
        mode=wishes.mode,
    )


def _refuse_name(data_dir: Path, name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", name):
        raise BadSettings("a hook's name has 1 to 40 letters, digits, - and _", field="name")
    if any(token.name == name for token in TokenBook(data_dir / TOKEN_FILE).tokens()):
        raise BadSettings(f"a token is named {name} already: nobody could tell them apart", field="name")


@hook.command(name="list")
@data_option
def list_(data_dir: Path) -> None:
    """Print every hook; never a secret, and of an address only its host."""
    known, counts = HookBook(data_dir).hooks(), _counts(data_dir)
    for one in known.incoming:
        click.echo(f"{one.name}\tin\t{one.feed}\t{one.mode}\t{one.created_at:%Y-%m-%d %H:%M} UTC")
    for other in known.outgoing:
        waiting, dead = counts.get(other.name, (0, 0))
        host = other.url.split("/")[2]
        click.echo(f"{other.name}\tout\t{host}\t{other.form}\t{other.mode}\t{waiting} waiting\t{dead} dead")


def _counts(data_dir: Path) -> dict[str, tuple[int, int]]:
    if not (data_dir / FILE_NAME).exists():
        return {}
    outbox = Outbox(data_dir / FILE_NAME)
    try:
        return outbox.counts()
    finally:
        outbox.close()


@hook.command()
@data_option
@click.argument("name")
def revoke(data_dir: Path, name: str) -> None:
    """End a hook at once, with all that waited for it."""
    HookBook(data_dir).revoke(name)
    if (data_dir / FILE_NAME).exists():
        outbox = Outbox(data_dir / FILE_NAME)
        outbox.forget(name)
        outbox.close()
    Audit(data_dir, is_logged=False).note(operator(), "hook.revoke", name)
    click.echo(f"{name} is revoked")


@hook.command()
@data_option
@click.argument("name", required=False)
def dead(data_dir: Path, name: str | None) -> None:
    """Print what could not be told, newest first, and why."""
    outbox = Outbox(data_dir / FILE_NAME)
    for one in outbox.dead(name):
        click.echo(f"{one.id}\t{one.hook}\t{one.change}\t{one.at:%Y-%m-%d %H:%M} UTC\t{one.tries} tries\t{one.error}")
    outbox.close()


@hook.command()
@data_option
@click.argument("name", required=False)
def retry(data_dir: Path, name: str | None) -> None:
    """Try the dead of a hook (of all, when none is named) once more from the beginning."""
    outbox = Outbox(data_dir / FILE_NAME)
    count = outbox.retry(name, utc_now())
    outbox.close()
    Audit(data_dir, is_logged=False).note(operator(), "hook.retry", name or "all", count=count)
    click.echo(f"{count} will be tried again")
