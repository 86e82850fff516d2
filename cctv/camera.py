"""The nouns of the room: a camera, a picture of it, and the contract of a source."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Literal

from cctv.guard import Guard, guard_for
from cctv.pace import PaceOf, steady
from geodata.clock import Clock, utc_now
from geodata.plugins import Plugins, discover

_USUAL_PACE = steady(2.0)
_LOOK_S = 1.0

Health = Literal["unknown", "ok", "late", "lost"]

Audience = Literal["operator", "wall", "visitor"]
"""Who may see a camera: operators only; also everybody before the wall; also those who visit."""

Corner = tuple[float, float]
Mask = tuple[Corner, ...]
Masks = tuple[Mask, ...]
"""Polygons that no picture shows, in fractions of its width and height; `cctv/masks.py` reads and paints them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeCard:
    """Why a camera may look at a public place (UU PDP 27/2022, article 17), in the words of its owner."""

    purpose: str | None = None
    legal_basis: str | None = None
    contact: str | None = None
    notice: str | None = None
    retention: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """One street camera as the city lists it.

    `url` carries no credentials (they live in `DIR/camera-secrets.toml` or the environment); where a camera
    wants them inside its URL, `{user}` and `{password}` stand in their places.
    `azimuth_deg` is where it looks, clockwise from north; None means the direction is not known,
    and then there is no cone. `fov_deg` and `range_m` bound the cone.
    `group` is what it shares with others: a pole, a switch, a provider. `masks` are hidden in every picture.
    `night`: whether its picture is of use in the dark; None where nobody said. `snapshot_url` is where the same host
    gives single JPEGs besides its stream; `period_s` between two pictures of it, None for what is usual in the city.
    """

    id: str
    name: str
    lon: float
    lat: float
    url: str
    kind: str
    azimuth_deg: float | None = None
    fov_deg: float = 60.0
    range_m: float = 250.0
    owner: str | None = None
    kelurahan: str | None = None
    group: str | None = None
    night: bool | None = None
    masks: Masks = ()
    audience: Audience = "wall"
    card: PurposeCard = PurposeCard()
    snapshot_url: str | None = None
    period_s: float | None = None

    def __repr__(self) -> str:
        return f"Camera({self.id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Which of several ways a source reads its camera (a key of `cctv/rungs.py: RUNGS`), and why (of REASONS)."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One picture as it came, not yet decoded; `cctv/picture.py` does that, in one place.

    `codec` is FFmpeg's name of what `data` is: "mjpeg" for one complete JPEG, else ("h264", "hevc", …) one
    keyframe with its parameter sets before it. `captured_at` is UTC: the camera's own time where it can be
    believed, else arrival. What a source does not know of the rest is None: `keyframe_spacing_s` between the last
    two, `clock_error_s` how far the camera's clock is ahead of ours. `lag_s` is what the way its pictures travel adds
    to their age while all is well, such as the length of a segment: they are not called late for it. Where `data` was
    made of decoded video, `stream_codec` is that video's and `decoding_cpu_s` what it took since the picture before.
    """

    data: bytes
    codec: str = "mjpeg"
    captured_at: datetime
    rung: Rung | None = None
    keyframe_spacing_s: float | None = None
    clock_error_s: float | None = None
    lag_s: float = 0.0
    stream_codec: str | None = None
    decoding_cpu_s: float = 0.0

    @property
    def said_codec(self) -> str:
        """What the camera sends, for people."""
        return self.stream_codec or self.codec


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a source may use to reach one camera: the bounds of every wait and of every body.

    A source waits with `is_over_by_next` or `stopping.wait(seconds)` and ends its pictures once that is set. It asks
    for `period_s` again each round: `pace` may be another by then. `folders` are the only ones from which files may
    be shown. Unless `is_live` (in drills and demos) the past may be played as the present. Nothing is connected to
    that `guard` does not allow; `cctv/wire.py` sees to it.
    """

    camera: Camera
    username: str | None = None
    password: str | None = None
    pace: PaceOf = _USUAL_PACE
    open_timeout_s: float = 3.0
    read_timeout_s: float = 3.0
    max_bytes: int = 8_000_000
    folders: tuple[Path, ...] = ()
    is_live: bool = True
    guard: Guard = field(default_factory=guard_for)
    clock: Clock = utc_now
    stopping: Event = field(default_factory=Event)

    @property
    def period_s(self) -> float:
        """Seconds between two pictures, as of now."""
        return self.pace().period_s

    def is_over_by_next(self, last_s: float) -> bool:
        """Wait until a period has passed since `last_s` (monotonic); True when the source has to end instead."""
        while (left_s := last_s + self.period_s - time.monotonic()) > 0:
            if self.stopping.wait(min(left_s, _LOOK_S)):
                return True
        return self.stopping.is_set()

    def __repr__(self) -> str:
        return f"Reach({self.camera.id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One way to reach a camera; `cctv/sources/<kind>.py` ends with `SOURCE = Source(...)`.

    `open(reach)` gives a context manager over an iterator of snapshots, about one per
    `reach.period_s`. It raises CameraLost on any failure, closes in `finally`, and never retries:
    `cctv/worker.py` does that, in one place. `schemes` are the URL schemes it can open.
    """

    schemes: tuple[str, ...]
    open: Callable[[Reach], AbstractContextManager[Iterator[Snapshot]]]


Sources = Mapping[str, Source]
"""By kind, which is the file name."""


def discover_sources() -> Plugins[Source]:
    """Every source in `cctv/sources/` and every third party's."""
    return discover("cctv.sources", "SOURCE", Source)
