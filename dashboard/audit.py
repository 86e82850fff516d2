"""The audit: who looked at what and who changed what, in a file that shows when somebody edits it.

`DIR/audit.jsonl` gets one line per deed and is never rewritten. Each line holds the SHA-256 of itself and of the line
before it; `DIR/audit.head` holds the newest one, so that lines cut off the end are missed too. Who can write both
files can forge both: the log line `audit` repeats the hash outside of them. It never holds a secret.
"""

import fcntl
import getpass
import hashlib
import math
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import structlog

from dashboard.secret_book import write_secret
from geodata.clock import Clock, utc_now

FILE_NAME = "audit.jsonl"
HEAD_NAME = "audit.head"
WITHHELD = "(tidak dicatat)"
_LOG = structlog.get_logger()
_LOCK_NAME = ".audit.lock"
_NOTHING = "0" * 64
_LONGEST = 400
_MOST_DETAILS = 24
_LAST_LINE = 65_536
_LOCK_WAIT_S = 2.0
_LOCK_LOOK_S = 0.01
_WIDEST_INT = 2**53
_SECRET_KEY = re.compile(r"pass|sandi|secret|rahasia|token|cookie|session|credential|authori|bearer|(^|_)(key|pwd|url)")
_SECRET_VALUE = re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])|\w+://[^\s/]*@")
"""What a token of ours looks like (32 bytes as base64), and an address with somebody's password in it."""

Detail = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One deed. `before` is the hash of the row before it."""

    number: int
    at: datetime
    who: str
    action: str
    target: str
    details: Mapping[str, Detail]
    before: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What checking the whole file gave: `wrong` is None, or says which row is the first that is not as it was.

    `torn` counts lines that a power cut or a full disk broke off: no row is missing there.
    """

    rows: int
    head: str
    torn: int = 0
    wrong: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    number: int = 0
    hash: str = _NOTHING


class Audit:
    """The audit of one city. Every method may be called from any thread and beside other processes.

    `is_logged`: each deed is a log line too; not so in a command, which prints only its answer.
    """

    def __init__(self, data_dir: Path, clock: Clock = utc_now, *, is_logged: bool = True) -> None:
        self._dir = data_dir
        self._path = data_dir / FILE_NAME
        self._clock = clock
        self._is_logged = is_logged

    def note(self, who: str, action: str, target: str, **details: Detail) -> bool:
        """Keep a deed, durably. Never raises: False, and an error in the log, when it could not be kept."""
        said = {"who": _bounded(who), "action": _bounded(action), "target": _bounded(target)}
        try:
            with self._alone():
                head = self._append({**said, "details": harmless(details)})
        except (OSError, ValueError, TypeError) as error:
            _LOG.error("audit_not_kept", **said, reason=getattr(error, "strerror", None) or type(error).__name__)
            return False
        if self._is_logged:
            _LOG.info("audit", **said, number=head.number, hash=head.hash)
        return True

    def newest(self, limit: int, since: datetime | None = None) -> tuple[Row, ...]:
        """The newest first, none older than `since`; rows that cannot be read are left out, `verify` names them."""
        found: list[Row] = []
        for line in _backwards(self._path):
            row = _row(line)
            if row is None:
                continue
            if len(found) == limit or (since is not None and row.at < since):
                break
            found.append(row)
        return tuple(found)

    def verify(self, expected: str | None = None) -> Verdict:
        """Look at every row. `expected`: a hash noted elsewhere, which must still be in the chain."""
        with self._alone():
            head, size = self._head(), self._path.stat().st_size if self._path.exists() else 0
        chain = _Chain(expected)
        if size:
            with self._path.open("rb") as file:
                while file.tell() < size:
                    chain.take(file.readline())
        return chain.verdict(head)

    def copy_to(self, folder: Path) -> None:
        """Copy the file and its newest hash, which belong together, while nobody writes."""
        with self._alone():
            for name in (FILE_NAME, HEAD_NAME):
                if (self._dir / name).is_file():
                    shutil.copy2(self._dir / name, folder / name)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread or process writes meanwhile. Raises TimeoutError when somebody does not let go."""
        self._dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._dir / _LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _append(self, said: Mapping[str, Any]) -> _Head:
        head, last = self._head(), self._last()
        if head is None and last is not None:
            _LOG.error("audit_head_lost", number=last.number)
            lost = {"who": "layar", "action": "audit.head_lost", "target": HEAD_NAME, "details": {}}
            last = self._write(lost, last)
        return self._write(said, max(head or _Head(), last or _Head(), key=lambda one: one.number))

    def _write(self, said: Mapping[str, Any], head: _Head) -> _Head:
        """When the file is behind its head, its end was cut off: the chain goes on from the head, the gap stays."""
        row = {**said, "n": head.number + 1, "at": self._clock().isoformat(), "before": head.hash}
        made = _Head(number=head.number + 1, hash=_hash(row))
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            start = b"" if self._ends_whole() else b"\n"
            _write_whole(descriptor, start + _canonical({**row, "hash": made.hash}) + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        write_secret(self._dir / HEAD_NAME, _canonical({"n": made.number, "hash": made.hash}))
        return made

    def _last(self) -> _Head | None:
        """The newest row of the file; after a power cut it may be one ahead of the head."""
        last = next((row for row in map(_row, _backwards(self._path)) if row is not None), None)
        return _Head(number=last.number, hash=last.hash) if last else None

    def _head(self) -> _Head | None:
        """What the second file knows; None when it is gone or damaged."""
        try:
            said = orjson.loads((self._dir / HEAD_NAME).read_bytes())
            return _Head(number=int(said["n"]), hash=str(said["hash"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _ends_whole(self) -> bool:
        """Whether the last line was written to its end; a power cut may have torn it."""
        if not self._path.exists() or self._path.stat().st_size == 0:
            return True
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


class _Chain:
    """Follows the rows of a file and remembers the first that is wrong."""

    def __init__(self, expected: str | None) -> None:
        self._at = _Head()
        self._torn = 0
        self._wrong: str | None = None
        self._expected = expected
        self._is_met = expected in {None, _NOTHING}

    def take(self, line: bytes) -> None:
        """What is no row counts as torn: had it been one, the next would not follow."""
        row = _row(line)
        if row is None:
            self._torn += 1
        elif self._wrong is None:
            self._wrong = self._fault(row)
            if self._wrong is None:
                self._at = _Head(number=row.number, hash=row.hash)
                self._is_met = self._is_met or row.hash == self._expected

    def _fault(self, row: Row) -> str | None:
        said = f"row {row.number} ({row.at.isoformat()})"
        if _hash(_plain(row)) != row.hash:
            return f"{said} was edited"
        if row.before != self._at.hash or row.number != self._at.number + 1:
            return f"before {said} something was removed, edited or put in"
        return None

    def verdict(self, head: _Head | None) -> Verdict:
        return Verdict(
            rows=self._at.number, head=self._at.hash, torn=self._torn, wrong=self._wrong or self._wrong_end(head)
        )

    def _wrong_end(self, head: _Head | None) -> str | None:
        at = self._at
        if head is None and at.number:
            return f"{HEAD_NAME} is gone or damaged: rows after row {at.number} may have been cut off"
        if head is not None and at.number < head.number:
            return f"the newest {head.number - at.number} rows, after row {at.number}, are gone"
        if head is not None and at.number == head.number and at.hash != head.hash:
            return f"row {at.number} is not the one that {HEAD_NAME} knows: the file was written anew"
        if not self._is_met:
            return "no row has the expected hash: the file was written anew, or cut off before it"
        return None


def operator() -> str:
    """Who runs a command: the account on this machine, and the one it became root from."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError):
        account = str(os.getuid())
    before = os.environ.get("SUDO_USER")
    return f"cli:{before} ({account})" if before else f"cli:{account}"


