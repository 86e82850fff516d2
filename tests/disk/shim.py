"""Compiles and loads `disk.c`: a disk that is watched, and slow when asked to be."""

import os
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")


def shim(folder):
    """The library, compiled into the folder once."""
    library = Path(folder) / "disk.so"
    if not library.exists():
        subprocess.run(  # noqa: S603 — our own source
            ["cc", "-O1", "-Wall", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"],  # noqa: S607
            check=True,
        )
    return library


def environment(library, root, *, trace=None, sync_ms=0):
    """That of a process whose files under `root` lie on such a disk."""
    said = {**os.environ, "LD_PRELOAD": str(library), "LAYAR_DISK_ROOT": str(root)}
    if trace is not None:
        said["LAYAR_DISK_TRACE"] = str(trace)
    if sync_ms:
        said["LAYAR_DISK_SYNC_US"] = str(int(sync_ms * 1000))
    return said
