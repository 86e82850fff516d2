"""A disk of four megabytes, where root may mount one."""

import contextlib
import subprocess

import pytest


@contextlib.contextmanager
def small_disk(folder):
    """A real file system that is soon full."""
    mounted = subprocess.run(  # noqa: S603 — a fixed command
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)],  # noqa: S607 — mount from the PATH
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: S603, S607 — a fixed command
