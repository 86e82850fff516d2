"""One backup that somebody at the desk asked for: a process of its own, which says how far it is in a small file.

`start` begins it, `load_run` tells how it is doing. It is a process so that folding a long log for the proof holds up
no screen; it goes on when the web process starts again.
"""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import click
from pydantic import TypeAdapter, ValidationError

from dashboard.audit import Audit
from dashboard.backup import Step, What, make_backup, partial_in, prune
from dashboard.options import data_option
from geodata.clock import Clock, utc_now
from geodata.errors import BadInput, LayarError
from layers.layer import discover_layers

FILE_NAME = ".backup-run.json"
"""Hidden, so that no backup holds it."""

_SAY_S = 1.0
_SILENT = timedelta(seconds=60)
_NICE = 15
_HOLDS = {True: "with secrets", False: "without secrets"}
State = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One making of a backup. `said_at`: its newest sign of life; `mb`: how much is copied; `name`: once it is made."""

    who: str
    state: State
    began_at: datetime
    said_at: datetime
    step: Step = "copy"
    mb: float = 0
    name: str | None = None
    reason: str | None = None

    def is_on(self, now: datetime) -> bool:
        """Whether it goes on; one that fell silent has died."""
        return self.state == "running" and abs(now - self.said_at) < _SILENT


_ADAPTER = TypeAdapter(Run)


def load_run(data_dir: Path) -> Run | None:
    """The newest; None where nobody ever asked for one."""
    try:
        return _ADAPTER.validate_json((data_dir / FILE_NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def _save(data_dir: Path, run: Run) -> None:
    part = data_dir / f"{FILE_NAME}.part"
    part.write_bytes(_ADAPTER.dump_json(run))
    part.replace(data_dir / FILE_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where to, how many are kept, and what goes in."""

    to: Path
    keep: int
    with_secrets: bool = False


def start(data_dir: Path, wish: Wish, who: str, now: datetime) -> None:
    """Begin one. Raises BadInput while another goes on."""
    before = load_run(data_dir)
    if before is not None and before.is_on(now):
        raise BadInput("a backup is being made already; wait until it is done")
    _save(data_dir, Run(who=who, state="running", began_at=now, said_at=now))
    secrets = ("--with-secrets",) if wish.with_secrets else ()
    command = (sys.executable, "-m", "dashboard.backup_now", "--data", str(data_dir), "--to", str(wish.to),
               "--keep", str(wish.keep), "--who", who, *secrets)  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 — our own command, no shell
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=process.wait, name="backup", daemon=True).start()


class _Teller:
    """Writes down every second how far it is."""

    def __init__(self, data_dir: Path, run: Run, to: Path, clock: Clock) -> None:
        self._data_dir, self._to, self._clock = data_dir, to, clock
        self._run = run
        self._lock, self._done = threading.Lock(), threading.Event()

    def step(self, step: Step) -> None:
        """The next part of the work."""
        self.tell(step=step)

    def tell(self, **news: object) -> None:
        """Write that, and that we live."""
        with self._lock:
            self._run = replace(self._run, said_at=self._clock(), **news)  # type: ignore[arg-type]  # its own fields
            _save(self._data_dir, self._run)

    def until_done(self) -> None:
        """Runs beside the work."""
        while not self._done.wait(_SAY_S):
            self.tell(mb=partial_in(self._to) / 1e6)

    def end(self) -> None:
        """Nothing more to tell."""
        self._done.set()


def run(data_dir: Path, wish: Wish, who: str, clock: Clock = utc_now) -> Run:
    """Make it, prune the old ones, note it in the audit; what went wrong is in what it gives, never raised."""
    now = clock()
    teller = _Teller(data_dir, Run(who=who, state="running", began_at=now, said_at=now), wish.to, clock)
    beside = threading.Thread(target=teller.until_done, daemon=True)
    beside.start()
    try:
        what = What(secrets=wish.with_secrets)
        made = make_backup(data_dir, wish.to, discover_layers().found, now, what, teller.step)
        prune(wish.to, wish.keep)
        Audit(data_dir, clock, is_logged=False).note(who, "backup", made.folder.name, holds=_HOLDS[what.secrets])
        ended: dict[str, object] = {"state": "done", "name": made.folder.name}
    except (LayarError, OSError) as error:
        ended = {"state": "failed", "reason": str(error)[:500]}
    teller.end()
    beside.join()
    teller.tell(**ended)
    found = load_run(data_dir)
    assert found is not None  # noqa: S101 — written by the line above
    return found


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@click.option("--to", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--keep", required=True, type=click.IntRange(1, 10_000))
@click.option("--who", required=True)
@click.option("--with-secrets", is_flag=True)
def main(data_dir: Path, to: Path, keep: int, who: str, *, with_secrets: bool) -> None:
    """Make one backup of the city kept in DIR; started by the desk."""
    os.nice(_NICE)
    run(data_dir, Wish(to=to, keep=keep, with_secrets=with_secrets), who)


if __name__ == "__main__":
    main()
