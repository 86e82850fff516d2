"""Makes one report and ends: `python -m dashboard.report_process --data DIR --out FILE`, the wish as JSON on stdin.

It says how far it is as lines of JSON on standard output; the last one holds the result, or the error in words.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import orjson

from dashboard.config import LayarSettings
from dashboard.history import History
from dashboard.logs import log_as_json
from dashboard.options import data_option, mode_option
from dashboard.past import open_past
from dashboard.report_child import ReportFailed
from dashboard.report_making import Room, make
from dashboard.report_wanted import wanted_of
from geodata.clock import utc_now
from geodata.errors import LayarError
from geodata.ground import load_ground
from layers.event import Mode
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.sqlite import open_store

_NICE = 10
_SAID = orjson.OPT_APPEND_NEWLINE


@contextmanager
def room_of(data_dir: Path, settings: LayarSettings, mode: Mode | None = None) -> Iterator[Room]:
    """What reports are made from, with a log that is closed afterwards. Raises LayarError."""
    ground = load_ground(data_dir, settings.city.code)
    if not (data_dir / LOG_FILE).is_file():
        raise ReportFailed("belum ada catatan di folder ini")
    store = open_store(data_dir / LOG_FILE, discover_layers().found, ground)
    past = open_past(settings.archive, data_dir)
    try:
        history = History(store, lambda: store.live().situation, utc_now)
        yield Room(ground=ground, store=store, history=history, past=past, clock=utc_now, mode=mode or settings.mode)
    finally:
        past.close()
        store.close()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@mode_option
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--stills", is_flag=True)
def main(data_dir: Path, mode: Mode | None, out: Path, *, stills: bool) -> None:
    """Make the report that is asked for on standard input; started by the web process."""
    log_as_json()
    os.nice(_NICE)
    try:
        said = orjson.loads(sys.stdin.buffer.read())
        wanted, settings = wanted_of(said["wanted"]), LayarSettings.model_validate(said["settings"])
        with room_of(data_dir, settings, mode) as room:
            made = make(room, wanted, lambda done, step: _say(done=done, step=step), may_see_stills=stills)
        out.write_bytes(made.data)
        _say(name=made.name, title=made.title, fingerprint=made.fingerprint)
    except LayarError as error:
        _say(error=str(error))
    except OSError as error:
        _say(error=f"berkas tidak dapat ditulis: {error.strerror}")


def _say(**words: str | float) -> None:
    sys.stdout.buffer.write(orjson.dumps(words, option=_SAID))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
