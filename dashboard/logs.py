"""One log format for every process: JSON lines on standard error, UTC; the same failure at most once a second.

What libraries say through `logging` (gunicorn, werkzeug, paho) and what nobody caught comes as the same lines.
"""

import logging
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import Any

import orjson
import structlog

Line = MutableMapping[str, Any]
EVERY_S = 1.0
MOST_KNOWN = 1_000
_FAILURES = frozenset({"warning", "error", "critical"})
_CHANGING = frozenset({"timestamp", "request", "exception"})
"""Not part of what a failure is."""


class Held:
    """What was said of one failure: when last, the newest line that was held back, and how many were."""

    def __init__(self, now_s: float) -> None:
        self.said_s = now_s
        self.count = 0
        self.line: Line = {}


class Quiet:
    """A structlog processor: lets a failure through once a second, and says how many like it were held back.

    The number comes with the next line of the same failure; where none follows, with the newest that was held back,
    once any line comes by. Failures are the same when level, event and texts are: numbers and times may differ. At most
    a thousand are known at a time. `say` prints a line as it is.
    """

    def __init__(self, say: Callable[[Line], None], seconds: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[object, ...], Held] = OrderedDict()

    def __call__(self, _logger: object, _method: str, line: Line) -> Line:
        """As structlog calls it."""
        now_s = self._seconds()
        with self._lock:
            owed = self._owed(now_s, _same(line))
            passed = self._passed(line, now_s) if line.get("level") in _FAILURES else line
        for one in owed:
            self._say(one)
        if passed is None:
            raise structlog.DropEvent
        return passed

    def _passed(self, line: Line, now_s: float) -> Line | None:
        key = _same(line)
        held = self._known.get(key)
        if held is None:
            self._known[key] = Held(now_s)
            return line
        if now_s - held.said_s < EVERY_S:
            held.count, held.line = held.count + 1, dict(line)
            return None
        self._known.pop(key)
        self._known[key] = Held(now_s)
        return {**line, "held_back": held.count} if held.count else line

    def _owed(self, now_s: float, but: tuple[object, ...]) -> list[Line]:
        """Of those silent for a second: the newest that was held back. They are forgotten, as are too many."""
        over = [key for key, held in self._known.items() if key != but and now_s - held.said_s >= EVERY_S]
        surplus = max(0, len(self._known) - MOST_KNOWN)
        gone = [self._known.pop(key) for key in {*over, *list(self._known)[:surplus]}]
        return [{**held.line, "held_back": held.count} for held in gone if held.count]


def _same(line: Line) -> tuple[object, ...]:
    texts = sorted((name, said) for name, said in line.items() if isinstance(said, str) and name not in _CHANGING)
    return tuple(texts)


class _FromLibraries(logging.Handler):
    """What others say by `logging`, as a line of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        """As logging calls it."""
        said = structlog.get_logger().error if record.levelno >= logging.ERROR else structlog.get_logger().warning
        said("library", logger=record.name, said=record.getMessage(), exc_info=record.exc_info)


def log_as_json() -> None:
    """Call it once, first thing in a process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            Quiet(_print),
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_FromLibraries()], level=logging.WARNING, force=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger().critical("uncaught", exc_info=(kind, error, trace))


def _uncaught_in_thread(said: threading.ExceptHookArgs) -> None:
    if said.exc_value is not None:
        name = said.thread.name if said.thread else None
        trace = (said.exc_type, said.exc_value, said.exc_traceback)
        structlog.get_logger().error("uncaught_in_thread", thread=name, exc_info=trace)


def _print(line: Line) -> None:
    sys.stderr.write(_dump(line) + "\n")


def _dump(line: object, **_options: object) -> str:
    return orjson.dumps(line, default=str).decode()
