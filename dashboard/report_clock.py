"""The report process: makes the reports of [[reports]] when they are due, and puts or sends them where they go.

It is started by `layar serve` where there is such a line: a process of its own and a patient one.
"""

import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import structlog

from dashboard.audit import Audit
from dashboard.config import LayarSettings, load_settings
from dashboard.logs import log_as_json
from dashboard.mail import Letter, send
from dashboard.options import config_option, data_option, mode_option
from dashboard.report_due import Due, Standing, delivered, due, failed
from dashboard.report_making import Made, make
from dashboard.report_process import room_of
from dashboard.report_settings import ReportSettings, mail_password
from dashboard.report_status import load_standings, save_standings
from dashboard.report_wanted import FORMATS
from dashboard.report_words import WATERMARKS, Tongue
from dashboard.supervisor import WRONG_SETTINGS, stop_on_signal
from geodata.city import City
from geodata.clock import Clock, utc_now
from geodata.errors import BadInput, BadSettings, LayarError
from geodata.ground import load_ground
from layers.event import Mode

_LOG = structlog.get_logger()
_LOOK_S = 20.0
_NICE = 12
WHO = "layar"
Maker = Callable[[Due], Made]


class Rounds:
    """Makes what is due. `turn` never raises what a later turn may not meet again."""

    def __init__(  # noqa: PLR0913, PLR0917 — where, by what, and what a test replaces
        self, data_dir: Path, settings: LayarSettings, city: City, mode: Mode, maker: Maker, clock: Clock = utc_now
    ) -> None:
        self._data_dir = data_dir
        self._settings = settings
        self._city = city
        self._mode = mode
        self._maker = maker
        self._clock = clock
        known = load_standings(data_dir)
        self.standings = {one.name: known.get(one.name, Standing(name=one.name)) for one in settings.reports}

    def turn(self, environment: Mapping[str, str] = os.environ) -> None:
        """Make and deliver everything that is due, and say how it went."""
        for one in list(due(self._settings.reports, self.standings, self._clock(), self._city)):
            self._deliver(one, environment)
        save_standings(self._data_dir, self.standings)

    def _deliver(self, one: Due, environment: Mapping[str, str]) -> None:
        name, before = one.line.name, self.standings[one.line.name]
        try:
            made = self._maker(one)
            if one.line.folder:
                _put(Path(one.line.folder), made)
            if one.line.mail_to:
                self._mail(one.line, made, environment)
        except (LayarError, OSError) as error:
            reason = str(error) if isinstance(error, LayarError) else f"folder tidak dapat ditulis: {error.strerror}"
            self.standings[name] = failed(before, reason, self._clock())
            _LOG.warning("report_not_delivered", name=name, reason=reason)
            return
        self.standings[name] = delivered(before, one.wanted.at, self._clock())
        Audit(self._data_dir, self._clock).note(WHO, "report.deliver", made.name, fingerprint=made.fingerprint)
        _LOG.info("report_delivered", name=name)

    def _mail(self, line: ReportSettings, made: Made, environment: Mapping[str, str]) -> None:
        settings = self._settings.mail
        if not settings.host:
            raise BadSettings("mail_to: isi [mail] host di layar.toml", field="mail.host")
        say = Tongue(line.lang)
        mark, print_ = say.of(WATERMARKS[self._mode]), say("Sidik isi", "Fingerprint")
        sent = say("Dikirim otomatis oleh Layar 112.", "Sent by Layar 112 itself.")
        letter = Letter(
            id=f"{line.name}.{made.fingerprint}",
            to=line.mail_to,
            subject=f"{f'[{mark}] ' if mark else ''}{made.title} · {self._city.center_name}",
            text=f"{made.title}\n{made.name}\n{print_}: {made.fingerprint}\n\n{sent}\n",
            name=made.name,
            content_type=FORMATS[line.format],
            data=made.data,
        )
        send(letter, settings, mail_password(self._data_dir, environment), self._clock())


def _put(folder: Path, made: Made) -> None:
    """Whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{made.name}.partial"
    try:
        partial.write_bytes(made.data)
        partial.replace(folder / made.name)
    finally:
        partial.unlink(missing_ok=True)


def run_rounds(data_dir: Path, stopping: threading.Event, config_file: Path | None, mode: Mode | None) -> None:
    """Run until `stopping` is set. Raises BadInput when the settings are wrong."""
    settings = load_settings(data_dir, config_file)
    mail_password(data_dir, os.environ)
    city = load_ground(data_dir, settings.city.code).city

    def made(one: Due) -> Made:
        with room_of(data_dir, settings, mode) as room:
            return make(room, one.wanted, lambda _done, _step: None)

    rounds = Rounds(data_dir, settings, city, mode or settings.mode, made)
    while not stopping.is_set():
        rounds.turn()
        stopping.wait(_LOOK_S)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@config_option
@mode_option
def main(data_dir: Path, config_file: Path | None, mode: Mode | None) -> None:
    """Make the reports of the city kept in DIR whenever it is time; started by `layar serve`."""
    log_as_json()
    os.nice(_NICE)
    try:
        run_rounds(data_dir, stop_on_signal(), config_file, mode)
    except BadInput as error:
        click.echo(f"layar: {error}", err=True)
        sys.exit(WRONG_SETTINGS)
    os._exit(0)


if __name__ == "__main__":
    main()
