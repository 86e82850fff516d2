"""`GET /metrics`: what a Prometheus server watches of this machine; read when asked for, nothing personal in it.

Names begin with `layar_`. A value that is not known is left out, never zero.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from dashboard.auth import VIEWERS, Access
from dashboard.beats_kept import silent
from dashboard.metrics_parts import Installation
from dashboard.services import Services
from dashboard.walls import walls_of
from geodata.errors import StoreUnavailable
from layers.situation import Situation
from layers.statistics import listed_cameras, open_incidents
from layers.store.sqlite import FILE_NAME as LOG_FILE

ACCESS: Access = {"metrics": VIEWERS}
_NOBODY = "none"
_SIGN_INS, _REFUSED = frozenset({"login_try"}), frozenset({401, 429})
_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0)


class Machine:
    """A collector of prometheus_client: looks at the machine when it is asked."""

    def __init__(self, services: Services, data_dir: Path) -> None:
        self._services = services
        self._data_dir = data_dir

    def collect(self) -> Iterator[Metric]:
        """Every value there is just now."""
        yield from self._of_machine()
        with suppress(StoreUnavailable):
            situation = self._services.hub.situation()
            yield from self._of_log(situation)
            yield from self._of_cameras(situation)

    def _of_machine(self) -> Iterator[Metric]:
        services = self._services
        yield _gauge("disk_free_bytes", "Bytes left on the disk of the city's folder", _free(self._data_dir))
        yield _gauge("wal_bytes", "Size of the log's write-ahead file", _size(self._data_dir / f"{LOG_FILE}-wal"))
        yield _gauge("log_bytes", "Size of the log", _size(self._data_dir / LOG_FILE))
        yield _gauge("followed_behind_seconds", "Since the screens last followed the log", services.hub.behind_s)
        walls = walls_of(services.settings.walls)
        yield _gauge(
            "silent_screens",
            "Screens of walls that ceased to say that they live",
            silent(walls, services.beats, services.clock()),
        )
        yield _gauge("spool_waiting", "Payloads that wait until the log can be written", services.door.waiting.count)
        with suppress(StoreUnavailable):
            yield _gauge("quarantined", "Payloads that could not be read", services.store.quarantined_count())

    def _of_log(self, situation: Situation) -> Iterator[Metric]:
        now = self._services.clock()
        age_s = None if situation.seen is None else (now - situation.seen).total_seconds()
        yield _gauge("log_cursor", "Number of the newest event", situation.cursor)
        yield _gauge("event_age_seconds", "Since the newest event arrived", age_s)
        yield _gauge("open_incidents", "Incidents that are open", len(open_incidents(situation)))

    def _of_cameras(self, situation: Situation) -> Iterator[Metric]:
        now, shelf = self._services.clock(), self._services.shelf
        beat = shelf.heartbeat_at()
        beat_s = None if beat is None else (now - beat).total_seconds()
        yield _gauge("camera_process_silent_seconds", "Since the camera process last said that it lives", beat_s)
        states = GaugeMetricFamily("layar_camera_state", "1 for the state a camera is in", labels=["camera", "state"])
        for camera in listed_cameras(situation):
            states.add_metric([camera.id, camera.health], 1)
        yield states


def _gauge(name: str, help_: str, value: float | None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"layar_{name}", help_)
    if value is not None:
        family.add_metric([], value)
    return family


def _free(folder: Path) -> float | None:
    with suppress(OSError):
        return shutil.disk_usage(folder).free
    return None


def _size(path: Path) -> float | None:
    with suppress(OSError):
        return path.stat().st_size
    return None


def register(
    server: Flask, services: Services, data_dir: Path, seconds: Callable[[], float]
) -> Callable[[str, int, float], None]:
    """Add the route, and a watch on how long every answer takes. `seconds` is a monotonic clock.

    Gives what counts an answer that did not go through the server: its endpoint, its status, its seconds.
    """
    registry = CollectorRegistry(auto_describe=False)
    took = Histogram(
        "layar_request_seconds", "How long an answer took", ["endpoint"], buckets=_BUCKETS, registry=registry
    )
    answers = Counter("layar_responses", "Answers by their status", ["status"], registry=registry)
    refused = Counter("layar_sign_ins_refused", "Tries to sign in that were refused", registry=registry)
    registry.register(Machine(services, data_dir))
    registry.register(Installation(server, services, data_dir))

    def begin() -> None:
        g.metrics_began_s = seconds()

    def finish(response: Response) -> Response:
        began_s = g.pop("metrics_began_s", None)
        if began_s is not None:
            took.labels(request.endpoint or _NOBODY).observe(seconds() - began_s)
        answers.labels(response.status_code).inc()
        if request.endpoint in _SIGN_INS and response.status_code in _REFUSED:
            refused.inc()
        return response

    def count(endpoint: str, status: int, took_s: float) -> None:
        took.labels(endpoint).observe(took_s)
        answers.labels(status).inc()

    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    server.before_request(begin)
    server.after_request(finish)
    server.add_url_rule("/metrics", "metrics", metrics)
    return count
