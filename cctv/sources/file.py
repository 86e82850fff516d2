"""Pictures that lie in a folder: cameras that upload by FTP, and rehearsals.

`file:///srv/cctv/07.jpg` shows that file again whenever it changes; `file:///srv/cctv/07/` the newest JPEG in the
folder; their time is the file's. `?loop=1` plays the folder in order of names for ever, as if each were taken now;
in drills and demos only.
Only files under the data folder, or one that `LAYAR_CAMERA_FILES` names, are ever opened.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from cctv.camera import Reach, Snapshot, Source
from cctv.faults import Broken, each_lost_as, lost_as
from cctv.picture import jpeg_extent, whole_jpeg

_ENDINGS = frozenset({".jpg", ".jpeg"})


def allowed_path(reach: Reach) -> Path:
    """The file or folder, links followed. Raises Broken unless it lies where files may be shown from."""
    path = Path(unquote(urlsplit(reach.camera.url).path)).resolve()
    if not any(path.is_relative_to(folder.resolve()) for folder in reach.folders):
        raise Broken("forbidden_file")
    if not path.exists():
        raise Broken("no_file")
    return path


def _jpegs(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS and path.is_file())
    if not found:
        raise Broken("no_file")
    return found


def _read(path: Path, reach: Reach) -> tuple[bytes, datetime]:
    if not any(path.resolve().is_relative_to(folder.resolve()) for folder in reach.folders):
        raise Broken("forbidden_file")
    if path.stat().st_size > reach.max_bytes:
        raise Broken("too_large")
    jpeg = whole_jpeg(path.read_bytes())
    jpeg_extent(jpeg)
    return jpeg, datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _newest(path: Path) -> Path:
    return max(_jpegs(path), key=lambda one: one.stat().st_mtime) if path.is_dir() else path


def _watched(path: Path, reach: Reach) -> Iterator[Snapshot]:
    shown_at = captured_at = None
    while True:
        jpeg, modified_at = _read(_newest(path), reach)
        if captured_at is None or modified_at != shown_at:  # one from the future is new once, not at each look
            shown_at, captured_at = modified_at, min(modified_at, reach.clock())
        looked_s = time.monotonic()
        yield Snapshot(data=jpeg, captured_at=captured_at)
        if reach.is_over_by_next(looked_s):
            return


def _is_loop(reach: Reach) -> bool:
    if "loop" not in parse_qs(urlsplit(reach.camera.url).query, keep_blank_values=True):
        return False
    if reach.is_live:
        raise Broken("loop_live")
    return True


def _looped(path: Path, reach: Reach) -> Iterator[Snapshot]:
    for one in cycle(_jpegs(path) if path.is_dir() else [path]):
        jpeg, _ = _read(one, reach)
        looked_s = time.monotonic()
        yield Snapshot(data=jpeg, captured_at=reach.clock())
        if reach.is_over_by_next(looked_s):
            return


@contextmanager
def open_file(reach: Reach) -> Iterator[Iterator[Snapshot]]:
    """Look at the folder once a period."""
    camera = reach.camera.id
    path = lost_as(camera, lambda: allowed_path(reach))
    is_loop = lost_as(camera, lambda: _is_loop(reach))
    yield each_lost_as(camera, _looped(path, reach) if is_loop else _watched(path, reach))


SOURCE = Source(schemes=("file",), open=open_file)
