"""`layar bookmarks list`: moments of the past that somebody marked, with the link that shows them."""

from pathlib import Path

import click

from dashboard.bookmark_words import line_of
from dashboard.commands.log import opened
from dashboard.options import data_option
from geodata.ground import load_ground


@click.group()
def bookmarks() -> None:
    """Moments of the past that somebody marked."""


@bookmarks.command("list")
@data_option
def list_(data_dir: Path) -> None:
    """The newest moment first: id, time, sense, name, who, link, note."""
    city = load_ground(data_dir).city
    with opened(data_dir) as store:
        known = store.live().situation.of("bookmarks").values()
    for one in sorted(known, key=lambda bookmark: (bookmark.fact.at, bookmark.id), reverse=True):
        click.echo(line_of(one, city))
    if not known:
        click.echo("There are no bookmarks.", err=True)
