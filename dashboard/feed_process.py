"""The feed process: every line of [[feeds]] in `layar.toml`, fetched or listened to, into the log.

`python -m dashboard.feed_process --data DIR`, started by the supervisor where there is such a line. It ends on SIGTERM.
"""

import os
import sys
import threading
from pathlib import Path

import click
import structlog

from dashboard.caller_key import load_caller_key
from dashboard.config import load_settings
from dashboard.feed_lines import Joiner, Ready, new_book
from dashboard.logs import log_as_json
from dashboard.options import config_option, data_option, mode_option
from dashboard.spools import spool_or_none
from dashboard.supervisor import WRONG_SETTINGS, stop_on_signal
from geodata.clock import utc_now
from geodata.errors import BadInput
from geodata.ground import load_ground
from geodata.ground_now import GroundNow
from layers.doubts import doubts
from layers.event import Mode
from layers.feed import at_home, discover_feeds
from layers.ingest import Door
from layers.layer import discover_layers
from layers.line_run import keep_running
from layers.line_status import LineBook
from layers.store.spool import FEEDS_SPOOL_NAME
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.sqlite import open_store

_LOG = structlog.get_logger()
_SIGN_OF_LIFE_S = 1.0
_END_S = 3.0


def run_feeds(data_dir: Path, stopping: threading.Event, config_file: Path | None, mode: Mode | None) -> None:
    """Run until `stopping` is set. Raises BadInput when the settings are wrong."""
    settings = load_settings(data_dir, config_file)
    ground = load_ground(data_dir, settings.city.code)
    grounds = GroundNow(ground, data_dir / "cities", _complain)
    feeds = at_home(discover_feeds().found, ground)
    book = new_book(settings, data_dir, feeds, utc_now)
    store = open_store(data_dir / LOG_FILE, discover_layers().found, grounds.now)
    spool = spool_or_none(data_dir, FEEDS_SPOOL_NAME, settings.server.spool_mb)
    door = Door(store, feeds, lambda fact: doubts(fact, grounds.now()), load_caller_key(data_dir), spool)
    joiner = Joiner(settings=settings, data_dir=data_dir, city=ground.city, clock=utc_now)
    lines = joiner.all(door, feeds, book, mode or settings.mode)
    threads = [_started(one, stopping) for one in lines]
    _LOG.info("feeds_started", pid=os.getpid(), feeds=len(lines))
    try:
        _tell(book, stopping)
    finally:
        stopping.set()
        for thread in threads:
            thread.join(_END_S / max(1, len(threads)))
        _save(book)  # what waits in the spool is durable: the next process brings it into the log


def _complain(reason: str) -> None:
    _LOG.warning("taxonomy_unreadable", reason=reason)


def _started(ready: Ready, stopping: threading.Event) -> threading.Thread:
    arguments = (ready.settings, ready.transport, ready.line, stopping, utc_now)
    thread = threading.Thread(target=keep_running, args=arguments, name=f"feed {ready.line.name}", daemon=True)
    thread.start()
    return thread


def _tell(book: LineBook, stopping: threading.Event) -> None:
    """A sign of life, and how each line is doing, every second."""
    while True:
        _save(book)
        if stopping.wait(_SIGN_OF_LIFE_S):
            return


def _save(book: LineBook) -> None:
    try:
        book.save()
    except OSError as error:
        _LOG.warning("feed_status_unwritten", reason=error.strerror or type(error).__name__)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@config_option
@mode_option
def main(data_dir: Path, config_file: Path | None, mode: Mode | None) -> None:
    """Bring in the feeds of the city kept in DIR; started by `layar serve`."""
    log_as_json()
    try:
        run_feeds(data_dir, stop_on_signal(), config_file, mode)
    except BadInput as error:
        click.echo(f"layar: {error}", err=True)
        sys.exit(WRONG_SETTINGS)
    sys.stderr.flush()
    os._exit(0)  # a thread may still wait for a server that does not answer


if __name__ == "__main__":
    main()
