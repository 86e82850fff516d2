"""What systemd hears of us (sd_notify(3)): ready once the server answers, alive while it goes on answering.

A supervisor that lives beside a web server that hangs is no help: systemd then starts all of it anew.
"""

import http.client
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress

_ANSWERS_WITHIN_S = 5.0
_EVERY_S = 10.0
_OK = 200


def interval_s(environ: Mapping[str, str]) -> float:
    """A third of the patience systemd has with us."""
    said = environ.get("WATCHDOG_USEC", "")
    return int(said) / 3e6 if said.isdecimal() and int(said) else _EVERY_S


def is_alive(host: str, port: int) -> bool:
    """Whether the web server answers."""
    connection = http.client.HTTPConnection(host, port, timeout=_ANSWERS_WITHIN_S)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == _OK
    return False


def notify(address: str, words: str) -> None:
    """Tell systemd; it may be gone. An address that begins with @ lies in no folder."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line, suppress(OSError):
        line.sendto(words.encode(), "\0" + address[1:] if address.startswith("@") else address)


def watch(look: Callable[[], bool], stop: threading.Event, environ: Mapping[str, str] = os.environ) -> None:
    """Until told to stop; returns at once where nobody listens."""
    address = environ.get("NOTIFY_SOCKET")
    if not address:
        return
    is_ready, wait_s = False, interval_s(environ)
    while not stop.wait(min(1.0, wait_s) if not is_ready else wait_s):
        if look():
            notify(address, "WATCHDOG=1" if is_ready else "READY=1\nWATCHDOG=1")
            is_ready = True
    notify(address, "STOPPING=1")
