"""What the server knows of its own health: the signs for the wall, and the answers of /healthz and /readyz."""

import os
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response

from cctv.archive import HEARTBEAT as ARCHIVE_HEARTBEAT
from cctv.shelf import Shelf
from dashboard.auth import ADMIN, ANYONE, VIEWERS, Access, principal
from dashboard.backup_status import BackupStatus, load_backup_status
from dashboard.cards import gaps
from dashboard.degraded import Signs
from dashboard.report_status import load_standings
from dashboard.services import Services
from dashboard.webhooks_status import load_dead
from geodata.errors import StoreUnavailable
from layers.line_status import load_lines
from layers.statistics import listed_cameras
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.store import Store

ACCESS: Access = {"healthz": ANYONE, "readyz": ANYONE}
_LEAST_FREE_SHARE = 0.05
_BEHIND_S = 5.0
_EVERY_S = 5.0
_NOBODY = -1
_MAGIC = b"SQLite format 3\0"
_PROBE = ".write-probe"
_OK, _NOT_READY = 200, 503


def is_disk_full(folder: Path) -> bool:
    """Whether less than a twentieth of the disk is left."""
    usage = shutil.disk_usage(folder)
    return usage.free < usage.total * _LEAST_FREE_SHARE


def is_log(path: Path) -> bool:
    """Whether the file is a database: open connections may go on answering from memory when it no longer is."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def signs(store: Store, shelf: Shelf, data_dir: Path, now: datetime, *, has_lines: bool = False) -> Signs:
    """Look at the machine. Of a log that cannot be read nothing is known but that."""
    failed_at = None if is_log(data_dir / LOG_FILE) else now
    try:
        quarantined = store.quarantined_count()
        newest = store.quarantined(1) if quarantined else ()
    except StoreUnavailable:
        quarantined, newest, failed_at = 0, (), now
    return Signs(
        heartbeat_at=shelf.heartbeat_at(),
        quarantined=quarantined,
        quarantined_at=newest[0].refusal.received if newest else None,
        store_failed_at=failed_at,
        is_disk_full=is_disk_full(data_dir),
        archive_at=_touched_at(data_dir / ARCHIVE_HEARTBEAT),
        lines=load_lines(data_dir) if has_lines else None,
        backups=load_backup_status(data_dir),
        dead_hooks=load_dead(data_dir),
        reports=tuple(load_standings(data_dir).values()),
    )


def _touched_at(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


class Rarely:
    """Asks `look` why something fails (None: it does not), at most once in five seconds however often it is asked."""

    def __init__(self, look: Callable[[], str | None], seconds: Callable[[], float]) -> None:
        self._look = look
        self._seconds = seconds
        self._lock = threading.Lock()
        self._last: tuple[float, str | None] | None = None

    def failure(self) -> str | None:
        """What the last look found."""
        with self._lock:
            now_s = self._seconds()
            if self._last is None or now_s - self._last[0] >= _EVERY_S:
                self._last = (now_s, self._look())
            return self._last[1]


def disk_failure(folder: Path) -> str | None:
    """Why the disk takes nothing: writes a file and waits for the disk."""
    try:
        with (folder / _PROBE).open("wb") as file:
            file.write(b"layar")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def log_failure(store: Store) -> str | None:
    """Why the log takes nothing: a transaction of its own writer, for nothing."""
    try:
        store.release(_NOBODY)
        store.quarantined(1)
    except StoreUnavailable as error:
        return str(error)
    return None


def register(server: Flask, services: Services, data_dir: Path, seconds: Callable[[], float]) -> None:
    """Add `/healthz` (alive; details for roles) and `/readyz` (able to work)."""
    disk = Rarely(lambda: disk_failure(data_dir), seconds)
    log = Rarely(lambda: log_failure(services.store), seconds)

    def healthz() -> Response:
        alive: dict[str, Any] = {"status": "alive", "build": services.build, "mode": services.mode}
        if principal().role in VIEWERS:
            alive |= _details(services)
            alive |= _backups(load_backup_status(data_dir))
        if principal().role in ADMIN:
            alive["purpose_cards"] = gaps(services.inventory())
        return _json(alive, _OK)

    def readyz() -> Response:
        checks = {
            "disk_takes_writes": disk.failure() is None,
            "disk_has_room": not is_disk_full(data_dir),
            "log_takes_writes": log.failure() is None,
            "log_is_readable": services.hub.log_failed_at is None,
            "log_is_followed": _is_followed(services),
        }
        is_ready = all(checks.values())
        return _json({"status": "ready" if is_ready else "not ready", **checks}, _OK if is_ready else _NOT_READY)

    server.add_url_rule("/healthz", "healthz", healthz)
    server.add_url_rule("/readyz", "readyz", readyz)


def _backups(status: BackupStatus | None) -> dict[str, Any]:
    if status is None:
        return {}
    said = {"newest": _iso(status.made_at), "failing_since": _iso(status.failed_at), "reason": status.reason}
    return {"backups": said}


def _is_followed(services: Services) -> bool:
    behind_s = services.hub.behind_s
    return behind_s is not None and behind_s < _BEHIND_S


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
        "spool": {"waiting": services.door.waiting.count, "refuses": services.door.waiting.is_refusing},
        "camera_process": {"heartbeat": _iso(services.shelf.heartbeat_at())},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _json(body: object, status: int) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")
