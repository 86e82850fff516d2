"""`layar feeds`: what comes in by itself, how it is doing, and a look at what one would bring."""

from datetime import datetime
from pathlib import Path

import click

from dashboard.config import LayarSettings, load_settings
from dashboard.feed_lines import Joiner
from dashboard.feed_trial import look
from dashboard.options import config_option, data_option
from geodata.clock import utc_now
from geodata.ground import load_ground
from layers.event import Event, subject_of
from layers.feed import Rejected, at_home, discover_feeds
from layers.line_reading import refuse_unknown_feeds
from layers.line_secrets import secret_of
from layers.line_status import LineStatus, load_lines
from layers.transport import LineSettings

_MOST_SHOWN = 20


@click.group()
def feeds() -> None:
    """Feeds that come in by themselves ([[feeds]] in layar.toml)."""


@feeds.command("list")
@data_option
@config_option
def list_(data_dir: Path, config_file: Path | None) -> None:
    """Every line of [[feeds]]: how fresh it is, what went wrong, when it is tried next."""
    settings = load_settings(data_dir, config_file)
    refuse_unknown_feeds(settings.feeds, discover_feeds().found)
    if not settings.feeds:
        click.echo("no [[feeds]] in layar.toml; `layar check --example` prints some")
    known, now = {line.name: line for line in load_lines(data_dir).lines}, utc_now()
    for line in settings.feeds:
        secret_of(line.name, data_dir, {})
        click.echo(f"{line.name}  {line.feed} by {line.transport}  {_doing(known.get(line.name), now)}")


def _doing(line: LineStatus | None, now: datetime) -> str:
    if line is None:
        return "not run yet"
    said = [line.freshness(now), f"well {_at(line.well_at)}", f"news {_at(line.news_at)}"]
    if line.error_en:
        said.append(f"failed {_at(line.failed_at)}: {line.error_en}; next try {_at(line.next_try_at)}")
    if line.is_resting:
        said.append("resting")
    return " · ".join([*said, f"{line.taken} taken, {line.refused} refused"])


def _at(moment: datetime | None) -> str:
    return "never" if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


@feeds.command()
def dialects() -> None:
    """Every dialect that is installed: what `feed = "…"` may say."""
    for name, feed in sorted(discover_feeds().found.items()):
        click.echo(f"{name:18} {feed.title.en}")


@feeds.command()
@click.argument("name")
@click.option("--within", "within_s", default=30.0, show_default=True, type=click.FloatRange(1, 600), help="Seconds.")
@data_option
@config_option
def test(name: str, within_s: float, data_dir: Path, config_file: Path | None) -> None:
    """Look once at NAME and print what would be taken; nothing is kept, and nothing is taken from the sender."""
    settings = load_settings(data_dir, config_file)
    line = _named(settings, name)
    ground = load_ground(data_dir, settings.city.code)
    known = at_home(discover_feeds().found, ground)
    refuse_unknown_feeds((line,), known)
    joiner = Joiner(settings=settings, data_dir=data_dir, city=ground.city, clock=utc_now)
    trial = look(joiner, line, known, within_s)
    for payload, news in trial.brought:
        _show(payload, news)
    if trial.wrong:
        raise click.ClickException(trial.wrong.en)
    if not trial.brought:
        raise click.ClickException(f"nothing came within {within_s:g} seconds")


def _named(settings: LayarSettings, name: str) -> LineSettings:
    found = next((line for line in settings.feeds if line.name == name), None)
    if found is None:
        names = ", ".join(line.name for line in settings.feeds) or "none"
        raise click.ClickException(f"no [[feeds]] is called {name!r}; there are: {names}")
    return found


def _show(payload: bytes, news: list[Event | Rejected] | str) -> None:
    click.echo(f"{len(payload)} bytes")
    if isinstance(news, str):
        click.echo(f"  cannot be read: {news}")
        return
    if not news:
        click.echo("  nothing to take")
    for one in news[:_MOST_SHOWN]:
        if isinstance(one, Rejected):
            click.echo(f"  refused: {one.reason}")
        else:
            click.echo(f"  {one.at:%Y-%m-%dT%H:%M:%SZ}  {one.fact.kind}  {subject_of(one.fact)}")
    if len(news) > _MOST_SHOWN:
        click.echo(f"  … and {len(news) - _MOST_SHOWN} more")
