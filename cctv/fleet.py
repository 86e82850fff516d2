"""All cameras of a city: starts and stops their workers as the list changes, and keeps the heart beating.

One process, one thread per camera: FFmpeg and OpenCV let go of Python's lock while they work. Nothing here waits
for a camera.
"""

import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import cv2
import structlog

from cctv.camera import Camera, Reach, Snapshot, Source, Sources, discover_sources
from cctv.conductor import Conductor
from cctv.faults import camera_lost
from cctv.guard import Guard, guard_for
from cctv.inventory import FILE_NAME as INVENTORY
from cctv.inventory import file_folders, load_cameras
from cctv.masks import masks_text
from cctv.pace import Tempo, steady
from cctv.secrets import FILE_NAME as SECRETS
from cctv.secrets import Credentials, credentials_for, load_secrets
from cctv.shelf import Shelf
from cctv.status import StatusFile
from cctv.truth_aim import FOLDER as AIM_FOLDER
from cctv.truth_aim import AimBook
from cctv.truth_judge import PictureJudged, unheard
from cctv.worker import HealthChange, Surroundings, Worker
from geodata.errors import BadInventory

T = TypeVar("T")

_LOG = structlog.get_logger()
_TICK_S = 0.25
_LOOK_S = 1.0
_SPREAD_S = 2.0
_END_S = 6.0


@contextmanager
def _open_nothing(reach: Reach) -> Iterator[Iterator[Snapshot]]:
    raise camera_lost(reach.camera.id, "no_source")
    yield iter(())


NO_SOURCE = Source(schemes=(), open=_open_nothing)
"""Stands in for a kind that is not installed: its cameras are lost, and say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told. All are called from the fleet's threads, must be quick and must not raise."""

    health: Callable[[HealthChange], None]
    listed: Callable[[tuple[Camera, ...]], None]
    judged: Callable[[PictureJudged], None] = unheard


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """What a worker is made from: when it changes, so must the worker."""

    camera: Camera
    credentials: Credentials | None

    def needs_new_worker(self, before: "_Listed") -> bool:
        ours, theirs = self.camera, before.camera
        return (ours.url, ours.snapshot_url, ours.kind, ours.name, ours.masks, ours.audience, self.credentials) != (
            theirs.url,
            theirs.snapshot_url,
            theirs.kind,
            theirs.name,
            theirs.masks,
            theirs.audience,
            before.credentials,
        )


def source_for(kind: str, sources: Sources) -> Source:
    """The source of that kind, or one that says that there is none."""
    return sources.get(kind, NO_SOURCE)


def reach_for(  # noqa: PLR0913 — the settings a reach is made of
    camera: Camera,
    credentials: Credentials | None,
    data_dir: Path,
    period_s: float,
    *,
    is_live: bool,
    guard: Guard | None = None,
) -> Reach:
    """All that a source may use for this camera."""
    return Reach(
        camera=camera,
        username=credentials.user if credentials else None,
        password=credentials.password if credentials else None,
        pace=steady(period_s),
        folders=file_folders(data_dir),
        is_live=is_live,
        guard=guard or guard_for(),
    )


