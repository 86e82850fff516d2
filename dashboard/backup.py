"""Backups of a city's folder: made while it runs, proved before they count, and brought back into an empty folder.

A backup is a folder `layar-<time>` with the log as of one moment, all else that the city keeps, and `backup.json`,
which lists every file with its hash. Secrets come along only when asked for, pictures of cameras too.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import orjson

from dashboard.audit import FILE_NAME as AUDIT
from dashboard.audit import HEAD_NAME as AUDIT_HEAD
from dashboard.audit import Audit
from dashboard.backup_status import FILE_NAME as STATUS
from dashboard.grounds import ground_of
from geodata.errors import BadInput, StoreUnavailable
from layers.layer import Layers
from layers.store.backup import Examined, copy_database, examine, forget_spools, is_intact
from layers.store.outbox import FILE_NAME as OUTBOX
from layers.store.schema import VERSION as LOG_VERSION
from layers.store.schema import refuse_newer_log
from layers.store.sqlite import FILE_NAME as LOG
from layers.store.stills import FILE_NAME as STILLS

MANIFEST = "backup.json"
_FORMAT = 1
_NAME = re.compile(r"^layar-\d{8}T\d{6}Z$")
_SECRET = re.compile(r"secret|token|\.key$|credential|\.env$")
_DATABASES = (LOG, STILLS, OUTBOX)
_PICTURES = "archive"
_LEFT = frozenset({
    "shelf", "camera-status.json", "feed-status.json", "hooks-status.json", "archive.heartbeat",
    STATUS, AUDIT, AUDIT_HEAD,
})  # fmt: skip
"""Made anew by whoever starts, or copied in a way of its own."""
_SPARE_BYTES = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that is whole. `without`: secrets and pictures that are not in it."""

    folder: Path
    examined: Examined
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """What goes in beside the log and the settings. `is_folded`: whether the copy is folded anew as proof."""

    secrets: bool = False
    stills: bool = False
    is_folded: bool = True


Step = Literal["copy", "prove", "list"]
"""What is being done: copied, looked at whether it is whole, listed with the hash of every file."""


def make_backup(  # noqa: PLR0913, PLR0917 — what, from where, to where, and whom to tell
    data_dir: Path,
    target: Path,
    layers: Layers,
    now: datetime,
    what: What,
    tell: Callable[[Step], None] = lambda _step: None,
) -> Backup:
    """Copy, prove, and only then give the folder its name. Raises StoreUnavailable when the copy is not whole."""
    folder = target / f"layar-{now:%Y%m%dT%H%M%SZ}"
    partial = target / f".{folder.name}.partial"
    _refuse(data_dir, target, folder)
    _room_for(data_dir, target, what)
    try:
        partial.mkdir(parents=True, mode=0o700)
        tell("copy")
        without = tuple(_copy(data_dir, partial, what))
        tell("prove")
        examined = _prove(partial, layers, is_folded=what.is_folded)
        tell("list")
        _write_manifest(partial, now, examined, without)
        _sync(partial)
        partial.replace(folder)
        _sync(target)
    except OSError as error:
        raise StoreUnavailable(f"the backup cannot be written: {error}; check the disk") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Backup(folder=folder, examined=examined, without=without)


def partial_in(target: Path) -> int:
    """How many bytes of a backup that is being made are there already."""
    files = (path for folder in target.glob(".layar-*.partial") for path in folder.rglob("*"))
    return sum(_size(path) for path in files)


