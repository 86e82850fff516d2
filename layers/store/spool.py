"""The spool: records that wait, in order, in a file whose room was set aside while there was some.

It takes over when the log cannot be written: a full disk still has this room. A record is durable when `put` returns.
All that was taken out is forgotten at once when nothing is left; then the next record begins a new run at the start of
the file. A record says its run, its number and its checksum, so what an older run left behind, or a power cut tore, is
never read. Which records were taken out is known by whoever took them (`place`), not by this file.
"""

import fcntl
import os
import secrets
import shutil
import struct
import threading
import time
import zlib
from pathlib import Path
from typing import NamedTuple

import structlog

from geodata.errors import StoreUnavailable

SPOOL_NAME = "spool"
FEEDS_SPOOL_NAME = "spool-feeds"
_MAGIC = b"LSP1"
_HEAD = struct.Struct("<4s8sQII")  # magic, run, number, length, checksum of all but itself
_CHECKED = struct.Struct("<4s8sQI")
_CLOSED = -1
_LONGEST = 8_000_000
_LEAST_BYTES = 65_536
_LOOK_S = 0.05
_WIPED_AT_ONCE = 1_000_000
_LEFT_FREE = 2
"""Of the free room this share's inverse is taken at most."""
_log = structlog.get_logger()


class Spooled(NamedTuple):
    """One record. `place` says where the next one begins: "<run>:<number>" of this one."""

    place: str
    said: bytes


class Spool:
    """One process has it open. Every method may be called from any thread."""

    def __init__(self, name: str, descriptor: int, room: int) -> None:
        self._name = name
        self._file = descriptor
        self._room = room
        self._lock = threading.Lock()
        self._syncing = threading.Lock()
        self._run = b""
        self._start = self._end = 0  # offsets of the first record that waits, and behind the last
        self._first = self._next = 0  # their numbers
        self._synced = 0
        self._is_refusing = False
        self._is_broken = False
        self._scan()

    @property
    def name(self) -> str:
        """Of its file; the log remembers by it how far this one got."""
        return self._name

    @property
    def waiting(self) -> int:
        """How many records wait."""
        return self._next - self._first

    @property
    def is_refusing(self) -> bool:
        """Whether the last record that came had no room."""
        return self._is_refusing

    def put(self, said: bytes) -> None:
        """Keep a record; durable on return. Raises StoreUnavailable when there is no room, or no disk."""
        try:
            number = self._write(said)
            self._sync(number)
        except OSError as error:
            self._is_broken = self._is_refusing = True
            raise StoreUnavailable(f"the spool cannot be written: {error}; check the disk") from error

    def next(self, most: int, most_bytes: int = 4_000_000) -> list[Spooled]:
        """The oldest records that wait; at least one if there is any."""
        with self._lock:
            offset, number, last, run = self._start, self._first, self._next, self._run
        found: list[Spooled] = []
        taken = 0
        while number < last and len(found) < most and (not found or taken < most_bytes):
            said = self._read(offset, run, number)
            if said is None:
                raise StoreUnavailable("the spool cannot be read; check the disk")
            found.append(Spooled(place=f"{run.hex()}:{number}", said=said))
            offset, number, taken = offset + _HEAD.size + len(said), number + 1, taken + len(said)
        return found

    def forget(self, place: str | None) -> None:
        """The records up to this place are in the log. One of another run says nothing."""
        run, _, number = (place or "").partition(":")
        with self._lock:
            if run != self._run.hex() or not number:
                return
            while self._first < self._next and self._first <= int(number):
                said = self._read(self._start, self._run, self._first)
                if said is None:
                    raise StoreUnavailable("the spool cannot be read; check the disk")
                self._start += _HEAD.size + len(said)
                self._first += 1
            if self._first == self._next:
                used, self._start, self._end = self._end, 0, 0
                self._is_refusing = self._is_broken = False
                self._wipe(used)

    def _wipe(self, used: int) -> None:
        """What was taken out may say who: it is kept by the log alone, as long as the log may keep it."""
        try:
            for offset in range(0, used, _WIPED_AT_ONCE):
                _write_all(self._file, bytes(min(_WIPED_AT_ONCE, used - offset)), offset)
        except OSError as error:
            _log.warning("spool_not_wiped", reason=str(error))

    def close(self) -> None:
        """Let go of the file; what waits is there when it is opened again. A second time does nothing."""
        with self._lock:
            file, self._file = self._file, _CLOSED
        if file != _CLOSED:
            os.close(file)

    def _write(self, said: bytes) -> int:
        with self._lock:
            run, number = self._run, self._next
            if self._first == self._next:
                run = secrets.token_bytes(8)
            size = _HEAD.size + len(said)
            if self._is_broken or len(said) > _LONGEST or self._end + size > self._room:
                self._is_refusing = True
                raise StoreUnavailable("the log cannot be written and the spool is full; send it again later")
            _write_all(self._file, _record(run, number, said), self._end)
            self._run, self._next, self._end = run, number + 1, self._end + size
            self._is_refusing = False
            return number

    def _sync(self, number: int) -> None:
        """One flush serves all who wait for it."""
        with self._syncing:
            if number < self._synced:
                return
            until = self._next
            os.fdatasync(self._file)
            self._synced = until

    def _scan(self) -> None:
        """Find what a process before us left: the first record says the run."""
        head = os.pread(self._file, _HEAD.size, 0)
        if len(head) < _HEAD.size:
            return
        _, run, number, _, _ = _HEAD.unpack(head)
        self._first = self._next = number
        while (said := self._read(self._end, run, self._next)) is not None:
            self._run = run
            self._end += _HEAD.size + len(said)
            self._next += 1

    def _read(self, offset: int, run: bytes, number: int) -> bytes | None:
        """The record there, if it is that one and whole."""
        head = os.pread(self._file, _HEAD.size, offset)
        if len(head) < _HEAD.size:
            return None
        magic, its_run, its_number, length, checksum = _HEAD.unpack(head)
        if (magic, its_run, its_number) != (_MAGIC, run, number) or length > _LONGEST:
            return None
        said = os.pread(self._file, length, offset + _HEAD.size)
        return said if len(said) == length and _checksum(run, number, said) == checksum else None