class Fleet:
    """`run` until told to stop. Follows `DIR/cameras.json` and the credentials while it runs.

    `conductor` sets the pace of each camera; without one it is `period_s` for all. `is_live`: False for a drill or a
    demo. `guard` says where cameras may be.
    """

    def __init__(  # noqa: PLR0913 — what a test exchanges
        self,
        data_dir: Path,
        listener: Listener,
        *,
        period_s: float = 2.0,
        conductor: Conductor | None = None,
        is_live: bool = True,
        visitor_delay_s: float = 60.0,
        sources: Sources | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.shelf = Shelf(data_dir / "shelf")
        self._data_dir = data_dir
        self._listener = listener
        self._conductor = conductor or Conductor(Tempo(period_s=period_s))
        self._is_live = is_live
        self._guard = guard or guard_for()
        self._sources = discover_sources().found if sources is None else sources
        self._aims = AimBook(data_dir / AIM_FOLDER)
        self._status = StatusFile(data_dir)
        self._around = Surroundings(
            shelf=self.shelf,
            report=listener.health,
            judged=listener.judged,
            data_dir=data_dir,
            visitor_delay_s=visitor_delay_s,
        )
        self._workers: dict[str, Worker] = {}
        self._listed: dict[str, _Listed] = {}
        self._leaving: list[Worker] = []
        self._stamp: object = None
        self._secrets: Mapping[str, Credentials] = {}
        self._told: tuple[Camera, ...] | None = None
        self._gone: set[str] = set()
        self.turns = 0
        """Counts on as long as `run` does."""

    @property
    def workers(self) -> Mapping[str, Worker]:
        """The workers now, by camera id."""
        return self._workers

    def run(self, stopping: threading.Event) -> None:
        """Tick, look for changes and beat until `stopping` is set; then end all workers within some seconds."""
        cv2.setNumThreads(1)  # the cameras are the threads
        self._sweep()
        looked_s = float("-inf")
        while not stopping.is_set():
            self.turns += 1
            now_s = time.monotonic()
            if now_s - looked_s >= _LOOK_S:
                looked_s = now_s
                self._look()
            for worker in self._workers.values():
                worker.tick()
            stopping.wait(_TICK_S)
        self._end()

    def _sweep(self) -> None:
        try:
            self.shelf.sweep()
        except OSError:
            self._complain("")

    def _look(self) -> None:
        try:
            self.shelf.beat()
            self._status.write([self._workers[id_].status for id_ in sorted(self._workers)])
        except OSError:
            self._complain("")
        stamp = tuple(_stamp(self._data_dir / name) for name in (INVENTORY, SECRETS))
        if stamp != self._stamp:
            self._stamp = stamp if self._is_reloaded() else None  # None: again in a second
        self._bury()
        cameras = [listed.camera for listed in self._listed.values()]
        self._conductor.follow(cameras, self._around.lanes.decoding.worst_wait_s())

    def _is_reloaded(self) -> bool:
        """Do as the files say; False when not all of it could be read or done."""
        secrets = self._read(lambda: load_secrets(self._data_dir))
        cameras = self._read(lambda: load_cameras(self._data_dir))
        if secrets is not None:
            self._secrets = secrets
        if cameras is None:
            return False  # the cameras go on as they were
        are_hired = self._follow(cameras)
        return secrets is not None and are_hired

    def _follow(self, cameras: tuple[Camera, ...]) -> bool:
        listed = {c.id: _Listed(camera=c, credentials=credentials_for(c.id, self._secrets)) for c in cameras}
        for camera_id in [*self._workers]:
            if camera_id not in listed or listed[camera_id].needs_new_worker(self._listed[camera_id]):
                self._retire(camera_id)
        self._listed = listed
        are_hired = [self._is_hired(listed[camera_id]) for camera_id in listed.keys() - self._workers.keys()]
        if cameras != self._told:
            self._told = cameras
            self._listener.listed(cameras)
        return all(are_hired) and self._are_strangers_found()

    def _are_strangers_found(self) -> bool:
        """Cameras may have been taken off the list while nobody watched."""
        try:
            self._gone |= self.shelf.camera_ids() - self._listed.keys() - {one.camera.id for one in self._leaving}
        except OSError:
            self._complain("")
            return False
        return True

    def _is_hired(self, listed: _Listed) -> bool:
        self.turns += 1
        camera = listed.camera
        if not self._is_remasked(camera):
            return False
        pace = self._conductor.pace_of(camera)
        plain = reach_for(camera, listed.credentials, self._data_dir, pace().period_s, is_live=self._is_live)
        reach = replace(plain, pace=pace, guard=self._guard)
        source = source_for(camera.kind, self._sources)
        worker = Worker(source, reach, self._around, phase_s=_phase_s(camera.id, reach.period_s))
        self._workers[camera.id] = worker
        worker.start()
        return True

    def _is_remasked(self, camera: Camera) -> bool:
        """Whether nothing is kept that the camera's masks hide."""
        try:
            if self.shelf.remask(camera.id, masks_text(camera.masks)):
                self._aims.forget(camera.id)
            if camera.audience != "visitor":
                self.shelf.remove_late(camera.id)
        except OSError:
            self._complain(camera.id)
            return False
        return True

    def _retire(self, camera_id: str) -> None:
        worker = self._workers.pop(camera_id)
        worker.stop()
        self._leaving.append(worker)

    def _bury(self) -> None:
        """Forget those that have ended, and all pictures of cameras that are listed no more."""
        for worker in [one for one in self._leaving if not one.is_alive]:
            self._leaving.remove(worker)
            self._gone.add(worker.camera.id)
        self._gone -= self._listed.keys()
        self._gone -= {camera_id for camera_id in self._gone if self._is_forgotten(camera_id)}

    def _is_forgotten(self, camera_id: str) -> bool:
        try:
            self.shelf.remove(camera_id)
            self._aims.forget(camera_id)
        except OSError:
            self._complain(camera_id)
            return False
        return True

    def _read(self, read: Callable[[], T]) -> T | None:
        """What the file holds now; None while it cannot be read."""
        try:
            return read()
        except BadInventory as error:
            reason = str(error)
        except OSError as error:
            reason = type(error).__name__
        if times := self._around.complaints.times("", reason, time.monotonic()):
            _LOG.warning("inventory_refused", reason=reason, times=times)
        return None

    def _complain(self, camera_id: str) -> None:
        if times := self._around.complaints.times(camera_id, "shelf", time.monotonic()):
            _LOG.warning("shelf_refuses", camera=camera_id or None, times=times)

    def _end(self) -> None:
        for worker in self._workers.values():
            worker.stop()
        until_s = time.monotonic() + _END_S
        for worker in (*self._workers.values(), *self._leaving):
            worker.join(max(0.0, until_s - time.monotonic()))


def _phase_s(camera_id: str, period_s: float) -> float:
    """Spreads the cameras' work over a period, the same way each time."""
    return zlib.crc32(camera_id.encode()) % 1000 / 1000 * min(period_s, _SPREAD_S)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ctime_ns, stat.st_size, stat.st_ino  # ctime: chmod counts too
