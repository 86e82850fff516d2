"""What the cameras tell, on its way into the log: only what is news, and never lost because the log is busy.

The queue is bounded by the number of cameras: a newer state of a camera takes the place of an older one that
could not be written yet, and a newer inventory that of an older.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import structlog

from cctv.camera import Camera
from cctv.complaints import Complaints
from cctv.faults import sentence
from cctv.truth_judge import PictureJudged
from cctv.worker import HealthChange
from geodata.clock import Clock, utc_now
from geodata.errors import StoreUnavailable
from layers.cameras import CameraDelisted, CameraHealthChanged, CameraListed, CameraPictureJudged, StreetCamera
from layers.event import Event, Fact, Mode, stable_id
from layers.store.store import Store

_LOG = structlog.get_logger()
HEALTH_SOURCE = "cctv/health"
TRUTH_SOURCE = "cctv/truth"
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
        kelurahan=camera.kelurahan,
        group=camera.group,
        audience=camera.audience,
        night=camera.night,
    )


def health_fact(change: HealthChange) -> CameraHealthChanged:
    """A change of health with its reason as a sentence for the operator."""
    return CameraHealthChanged(
        camera=change.camera,
        health=change.health,
        reason=sentence(change.fault).id if change.fault else None,
        last_picture_at=change.last_picture_at,
        late_s=change.late_s,
    )


def truth_fact(judged: PictureJudged) -> CameraPictureJudged:
    """What is wrong with a picture, with the evidence."""
    return CameraPictureJudged(camera=judged.camera, faults=judged.faults)


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
    return thing is None or (thing.health, thing.reason, thing.late_s) != (fact.health, fact.reason, fact.late_s)


def is_truth_news(known: Mapping[str, StreetCamera], fact: CameraPictureJudged) -> bool:
    """Whether other things are wrong than the situation holds; the same with other figures is no news."""
    thing = known.get(fact.camera)
    before = () if thing is None else thing.faults
    return [fault.kind for fault in before] != [fault.kind for fault in fact.faults]


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """What is not yet written: the newest of each camera, and the newest inventory."""

    health: Mapping[str, HealthChange] = field(default_factory=dict)
    judged: Mapping[str, PictureJudged] = field(default_factory=dict)
    cameras: tuple[Camera, ...] | None = None

    def __bool__(self) -> bool:
        return bool(self.health or self.judged or self.cameras is not None)

    def before(self, newer: "_News") -> "_News":
        """Both, where the newer word wins."""
        return _News(
            health={**self.health, **newer.health},
            judged={**self.judged, **newer.judged},
            cameras=self.cameras if newer.cameras is None else newer.cameras,
        )


class CameraLog:
    """`health`, `judged` and `listed` may come from any thread and return at once; `run` writes."""

    def __init__(self, open_log: Callable[[], Store], mode: Mode, clock: Clock = utc_now) -> None:
        self._open_log = open_log
        self._mode = mode
        self._clock = clock
        self._told = threading.Condition()
        self._news = _News()
        self._store: Store | None = None
        self._complaints = Complaints()

    def health(self, change: HealthChange) -> None:
        """A camera's newest state."""
        self._add(_News(health={change.camera: change}))

    def judged(self, judged: PictureJudged) -> None:
        """What is wrong with a camera's picture now."""
        self._add(_News(judged={judged.camera: judged}))

    def listed(self, cameras: tuple[Camera, ...]) -> None:
        """The newest inventory."""
        self._add(_News(cameras=cameras))

    def _add(self, newer: _News) -> None:
        with self._told:
            self._news = self._news.before(newer)
            self._told.notify()

    def run(self, stopping: threading.Event) -> None:
        """Write what there is until `stopping` is set, then what is left, and close the log.

        Should it fail, it sets `stopping` itself: cameras of which nobody hears must end, and be started anew.
        """
        try:
            while not stopping.is_set():
                with self._told:
                    self._told.wait_for(lambda: bool(self._news), timeout=_AGAIN_S)
                if not self._is_written():
                    stopping.wait(_AGAIN_S)
            self._is_written()
        finally:
            stopping.set()
            if self._store is not None:
                self._store.close()

    def _is_written(self) -> bool:
        with self._told:
            news, self._news = self._news, _News()
        if not news:
            return True
        try:
            self._write(news)
        except StoreUnavailable as error:
            with self._told:
                self._news = news.before(self._news)
            times = self._complaints.times("", "store", time.monotonic())
            if times:
                _LOG.warning("camera_log_waits", reason=str(error), times=times)
            return False
        return True

    def _write(self, news: _News) -> None:
        if self._store is None:
            self._store = self._open_log()
        known = self._store.live().situation.of("cameras")
        events = [] if news.cameras is None else [self._listing(fact) for fact in inventory_news(known, news.cameras)]
        changes = ((change, health_fact(change)) for change in news.health.values())
        events += [self._changing(change, fact) for change, fact in changes if is_health_news(known, fact)]
        verdicts = ((judged, truth_fact(judged)) for judged in news.judged.values())
        events += [self._judging(judged, fact) for judged, fact in verdicts if is_truth_news(known, fact)]
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
            id=stable_id(HEALTH_SOURCE, change.camera, change.health, change.fault, change.since, change.late_s),
            at=change.since,
            seen=self._clock(),
            source=HEALTH_SOURCE,
            fact=fact,
            mode=self._mode,
        )

    def _judging(self, judged: PictureJudged, fact: CameraPictureJudged) -> Event:
        return Event(
            id=stable_id(TRUTH_SOURCE, judged.camera, repr(fact), judged.at),
            at=judged.at,
            seen=self._clock(),
            source=TRUTH_SOURCE,
            fact=fact,
            mode=self._mode,
        )
