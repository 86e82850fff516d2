"""The archive of stills, in the camera process: takes pictures from the shelf, keeps some, deletes the old.

It only reads the shelf, in a thread of its own: whatever happens here, the newest pictures go on. What it could not
keep is left out, and its sign of life stops, which the wall tells.
"""

import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from cctv.archive import HEARTBEAT, ArchiveSettings, Reason, Still, still_of
from cctv.archive_place import ArchivePlace, place_for
from cctv.archive_recent import Recent, Shot
from cctv.complaints import Complaints
from cctv.shelf import Shelf, Size
from dashboard.archive_watch import Nearby, Watch
from dashboard.audit import Audit
from geodata.clock import Clock, epoch_s, utc_now
from geodata.errors import ArchiveUnavailable, StoreUnavailable
from layers.moments import Window, windows_of
from layers.store.stills import FILE_NAME as INDEX
from layers.store.stills import Slot, Stills

_LOG = structlog.get_logger()
REASONS: tuple[Reason, ...] = ("routine", "near", "pinned")
RULE = "retensi"
"""Who deletes, in the audit: no person, the rules of [archive]."""
_LOOK_S = 1.0
_LONGEST_WAIT_S = 30.0
_PRUNE_EVERY = timedelta(seconds=60)
_PRUNE_MOST = 500
_OLDEST_NEWS = timedelta(seconds=60)
_MILESTONES_FOR = timedelta(hours=1)


