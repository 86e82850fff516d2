"""A small file of things that only its owner may read, changed by several processes and read on every request.

It is written whole and renamed into place; a running server reads it again as soon as it has changed.
"""

import fcntl
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from geodata.errors import BadSettings

T = TypeVar("T")
_Stamp = tuple[int, int, int]
_NEVER: _Stamp = (0, 0, 0)


class SecretBook(Generic[T]):
    """The file at `path`. Every method may be called from any thread and sees what other processes wrote."""

    def __init__(self, path: Path, file: TypeAdapter[tuple[T, ...]], remedy: str) -> None:
        self._path = path
        self._file = file
        self._remedy = remedy
        self._lock = threading.Lock()
        self._known: tuple[_Stamp | None, tuple[T, ...]] = (None, ())

    def all(self) -> tuple[T, ...]:
        """Everything in it, in order of creation. Raises BadSettings, with the remedy, when it cannot be read."""
        at, known = self._known  # one tuple, so that nobody waits for anybody while nothing has changed
        if at == _stamp(self._path):
            return known
        with self._lock:
            stamp = _stamp(self._path)
            if stamp != self._known[0]:
                self._known = (stamp, self._read() if stamp else ())
            return self._known[1]

    def change(self, to: Callable[[tuple[T, ...]], tuple[T, ...]]) -> None:
        """Replace what is in it by what `to` makes of it; what `to` raises leaves it as it was."""
        with self._alone():
            made = to(self.all())
            write_secret(self._path, self._file.dump_json(made, indent=1))
            self._forget()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process and no other thread changes the file meanwhile; what is read inside is the newest."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(f".{self._path.name}.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._forget()
            yield

    def _forget(self) -> None:
        """What is known is not what stands there."""
        with self._lock:
            self._known = (_NEVER, ())

    def _read(self) -> tuple[T, ...]:
        try:
            return self._file.validate_json(self._path.read_bytes())
        except (OSError, ValidationError) as error:
            raise BadSettings(f"{self._path.name} is damaged; {self._remedy}") from error


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all, even when the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