def open_spool(path: Path, room: int, patience_s: float = 0) -> Spool | None:
    """The spool at `path` with so many bytes set aside, or fewer on a small disk; None when another process keeps it.

    Raises StoreUnavailable when the file cannot be made or read.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnavailable(f"{path.name} cannot be opened: {error}") from error
    try:
        _take(descriptor, time.monotonic() + patience_s)
        room = _set_aside(descriptor, path, room)
        return Spool(path.name, descriptor, room)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError as error:
        os.close(descriptor)
        raise StoreUnavailable(f"{path.name} cannot be read: {error}") from error


def _take(descriptor: int, until_s: float) -> None:
    """A process that was killed may have a child that ends a moment later. Raises BlockingIOError."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until_s:
                raise
            time.sleep(_LOOK_S)
        else:
            return


def _set_aside(descriptor: int, path: Path, room: int) -> int:
    """Fill the file up to so many bytes, or fewer where they are not to be had; gives how many it has."""
    had = os.fstat(descriptor).st_size
    wanted = max(had, min(room, had + shutil.disk_usage(path.parent).free // _LEFT_FREE))
    if wanted > had and wanted >= _LEAST_BYTES:
        try:
            os.posix_fallocate(descriptor, 0, wanted)
            os.fsync(descriptor)
            _sync_folder(path.parent)
        except OSError as error:
            _log.warning("spool_has_no_room", wanted=wanted, reason=str(error))
    return os.fstat(descriptor).st_size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _record(run: bytes, number: int, said: bytes) -> bytes:
    return _HEAD.pack(_MAGIC, run, number, len(said), _checksum(run, number, said)) + said


def _checksum(run: bytes, number: int, said: bytes) -> int:
    return zlib.crc32(said, zlib.crc32(_CHECKED.pack(_MAGIC, run, number, len(said))))


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    while data:
        written = os.pwrite(descriptor, data, offset)
        data, offset = data[written:], offset + written