class CameraArchive:
    """`run` it in a thread; `step` is one look at everything."""

    def __init__(  # noqa: PLR0913 — the rooms it joins
        self,
        *,
        settings: ArchiveSettings,
        shelf: Shelf,
        place: ArchivePlace,
        open_index: Callable[[], Stills],
        watch: Watch,
        heartbeat: Path,
        audit: Audit,
        clock: Clock = utc_now,
    ) -> None:
        self._settings = settings
        self._shelf = shelf
        self._place = place
        self._open_index = open_index
        self._watch = watch
        self._heartbeat = heartbeat
        self._audit = audit
        self._clock = clock
        self._index: Stills | None = None
        self._recent = Recent(timedelta(seconds=settings.before_s))
        self._complaints = Complaints()
        self._seen: dict[str, datetime] = {}
        self._routine: dict[str, int] = {}
        self._settled: set[Slot] = set()
        self._pruned_at: datetime | None = None
        self._unswept: list[str] | None = None
        self._is_trusted = False

    def run(self, stopping: threading.Event) -> None:
        """Look once a second until `stopping` is set; when place or index refuse, ever more rarely."""
        failures = 0
        with suppress(OSError):
            self._heartbeat.touch()  # from now on silence means something
        while not stopping.is_set():
            try:
                self.step()
                failures = 0
            except (ArchiveUnavailable, StoreUnavailable) as error:
                failures, self._is_trusted = failures + 1, False
                times = self._complaints.times("", "archive", time.monotonic())
                if times:
                    _LOG.warning("archive_stopped", reason=str(error), times=times)
            stopping.wait(min(_LONGEST_WAIT_S, _LOOK_S * 2 ** min(failures, 8)))
        self._watch.close()
        if self._index is not None:
            self._index.close()

    def step(self) -> None:
        """Follow the incidents, keep what is due, delete what is over. Raises ArchiveUnavailable, StoreUnavailable."""
        now = self._clock()
        nearby = self._watch.look()
        if self._index is None:
            self._index = self._open_index()
            self._settled = set(self._index.slots())
        self._prune(self._index, nearby, now)
        if self._settings.keep != "nothing":
            self._keep(self._index, nearby, now)
        self._adopt_strays(self._index)
        with suppress(OSError):
            self._heartbeat.touch()

    def _keep(self, index: Stills, nearby: Nearby, now: datetime) -> None:
        if not self._is_trusted:
            self._place.check()
            self._is_trusted = True
        self._hold(now)
        self._pin_all(index, nearby, now)
        if self._settings.keep == "all":
            self._keep_due(index, nearby, now)

    def _hold(self, now: datetime) -> None:
        """Into memory, for the time before a call that is not known yet."""
        self._recent.forget(now)
        for camera in self._watch.cameras:
            label = self._shelf.label(camera, "medium")
            if label is None or now - label.captured_at > _OLDEST_NEWS:
                continue
            if self._recent.wants(camera, label.captured_at):
                picture = self._shelf.get(camera, "medium")
                if picture is not None:
                    self._recent.add(camera, Shot(captured_at=picture.captured_at, jpeg=picture.jpeg))

    def _keep_due(self, index: Stills, nearby: Nearby, now: datetime) -> None:
        near = nearby.cameras
        for camera in self._watch.cameras:
            size: Size = "full" if camera in near else self._settings.size
            label = self._shelf.label(camera, size)
            if label is None or now - label.captured_at > _OLDEST_NEWS or self._seen.get(camera) == label.captured_at:
                continue
            if camera in near or self._is_routine_due(camera, label.captured_at):
                self._keep_newest(index, camera, size, "near" if camera in near else "routine")

    def _is_routine_due(self, camera: str, captured_at: datetime) -> bool:
        """The first of each stretch of `every_s`; the stretches of the cameras begin at different moments."""
        return self._routine.get(camera) != self._stretch(camera, captured_at)

    def _stretch(self, camera: str, captured_at: datetime) -> int:
        phase_s = zlib.crc32(camera.encode()) % self._settings.every_s
        return int((epoch_s(captured_at) + phase_s) // self._settings.every_s)

    def _keep_newest(self, index: Stills, camera: str, size: Size, reason: Reason) -> None:
        picture = self._shelf.get(camera, size)
        if picture is None:
            return
        self._put(index, camera, Shot(captured_at=picture.captured_at, jpeg=picture.jpeg), reason)
        self._seen[camera] = picture.captured_at
        self._routine[camera] = self._stretch(camera, picture.captured_at)

    def _put(self, index: Stills, camera: str, shot: Shot, reason: Reason, slot: Slot | None = None) -> None:
        """The picture first: a row without one would promise what is not there."""
        still = still_of(camera, shot.captured_at, shot.jpeg)
        self._place.put(still.key, shot.jpeg)
        try:
            index.add(still, reason, slot)
        except StoreUnavailable:
            self._place.remove(still.key)  # what nobody knows of nobody would delete
            raise

    def _pin_all(self, index: Stills, nearby: Nearby, now: datetime) -> None:
        before, after = timedelta(seconds=self._settings.before_s), timedelta(seconds=self._settings.after_s)
        for incident, cameras in nearby.incidents:
            for window in windows_of(incident, before, after):
                if window.start <= now < window.end + _MILESTONES_FOR:
                    for camera in cameras:
                        self._pin(index, _slot(incident.id, camera, window), window, now)

    def _pin(self, index: Stills, slot: Slot, window: Window, now: datetime) -> None:
        """Once its time is over a window is looked at once more, in the index too, and never again."""
        if slot in self._settled:
            return
        shots = self._shots(slot.camera, window)
        is_over = now >= window.end
        if shots:
            shot = shots[-1] if window.is_newest_best else shots[0]
            self._put(index, slot.camera, shot, "pinned", slot)
        elif not is_over:
            return
        elif kept := _kept(index, slot.camera, window):
            index.add(kept, "pinned", slot)
        self._settled.add(slot)

    def _shots(self, camera: str, window: Window) -> list[Shot]:
        """From memory and from the shelf, oldest first; of the same moment the shelf's, which is larger."""
        shots = self._recent.between(camera, window.start, window.end)
        label = self._shelf.label(camera, "full")
        if label is None or not window.start <= label.captured_at < window.end:
            return shots
        picture = self._shelf.get(camera, "full")
        if picture is None or picture.captured_at != label.captured_at:
            return shots
        newest = Shot(captured_at=picture.captured_at, jpeg=picture.jpeg)
        return [*(shot for shot in shots if shot.captured_at < newest.captured_at), newest]

    def _prune(self, index: Stills, nearby: Nearby, now: datetime) -> None:
        if self._pruned_at is not None and now - self._pruned_at < _PRUNE_EVERY:
            return
        oldest = {reason: now - self._settings.lifetime(reason) for reason in REASONS}
        present = {incident.id for incident, _ in nearby.incidents}
        self._settled = {slot for slot in self._settled if slot.incident in present}
        is_more = self._delete(index, index.too_old(oldest, _PRUNE_MOST), "age")
        is_more |= self._delete(index, index.too_many(self._settings.camera_bytes, _PRUNE_MOST), "size")
        self._pruned_at = None if is_more else now

    def _delete(self, index: Stills, stills: tuple[Still, ...], why: str) -> bool:
        """The picture first, then its row. Whether there may be more."""
        for still in stills:
            self._place.remove(still.key)
        if stills:
            index.forget([still.key for still in stills])
            self._note([still.camera for still in stills], why, sum(still.bytes for still in stills))
        return len(stills) >= _PRUNE_MOST

    def _note(self, cameras: Sequence[str], why: str, size: int | None = None) -> None:
        """Into log and audit: how many stills of which cameras are gone, and by which rule."""
        counts = Counter(cameras)
        told = " ".join(f"{camera}:{count}" for camera, count in counts.most_common())
        target = cameras[0] if len(counts) == 1 else f"{len(counts)} cameras"
        _LOG.info("stills_deleted", why=why, stills=len(cameras), bytes=size, cameras=len(counts))
        self._audit.note(RULE, "stills.delete", target, why=why, stills=len(cameras), bytes=size, cameras=told)

    def _adopt_strays(self, index: Stills) -> None:
        """Pictures whose row was never written, because we died between the two; one camera per look."""
        if self._unswept is None:
            self._unswept = [*self._place.folders()]
        if not self._unswept:
            return
        found = self._place.stills(self._unswept[-1])
        cameras = {still.camera for _, still in found if still is not None}
        known = {key for camera in cameras for key in index.keys(camera)}
        for key, still in found:
            if key not in known:
                self._adopt(index, key, still)
        self._unswept.pop()

    def _adopt(self, index: Stills, key: str, still: Still | None) -> None:
        if still is None or self._place.get(key) is None:
            self._place.remove(key)
            self._note([still.camera if still else key], "broken")
            return
        index.add(still, "routine")
        _LOG.info("still_adopted", camera=still.camera)


def _slot(incident: str, camera: str, window: Window) -> Slot:
    return Slot(incident=incident, camera=camera, milestone=window.milestone, phase=window.phase)


def _kept(index: Stills, camera: str, window: Window) -> Still | None:
    last = window.end - timedelta(microseconds=1)
    if window.is_newest_best:
        return index.newest(camera, window.start, last)
    return index.oldest(camera, window.start, last)


def archive_for(settings: ArchiveSettings, data_dir: Path, watch: Watch) -> CameraArchive:
    """The archive of the city kept in that folder; closes `watch` when it ends."""
    return CameraArchive(
        settings=settings,
        shelf=Shelf(data_dir / "shelf"),
        place=place_for(settings, data_dir),
        open_index=lambda: Stills(data_dir / INDEX),
        watch=watch,
        heartbeat=data_dir / HEARTBEAT,
        audit=Audit(data_dir),
    )
