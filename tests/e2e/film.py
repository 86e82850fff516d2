"""What a page shows while it lives, frame by frame, and how often any place of it turns from dark to bright."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import CDPSession, Page

LEAST_CHANGE = 0.1
"""A change of relative luminance that counts, and `BRIGHT` the darker side from which none does (WCAG 2.3.1)."""

BRIGHT = 0.8
PLACE_PX = 16
"""A place is so many pixels of a frame wide and high, a fortieth of its longer side.

WCAG counts what flashes together on twenty-five times that area or more. Letters and lines of a map that glide past
are no flash; what lights up is.
"""

_WIDE, _HIGH = 640, 640
Frame = tuple[float, NDArray[np.float32]]


@dataclass
class Film:
    """Frames as the browser draws them, from `begin` to `end`."""

    page: Page
    said: list[dict[str, Any]] = field(default_factory=list)
    devtools: CDPSession | None = None

    def begin(self) -> None:
        """From now on; the browser sends a frame whenever it has drawn one."""
        self.devtools = self.page.context.new_cdp_session(self.page)
        self.devtools.on("Page.screencastFrame", self._heard)
        self.devtools.send("Page.startScreencast", {"format": "jpeg", "maxWidth": _WIDE, "maxHeight": _HIGH})

    def _heard(self, frame: dict[str, Any]) -> None:
        self.said.append(frame)
        if self.devtools is not None:
            self.devtools.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def end(self) -> list[Frame]:
        """Every frame with its time in seconds, as relative luminance."""
        if self.devtools is not None:
            self.devtools.send("Page.stopScreencast")
            self.devtools.detach()
            self.devtools = None
        return [(frame["metadata"]["timestamp"], luminance(_decoded(frame["data"]))) for frame in self.said]


def _decoded(data: str) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def luminance(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Relative luminance of every place of a picture in BGR."""
    part = np.arange(256) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4).astype(np.float32)
    blue, green, red = (linear[picture[..., channel]] for channel in range(3))
    return np.asarray(0.2126 * red + 0.7152 * green + 0.0722 * blue, np.float32)


def by_place(frames: Sequence[Frame]) -> list[Frame]:
    """The same film with the mean brightness of each place."""
    return [
        (at, np.asarray(cv2.resize(shown, _places(shown.shape), interpolation=cv2.INTER_AREA), np.float32))
        for at, shown in frames
    ]


def _places(shape: tuple[int, ...]) -> tuple[int, int]:
    return max(1, shape[1] // PLACE_PX), max(1, shape[0] // PLACE_PX)


def most_turns(frames: Sequence[Frame], within_s: float = 1.0) -> int:
    """How often, at most, the brightness of one place turned round within so many seconds."""
    if len(frames) < 2:
        return 0
    times = np.array([at for at, _ in frames])
    turned = np.cumsum([np.zeros_like(frames[0][1], np.bool_), *_turns([shown for _, shown in frames])], 0, np.int16)
    ends = np.searchsorted(times, times + within_s) - 1
    return max(int(np.max(turned[end] - turned[max(0, first - 1)])) for first, end in enumerate(ends))


def _turns(shown: Sequence[NDArray[np.float32]]) -> list[NDArray[np.bool_]]:
    """For each frame but the first, where the brightness began to go the other way; a first change is no turn yet."""
    extreme = shown[0].copy()
    way = np.zeros(extreme.shape, np.int8)
    found = []
    for now in shown[1:]:
        change = now - extreme
        counts = (np.abs(change) >= LEAST_CHANGE) & (np.minimum(now, extreme) < BRIGHT)
        going = np.where(counts, np.sign(change), 0).astype(np.int8)
        found.append((going != 0) & (way != 0) & (going != way))
        is_on_its_way = (way != 0) & (np.sign(change) == way)
        extreme = np.where((going != 0) | is_on_its_way, now, extreme)
        way = np.where(going != 0, going, way)
    return found
