"""TCP: devices connect and send message after message, from where `allow` says; one thread for all of them.

Connections, their silence and what they may leave unfinished are bounded; whoever does not keep to it is hung up on.
"""

import selectors
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from pydantic import Field

from layers.layer import Words
from layers.listening import CANNOT_LISTEN, Backlog, ListenSettings, silent_after
from layers.transport import Line, Transport

_ONE_READ = 65_536
_LOOK_S = 0.5
_AGAIN_S = 5.0
_QUEUE = 16


class TcpSettings(ListenSettings):
    """[[feeds]] transport = "tcp": devices connect to us."""

    ends_with: str = Field(
        default="\n", min_length=1, max_length=40, description='what ends a message: "\\n" for NMEA, "</event>" for CoT'
    )
    most_connections: int = Field(default=50, ge=1, le=500, description="devices at once; one more is hung up on")
    idle_s: float = Field(default=600, ge=1, le=86_400, description="seconds of silence before we hang up")
    most_bytes: int = Field(default=262_144, ge=256, le=4_000_000, description="largest message; a larger one ends it")


@dataclass(slots=True)
class Caller:
    """One device that is connected, and what it has begun to say."""

    wire: socket.socket
    address: str
    heard_s: float
    begun: bytearray = field(default_factory=bytearray)

    def messages(self, ends_with: bytes) -> list[bytes]:
        """What is whole by now; lines come together, for they are read one by one anyway."""
        end = self.begun.rfind(ends_with)
        if end < 0:
            return []
        whole = bytes(self.begun[: end + len(ends_with)])
        del self.begun[: end + len(ends_with)]
        if ends_with == b"\n":
            return [whole] if whole.strip() else []
        return [part + ends_with for part in whole.split(ends_with) if part.strip()]


class Switchboard:
    """Everybody who is connected."""

    def __init__(self, settings: TcpSettings, line: Line) -> None:
        self._settings = settings
        self._ends_with = settings.ends_with.encode()
        self._backlog = Backlog(line)
        self._callers: dict[int, Caller] = {}
        self._selector = selectors.DefaultSelector()

    def serve(self, listener: socket.socket, stopping: threading.Event) -> None:
        """Until told to stop."""
        self._selector.register(listener, selectors.EVENT_READ)
        try:
            while not stopping.is_set():
                for key, _ in self._selector.select(_LOOK_S):
                    if key.fileobj is listener:
                        self._greet(listener)
                    else:
                        self._hear(self._callers[key.fd])
                self._backlog.flush()
                self._hang_up_silent()
        finally:
            for caller in list(self._callers.values()):
                self._hang_up(caller)
            self._selector.close()

    def _greet(self, listener: socket.socket) -> None:
        with suppress(OSError):  # it was gone before it was greeted
            wire, (address, *_) = listener.accept()
            if len(self._callers) >= self._settings.most_connections or not self._settings.may_send(address):
                wire.close()
                return
            wire.settimeout(0)
            self._callers[wire.fileno()] = Caller(wire=wire, address=address, heard_s=time.monotonic())
            self._selector.register(wire, selectors.EVENT_READ)

    def _hear(self, caller: Caller) -> None:
        try:
            heard = caller.wire.recv(_ONE_READ)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        caller.begun += heard
        caller.heard_s = time.monotonic()
        for message in caller.messages(self._ends_with):
            self._backlog.take(message, self._settings.sender(caller.address))
        if not heard or len(caller.begun) > self._settings.most_bytes:
            self._hang_up(caller)

    def _hang_up_silent(self) -> None:
        latest_s = time.monotonic() - self._settings.idle_s
        for caller in [one for one in self._callers.values() if one.heard_s < latest_s]:
            self._hang_up(caller)

    def _hang_up(self, caller: Caller) -> None:
        """What it left unfinished is half a message, and nothing."""
        del self._callers[caller.wire.fileno()]
        self._selector.unregister(caller.wire)
        caller.wire.close()


def open_socket(settings: TcpSettings) -> socket.socket:
    """Bound and listening. Raises OSError."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(_QUEUE)
        listener.settimeout(0)
    except OSError:
        listener.close()
        raise
    return listener


def run(settings: TcpSettings, line: Line, stopping: threading.Event) -> None:
    """Listen until told to stop."""
    while not stopping.is_set():
        try:
            listener = open_socket(settings)
        except OSError:
            line.tell.failed(CANNOT_LISTEN)
            stopping.wait(_AGAIN_S)
            continue
        with listener:
            Switchboard(settings, line).serve(listener, stopping)


TRANSPORT = Transport(
    title=Words(id="Sambungan perangkat (TCP)", en="Devices that connect (TCP)"),
    settings=TcpSettings,
    run=run,
    silent_s=silent_after,
)
