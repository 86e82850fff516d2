"""What the cameras tell, on its way into the log: only what is news, and never lost because the log is busy.

The queue is bounded by the number of cameras: a newer state of a camera takes the place of an older one that
could not be written yet, and a newer inventory that of an older.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping

import structlog

from cctv.camera import Camera
from cctv.complaints import Complaints
from cctv.faults import sentence
from cctv.worker import HealthChange
from geodata.clock import Clock, utc_now
from geodata.errors import StoreUnavailable
from layers.cameras import CameraDelisted, CameraHealthChanged, CameraListed, StreetCamera
from layers.event import Event, Fact, Mode, stable_id
from layers.store.store import Store

_LOG = structlog.get_logger()
HEALTH_SOURCE = "cctv/health"
INVENTORY_SOURCE = "cctv/inventory"
_AGAIN_S = 1.0


def listed_fact(camera: Camera) -> CameraListed:
    """The inventory's line as the log keeps it: without the URL."""
    return CameraListed(
        camera=camera.id,
        name=camera.name,
        lon=camera.lon,
        lat=camera.lat,
        azimuth_deg=camera.azimuth_deg,
        fov_deg=camera.fov_deg,
        range_m=camera.range_m,
        owner=camera.owner,
    )


def health_fact(change: HealthChange) -> CameraHealthChanged:
    """A change of health with its reason as a sentence for the operator."""
    return CameraHealthChanged(
        camera=change.camera,
        health=change.health,
        reason=sentence(change.fault).id if change.fault else None,
        last_picture_at=change.last_picture_at,
    )


def inventory_news(known: Mapping[str, StreetCamera], cameras: tuple[Camera, ...]) -> Iterator[Fact]:
    """What must be told for the situation to hold just these cameras."""
    listed = {camera.id: listed_fact(camera) for camera in cameras}
    for id_, fact in listed.items():
        if id_ not in known or known[id_].listed != fact:
            yield fact
    for id_, thing in known.items():
        if id_ not in listed and thing.listed is not None:
            yield CameraDelisted(camera=id_)


def is_health_news(known: Mapping[str, StreetCamera], fact: CameraHealthChanged) -> bool:
    """Whether the situation does not hold this already."""
    thing = known.get(fact.camera)
    return thing is None or (thing.health, thing.reason) != (fact.health, fact.reason)


class CameraLog:
    """`health` and `listed` may come from any thread and return at once; `run` writes."""

    def __init__(self, open_log: Callable[[], Store], mode: Mode, clock: Clock = utc_now) -> None:
        self._open_log = open_log
        self._mode = mode
        self._clock = clock
        self._news = threading.Condition()
        self._health: dict[str, HealthChange] = {}
        self._cameras: tuple[Camera, ...] | None = None
        self._store: Store | None = None
        self._complaints = Complaints()

    def health(self, change: HealthChange) -> None:
        """A camera's newest state."""
        with self._news:
            self._health[change.camera] = change
            self._news.notify()

    def listed(self, cameras: tuple[Camera, ...]) -> None:
        """The newest inventory."""
        with self._news:
            self._cameras = cameras
            self._news.notify()

    def run(self, stopping: threading.Event) -> None:
        """Write what there is until `stopping` is set, then what is left, and close the log."""
        while not stopping.is_set():
            with self._news:
                self._news.wait_for(lambda: self._health or self._cameras is not None, timeout=_AGAIN_S)
            if not self._is_written():
                stopping.wait(_AGAIN_S)
        self._is_written()
        if self._store is not None:
            self._store.close()

    def _is_written(self) -> bool:
        with self._news:
            health, self._health = self._health, {}
            cameras, self._cameras = self._cameras, None
        if not health and cameras is None:
            return True
        try:
            self._write(health, cameras)
        except StoreUnavailable as error:
            self._keep(health, cameras)
            times = self._complaints.times("", "store", time.monotonic())
            if times:
                _LOG.warning("camera_log_waits", reason=str(error), times=times)
            return False
        return True

    def _keep(self, health: dict[str, HealthChange], cameras: tuple[Camera, ...] | None) -> None:
        with self._news:
            self._health = {**health, **self._health}
            if self._cameras is None:
                self._cameras = cameras

    def _write(self, health: Mapping[str, HealthChange], cameras: tuple[Camera, ...] | None) -> None:
        if self._store is None:
            self._store = self._open_log()
        known = self._store.live().situation.of("cameras")
        events = [] if cameras is None else [self._listing(fact) for fact in inventory_news(known, cameras)]
        facts = ((change, health_fact(change)) for change in health.values())
        events += [self._changing(change, fact) for change, fact in facts if is_health_news(known, fact)]
        if events:
            self._store.append(events)

    def _listing(self, fact: Fact) -> Event:
        now = self._clock()
        return Event(
            id=stable_id(INVENTORY_SOURCE, repr(fact), now),
            at=now,
            seen=now,
            source=INVENTORY_SOURCE,
            fact=fact,
            mode=self._mode,
        )

    def _changing(self, change: HealthChange, fact: CameraHealthChanged) -> Event:
        return Event(
            id=stable_id(HEALTH_SOURCE, change.camera, change.health, change.fault, change.since),
            at=change.since,
            seen=self._clock(),
            source=HEALTH_SOURCE,
            fact=fact,
            mode=self._mode,
        )
