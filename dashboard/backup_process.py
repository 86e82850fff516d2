"""The backup process: makes backups when they are due, says how that goes, and destroys what is too old to be kept.

It is started by `layar serve`, a process of its own and a patient one, so that folding a long log for the proof holds
up no screen.
"""

import os
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import structlog

from dashboard.audit import Audit
from dashboard.backup import What, backups_in, make_backup, prune
from dashboard.backup_status import BackupStatus, load_backup_status, save_backup_status
from dashboard.config import LayarSettings, load_settings
from dashboard.grounds import ground_of
from dashboard.logs import log_as_json
from dashboard.options import config_option, data_option, mode_option
from dashboard.retention import retain
from dashboard.supervisor import WRONG_SETTINGS, stop_on_signal
from geodata.clock import Clock, utc_now
from geodata.errors import BadInput, LayarError
from layers.event import Mode
from layers.layer import Layers, discover_layers
from layers.store.sqlite import FILE_NAME as LOG
from layers.store.sqlite import open_store

_LOG = structlog.get_logger()
_LOOK_S = 30.0
_AGAIN = timedelta(minutes=15)
_NICE = 15
_A_DAY = timedelta(days=1)
WHO = "layar"


class Turns:
    """Makes backups and destroys by the clock. `turn` does what is due and tells how it goes."""

    def __init__(self, data_dir: Path, settings: LayarSettings, layers: Layers, clock: Clock = utc_now) -> None:
        self._data_dir = data_dir
        self._target = Path(settings.backup.to)
        self._settings = settings.backup
        self._retention = settings.retention
        self._retained: datetime | None = None
        self._layers = layers
        self._clock = clock
        self._not_before: datetime | None = None
        before, now = load_backup_status(data_dir), clock()
        made = newest_in(self._target) if settings.backup.to else None
        begun = BackupStatus(every_h=settings.backup.every_h, begun_at=now, made_at=made)
        self.status = begun if before is None else replace(begun, failed_at=before.failed_at, reason=before.reason)

    def turn(self) -> None:
        """Make a backup if one is due. Never raises what a later turn may not meet again."""
        now = self._clock()
        if self._settings.every_h:
            if self._is_due(now):
                self._make(now)
            save_backup_status(self._data_dir, self.status)
        if self._retention.daily and (self._retained is None or abs(now - self._retained) >= _A_DAY):
            self._retained = now
            self._retain(now)

    def _retain(self, now: datetime) -> None:
        """What could not be destroyed today is a day older tomorrow."""
        try:
            log = open_store(self._data_dir / LOG, self._layers, ground_of(self._data_dir))
            try:
                retain(log, self._retention, now, Audit(self._data_dir, self._clock), WHO)
            finally:
                log.close()
        except LayarError as error:
            _LOG.warning("retention_failed", reason=str(error))

    def _is_due(self, now: datetime) -> bool:
        if self._not_before is not None and now < self._not_before:
            return False
        made = self.status.made_at
        return made is None or abs(now - made) >= timedelta(hours=self._settings.every_h)

    def _make(self, now: datetime) -> None:
        settings = self._settings
        try:
            made = make_backup(self._data_dir, self._target, self._layers, now, What(secrets=settings.with_secrets))
            prune(self._target, settings.keep)
        except (LayarError, OSError) as error:
            failed_at = self.status.failed_at or now
            self.status = replace(self.status, failed_at=failed_at, reason=str(error))
            self._not_before = now + min(_AGAIN, timedelta(hours=settings.every_h))
            _LOG.warning("backup_failed", reason=str(error))
            return
        self.status = replace(self.status, made_at=now, failed_at=None, reason=None)
        Audit(self._data_dir, self._clock).note(WHO, "backup", made.folder.name)
        _LOG.info("backup_made", name=made.folder.name, cursor=made.examined.cursor)


def newest_in(target: Path) -> datetime | None:
    """When the newest backup in a folder was made, by its name."""
    found = backups_in(target)
    return datetime.strptime(found[-1].name, "layar-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None


def run_backups(data_dir: Path, stopping: threading.Event, config_file: Path | None = None) -> None:
    """Run until `stopping` is set. Raises BadInput when the settings are wrong."""
    settings = load_settings(data_dir, config_file)
    turns = Turns(data_dir, settings, discover_layers().found)
    while not stopping.is_set():
        turns.turn()
        stopping.wait(_LOOK_S)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@config_option
@mode_option
def main(data_dir: Path, config_file: Path | None, mode: Mode | None) -> None:  # noqa: ARG001 — every child is told it
    """Back up the city kept in DIR whenever it is time; started by `layar serve`."""
    log_as_json()
    os.nice(_NICE)
    try:
        run_backups(data_dir, stop_on_signal(), config_file)
    except BadInput as error:
        click.echo(f"layar: {error}", err=True)
        sys.exit(WRONG_SETTINGS)
    os._exit(0)


if __name__ == "__main__":
    main()
