"""The web process: gunicorn with one worker of many threads. `layar serve` runs it as a child of the supervisor.

One worker, because every viewer of one moment is then served the same encoded bytes; SQLite and the hub are
opened in the worker, after the fork.
"""

import gc
import os
import resource
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import click
import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger as GunicornLogger

from dashboard.app import Foundation, create_app, lay_foundation, make_services, new_server
from dashboard.config import load_settings
from dashboard.logs import log_as_json
from dashboard.options import config_option, data_option, mode_option
from dashboard.services import Services
from dashboard.supervisor import WRONG_SETTINGS
from dashboard.webhooks_out import Around, Webhooks
from dashboard.worker import PatientWorker
from geodata.errors import BadInput
from layers.event import Mode
from layers.store.sealer import Sealer

_LOG = structlog.get_logger()
_HUB_DIED = 70
_MOST_CONNECTIONS, _OTHER_FILES = 2_048, 512
"""A thousand browsers that ask once a second keep a connection each."""


class _Logger(GunicornLogger):  # type: ignore[misc]  # gunicorn ships no types
    """What gunicorn says goes the way of every other library (dashboard/logs.py)."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 — gunicorn ships no types
        """Called by gunicorn, whenever it reads its settings."""
        super().setup(cfg)
        for handler in tuple(self.error_log.handlers):
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn, told everything here: it reads no file, no environment and opens no control socket."""

    def __init__(self, base: Foundation, host: str, port: int) -> None:
        self._base = base
        self._address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._port = port
        self._services: Services | None = None
        self._webhooks: Webhooks | None = None
        self._sealer: Sealer | None = None
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn once."""
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def _settings(self) -> dict[str, Any]:
        threads = self._base.settings.server.threads
        return {
            "bind": self._address,
            "workers": 1,
            "worker_class": PatientWorker,
            "threads": threads,
            "worker_connections": _MOST_CONNECTIONS,
            "timeout": 30,
            "graceful_timeout": 3,
            "keepalive": 15,
            "control_socket_disable": True,
            "loglevel": "warning",
            "accesslog": None,
            "logger_class": _Logger,
            "post_worker_init": self._begin,
            "worker_exit": self._end,
        }

    def load(self) -> Flask:
        """Called by gunicorn in the worker."""
        may_open_files_for(_MOST_CONNECTIONS)
        server = new_server()
        self._services = make_services(self._base, server, on_death=_die)
        return create_app(self._base, self._services, server, time.monotonic)

    def _begin(self, worker: Any) -> None:  # noqa: ANN401 — gunicorn ships no types
        services = self._services
        if services is None:
            raise RuntimeError("gunicorn began to serve before it loaded the application")
        services.hub.start()
        services.director.start(services.hub.situation)
        self._webhooks = self._new_webhooks(services)
        self._webhooks.start()
        after = timedelta(minutes=services.settings.positions.seal_after_min)
        self._sealer = Sealer(services.store, services.clock, after)
        self._sealer.start()
        collect_seldom()
        _let_go_first(services)
        _LOG.info("serving", address=self._address, pid=worker.pid, mode=services.mode, build=services.build)

    def _new_webhooks(self, services: Services) -> Webhooks:
        around = Around(
            store=services.store,
            hub=services.hub,
            clock=services.clock,
            public_delay=timedelta(minutes=services.settings.visitor.delay_min),
            own_ports=frozenset({self._port, services.settings.server.port}),
        )
        return Webhooks(self._base.data_dir, around)

    def _end(self, _arbiter: Any, _worker: Any) -> None:  # noqa: ANN401 — gunicorn ships no types
        if self._webhooks is not None:
            self._webhooks.stop()
        if self._sealer is not None:
            self._sealer.stop()
        if self._services is not None:
            self._services.director.stop()
            self._services.hub.stop()
            self._services.door.close()
            self._services.store.close()


def may_open_files_for(connections: int) -> None:
    """Shells and systemd give 1,024 descriptors unless asked; each connection takes one, pictures and the log more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def collect_seldom() -> None:
    """What was loaded stays, and most of what an update makes dies by itself: do not walk it all again and again.

    At 1,000 moving units the collector's defaults cost 12 ms a second; these cost one (`python -m tests.bench wall`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _let_go_first(services: Services) -> None:
    """On SIGTERM the streams end before gunicorn waits for its threads, or it would wait for them."""
    gunicorn_does = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> None:
        services.hub.let_go()
        if callable(gunicorn_does):
            gunicorn_does(number, frame)

    signal.signal(signal.SIGTERM, end)


def _die() -> None:
    """Without its hub this worker would show an old picture for ever: gunicorn starts another one."""
    _LOG.error("hub_died")
    os._exit(_HUB_DIED)


@click.command()
@data_option
@config_option
@mode_option
@click.option("--host", required=True)
@click.option("--port", required=True, type=click.IntRange(1, 65535))
def main(data_dir: Path, config_file: Path | None, mode: Mode | None, host: str, port: int) -> None:
    """Serve until told to stop."""
    log_as_json()
    try:
        base = lay_foundation(load_settings(data_dir, config_file), data_dir, mode)
    except BadInput as error:
        click.echo(f"layar: {error}", err=True)
        sys.exit(WRONG_SETTINGS)
    Web(base, host, port).run()


if __name__ == "__main__":
    main()
