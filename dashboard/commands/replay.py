"""`layar replay FROM TO`: a period of the past, a line for each change; or the messages a wall would have got."""

from datetime import UTC, datetime
from pathlib import Path
from time import sleep as wait

import click
import orjson

from dashboard.commands.log import opened
from dashboard.config import load_settings
from dashboard.grounds import ground_of
from dashboard.options import data_option
from dashboard.replay import Scenery, Told, View, play
from dashboard.replay_asked import begin, within_the_past
from dashboard.replay_words import line_of
from dashboard.visitors import Openness
from geodata.city import City
from geodata.clock import utc_now
from geodata.errors import BadInput
from layers.feed import discover_feeds
from layers.fields import moment_of
from layers.layer import Visit, discover_layers
from layers.playback import FASTEST, SLOWEST, Pace, Stretch
from layers.situation import Situation
from layers.store.store import Sense

_STEPS_OF = 60.0
"""Without a speed it does not wait, and looks as often as at this speed."""


@click.command()
@click.argument("since", metavar="FROM")
@click.argument("until", metavar="TO")
@click.option("--speed", type=click.FloatRange(SLOWEST, FASTEST), help="Play so many times as fast as it was.")
@click.option("--skip", is_flag=True, help="Leave out the time in which nothing happens.")
@click.option("--sense", type=click.Choice(["shown", "known"]), default="shown", show_default=True,
              help="As it was shown then, or as it is known now of then.")  # fmt: skip
@click.option("--json", "is_json", is_flag=True, help="The messages themselves, one a line.")
@data_option
def replay(  # noqa: PLR0913 — click gives one argument per option
    *, since: str, until: str, speed: float | None, skip: bool, sense: Sense, is_json: bool, data_dir: Path
) -> None:
    """Print what changed from FROM to TO: "2026-11-22 19:00" by the city's clocks, or with an offset or Z."""
    city = ground_of(data_dir).city
    pace = Pace(speed=speed or _STEPS_OF, skips=skip)
    played = Stretch(since=_moment("FROM", since, city), until=_moment("TO", until, city), pace=pace)
    if played.since >= played.until:
        raise BadInput("TO: a period ends after it begins")
    with opened(data_dir) as store:
        within_the_past(store, sense, utc_now(), FROM=played.since, TO=played.until)
        scenery = Scenery(
            store=store,
            layers=discover_layers().found,
            feeds=discover_feeds().found,
            mode=load_settings(data_dir).mode,
            build="",
            visiting=_nobody_visits,
            openness=Openness(),
        )
        for told in play(scenery, View(role="admin", sense=sense), played, begin(played)):
            _tell(told, city, is_json=is_json, waits=speed is not None)


def _nobody_visits(_situation: Situation, _at: datetime) -> Visit:
    raise NotImplementedError("an admin is no visitor")


def _moment(name: str, said: str, city: City) -> datetime:
    """Without an offset it is the city's own time."""
    try:
        moment = datetime.fromisoformat(said)
        return (moment if moment.tzinfo else moment.replace(tzinfo=city.zone)).astimezone(UTC)
    except ValueError:
        pass
    try:
        return moment_of(said)
    except ValueError as error:
        raise BadInput(f"{name}: {error}; or 2026-11-22 19:00 by the clocks of {city.name}") from error


def _tell(told: Told, city: City, *, is_json: bool, waits: bool) -> None:
    if told.data is None:
        return
    message = orjson.loads(told.data)
    if waits and message["past"]["after_s"]:
        wait(message["past"]["after_s"])
    if is_json:
        click.echo(told.data)
    elif message["layers"] or message["past"]["skipped_s"] or message["from"] is None:
        click.echo(_harmless(line_of(message, city)))


def _harmless(text: str) -> str:
    """Without what could command the terminal: the text came from outside."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