def _size(path: Path) -> int:
    """0 for what went away meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _refuse(data_dir: Path, target: Path, folder: Path) -> None:
    if not (data_dir / LOG).is_file():
        raise BadInput(f"{data_dir} holds no log yet: is --data right?")
    if target.resolve().is_relative_to(data_dir.resolve()):
        raise BadInput(f"{target} lies inside {data_dir}: a backup belongs on another disk")
    if folder.exists():
        raise BadInput(f"{folder} is there already; wait a second")


def _room_for(data_dir: Path, target: Path, what: What) -> None:
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = (data_dir / name for name in _all_files(data_dir) if what.stills or not name.startswith(f"{_PICTURES}/"))
    databases = (data_dir / name for name in _DATABASES)
    needed = sum(path.stat().st_size for path in (*files, *databases) if path.is_file()) + _SPARE_BYTES
    free = shutil.disk_usage(target).free
    if free < needed:
        raise StoreUnavailable(f"{target} has {free // 10**6} MB free; the backup needs {needed // 10**6} MB")


def _copy(data_dir: Path, partial: Path, what: What) -> Iterator[str]:
    """Copy everything; yields what stays behind."""
    for name in _DATABASES:
        if (data_dir / name).is_file():
            copy_database(data_dir / name, partial / name)
    forget_spools(partial / LOG)
    Audit(data_dir).copy_to(partial)
    for name in _all_files(data_dir):
        if _SECRET.search(Path(name).name) and not what.secrets:
            yield name
        elif name.startswith(f"{_PICTURES}/"):
            if what.stills:
                _copy_file(data_dir / name, partial / name)
        else:
            _copy_file(data_dir / name, partial / name)
    if not what.stills and (data_dir / _PICTURES).is_dir():
        yield f"{_PICTURES}/"


def _all_files(data_dir: Path) -> Iterator[str]:
    """Every file that somebody keeps: no databases, nothing hidden, no sockets, nothing that is made anew.

    A link at the top is the operator's; one further down may be of whoever drops files there, and is not followed.
    """
    for folder, folders, files in os.walk(data_dir):
        here = Path(folder)
        is_top = here == data_dir
        folders[:] = sorted(name for name in folders if not (name.startswith(".") or (is_top and name in _LEFT)))
        for name in sorted(files):
            is_database = is_top and name.startswith(_DATABASES)
            is_left = name.startswith((".", "spool")) or name.endswith(".lock") or (is_top and name in _LEFT)
            is_kept = (here / name).is_file() and (is_top or not (here / name).is_symlink())
            if is_kept and not is_database and not is_left:
                yield str((here / name).relative_to(data_dir))


def _copy_file(source: Path, target: Path) -> None:
    """What goes away meanwhile is not copied: a picture is deleted when it is too old."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        return
    _sync(target)


def _prove(folder: Path, layers: Layers, *, is_folded: bool) -> Examined:
    """Raises StoreUnavailable for the first thing that is not as it must be."""
    examined = examine(folder / LOG, layers, ground_of(folder), is_folded=is_folded)
    if examined.differences:
        few = ", ".join(f"{layer} {key}" for layer, key in examined.differences[:3])
        raise StoreUnavailable(
            f"{len(examined.differences)} things are not what the events add up to ({few}): `layar rebuild`, then again"
        )
    if (folder / STILLS).is_file() and not is_intact(folder / STILLS):
        raise StoreUnavailable(f"{STILLS} is damaged; delete it, it is made again from the pictures")
    wrong = Audit(folder).verify().wrong
    _without_locks(folder)
    if wrong:
        raise StoreUnavailable(f"the audit is not whole: {wrong}; `layar audit verify` says more")
    return examined


def _without_locks(folder: Path) -> None:
    for path in folder.glob(".*.lock"):
        path.unlink()


def _write_manifest(folder: Path, now: datetime, examined: Examined, without: Iterable[str]) -> None:
    files = {name: _digest(folder / name) for name in sorted(_files_of(folder))}
    said = {
        "format": _FORMAT,
        "version": version("layar112"),
        "made_at": now.isoformat(),
        "cursor": examined.cursor,
        "seen": examined.seen.isoformat() if examined.seen else None,
        "is_folded": examined.is_folded,
        "log": {"version": LOG_VERSION, "kinds": list(examined.kinds)},
        "without": list(without),
        "files": files,
    }
    (folder / MANIFEST).write_bytes(orjson.dumps(said, option=orjson.OPT_INDENT_2))
    _sync(folder / MANIFEST)


