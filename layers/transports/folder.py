"""A folder into which files are dropped: each is taken once, whole, and found again beside its answer.

A file is taken when it has not changed for a moment, by renaming it, so that nobody takes half of one. What was read
lies in `done`, what was not in `refused` with a text beside it that says why. What was taken while the machine died is
taken up again.
"""

import errno
import os
import stat
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import Field

from geodata.errors import BadPayload, StoreUnavailable
from layers.ingest import MAX_PAYLOAD_BYTES, Receipt
from layers.layer import Words
from layers.transport import Line, LineSettings, Transport

_TAKING, _DONE, _REFUSED = ".taking", "done", "refused"
_UNFINISHED = frozenset({".part", ".partial", ".tmp", ".crdownload", ".filepart"})
_MOST_AT_ONCE = 200
_MOST_REASONS = 50
_SWEEP_EVERY_S = 600.0
_LOG_IS_SHUT = Words(id="catatan kejadian tidak menerima; dicoba lagi", en="the log takes nothing just now")
_NO_FOLDER = Words(
    id="folder kiriman tidak dapat dibaca atau ditulis; periksa folder di [[feeds]]",
    en="the folder cannot be read or written; check folder in [[feeds]]",
)


class FolderSettings(LineSettings):
    """[[feeds]] transport = "folder": files that somebody, or a program, drops into a folder."""

    folder: str | None = Field(
        default=None, max_length=1000, description="where files are dropped; missing: DIR/feeds/NAME/drop"
    )
    every_s: float = Field(default=2, ge=0.1, le=3600, description="seconds between two looks")
    still_s: float = Field(
        default=2, ge=0, le=600, description="a file is taken once it has not changed for so many seconds"
    )
    keep_days: float = Field(default=30, ge=0, le=3650, description="days until what was taken is deleted; 0: never")


class Folder:
    """One line."""

    def __init__(self, settings: FolderSettings, line: Line) -> None:
        self._settings = settings
        self._line = line
        self._root = Path(settings.folder) if settings.folder else line.folder / "drop"

    def look(self) -> None:
        """Take what lies there. Raises OSError and StoreUnavailable."""
        if self._line.is_trial:
            self._try()
            return
        for name in ("", _TAKING, _DONE, _REFUSED):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        for left in sorted((self._root / _TAKING).iterdir()):
            if not left.is_dir():
                self._read(left)
        for dropped in self._dropped():
            taken = self._root / _TAKING / dropped.name
            dropped.rename(taken)
            self._read(taken)

    def _try(self) -> None:
        for dropped in list(self._dropped())[:1]:
            self._line.deliver(_content(dropped), received=self._line.clock(), topic=dropped.name)

    def _dropped(self) -> Iterator[Path]:
        """Whole plain files, the oldest first."""
        now_s = time.time()
        found = [(path, path.lstat()) for path in self._root.iterdir() if _is_meant(path)]
        files = [(path, is_) for path, is_ in found if stat.S_ISREG(is_.st_mode)]
        still = [(is_.st_mtime_ns, path) for path, is_ in files if abs(now_s - is_.st_mtime) >= self._settings.still_s]
        return (path for _, path in sorted(still)[:_MOST_AT_ONCE])

    def _read(self, path: Path) -> None:
        """Whoever drops files may also have put links and pipes in their places: those are never followed."""
        try:
            content = _content(path)
        except BadPayload as error:
            self._put_away(path, [str(error)])
            return
        receipt = self._line.deliver(content, received=self._line.clock(), topic=path.name)
        self._put_away(path, list(_reasons(receipt)))

    def _put_away(self, path: Path, reasons: list[str]) -> None:
        to = _free(self._root / (_REFUSED if reasons else _DONE) / path.name)
        if reasons:
            with _why(to).open("x", encoding="utf-8") as why:  # x: what is there is neither written over nor followed
                why.write("\n".join(reasons) + "\n")
        path.rename(to)
        os.utime(to, follow_symlinks=False)  # from now on counts how long it is kept

    def sweep(self, now: datetime) -> None:
        """Delete what was taken long ago."""
        if not self._settings.keep_days or self._line.is_trial:
            return
        oldest = now - timedelta(days=self._settings.keep_days)
        for name in (_DONE, _REFUSED):
            for path in (self._root / name).iterdir():
                is_file = not stat.S_ISDIR(path.lstat().st_mode)
                if is_file and datetime.fromtimestamp(path.lstat().st_mtime, UTC) < oldest:
                    path.unlink(missing_ok=True)


def _is_meant(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix.casefold() not in _UNFINISHED and len(path.name) <= 200  # noqa: PLR2004 — leaves room for .why.txt


def _content(path: Path) -> bytes:
    """What a plain file holds. Raises BadPayload for one that is too large, and for what is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise BadPayload("it is a link, not a file: drop the file itself") from error
    with open(descriptor, "rb") as file:  # noqa: PTH123 — a descriptor has no path
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BadPayload("it is no plain file")
        content = file.read(MAX_PAYLOAD_BYTES + 1)
    if len(content) > MAX_PAYLOAD_BYTES:
        raise BadPayload(f"it has {path.lstat().st_size} bytes, at most {MAX_PAYLOAD_BYTES} are read: split it")
    return content


def _why(path: Path) -> Path:
    return path.with_name(f"{path.name}.why.txt")


def _free(path: Path) -> Path:
    """That name, or one with a number behind it that nobody has."""
    tried, number = path, 1
    while os.path.lexists(tried) or os.path.lexists(_why(tried)):
        number += 1
        tried = path.with_name(f"{path.stem}~{number}{path.suffix}")
    return tried


def _reasons(receipt: Receipt) -> Iterator[str]:
    """One line per item that was refused; the others of the file are taken."""
    rejected = receipt.rejected
    for number, item in enumerate(receipt.items, 1):
        if item.outcome == "rejected" and number <= _MOST_REASONS:
            yield f"item {number}: {item.reason}"
    if rejected:
        taken = len(receipt.items) - len(rejected)
        yield f"{taken} taken, {len(rejected)} refused; the refused ones are in the quarantine: layar quarantine list"


def run(settings: FolderSettings, line: Line, stopping: threading.Event) -> None:
    """Look until told to stop."""
    folder, swept_s = Folder(settings, line), float("-inf")
    while not stopping.is_set():
        next_try_at = line.clock() + timedelta(seconds=settings.every_s)
        try:
            folder.look()
            if time.monotonic() - swept_s > _SWEEP_EVERY_S:
                folder.sweep(line.clock())
                swept_s = time.monotonic()
            line.tell.well(next_try_at=next_try_at)
        except StoreUnavailable:
            line.tell.failed(_LOG_IS_SHUT, next_try_at=next_try_at)
        except OSError:
            line.tell.failed(_NO_FOLDER, next_try_at=next_try_at)
        stopping.wait(settings.every_s)


def silent_after(settings: FolderSettings) -> float:
    """The folder is out of reach; that nobody drops anything is no fault."""
    return 30 + 3 * settings.every_s


TRANSPORT = Transport(
    title=Words(id="Folder kiriman berkas", en="Dropped files"), settings=FolderSettings, run=run, silent_s=silent_after
)
