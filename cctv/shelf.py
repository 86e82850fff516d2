"""The newest picture of every camera, in four sizes, as files that are never half written.

`root/<camera>/{full,medium,thumb,tiny}.jpg`; a file's mtime is the time its picture was captured. The camera
process writes; any number of web processes read, at once, even when the camera is long dead. A history of
pictures is not kept here. `root/<camera>/masks` says which masks its pictures were taken under, and `late.jpg` is
what visitors see (`cctv/late_show.py`).
"""

import contextlib
import os
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import quote, unquote

Size = Literal["tiny", "thumb", "medium", "full"]
SIZES: tuple[Size, ...] = get_args(Size)
Rendition = Size | Literal["late"]
_RENDITIONS = frozenset({*SIZES, "late"})
MAX_ID_LENGTH = 64
_HEARTBEAT = "heartbeat"
_MASKS = "masks"
_PART = ".part"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renditions:
    """One picture in the four sizes, each a complete JPEG. `width` and `height` are of the full one, pixels."""

    full: bytes
    medium: bytes
    thumb: bytes
    tiny: bytes
    width: int
    height: int

    def of(self, size: Size) -> bytes:
        """The JPEG of that size."""
        return {"full": self.full, "medium": self.medium, "thumb": self.thumb, "tiny": self.tiny}[size]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A JPEG from the shelf. `etag` is quoted, as HTTP wants it, and changes whenever the picture does."""

    jpeg: bytes
    captured_at: datetime
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is known of a picture without reading it."""

    captured_at: datetime
    etag: str


def folder_name(camera_id: str) -> str | None:
    """A file name for that camera, different for different ids; None for what can be no id."""
    if not 0 < len(camera_id) <= MAX_ID_LENGTH:
        return None
    try:
        name = quote(camera_id, safe=" ")
    except UnicodeEncodeError:
        return None
    return f"%{ord(name[0]):02X}{name[1:]}" if name[0] == "." or name == _HEARTBEAT else name


class Shelf:
    """`Shelf(DIR / "shelf")`. `put` belongs to one process; `get`, `label` and `heartbeat_at` to everybody."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, camera_id: str, renditions: Renditions, captured_at: datetime) -> None:
        """Show this picture from now on, in all sizes. Raises OSError when the disk refuses."""
        folder = self._made(camera_id)
        for size in SIZES:
            _replace(folder / f"{size}.jpg", renditions.of(size), _nanoseconds(captured_at))

    def put_late(self, camera_id: str, jpeg: bytes, captured_at: datetime) -> None:
        """Show visitors this picture from now on. Raises OSError when the disk refuses."""
        _replace(self._made(camera_id) / "late.jpg", jpeg, _nanoseconds(captured_at))

    def remove_late(self, camera_id: str) -> None:
        """Of a camera that is not for visitors they keep nothing. Raises OSError when the disk refuses."""
        folder = self._folder(camera_id)
        if folder is not None:
            (folder / "late.jpg").unlink(missing_ok=True)

    def get(self, camera_id: str, size: Rendition) -> Picture | None:
        """The newest good picture, however old; None when there has never been one."""
        try:
            with self._path(camera_id, size).open("rb") as file:
                label = _label(os.fstat(file.fileno()))
                jpeg = file.read()
        except OSError:
            return None
        if not jpeg.startswith(b"\xff\xd8") or not jpeg.endswith(b"\xff\xd9"):
            return None  # a power cut may leave an empty file under the right name
        return Picture(jpeg=jpeg, captured_at=label.captured_at, etag=label.etag)

    def label(self, camera_id: str, size: Rendition) -> Label | None:
        """The age and ETag of what `get` would give, for a 304, without reading the picture."""
        try:
            stat = self._path(camera_id, size).stat()
        except OSError:
            return None
        return _label(stat) if stat.st_size else None

    def remove(self, camera_id: str) -> None:
        """Forget the pictures of a camera that is no longer listed."""
        folder = self._folder(camera_id)
        if folder is None or not folder.is_dir():
            return
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()

    def camera_ids(self) -> frozenset[str]:
        """The cameras of which there is anything. Raises OSError when the disk refuses."""
        if not self.root.is_dir():
            return frozenset()
        folders = (path.name for path in self.root.iterdir() if path.is_dir())
        return frozenset(unquote(name) for name in folders if folder_name(unquote(name)) == name)

    def sweep(self) -> None:
        """Clear away what a process that was killed had half written. Raises OSError when the disk refuses."""
        for part in self.root.glob(f"*/*{_PART}"):
            part.unlink(missing_ok=True)

    def remask(self, camera_id: str, masks: str) -> bool:
        """Forget the pictures unless they were taken under these masks (as text); True when they were not.

        To be called before a camera's first picture. Raises OSError when the disk refuses.
        """
        folder = self._folder(camera_id)
        if folder is None or _text(folder / _MASKS) == masks:
            return False
        self.remove(camera_id)
        if masks:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / _MASKS).write_text(masks, "utf-8")
        return True

    def beat(self) -> None:
        """Say that the camera process is alive; once a second."""
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / _HEARTBEAT).touch()

    def heartbeat_at(self) -> datetime | None:
        """When the camera process was last alive; None if it has never run."""
        try:
            return datetime.fromtimestamp((self.root / _HEARTBEAT).stat().st_mtime, UTC)
        except OSError:
            return None

    def _folder(self, camera_id: str) -> Path | None:
        name = folder_name(camera_id)
        return self.root / name if name else None

    def _made(self, camera_id: str) -> Path:
        folder = self._folder(camera_id)
        if folder is None:
            raise ValueError(f"no camera can be called {camera_id!r}")
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _path(self, camera_id: str, size: Rendition) -> Path:
        folder = self._folder(camera_id)
        if folder is None or size not in _RENDITIONS:
            raise FileNotFoundError(camera_id)
        return folder / f"{size}.jpg"


def _nanoseconds(captured_at: datetime) -> int:
    return (captured_at - _EPOCH) // _MICROSECOND * 1000


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""


def _replace(path: Path, content: bytes, captured_ns: int) -> None:
    # a name of its own: the worker before this one may still be writing
    part = path.with_name(f"{path.stem}.{secrets.token_hex(8)}{_PART}")
    try:
        part.write_bytes(content)
        os.utime(part, ns=(time.time_ns(), captured_ns))
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _label(stat: os.stat_result) -> Label:
    captured_at = _EPOCH + stat.st_mtime_ns // 1000 * _MICROSECOND
    return Label(captured_at=captured_at, etag=f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"')