def harmless(details: Mapping[str, Detail]) -> dict[str, Detail]:
    """Details as they may be kept: no secret by its name or its looks, nothing endless."""
    kept = list(details.items())[:_MOST_DETAILS]
    return {_bounded(key): WITHHELD if _SECRET_KEY.search(key.lower()) else _kept(value) for key, value in kept}


def _kept(value: Detail) -> Detail:
    if value is None or (isinstance(value, int) and abs(value) < _WIDEST_INT):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    said = str(value)
    return WITHHELD if _SECRET_VALUE.search(said) else _bounded(said)


def _bounded(said: str) -> str:
    """Short enough, and UTF-8 whatever a client has sent."""
    return str(said).encode("utf-8", "replace").decode()[:_LONGEST]


def _canonical(said: Mapping[str, Any]) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def _hash(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(row)).hexdigest()


def _row(line: bytes) -> Row | None:
    """The row a line holds, whether or not its hash is right."""
    try:
        said = orjson.loads(line)
        row = Row(
            number=said["n"],
            at=datetime.fromisoformat(said["at"]),
            who=said["who"],
            action=said["action"],
            target=said["target"],
            details=said["details"],
            before=said["before"],
            hash=said["hash"],
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
    return row if isinstance(row.number, int) and row.at.tzinfo and len(said) == len(Row.__slots__) else None


def _plain(row: Row) -> dict[str, Any]:
    """The row as it was hashed."""
    return {
        "n": row.number,
        "at": row.at.isoformat(),
        "who": row.who,
        "action": row.action,
        "target": row.target,
        "details": row.details,
        "before": row.before,
    }


def _backwards(path: Path) -> Iterator[bytes]:
    """The lines of a file, the last first, without holding more of it than a block."""
    if not path.exists():
        return
    with path.open("rb") as file:
        at, rest = file.seek(0, os.SEEK_END), b""
        while at > 0:
            start = max(0, at - _LAST_LINE)
            file.seek(start)
            first, *lines = (file.read(at - start) + rest).split(b"\n")
            yield from (line for line in reversed(lines) if line)
            at, rest = start, first
        if rest:
            yield rest


def _lock(descriptor: int) -> None:
    until_s = time.monotonic() + _LOCK_WAIT_S
    pause = threading.Event()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until_s:
                raise TimeoutError from None
            pause.wait(_LOCK_LOOK_S)
        else:
            return


def _write_whole(descriptor: int, line: bytes) -> None:
    """In one piece, or it fails; the half that a full disk took stays as a torn line."""
    if os.write(descriptor, line) != len(line):
        raise OSError(None, "the disk took only a part of the line")
