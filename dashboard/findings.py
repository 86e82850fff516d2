"""What `layar check` finds: the city, the tokens, and every plugin with those that are broken.

A program of its own, because finding the pages means importing Dash.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import click

from cctv.camera import Source
from cctv.inventory import load_cameras
from dashboard import wall_fit
from dashboard.app import Foundation, lay_foundation
from dashboard.cards import TITLES, UNFILLED, gaps
from dashboard.config import FILE_NAME, load_settings
from dashboard.logs import log_as_json
from dashboard.options import config_option, data_option
from dashboard.tokens import FILE_NAME as TOKEN_FILE
from dashboard.tokens import TokenBook
from dashboard.tour import FILE_NAME as TOUR_FILE
from dashboard.tour import load_tour
from geodata.errors import LayarError
from geodata.plugins import Plugins, discover
from layers.layer import Words
from layers.line_reading import refuse_unknown_feeds
from layers.transport import discover_transports

_BROKEN, _WRONG = 1, 2


class _Titled(Protocol):
    @property
    def title(self) -> Words: ...


@click.command()
@data_option
@config_option
def main(data_dir: Path, config_file: Path | None) -> None:
    """Print the findings. Ends with 1 when a plugin is broken, with 2 when the configuration cannot be used."""
    log_as_json()
    try:
        base = lay_foundation(load_settings(data_dir, config_file), data_dir)
        refuse_unknown_feeds(base.settings.feeds, base.feeds.found)
        sources = discover("cctv.sources", "SOURCE", Source)
        for line in _lines(base, sources, config_file or data_dir / FILE_NAME):
            click.echo(line)
    except LayarError as error:
        click.echo(f"layar: {error}", err=True)
        sys.exit(_WRONG)
    has_broken = any(plugins.broken for plugins in (base.layers, base.feeds, base.pages, sources))
    sys.exit(_BROKEN if has_broken else 0)


def _lines(base: Foundation, sources: Plugins[Source], config_file: Path) -> Iterator[str]:
    city, places = base.ground.city, base.ground.places
    exactness = "batas perkiraan (approximate)" if places.is_approximate else "imported boundaries"
    yield f"settings  {config_file if config_file.is_file() else 'defaults'}; mode {base.mode}"
    yield f"city      {city.code} {city.name}: {len(places.areas)} kelurahan, {exactness}"
    yield f"tokens    {_tokens(base.data_dir)}"
    yield f"cards     {_cards(base.data_dir)}"
    yield f"tour      {_tour(base.data_dir)}"
    yield from _plugins("layer", _titles(base.layers.found), base.layers.broken)
    yield from _plugins("feed", _titles(base.feeds.found), base.feeds.broken)
    schemes = {name: ", ".join(source.schemes) for name, source in sources.found.items()}
    yield from _plugins("source", schemes, sources.broken)
    screens = {name: f"{page.path} · {', '.join(sorted(page.roles))}" for name, page in base.pages.found.items()}
    yield from _plugins("page", screens, base.pages.broken)
    transports = discover_transports()
    yield from _plugins("transport", _titles(transports.found), transports.broken)
    yield from wall_fit.lines(base.settings.walls)
    for line in base.settings.feeds:
        yield f"feeds     {line.name}: {line.feed} by {line.transport}"


def _tokens(data_dir: Path) -> str:
    roles = [token.role for token in TokenBook(data_dir / TOKEN_FILE).tokens()]
    counted = ", ".join(f"{roles.count(role)} {role}" for role in sorted(set(roles)))
    return counted or "none yet: `layar token create --role wall --name NAME`"


def _cards(data_dir: Path) -> str:
    found = gaps(load_cameras(data_dir))
    if not found["incomplete"]:
        return "every camera's purpose card is complete"
    lacks = ", ".join(f"{TITLES[key].id} {count}" for key, count in found["missing"].items())
    return f"{found['incomplete']} purpose cards {UNFILLED.id}: {lacks}"


def _tour(data_dir: Path) -> str:
    """Raises BadSettings for a file of the city's own that the screens would not show."""
    whose = TOUR_FILE if (data_dir / TOUR_FILE).is_file() else "the one that ships"
    return f"{whose}: {', '.join(scene.shows for scene in load_tour(data_dir).scenes)}"


def _titles(found: Mapping[str, _Titled]) -> dict[str, str]:
    return {name: one.title.id for name, one in found.items()}


def _plugins(kind: str, found: Mapping[str, str], broken: Mapping[str, str]) -> Iterator[str]:
    for name, said in found.items():
        yield f"{kind:<9} {name}: {said}"
    for name, reason in broken.items():
        yield f"{kind:<9} {name}: LEFT OUT, {reason}"


if __name__ == "__main__":
    main()
