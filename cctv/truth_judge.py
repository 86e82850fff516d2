"""Watches one camera's pictures for what no error tells: frozen, black, covered, blurred, moved, another size or clock.

It remembers the last capture and what the camera was taught, and says so when its opinion changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from cctv.camera import Camera
from cctv.masks import masks_text
from cctv.picture import Developed
from cctv.status import Evidence
from cctv.truth import PictureFault, Sign, Truth, judged
from cctv.truth_aim import FOLDER, AimBook, Lesson, slot_at, studied
from cctv.truth_evidence import evidence_of
from cctv.truth_signs import Look, Region, look_at, region_between, signs_of

_LOG = structlog.get_logger()
_SURE_AFTER = timedelta(seconds=60)
_FORGET_CLOCK_AFTER = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureJudged:
    """Other things are wrong with a camera's picture than before, or none any more, as of the capture `at`."""

    camera: str
    at: datetime
    faults: tuple[PictureFault, ...]


def unheard(_judged: PictureJudged) -> None:
    """For where nobody wants to know."""


class Judge:
    """For one camera; not shared by threads. `see` every capture once, in order."""

    def __init__(self, camera: Camera, data_dir: Path) -> None:
        self._camera = camera
        self._book = AimBook(data_dir / FOLDER)
        self._masks = masks_text(camera.masks)
        self._stamp = self._book.stamp(camera.id)
        self._aim = self._book.load(camera.id, self._masks)
        self._region: Region = region_between(camera.masks)
        self._truth = Truth()
        self._before: Look | None = None
        self._lesson: Lesson | None = None
        self._first_at: datetime | None = None
        self._told: tuple[PictureFault, ...] | None = None
        self._clock_unheard = 0
        self.evidence: tuple[Evidence, ...] = ()
        """What the newest capture was judged by. Replaced as a whole: any thread may look."""

    def see(
        self, developed: Developed, codec: str, at: datetime, clock_error_s: float | None = None
    ) -> PictureJudged | None:
        """One more capture, by a clock that is so far ahead of ours (None: nobody says); the news, if it makes any."""
        if not self._region.is_enough:
            return None
        self._follow_commands()
        look = look_at(developed.medium, self._region)
        extent = (developed.renditions.width, developed.renditions.height)
        signs = (*self._signs(look, codec, extent, at), *self._clock_signs(clock_error_s))
        self._truth = judged(self._truth, signs, at)
        self.evidence = evidence_of(self._truth, signs)
        self._study(look, codec, extent, at)
        self._before = look
        return self._news(at)

    def _signs(self, look: Look, codec: str, extent: tuple[int, int], at: datetime) -> Iterator[Sign]:
        slot = slot_at(at, self._camera.lon)
        reference = self._aim.references.get(slot) if slot else None
        yield from signs_of(look, self._before, reference, self._region)
        if taught := self._aim.extents.get(codec):
            off = max(abs(taught[0] - extent[0]), abs(taught[1] - extent[1]))
            yield Sign(kind="resolution", value=off)

    def _clock_signs(self, error_s: float | None) -> Iterator[Sign]:
        """A camera that sends no RTCP any more is not blamed for ever for what it once sent."""
        if error_s is not None:
            self._clock_unheard = 0
            yield Sign(kind="clock", value=abs(error_s))
        elif self._clock_unheard < _FORGET_CLOCK_AFTER:
            self._clock_unheard += 1
        else:
            self._truth = self._truth.without("clock")

    def _news(self, at: datetime) -> PictureJudged | None:
        """Only what is new. That nothing is wrong is said at the first time once it is sure: a log may know better."""
        self._first_at = min(self._first_at or at, at)  # a clock may be set back
        faults = self._truth.faults
        if faults == self._told or (self._told is None and not faults and at - self._first_at < _SURE_AFTER):
            return None
        self._told = faults
        return PictureJudged(camera=self._camera.id, at=at, faults=faults)

    def _study(self, look: Look, codec: str, extent: tuple[int, int], at: datetime) -> None:
        slot = slot_at(at, self._camera.lon)
        if slot is None or slot in self._aim.references or not self._truth.is_sound:
            self._lesson = None
            return
        if "frozen" in self._truth.doubts:
            return  # seen already
        self._lesson = studied(self._lesson, look, slot, at, self._region)
        if self._lesson.is_learnt(at):
            references = {**self._aim.references, slot: self._lesson.reference}
            self._aim = replace(self._aim, references=references, extents={codec: extent, **self._aim.extents})
            self._lesson = None
            self._keep()

    def _keep(self) -> None:
        try:
            self._book.save(self._camera.id, self._aim)
        except OSError:
            _LOG.warning("aim_not_kept", camera=self._camera.id)  # it holds until the process ends
        self._stamp = self._book.stamp(self._camera.id)

    def _follow_commands(self) -> None:
        """Forget what somebody has taken away, and the faults that were found by it."""
        stamp = self._book.stamp(self._camera.id)
        if stamp != self._stamp:
            self._stamp = stamp
            self._aim = self._book.load(self._camera.id, self._masks)
            self._truth, self._lesson = Truth(patience=self._truth.patience), None
