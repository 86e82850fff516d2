"""One camera: open it, show what it gives, wait when it is lost and knock meanwhile, never give up.

This is the one place that retries (`cctv/retry.py` says when), and it decides nothing about health by itself: it
tells `cctv/health.py` what happened, and the fleet's tick tells it how time goes by.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import structlog

from cctv.camera import Health, Reach, Snapshot, Source
from cctv.complaints import Complaints
from cctv.faults import Broken, sentence
from cctv.health import (
    Instant,
    Limits,
    Vitals,
    delayed,
    failed,
    has_changed,
    is_other_pace,
    limits_for,
    pictured,
    ticked,
)
from cctv.health_evidence import health_evidence
from cctv.knock import Door, shut_of
from cctv.lanes import DecodeLane
from cctv.late_show import LateShow
from cctv.pace import promised_s
from cctv.picture import Developed, develop
from cctv.retry import Failure, Wait, wait_after
from cctv.shelf import Shelf
from cctv.status import CameraStatus, Readings
from cctv.truth_judge import Judge, PictureJudged, unheard
from geodata.errors import CameraLost

_LOG = structlog.get_logger()
_STEADY_S = 10.0
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChange:
    """A camera's state, its reason for being lost, or the age from which it counts as late is another.

    `since` is when the state began; `late_s` is that age, by the pace that holds for this camera now.
    """

    camera: str
    health: Health
    fault: str | None
    since: datetime
    last_picture_at: datetime | None
    late_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """What cameras share, so that no camera can take it all.

    A camera that keeps failing opens in the lane of those that did: black holes queue behind black holes. One whose
    door has just opened does not belong to them.
    """

    opening: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(16))
    reopening: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(32))
    decoding: DecodeLane = field(default_factory=lambda: DecodeLane(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a worker is given besides its camera. Without `data_dir` no picture is judged.

    `stopwatch` gives monotonic seconds: all that lasts is measured by it, whatever the clock is set to.
    """

    shelf: Shelf
    report: Callable[[HealthChange], None]
    judged: Callable[[PictureJudged], None] = unheard
    data_dir: Path | None = None
    lanes: Lanes = field(default_factory=Lanes)
    complaints: Complaints = field(default_factory=Complaints)
    limits: Callable[[float], Limits] = limits_for
    stopwatch: Callable[[], float] = time.monotonic
    visitor_delay_s: float = 60.0


