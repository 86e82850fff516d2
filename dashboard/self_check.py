"""What the server knows of its own health: the signs for the wall, and the answers of /healthz and /readyz."""

import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response

from cctv.archive import HEARTBEAT as ARCHIVE_HEARTBEAT
from cctv.shelf import Shelf
from dashboard.auth import ANYONE, Access, principal
from dashboard.degraded import Signs
from dashboard.services import Services
from geodata.clock import Clock
from geodata.errors import StoreUnavailable
from layers.statistics import listed_cameras
from layers.store.store import Store

ACCESS: Access = {"healthz": ANYONE, "readyz": ANYONE}
_LEAST_FREE_SHARE = 0.05
_BEHIND = timedelta(seconds=5)
_WRITE_EVERY = timedelta(seconds=5)
_PROBE = ".write-probe"
_OK, _NOT_READY = 200, 503


def is_disk_full(folder: Path) -> bool:
    """Whether less than a twentieth of the disk is left."""
    usage = shutil.disk_usage(folder)
    return usage.free < usage.total * _LEAST_FREE_SHARE


def signs(store: Store, shelf: Shelf, data_dir: Path) -> Signs:
    """Look at the machine; a store in trouble is told by the hub, which meets it anyway."""
    try:
        quarantined = store.quarantined_count()
        newest = store.quarantined(1) if quarantined else ()
    except StoreUnavailable:
        quarantined, newest = 0, ()
    return Signs(
        heartbeat_at=shelf.heartbeat_at(),
        quarantined=quarantined,
        quarantined_at=newest[0].refusal.received if newest else None,
        is_disk_full=is_disk_full(data_dir),
        archive_at=_touched_at(data_dir / ARCHIVE_HEARTBEAT),
    )


def _touched_at(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """When a durable write was last tried, and why it failed (None: it did not)."""

    at: datetime
    failure: str | None


class WriteCheck:
    """Writes a file and waits for the disk, at most once in five seconds however often it is asked."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._path = folder / _PROBE
        self._clock = clock
        self._lock = threading.Lock()
        self._last: Written | None = None

    def failure(self) -> str | None:
        """Why the disk takes nothing; None when it does."""
        with self._lock:
            now = self._clock()
            if self._last is None or now - self._last.at >= _WRITE_EVERY:
                self._last = Written(at=now, failure=self._try())
            return self._last.failure

    def _try(self) -> str | None:
        try:
            with self._path.open("wb") as file:
                file.write(b"layar")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            return error.strerror or type(error).__name__
        return None


def register(server: Flask, services: Services, write_check: Callable[[], str | None], data_dir: Path) -> None:
    """Add `/healthz` (alive; details for roles) and `/readyz` (able to work)."""

    def healthz() -> Response:
        alive: dict[str, Any] = {"status": "alive", "build": services.build, "mode": services.mode}
        if principal().role is not None:
            alive |= _details(services)
        return _json(alive, _OK)

    def readyz() -> Response:
        checks = {
            "disk_takes_writes": write_check() is None,
            "disk_has_room": not is_disk_full(data_dir),
            "log_is_followed": _is_followed(services),
        }
        is_ready = all(checks.values())
        return _json({"status": "ready" if is_ready else "not ready", **checks}, _OK if is_ready else _NOT_READY)

    server.add_url_rule("/healthz", "healthz", healthz)
    server.add_url_rule("/readyz", "readyz", readyz)


def _is_followed(services: Services) -> bool:
    followed_at = services.hub.followed_at
    return followed_at is not None and services.clock() - followed_at < _BEHIND


def _details(services: Services) -> dict[str, Any]:
    try:
        situation = services.hub.situation()
    except StoreUnavailable as error:
        return {"store": {"trouble": str(error)}}
    health = [camera.health for camera in listed_cameras(situation)]
    return {
        "store": {"cursor": situation.cursor, "seen": _iso(situation.seen)},
        "feeds": {source.id: _iso(source.last_seen) for source in situation.of("sources").values()},
        "cameras": {said: health.count(said) for said in sorted({"ok", "late", "lost", "unknown", *health})},
        "camera_process": {"heartbeat": _iso(services.shelf.heartbeat_at())},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _json(body: object, status: int) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")
