"""`layar serve`: the web server and the processes of cameras, live video and feeds, kept alive together."""

import os
import sys
import threading
from functools import partial
from pathlib import Path

import click
import structlog

from cctv.guard import PORT
from dashboard.backup_status import FILE_NAME as BACKUP_STATUS
from dashboard.config import LayarSettings, load_settings
from dashboard.health_processes import save_processes
from dashboard.logs import log_as_json
from dashboard.options import config_option, data_option, mode_option
from dashboard.report_status import FILE_NAME as REPORT_STATUS
from dashboard.supervisor import Child, refuse_taken_port, stop_on_signal, supervise
from dashboard.watchdog import is_alive, watch
from layers.event import Mode
from layers.store.schema import refuse_newer_log
from layers.store.sqlite import FILE_NAME as LOG_FILE

_LOG = structlog.get_logger()
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — who listens everywhere is reached here


@click.command()
@data_option
@config_option
@mode_option
@click.option("--host", default=None, help="Address to listen on; what [server] says when not given.")
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(data_dir: Path, config_file: Path | None, mode: Mode | None, host: str | None, port: int | None) -> None:
    """Serve the city's screens until told to stop."""
    log_as_json()
    settings = load_settings(data_dir, config_file)
    host, port = host or settings.server.host, port or settings.server.port
    os.environ[PORT] = str(port)
    refuse_taken_port(host, port)
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    refuse_newer_log(data_dir / LOG_FILE)
    if not settings.backup.every_h:
        (data_dir / BACKUP_STATUS).unlink(missing_ok=True)  # no longer made by the clock: then nothing is overdue
    if not settings.reports:
        (data_dir / REPORT_STATUS).unlink(missing_ok=True)
    children = (
        web_child(data_dir, config_file, mode or settings.mode, host=host, port=port),
        camera_child(data_dir, config_file, mode or settings.mode),
        live_child(data_dir, config_file, mode or settings.mode),
        *([feed_child(data_dir, config_file, mode or settings.mode)] if settings.feeds else []),
        *([report_child(data_dir, config_file, mode or settings.mode)] if settings.reports else []),
        *([backup_child(data_dir, config_file, mode or settings.mode)] if _must_keep(settings) else []),
    )
    click.echo(f"Layar 112: http://{host}:{port}/wall  (data in {data_dir}; Ctrl-C ends it)", err=True)
    stop = stop_on_signal()
    reached_at = _LOOPBACK.get(host, host)
    threading.Thread(target=watch, args=(lambda: is_alive(reached_at, port), stop), daemon=True).start()
    told = partial(save_processes, data_dir)
    supervise(children, stop=stop, ended=lambda: _LOG.info("ended"), told=told)


def web_child(data_dir: Path, config_file: Path | None, mode: Mode, *, host: str, port: int) -> Child:
    """The web process."""
    where = (*_shared(data_dir, config_file, mode), "--host", host, "--port", str(port))
    return Child(name="web", command=(sys.executable, "-m", "dashboard.serve", *where))


def camera_child(data_dir: Path, config_file: Path | None, mode: Mode) -> Child:
    """The camera process."""
    command = (sys.executable, "-m", "dashboard.camera_process", *_shared(data_dir, config_file, mode))
    return Child(name="cameras", command=command)


def live_child(data_dir: Path, config_file: Path | None, mode: Mode) -> Child:
    """The live video process."""
    command = (sys.executable, "-m", "dashboard.live_video_process", *_shared(data_dir, config_file, mode))
    return Child(name="live", command=command)


def feed_child(data_dir: Path, config_file: Path | None, mode: Mode) -> Child:
    """The feed process."""
    command = (sys.executable, "-m", "dashboard.feed_process", *_shared(data_dir, config_file, mode))
    return Child(name="feeds", command=command)


def _must_keep(settings: LayarSettings) -> bool:
    return bool(settings.backup.every_h) or settings.retention.daily


def report_child(data_dir: Path, config_file: Path | None, mode: Mode) -> Child:
    """The report process."""
    command = (sys.executable, "-m", "dashboard.report_clock", *_shared(data_dir, config_file, mode))
    return Child(name="reports", command=command)


def backup_child(data_dir: Path, config_file: Path | None, mode: Mode) -> Child:
    """The backup process."""
    command = (sys.executable, "-m", "dashboard.backup_process", *_shared(data_dir, config_file, mode))
    return Child(name="backups", command=command)


def _shared(data_dir: Path, config_file: Path | None, mode: Mode) -> tuple[str, ...]:
    config = ("--config", str(config_file)) if config_file else ()
    return ("--data", str(data_dir), *config, "--mode", mode)
