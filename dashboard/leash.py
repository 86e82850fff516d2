"""Run a command that ends when its parent does, even when the parent was killed with -9.

`python -m dashboard.leash PARENT_PID COMMAND…`: the kernel is asked to send SIGTERM when the parent dies
(it keeps that promise over exec), then this process becomes the command. Linux only; elsewhere it only execs.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent_pid: int) -> None:
    """From now on SIGTERM comes when the parent dies. Exits at once when it is dead already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent_pid:
        sys.exit(1)


def on_leash(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command line that runs `command` on a leash held by this process."""
    return (sys.executable, "-m", "dashboard.leash", str(os.getpid()), *command)


def main(arguments: list[str]) -> None:
    """Become the command."""
    end_with_parent(int(arguments[0]))
    os.execvp(arguments[1], arguments[1:])  # noqa: S606 — our own supervisor's command, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
