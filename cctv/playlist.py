"""HLS playlists (RFC 8216): which variant to read, and which segment is the newest. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from cctv.faults import Broken

_FIRST_LINE = "#EXTM3U"
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')
_VIDEO = re.compile(r"avc|hvc|hev|vp0|av01")
_WIDE_ENOUGH = 640
_MOST_LINES = 20_000
_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of the stream. `head_url` is what a decoder must know before it (fragmented MP4 only).

    `began_at` is when its first frame was taken, as the playlist says.
    """

    url: str
    duration_s: float
    began_at: datetime | None = None
    head_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """Of a stream: `segments`, oldest first. Of a choice of streams: `variants`, the one to take first."""

    segments: Sequence[Segment] = ()
    variants: Sequence[str] = ()
    target_s: float = 0.0

    @property
    def newest(self) -> Segment | None:
        """The last one that is whole."""
        return self.segments[-1] if self.segments else None


def read_playlist(text: str, url: str) -> Playlist:
    """The playlist found at `url`. Raises Broken when it is none, or encrypted."""
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()[:_MOST_LINES]]
    if not lines or lines[0] != _FIRST_LINE:
        raise Broken("garbled")
    variants = sorted(_variants(lines, url))
    if variants:
        return Playlist(variants=[address for _, _, address in variants])
    reading = _Reading(url)
    for line in lines:
        reading.take(line)
    return Playlist(segments=reading.segments, target_s=reading.target_s)


def _variants(lines: Sequence[str], url: str) -> Iterator[tuple[bool, int, str]]:
    """(too narrow, bits a second, URL): the cheapest that is wide enough sorts first."""
    said: Mapping[str, str] | None = None
    for line in lines:
        if line.startswith("#EXT-X-STREAM-INF:"):
            said = _attributes(line)
        elif line and not line.startswith("#") and said is not None:
            if not _VIDEO.search(said.get("CODECS", "avc1")):
                said = None
                continue  # sound alone
            width = said.get("RESOLUTION", "").partition("x")[0]
            is_narrow = width.isdecimal() and int(width) < _WIDE_ENOUGH
            bits = said.get("BANDWIDTH", "0")
            yield is_narrow, int(bits) if bits.isdecimal() else 0, urljoin(url, line)
            said = None


class _Reading:
    """What the lines so far say of the segment to come."""

    def __init__(self, url: str) -> None:
        self.segments: list[Segment] = []
        self.target_s = 0.0
        self._url = url
        self._duration_s: float | None = None
        self._at: datetime | None = None
        self._head_url: str | None = None

    def take(self, line: str) -> None:
        """One line more."""
        tag, _, value = line.partition(":")
        if tag == "#EXTINF":
            self._duration_s = _seconds(value)
        elif tag == "#EXT-X-TARGETDURATION":
            self.target_s = _seconds(value)
        elif tag == "#EXT-X-PROGRAM-DATE-TIME":
            self._at = _moment(value)
        elif tag == "#EXT-X-MAP":
            self._head_url = urljoin(self._url, _attributes(line).get("URI", ""))
        elif tag == "#EXT-X-BYTERANGE":
            raise Broken("garbled")  # pieces of one long file: no live camera does that
        elif tag == "#EXT-X-KEY" and _attributes(line).get("METHOD") != "NONE":
            raise Broken("encrypted")
        elif line and not line.startswith("#") and self._duration_s is not None:
            self._add(line, self._duration_s)

    def _add(self, line: str, duration_s: float) -> None:
        url = urljoin(self._url, line)
        self.segments.append(Segment(url=url, duration_s=duration_s, began_at=self._at, head_url=self._head_url))
        self._at = self._at + timedelta(seconds=duration_s) if self._at else None
        self._duration_s = None


def _attributes(line: str) -> Mapping[str, str]:
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(line.partition(":")[2])}


def _seconds(value: str) -> float:
    said = re.match(r"\d{1,5}(\.\d{1,9})?", value)
    return min(_LONGEST_S, float(said[0])) if said else 0.0


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else None
