"""The simulated city as a process: runs it in real time and tells the server what happens.

Started by `layar demo` (`python -m dashboard.demo.broadcast`). It knows the server by its URL and its tokens
only, like any other client.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import orjson
import requests
import structlog

from dashboard.demo import remembered
from dashboard.demo.calls import Call, Callers
from dashboard.demo.cast import Unit, roster
from dashboard.demo.center import Center, Told
from dashboard.demo.city import City, Record, past_records
from dashboard.demo.neighbours import EVERY, messages
from dashboard.demo.sender import Line, Mailbag, Message, Outbox, Positions, roster_message
from dashboard.demo.streets import street_graph
from geodata.clock import utc_now
from geodata.ground import load_ground
from geodata.places import Ground
from layers.statistics import day_start

_LOG = structlog.get_logger()
TOKENS_FILE = "demo-tokens.json"
WARM_UP = timedelta(minutes=60)
_WARM_STEP = timedelta(seconds=4)
_TICK_S = 0.25
_READY_WITHIN_S = 90.0
_ASK_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A city that has been running for `WARM_UP`, and all that was said of today until now."""

    city: City
    center: Center
    units: tuple[Unit, ...]
    recent: tuple[Record, ...]
    history: tuple[Record, ...]
    told: tuple[Told, ...]
    past: tuple[Told, ...]


def opening(data_dir: Path, now: datetime, *, speed: float, seed: int) -> Opening:
    """Build the city and let it run until `now`; nothing of it has been told yet."""
    ground = load_ground(data_dir)
    streets = street_graph(ground, seed)
    units, callers = roster(ground, streets, seed), Callers(ground, streets, seed)
    start = now - WARM_UP / max(speed, 1.0)
    city = City(streets=streets, units=units, callers=callers, start=start, speed=speed, seed=seed)
    center = Center(ground, start, seed)
    recent: list[Record] = []
    told: list[Told] = []
    at = start
    while at < now:
        at = min(at + _WARM_STEP, now)
        said = city.step(at, with_positions=False)
        recent += said.records
        told += [*center.step(at, said.calls), *(("assignments", one) for one in said.assignments)]
    earlier = _earlier(callers, day_start(ground.city, now).astimezone(UTC), start)
    return Opening(
        city=city,
        center=center,
        units=units,
        recent=tuple(recent),
        history=tuple(past_records(iter(earlier), start, seed)),
        told=tuple(told),
        past=tuple(center.past(iter(earlier))),
    )


def _earlier(callers: Callers, midnight: datetime, start: datetime) -> list[Call]:
    return list(callers.history(midnight, start)) if midnight < start else []


def wait_until_ready(url: str, within_s: float) -> bool:
    """Whether the server says so in time."""
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        if is_ready(url):
            return True
        time.sleep(_TICK_S)
    return False


def is_ready(url: str) -> bool:
    """Whether the server can work just now."""
    try:
        return requests.get(f"{url}/readyz", timeout=_ASK_TIMEOUT_S, proxies={"http": ""}).ok
    except requests.RequestException:
        return False


def left_open(url: str, token: str) -> list[str]:
    """Incidents on the wall now: an earlier run of the demo may have left some."""
    asked = {"Authorization": f"Bearer {token}"}
    try:
        answer = requests.get(
            f"{url}/api/v1/layers/incidents.geojson", headers=asked, timeout=_ASK_TIMEOUT_S, proxies={"http": ""}
        )
        answer.raise_for_status()
        return [str(drawn["properties"]["key"]) for drawn in answer.json()["features"]]
    except (requests.RequestException, ValueError, KeyError):
        return []


def closing(keys: list[str], known: set[str], now: datetime) -> list[Record]:
    """Records that call off what an earlier run left open."""
    said = now.isoformat(timespec="seconds")
    return [{"id": key, "status": "batal", "status_time": said} for key in keys if key not in known]


class Neighbours:
    """Tells now and then what the neighbours of the center have to say."""

    def __init__(self, line: Line, ground: Ground) -> None:
        self._line, self._ground = line, ground
        self._due_at: datetime | None = None

    def tell(self, now: datetime) -> None:
        """What the server does not take is told again with the rest, later."""
        if self._due_at is None or now >= self._due_at:
            self._due_at = now + EVERY
            for message in messages(now, self._ground):
                self._line.send(message)


def run(  # noqa: PLR0913, PLR0917 — all who tell
    opened: Opening,
    outbox: Outbox,
    mailbag: Mailbag,
    positions: Positions,
    neighbours: Neighbours,
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Tell what happens, as it happens, for ever."""
    while True:
        at = now()
        neighbours.tell(at)
        said = opened.city.step(at)
        outbox.put(said.records)
        mailbag.put([*opened.center.step(at, said.calls), *(("assignments", one) for one in said.assignments)])
        for report in said.reports:
            positions.put(report)
        if not (outbox.send_some() and mailbag.send_some()):
            _LOG.warning("demo_server_silent")
            time.sleep(1.0)
        time.sleep(_TICK_S)


@click.command()
@click.option("--data", "data_dir", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", required=True)
@click.option("--speed", required=True, type=float)
@click.option("--seed", required=True, type=int)
def main(data_dir: Path, url: str, speed: float, seed: int) -> None:
    """Run a city against the server at URL until told to stop."""
    tokens = orjson.loads((data_dir / TOKENS_FILE).read_bytes())
    opened = opening(data_dir, utc_now(), speed=speed, seed=seed)
    if not wait_until_ready(url, _READY_WITHIN_S):
        raise click.ClickException(f"the server at {url} was not ready within {_READY_WITHIN_S:.0f} s")
    line = Line(url, tokens["ingest"])
    _introduce(line, roster_message(opened.units))
    _remember(line, Line(url, tokens["admin"]), load_ground(data_dir))
    outbox = Outbox(line)
    known = {str(record["id"]) for record in opened.recent}
    outbox.put(closing(left_open(url, tokens["wall"]), known, utc_now()))
    outbox.put(opened.recent)
    outbox.put_history(opened.history)
    mailbag = Mailbag(line)
    mailbag.put(opened.told)
    mailbag.put_history(opened.past)
    neighbours = Neighbours(line, load_ground(data_dir))
    run(opened, outbox, mailbag, Positions(url, tokens["ingest"]), neighbours)


def _introduce(line: Line, roster_said: Message) -> None:
    while not line.send(roster_said):
        time.sleep(1.0)


def _remember(line: Line, desk: Line, ground: Ground) -> None:
    """An earlier flood, for the visitors' tour; what the server does not take is not told again."""
    span = remembered.span_before(utc_now())
    are_taken = [line.send(message) for message in remembered.messages(ground, span)]
    if all(are_taken):
        remembered.mark(desk, span)


if __name__ == "__main__":
    main()
