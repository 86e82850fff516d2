"""How a camera looks by day and by night when all is well: taught by itself, kept in `DIR/aim/<camera>/`.

A camera is taught once its picture has been without doubt and has stood still for two minutes, by day and by night
apart; never in the hours of dawn and dusk. From then on it keeps that reference until it is told to forget it:
`layar cameras teach ID` removes the folder. Pictures in it are masked as all others are.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from cctv.shelf import folder_name
from cctv.truth_signs import RECOGNISED, Look, Reference, Region, is_like_light, likeness, sheet_of

Slot = Literal["day", "night"]
SLOTS: tuple[Slot, ...] = ("day", "night")
FOLDER = "aim"
TAUGHT_AFTER = timedelta(minutes=2)
_TAUGHT_BY = 30
_STILL_PERCENT = 0.6
_INDEX = "aim.json"
_DAY_H, _NIGHT_H = (6.75, 17.25), (18.75, 5.25)
_DEGREES_PER_H = 15.0


def slot_at(moment: datetime, lon: float) -> Slot | None:
    """Day or night by the sun's own hour; None at dawn and dusk, when light is that of neither. Near the equator."""
    utc = moment.astimezone(UTC)
    hour = (utc.hour + utc.minute / 60 + lon / _DEGREES_PER_H) % 24
    if _DAY_H[0] <= hour < _DAY_H[1]:
        return "day"
    return "night" if hour >= _NIGHT_H[0] or hour < _NIGHT_H[1] else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a camera was taught. `extents`: width and height in pixels by codec, for a camera may be read in two ways.

    `masks` are those it was taught under, as text.
    """

    masks: str = ""
    references: Mapping[Slot, Reference] = field(default_factory=dict)
    extents: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A reference in the making: the mean of captures that lie still on each other."""

    slot: Slot
    first_at: datetime
    total: NDArray[np.float32]
    light: float
    sharpness: float
    captures: int = 1

    @property
    def reference(self) -> Reference:
        """The mean so far."""
        grey = np.asarray(np.rint(self.total / self.captures), np.uint8)
        return Reference(grey=grey, light=self.light / self.captures, sharpness=self.sharpness / self.captures)

    def is_learnt(self, at: datetime) -> bool:
        """Whether it has lasted long enough."""
        return self.captures >= _TAUGHT_BY and at - self.first_at >= TAUGHT_AFTER


def studied(lesson: Lesson | None, look: Look, slot: Slot, at: datetime, region: Region) -> Lesson:
    """The lesson with one more capture, or begun anew with it when it does not lie still on those before."""
    if lesson is None or lesson.slot != slot or not _lies_still(look, lesson.reference, region):
        total = sheet_of(look).astype(np.float32)
        return Lesson(slot=slot, first_at=at, total=total, light=look.light, sharpness=look.sharpness)
    return replace(
        lesson,
        total=lesson.total + sheet_of(look),
        light=lesson.light + look.light,
        sharpness=lesson.sharpness + look.sharpness,
        captures=lesson.captures + 1,
    )


def _lies_still(look: Look, reference: Reference, region: Region) -> bool:
    found = likeness(look, reference, region)
    is_still = found.response >= RECOGNISED and found.shift_percent <= _STILL_PERCENT
    return is_still and is_like_light(look, reference)


class AimBook:
    """The taught cameras of a city: `AimBook(DIR / "aim")`. The camera process writes, commands forget."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stamp(self, camera_id: str) -> int | None:
        """Changes whenever what is kept does; None for nothing."""
        try:
            return (self._folder(camera_id) / _INDEX).stat().st_mtime_ns
        except OSError:
            return None

    def load(self, camera_id: str, masks: str) -> Aim:
        """What the camera was taught under these masks; nothing where it was not, or where it cannot be read."""
        folder = self._folder(camera_id)
        try:
            said = json.loads((folder / _INDEX).read_text("utf-8"))
            references = {slot: _reference(folder, slot, said[slot]) for slot in SLOTS if slot in said}
            extents = {str(codec): (int(w), int(h)) for codec, (w, h) in said["extents"].items()}
            aim = Aim(masks=str(said["masks"]), references=references, extents=extents)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Aim(masks=masks)
        return aim if aim.masks == masks else Aim(masks=masks)

    def save(self, camera_id: str, aim: Aim) -> None:
        """Keep it. Raises OSError when the disk refuses."""
        folder = self._folder(camera_id)
        folder.mkdir(parents=True, exist_ok=True)
        for slot, reference in aim.references.items():
            _replace(folder / f"{slot}.png", cv2.imencode(".png", reference.grey)[1].tobytes())
        _replace(folder / _INDEX, json.dumps(_index(aim)).encode())

    def forget(self, camera_id: str) -> bool:
        """Take away what the camera was taught; False when there was nothing."""
        folder = self._folder(camera_id)
        if not folder.is_dir():
            return False
        (folder / _INDEX).unlink(missing_ok=True)
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()
        return True

    def _folder(self, camera_id: str) -> Path:
        name = folder_name(camera_id)
        if name is None:
            raise ValueError(f"no camera can be called {camera_id!r}")
        return self.root / name


def _index(aim: Aim) -> dict[str, Any]:
    lights: dict[str, Any] = {
        slot: {"light": one.light, "sharpness": one.sharpness} for slot, one in aim.references.items()
    }
    return {"masks": aim.masks, "extents": dict(aim.extents), **lights}


def _reference(folder: Path, slot: Slot, said: Mapping[str, Any]) -> Reference:
    grey = cv2.imread(str(folder / f"{slot}.png"), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise ValueError(f"{slot}.png cannot be read")
    return Reference(grey=grey, light=float(said["light"]), sharpness=float(said["sharpness"]))


def _replace(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
