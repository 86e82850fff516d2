"""How each camera is doing, told from the camera process to whoever shows it: `DIR/camera-status.json`.

The log holds what is news; this file what an operator wants to see besides: how a camera is read and why, what it
costs, what its picture is judged by. The camera process alone writes it. It holds no URL and no secret.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from cctv.camera import Health, Snapshot
from cctv.pace import PeriodReason
from cctv.shelf import Renditions

FILE_NAME = "camera-status.json"
_MOST_BYTES = 10_000_000
_RECENT = 0.2
_FIGURES_EVERY_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing a picture is judged by: its newest `value`, and the `threshold` beyond which it counts against it.

    `since` when it has spoken against the picture without a break, None while it does not; `is_fault` once it is told.
    """

    kind: str
    value: float
    threshold: float
    since: datetime | None = None
    is_fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraStatus:
    """One camera now; None is what is not known (yet).

    `fault` is a key of FAULTS, `rung` of RUNGS and `rung_reason` of REASONS. `decode_ms` is CPU per still, the mean of
    the latest; `keyframe_spacing_s` and `clock_error_s` as in Snapshot.
    """

    id: str
    health: Health = "unknown"
    fault: str | None = None
    since: datetime | None = None
    last_picture_at: datetime | None = None
    rung: str | None = None
    rung_reason: str | None = None
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    keyframe_spacing_s: float | None = None
    clock_error_s: float | None = None
    period_s: float | None = None
    period_reason: PeriodReason | None = None
    decode_ms: float | None = None
    signs: tuple[Evidence, ...] = ()


_ADAPTER = TypeAdapter(tuple[CameraStatus, ...])


class Readings:
    """What one worker learns of its camera by reading it. Written by its thread, read by any."""

    def __init__(self, camera_id: str) -> None:
        self.newest = CameraStatus(id=camera_id)

    def take(self, snapshot: Snapshot, renditions: Renditions, cpu_s: float) -> None:
        """One more picture was made into stills, for that much CPU time."""
        before, spent_ms = self.newest.decode_ms, (cpu_s + snapshot.decoding_cpu_s) * 1000
        rung = snapshot.rung
        self.newest = replace(
            self.newest,
            rung=rung.name if rung else None,
            rung_reason=rung.reason if rung else None,
            codec=snapshot.said_codec,
            width=renditions.width,
            height=renditions.height,
            keyframe_spacing_s=_rounded(snapshot.keyframe_spacing_s),
            clock_error_s=_rounded(snapshot.clock_error_s),
            decode_ms=round(spent_ms if before is None else before + _RECENT * (spent_ms - before), 2),
        )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 2)


def _essence(status: CameraStatus) -> object:
    """What an operator waits for; the rest are figures that are others with each picture."""
    told = [sign.kind for sign in status.signs if sign.is_fault]
    return (
        *(status.id, status.health, status.fault, status.rung, status.rung_reason, status.codec),
        *(status.width, status.height, status.period_s, status.period_reason, told),
    )


class StatusFile:
    """`write` it as often as you like. For one process.

    The file is replaced only when something is new; when only figures are, every three seconds: it lies on the disk.
    """

    def __init__(self, data_dir: Path, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._path = data_dir / FILE_NAME
        self._stopwatch = stopwatch
        self._written: tuple[CameraStatus, ...] | None = None
        self._essence: list[object] = []
        self._written_s = float("-inf")

    def write(self, statuses: Sequence[CameraStatus]) -> None:
        """Show these from now on. Raises OSError when the disk refuses."""
        newest, now_s = tuple(statuses), self._stopwatch()
        if newest == self._written:
            return
        essence = [_essence(status) for status in newest]
        if self._written is not None and essence == self._essence and now_s - self._written_s < _FIGURES_EVERY_S:
            return
        part = self._path.with_suffix(".part")
        part.write_bytes(_ADAPTER.dump_json(newest))
        part.replace(self._path)
        self._written, self._essence, self._written_s = newest, essence, now_s


def load_status(data_dir: Path) -> Mapping[str, CameraStatus]:
    """The newest word on every camera by id; empty where the camera process never ran, or the file is damaged.

    It may be old: `cctv/shelf.py: heartbeat_at` says whether that process is alive.
    """
    try:
        with (data_dir / FILE_NAME).open("rb") as file:
            statuses = _ADAPTER.validate_json(file.read(_MOST_BYTES))
    except (OSError, ValidationError):
        return {}
    return {status.id: status for status in statuses}
