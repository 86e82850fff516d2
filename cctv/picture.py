"""From what a camera sent to the four JPEGs of the shelf: pure functions, and the only place that decodes.

Nothing is decoded before its size in pixels is known to be bearable. A JPEG from a camera without masks is passed
on as it came; only the smaller sizes are made anew, from a decoder that shrinks while it reads. Masks are painted
before anything is encoded.
"""

from dataclasses import dataclass
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from cctv.camera import Masks, Snapshot
from cctv.faults import Broken
from cctv.masks import paint_over
from cctv.shelf import Renditions

Pixels = NDArray[Any]
"""uint8 of shape (height, width, 3), blue-green-red."""

MAX_PIXELS = 40_000_000
MEDIUM = (640, 360)
THUMB = (320, 180)
TINY = (160, 90)
"""For thin links: some 3 kB."""
BLURRED = (80, 80)
"""Of so few pixels a face is one or two and a number plate none that could be read, wherever they stand."""
MASKED = (1920, 1080)
_QUALITY = 80
_TINY_QUALITY = 50
_START = b"\xff\xd8"
_END = b"\xff\xd9"
_PADDING = 64
_MARKER = 0xFF
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))


@dataclass(frozen=True, slots=True)
class Extent:
    """Size in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Developed:
    """One picture for the shelf, and the pixels of its medium size for who wants to look at it."""

    renditions: Renditions
    medium: Pixels


def whole_jpeg(data: bytes) -> bytes:
    """The JPEG without what some cameras send after its end. Raises Broken unless it is one, and whole."""
    if not data.startswith(_START):
        raise Broken("not_a_picture")
    end = data.rfind(_END, max(0, len(data) - _PADDING))
    if end < 0:
        raise Broken("truncated")
    return data[: end + len(_END)]


def jpeg_extent(jpeg: bytes) -> Extent:
    """What the JPEG's header declares, found without decoding. Raises Broken when it declares nothing bearable."""
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == _MARKER:
        marker = jpeg[at + 1]
        if marker in _FRAME_HEADERS:
            return _bearable(jpeg[at + 5] << 8 | jpeg[at + 6], jpeg[at + 7] << 8 | jpeg[at + 8])
        if marker == _SCAN:
            break
        at = _next_marker(jpeg, at, marker)
    raise Broken("not_a_picture")


def _next_marker(jpeg: bytes, at: int, marker: int) -> int:
    if marker == _MARKER:
        return at + 1  # fill bytes
    if marker in _STANDALONE:
        return at + 2
    return at + 2 + max(2, jpeg[at + 2] << 8 | jpeg[at + 3])


def _bearable(height: int, width: int) -> Extent:
    if not width or not height:
        raise Broken("not_a_picture")
    if width * height > MAX_PIXELS:
        raise Broken("too_large")
    return Extent(width, height)


def develop(snapshot: Snapshot, masks: Masks = ()) -> Developed:
    """The picture without what its masks hide. Raises Broken when it cannot be decoded."""
    if snapshot.codec == "mjpeg":
        return _from_jpeg(whole_jpeg(snapshot.data), masks)
    return from_pixels(decode_keyframe(snapshot.codec, snapshot.data), masks)


def renditions(snapshot: Snapshot, masks: Masks = ()) -> Renditions:
    """The sizes of `develop` alone."""
    return develop(snapshot, masks).renditions


def _from_jpeg(jpeg: bytes, masks: Masks) -> Developed:
    """The JPEG itself as the full size; where there are masks none of its bytes, for it may hold more than it shows."""
    extent = jpeg_extent(jpeg)
    if masks:
        return from_pixels(shrunk(_reduced(jpeg, extent, MASKED), MASKED), masks)
    return _smaller(_reduced(jpeg, extent, MEDIUM), jpeg, extent)


def from_pixels(pixels: Pixels, masks: Masks = ()) -> Developed:
    """All encoded anew; the masks are painted into `pixels` itself."""
    paint_over(pixels, masks)
    height, width = pixels.shape[:2]
    return _smaller(pixels, None, Extent(width, height))


def _smaller(pixels: Pixels, camera_jpeg: bytes | None, extent: Extent) -> Developed:
    """The smaller sizes, and the full one unless the camera gave it."""
    medium = shrunk(pixels, MEDIUM)
    thumb = shrunk(medium, THUMB)
    encoded = encode(medium)
    renditions = Renditions(
        full=camera_jpeg or (encoded if medium is pixels else encode(pixels)),
        medium=encoded,
        thumb=encode(thumb),
        tiny=encode(shrunk(thumb, TINY), _TINY_QUALITY),
        width=extent.width,
        height=extent.height,
    )
    return Developed(renditions=renditions, medium=medium)


def shrunk(pixels: Pixels, box: tuple[int, int]) -> Pixels:
    """The picture made to fit a box of (width, height) pixels, its shape kept; never enlarged."""
    height, width = pixels.shape[:2]
    ratio = min(box[0] / width, box[1] / height)
    if ratio >= 1:
        return pixels
    wanted = max(1, round(width * ratio)), max(1, round(height * ratio))
    return cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA)


def blurred(pixels: Pixels) -> bytes:
    """A JPEG within 320 by 180 pixels that shows how a street is, and nobody on it."""
    few, (height, width) = shrunk(pixels, BLURRED), shrunk(pixels, THUMB).shape[:2]
    return encode(cv2.resize(few, (width, height), interpolation=cv2.INTER_LINEAR))


def encode(pixels: Pixels, quality: int = _QUALITY) -> bytes:
    """A JPEG of these pixels."""
    is_done, jpeg = cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, quality))
    if not is_done:
        raise Broken("not_a_picture")
    return jpeg.tobytes()


def decode_keyframe(codec: str, data: bytes) -> Pixels:
    """The pixels of one keyframe that has its parameter sets before it.

    A decoder lives for one picture: that costs next to nothing, keeps no frame buffers per camera, and one
    camera's broken stream cannot spoil another's picture.
    """
    try:
        decoder = av.CodecContext.create(codec, "r")
        if not isinstance(decoder, av.VideoCodecContext):
            raise Broken("no_video")
        decoder.thread_count = 1
        decoder.options = {"max_pixels": str(MAX_PIXELS)}
        frames = decoder.decode(av.Packet(data)) + decoder.decode(None)
    except (av.FFmpegError, av.codec.codec.UnknownCodecError, ValueError):
        frames = []
    if not frames:
        raise Broken("not_a_picture")
    pixels: Pixels = frames[0].to_ndarray(format="bgr24")
    return pixels


def _reduced(jpeg: bytes, extent: Extent, box: tuple[int, int]) -> Pixels:
    flag = next((flag for scale, flag in _REDUCED if _covers(extent, box, scale)), cv2.IMREAD_COLOR)
    try:
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flag)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise Broken("not_a_picture")
    return pixels


def _covers(extent: Extent, box: tuple[int, int], scale: int) -> bool:
    return extent.width >= box[0] * scale or extent.height >= box[1] * scale