class Worker:
    """Runs in a thread of its own from `start` until `stop`; `tick` may come from any thread."""

    def __init__(self, source: Source, reach: Reach, around: Surroundings, *, phase_s: float = 0.0) -> None:
        self.camera = reach.camera
        self._source = source
        self._reach = reach
        self._around = around
        self._phase_s = phase_s
        self._promised_s, self._lag_s = reach.period_s, 0.0
        self._told_late_s: float | None = None
        self._lock = threading.Lock()
        self._shelving = threading.Lock()
        self._vitals = Vitals(since=reach.clock(), since_s=around.stopwatch())
        self._doors = Door.all_of(reach)
        self._failures = self._passwords = self._pictures = 0
        self._is_back = False
        self._readings = Readings(reach.camera.id)
        self._judge = Judge(reach.camera, around.data_dir) if around.data_dir else None
        is_for_visitors = reach.camera.audience == "visitor"
        delay_s, seconds = around.visitor_delay_s, around.stopwatch
        self._late = LateShow(reach.camera.id, around.shelf, delay_s, seconds) if is_for_visitors else None
        self._thread = threading.Thread(target=self._run, name=f"camera {reach.camera.id}", daemon=True)

    @property
    def vitals(self) -> Vitals:
        """What is known of the camera now."""
        return self._vitals

    @property
    def status(self) -> CameraStatus:
        """The same with what reading the camera told."""
        vitals, paced, now = self._vitals, self._reach.pace(), self._now()
        of_picture = self._judge.evidence if self._judge else ()
        return replace(
            self._readings.newest,
            health=vitals.health,
            fault=vitals.fault,
            since=vitals.since,
            last_picture_at=vitals.captured_at,
            period_s=paced.period_s,
            period_reason=paced.reason,
            signs=(*health_evidence(vitals, now, self._limits), *of_picture),
        )

    @property
    def is_alive(self) -> bool:
        """Whether its thread still runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin; the first try comes `phase_s` later."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end; its waits are bounded, so it will within a few seconds. It shows no picture from now on."""
        with self._shelving:
            self._reach.stopping.set()

    def join(self, timeout_s: float) -> None:
        """Wait for its end."""
        self._thread.join(timeout_s)

    def tick(self) -> None:
        """Let time pass."""
        self._feel(lambda vitals, now: ticked(vitals, now, self._limits))

    @property
    def _limits(self) -> Limits:
        """By the pace that was in force when the newest picture came, or by today's where that is slower."""
        return delayed(self._around.limits(max(self._promised_s, self._promise_s())), self._lag_s)

    def _promise_s(self) -> float:
        known = self._readings.newest
        is_stream = known.codec not in {None, "mjpeg"} and known.rung != "decode"
        return promised_s(self._reach.pace(), known.keyframe_spacing_s, is_stream=is_stream)

    def _feel(self, change: Callable[[Vitals, Instant], Vitals]) -> None:
        with self._lock:
            now = self._now()
            before, self._vitals = self._vitals, change(self._vitals, now)
            self._tell(before, self._vitals)

    def _tell(self, before: Vitals, after: Vitals) -> None:
        """Only what is news."""
        late_s, told_s = self._limits.late.total_seconds(), self._told_late_s
        is_paced_anew = told_s is not None and is_other_pace(told_s, late_s)
        if (is_paced_anew or has_changed(before, after)) and not self._reach.stopping.is_set():
            self._told_late_s = late_s
            self._around.report(_change(self.camera.id, after, late_s))

    def _now(self) -> Instant:
        return Instant(at=self._reach.clock(), s=self._around.stopwatch())

    def _run(self) -> None:
        self._reach.stopping.wait(self._phase_s)
        while not self._reach.stopping.is_set():
            began_s, began_cpu_s, self._pictures = time.monotonic(), time.thread_time(), 0
            fault = self._fault_that_ended_it()
            if self._reach.stopping.is_set():
                return
            cpu_s = 0.0 if self._pictures else time.thread_time() - began_cpu_s
            if fault == "timed_out" and self._doors and self._doors[0].answers():
                fault = "mute"
            failure = self._failed(fault, time.monotonic() - began_s, cpu_s)
            self._feel(lambda vitals, now: failed(vitals, now, fault, self._limits))  # noqa: B023 — called at once
            self._complain(fault)
            self._is_back = self._is_opened_within(wait_after(failure, random.random()))  # noqa: S311 — jitter

    def _failed(self, fault: str, took_s: float, cpu_s: float) -> Failure:
        self._failures = 1 if took_s > _STEADY_S else self._failures + 1
        is_refused = fault == "wrong_password" and self._reach.username is not None
        self._passwords = (0 if self._pictures else self._passwords) + is_refused
        return Failure(
            fault=fault,
            count=self._failures,
            took_s=took_s,
            cpu_s=cpu_s,
            passwords=self._passwords if is_refused else 0,
            ways=2 if self.camera.snapshot_url else 1,
            has_door=bool(self._doors),
        )

    def _is_opened_within(self, wait: Wait) -> bool:
        """Wait, and knock meanwhile at each door; True as soon as one opens that was shut."""
        until_s, first = time.monotonic() + wait.longest_s, self._doors[:1]
        shut = frozenset(first if wait.is_shut else ())
        if wait.knock_s < wait.longest_s:
            shut |= shut_of(self._doors[1:])
        while (left_s := until_s - time.monotonic()) > 0:
            if self._reach.stopping.wait(min(left_s, wait.knock_s)) or left_s <= wait.knock_s or not self._doors:
                return False
            was_shut, shut = shut, shut_of(self._doors)
            if was_shut - shut:
                return True
        return False

    def _fault_that_ended_it(self) -> str:
        try:
            self._watch()
        except (CameraLost, Broken) as error:
            return error.fault
        except Exception as error:  # noqa: BLE001 — a source of a stranger or FFmpeg may fail in any way; its camera waits, the others go on
            return f"broken:{type(error).__name__}"  # its text may hold a URL, and a URL a password
        return "ended"

    def _watch(self) -> None:
        with ExitStack() as stack:
            lanes = self._around.lanes
            with self._turn(lanes.reopening if self._failures > 1 and not self._is_back else lanes.opening):
                pictures = stack.enter_context(self._source.open(self._reach))
            for snapshot in pictures:
                if self._reach.stopping.is_set():
                    return
                self._pictures += 1
                self._show(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        self._lag_s = snapshot.lag_s
        if snapshot.captured_at != self._vitals.stamp and not self._is_stored(snapshot):
            self._feel(lambda vitals, now: failed(vitals, now, "no_room", self._limits))
            return
        self._feel(lambda vitals, now: pictured(vitals, now, snapshot.captured_at, self._limits))
        self._promised_s = self._promise_s()
        self._show_visitors()

    def _show_visitors(self) -> None:
        if self._late is None:
            return
        try:
            with self._shelving:
                if not self._reach.stopping.is_set():
                    self._late.show()
        except OSError:
            self._complain("no_room")

    def _is_stored(self, snapshot: Snapshot) -> bool:
        is_urgent = self._reach.pace().is_near
        with self._around.lanes.decoding.turn(self._reach.stopping.is_set, is_urgent=is_urgent):
            began_s = time.thread_time()
            developed = develop(snapshot, self.camera.masks)
            self._readings.take(snapshot, developed.renditions, time.thread_time() - began_s)
        try:
            with self._shelving:
                if self._reach.stopping.is_set():
                    raise Broken("ended")  # other masks may hold by now
                self._around.shelf.put(self.camera.id, developed.renditions, snapshot.captured_at)
                if self._late is not None:
                    self._late.take(developed.medium, snapshot.captured_at)
                self._judge_picture(developed, snapshot)
        except OSError:
            self._complain("no_room")
            return False
        return True

    def _judge_picture(self, developed: Developed, snapshot: Snapshot) -> None:
        if self._judge is None:
            return
        news = self._judge.see(developed, snapshot.codec, snapshot.captured_at, snapshot.clock_error_s)
        if news:
            self._around.judged(news)

    @contextmanager
    def _turn(self, lane: threading.Semaphore) -> Iterator[None]:
        while not lane.acquire(timeout=_LOOK_S):
            if self._reach.stopping.is_set():
                raise Broken("ended")
        try:
            yield
        finally:
            lane.release()

    def _complain(self, fault: str) -> None:
        times = self._around.complaints.times(self.camera.id, fault, time.monotonic())
        if times:
            _LOG.warning("camera_lost", camera=self.camera.id, fault=fault, reason=sentence(fault).en, times=times)


def _change(camera_id: str, vitals: Vitals, late_s: float) -> HealthChange:
    return HealthChange(
        camera=camera_id,
        health=vitals.health,
        fault=vitals.fault,
        since=vitals.since,
        last_picture_at=vitals.captured_at,
        late_s=round(late_s, 2),
    )