def _files_of(folder: Path) -> Iterator[str]:
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a backup says of itself. `events`: how many the log held; `seen`: when the newest of them came."""

    folder: Path
    made_at: datetime
    version: str
    events: int
    seen: datetime | None
    is_folded: bool
    without: tuple[str, ...]


def kept(folder: Path) -> Kept | None:
    """None for what is no backup, or no whole one."""
    try:
        said = orjson.loads((folder / MANIFEST).read_bytes())
        return Kept(
            folder=folder,
            made_at=datetime.fromisoformat(said["made_at"]),
            version=str(said["version"]),
            events=int(said["cursor"]),
            seen=datetime.fromisoformat(said["seen"]) if said["seen"] else None,
            is_folded=bool(said["is_folded"]),
            without=tuple(said["without"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def backups_in(target: Path) -> tuple[Path, ...]:
    """The whole ones, the oldest first."""
    if not target.is_dir():
        return ()
    return tuple(sorted(path for path in target.iterdir() if _NAME.match(path.name) and (path / MANIFEST).is_file()))


def prune(target: Path, keep: int) -> tuple[Path, ...]:
    """Delete all but the newest; gives those deleted. Nothing else in the folder is touched."""
    old = backups_in(target)[:-keep]
    for folder in old:
        (folder / MANIFEST).unlink()  # first: a backup half deleted is none
        shutil.rmtree(folder, ignore_errors=True)
    return old


def restore_backup(
    folder: Path, data_dir: Path, layers: Layers, *, is_folded: bool = True, is_anyway: bool = False
) -> Backup:
    """Bring a backup back into a folder that holds nothing yet; proved before it gets its name.

    What a newer program has made is refused before anything is written; `is_anyway`: not for facts that only lack
    their layer, which are kept and shown to nobody.
    """
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise BadInput(f"{data_dir} is not empty: restore into a new folder, then move it to its place")
    said = _manifest(folder)
    _refuse_newer(folder, said, frozenset() if is_anyway else _unknown_kinds(said, layers))
    partial = data_dir.absolute().with_name(f".{data_dir.name}.restoring")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True, mode=0o700)
        for name, digest in said["files"].items():
            _bring_back(folder / name, partial / name, digest)
        examined = _prove(partial, layers, is_folded=is_folded)
        if examined.cursor != said["cursor"]:
            raise StoreUnavailable(f"the log ends at {examined.cursor}, not at {said['cursor']} as {MANIFEST} says")
        _sync(partial)
        partial.replace(data_dir)
        _sync(data_dir.absolute().parent)
    except OSError as error:
        raise StoreUnavailable(f"the backup cannot be brought back: {error}; check the disk") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Backup(folder=data_dir, examined=examined, without=tuple(said["without"]))


def _unknown_kinds(said: dict[str, Any], layers: Layers) -> frozenset[str]:
    known = {fact.kind for layer in layers.values() for fact in layer.facts}
    return frozenset(said["log"]["kinds"]) - known


def _refuse_newer(folder: Path, said: dict[str, Any], unknown: frozenset[str]) -> None:
    made, ours = f"Layar {said.get('version', '?')}", f"Layar {version('layar112')}"
    found = said["log"]["version"]
    if found > LOG_VERSION:
        raise BadInput(
            f"{folder} was made by a newer {made}: its log has version {found}, this {ours} knows {LOG_VERSION}. "
            "Update this program, then restore; nothing was changed"
        )
    refuse_newer_log(folder / LOG)
    if unknown:
        raise BadInput(
            f"{folder} was made by {made} and holds news that this {ours} does not know: {', '.join(sorted(unknown))}. "
            "Update this program, or install those layers, then restore; nothing was changed. With --anyway it comes "
            "back all the same: that news is kept and shown to nobody"
        )


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = orjson.loads((folder / MANIFEST).read_bytes())
        if said["format"] != _FORMAT:
            raise BadInput(f"{folder} is a backup of format {said['format']}, this program knows {_FORMAT}: update it")
        names = [Path(name) for name in said["files"]]
        log = dict(said.get("log", {}))
        said["log"] = {"version": int(log.get("version", 0)), "kinds": [str(kind) for kind in log.get("kinds", ())]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{folder} is no backup: it has no readable {MANIFEST}") from error
    if any(name.is_absolute() or ".." in name.parts for name in names):
        raise BadInput(f"{MANIFEST} of {folder} names files outside of it")
    return said


def _bring_back(source: Path, target: Path, digest: str) -> None:
    if not source.is_file() or source.is_symlink():
        raise StoreUnavailable(f"the backup is not whole: {source.name} is missing")
    _copy_file(source, target)
    if _digest(target) != digest:
        raise StoreUnavailable(f"the backup is not whole: {source.name} is not as it was written")
