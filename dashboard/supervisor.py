"""The supervisor: starts the processes of a city's screen, starts them again when they die, ends them together.

It does nothing else, so that it has no reason to die itself. A child that keeps dying is started ever more
slowly. When the supervisor ends, by order or by kill -9, so do the children.
"""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import FrameType

import structlog

from dashboard.leash import on_leash
from geodata.clock import Clock, utc_now
from geodata.errors import BadSettings, LayarError

_LOG = structlog.get_logger()
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30.0
_STEADY_S = 30.0
_LOOK_S = 0.1
_GRACE_S = 8.0
WRONG_SETTINGS = 78
"""Exit code (EX_CONFIG of sysexits.h) of a child that was told something wrong: starting it again cannot help."""
_ORDERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class ChildGaveUp(LayarError):
    """A child ended with WRONG_SETTINGS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One process: `command` as for exec, `env` added to ours (secrets go here or to files, never in `command`).

    `log`: where its output goes; None means where the supervisor's goes.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    log: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildState:
    """How a child is doing. `pid` is None while it is down, `since` is when that began or it was started.

    `deaths` counts since the supervisor began; `died_at` and `code` are of the last one.
    """

    name: str
    pid: int | None
    since: datetime
    deaths: int = 0
    died_at: datetime | None = None
    code: int | None = None


Told = Callable[[Sequence[ChildState]], None]


def wait_after(deaths: int) -> float:
    """Seconds before a child is started again after this many deaths in a row."""
    return float(min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (min(deaths, 16) - 1)))


class _Kept:
    """A child, its process, and when it is to be started again."""

    def __init__(self, child: Child, clock: Clock) -> None:
        self.child = child
        self.state = ChildState(name=child.name, pid=None, since=clock())
        self._clock = clock
        self._deaths = 0
        self._started_s = 0.0
        self._due_s = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def look(self, now_s: float) -> None:
        """Start it when it is due. Raises ChildGaveUp when no new start can help."""
        if self._process is None:
            if now_s >= self._due_s:
                self._try_to_start(now_s)
        elif (code := self._process.poll()) is not None:
            self._died(code, now_s)

    def _try_to_start(self, now_s: float) -> None:
        """A full disk or a process table without room passes; the other children must not die of it."""
        self._started_s = now_s
        try:
            self._start()
        except OSError as error:
            wait_s = self._rest(now_s)
            reason = error.strerror or type(error).__name__
            _LOG.warning("child_cannot_start", child=self.child.name, reason=reason, again_in_s=wait_s)

    def _start(self) -> None:
        output = self.child.log.open("ab") if self.child.log else None
        try:
            self._process = subprocess.Popen(  # noqa: S603 — our own command, no shell
                on_leash(self.child.command),
                env={**os.environ, **self.child.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches us alone; we end the children in order
            )
        finally:
            if output:
                output.close()
        self.state = replace(self.state, pid=self._process.pid, since=self._clock())
        _LOG.info("child_started", child=self.child.name, pid=self._process.pid)

    def _died(self, code: int, now_s: float) -> None:
        if code == WRONG_SETTINGS:
            raise ChildGaveUp(f"{self.child.name} cannot start with these settings; its reason stands above")
        self._kill_group()  # whatever it started itself must not stay behind
        now, deaths = self._clock(), self.state.deaths + 1
        self.state = replace(self.state, pid=None, since=now, deaths=deaths, died_at=now, code=code)
        wait_s = self._rest(now_s)
        _LOG.warning("child_died", child=self.child.name, code=code, again_in_s=wait_s)

    def _rest(self, now_s: float) -> float:
        """Count a death; gives the seconds until the next start."""
        self._deaths = 1 if now_s - self._started_s > _STEADY_S else self._deaths + 1
        wait_s = wait_after(self._deaths)
        self._process, self._due_s = None, now_s + wait_s
        return wait_s

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def make_end(self, until_s: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, until_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            _LOG.warning("child_killed", child=self.child.name)
        self._kill_group()
        self._process.wait(_GRACE_S)

    def _kill_group(self) -> None:
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


def supervise(
    children: Sequence[Child],
    *,
    stop: threading.Event,
    ended: Callable[[], None] = lambda: None,
    told: Told = lambda _states: None,
    clock: Clock = utc_now,
) -> None:
    """Keep the children running until `stop` is set, then end them all; `ended` is called last.

    `told` hears how they are doing at every change. Raises ChildGaveUp, with all ended, when one of them says that its
    settings are wrong.
    """
    kept = [_Kept(child, clock) for child in children]
    said: tuple[ChildState, ...] = ()
    try:
        while not stop.wait(_LOOK_S):
            for one in kept:
                one.look(time.monotonic())
            if (states := tuple(one.state for one in kept)) != said:
                said = states
                told(said)
    finally:
        _end_all(kept)
        ended()


def _end_all(kept: Sequence[_Kept]) -> None:
    for one in kept:
        one.ask_to_end()
    until_s = time.monotonic() + _GRACE_S
    for one in kept:
        one.make_end(until_s)


def stop_on_signal() -> threading.Event:
    """An event that SIGTERM, SIGINT and SIGHUP set. Call it from the main thread."""
    stop = threading.Event()

    def order(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in _ORDERS:
        signal.signal(number, order)
    return stop


def refuse_taken_port(host: str, port: int) -> None:
    """Say so at once when somebody else listens there. Raises BadSettings."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSettings(
                f"cannot listen on {host} port {port}: {error.strerror}; is Layar running already? "
                "choose another with --port or [server] port",
                field="server.port",
            ) from error
