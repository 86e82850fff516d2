"""What the machine itself says: memory, processor, disk, and whether its clock is kept by a time server. Linux only.

A value that cannot be read is None, never zero.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from layers.store.sqlite import FILE_NAME as LOG_FILE

_PROC = Path("/proc")
_TIMESYNC = Path("/run/systemd/timesync")
_KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One look. `load_per_core` is the mean of five minutes; `memory_of` is by process id.

    `is_clock_kept`: whether systemd-timesyncd has set the clock; None where it does not run (chrony says nothing here).
    """

    memory_bytes: int | None = None
    memory_free_bytes: int | None = None
    load_per_core: float | None = None
    disk_bytes: int | None = None
    disk_free_bytes: int | None = None
    log_bytes: int | None = None
    is_clock_kept: bool | None = None
    memory_of: Mapping[int, int] = field(default_factory=dict)


def look_at_machine(
    data_dir: Path, pids: Iterable[int] = (), proc: Path = _PROC, timesync: Path = _TIMESYNC
) -> Machine:
    """What can be read just now."""
    memory = _memory(proc)
    disk_bytes, disk_free_bytes = _disk(data_dir)
    return Machine(
        memory_bytes=memory.get("MemTotal"),
        memory_free_bytes=memory.get("MemAvailable"),
        load_per_core=_load(proc),
        disk_bytes=disk_bytes,
        disk_free_bytes=disk_free_bytes,
        log_bytes=_size(data_dir / LOG_FILE),
        is_clock_kept=(timesync / "synchronized").exists() if timesync.is_dir() else None,
        memory_of={pid: used for pid in pids if (used := _used_by(proc, pid)) is not None},
    )


def _memory(proc: Path) -> dict[str, int]:
    with suppress(OSError, ValueError, IndexError):
        lines = (line.split() for line in (proc / "meminfo").read_text("ascii").splitlines())
        return {words[0].rstrip(":"): int(words[1]) * _KIB for words in lines}
    return {}


def _load(proc: Path) -> float | None:
    with suppress(OSError, ValueError, IndexError):
        return float((proc / "loadavg").read_text("ascii").split()[1]) / (os.cpu_count() or 1)
    return None


def _disk(folder: Path) -> tuple[int | None, int | None]:
    with suppress(OSError):
        usage = shutil.disk_usage(folder)
        return usage.total, usage.free
    return None, None


def _size(path: Path) -> int | None:
    with suppress(OSError):
        return path.stat().st_size
    return None


def _used_by(proc: Path, pid: int) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int((proc / str(pid) / "statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return None
