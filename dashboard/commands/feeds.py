"""`layar feeds`: what comes in by itself, how it is doing, and a look at what one would bring."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from dashboard.config import LayarSettings, load_settings
from dashboard.feed_lines import Joiner
from dashboard.options import config_option, data_option
from geodata.city import code_in_use, load_city
from geodata.clock import utc_now
from geodata.errors import BadPayload
from geodata.ground import load_ground
from layers.event import Event, subject_of
from layers.feed import Feed, Rejected, at_home, discover_feeds
from layers.ingest import Item, Receipt
from layers.layer import Words
from layers.line_reading import refuse_unknown_feeds
from layers.line_run import addressed
from layers.line_secrets import secret_of
from layers.line_status import LineStatus, load_lines
from layers.transport import LineSettings

_MOST_SHOWN = 20
_TRIAL_KEY = b"a look at what would come in: kept nowhere"


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


@dataclass(slots=True)
class _Trial:
    """Takes what one look brings, and keeps nothing of it."""

    feed: Feed
    stopping: threading.Event
    brought: list[tuple[bytes, list[Event | Rejected] | str]] = field(default_factory=list)
    wrong: Words | None = None

    def __call__(self, payload: bytes, *, received: datetime, topic: str = "") -> Receipt:
        """As `Deliver` says."""
        said = addressed(self.feed, payload, topic)
        try:
            news: list[Event | Rejected] | str = list(self.feed.parse(self.feed.seal(said, _TRIAL_KEY), received))
        except BadPayload as error:
            news = str(error)
        self.brought.append((payload, news))
        return Receipt(cursor=0, items=() if isinstance(news, str) else (Item(outcome="known"),))

    def well(self, *, next_try_at: datetime | None = None) -> None:  # noqa: ARG002 — as Tell has it
        """It answers: one look is enough, unless it only listens and nothing has come yet."""
        if self.brought:
            self.stopping.set()

    def failed(self, sentence: Words, *, next_try_at: datetime | None = None, is_resting: bool = False) -> None:  # noqa: ARG002 — as Tell has it
        """It does not."""
        self.wrong = sentence
        self.stopping.set()


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
    trial = _look(settings, line, known, data_dir, within_s)
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


def _look(
    settings: LayarSettings, line: LineSettings, known: Mapping[str, Feed], data_dir: Path, within_s: float
) -> _Trial:
    city = load_city(settings.city.code or code_in_use(data_dir), data_dir / "cities")
    trial = _Trial(feed=known[line.feed], stopping=threading.Event())
    joiner = Joiner(settings=settings, data_dir=data_dir, city=city, clock=utc_now)
    ready = joiner.line(line, trial, trial, is_trial=True)
    arguments = (ready.settings, ready.line, trial.stopping)
    runner = threading.Thread(target=ready.transport.run, args=arguments, daemon=True)
    runner.start()
    trial.stopping.wait(within_s)
    trial.stopping.set()
    runner.join(2.0)
    return trial


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
