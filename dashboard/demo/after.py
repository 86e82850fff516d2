"""Become a command as soon as somebody listens on a port: `python -m dashboard.demo.after PORT COMMAND…`.

The camera process of a demo starts so, or it would find thirty cameras dead that are still being painted.
"""

import os
import socket
import sys
import time

_WITHIN_S = 30.0
_TRY_EVERY_S = 0.1
_HOST = "127.0.0.1"


def wait_for(port: int, within_s: float) -> bool:
    """Whether somebody listens there in time."""
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        try:
            socket.create_connection((_HOST, port), timeout=1.0).close()
        except OSError:
            time.sleep(_TRY_EVERY_S)
        else:
            return True
    return False


def main(arguments: list[str]) -> None:
    """Wait, but not for ever: dead cameras are better than none."""
    wait_for(int(arguments[0]), _WITHIN_S)
    os.execvp(arguments[1], arguments[1:])  # noqa: S606 — our own supervisor's command, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
