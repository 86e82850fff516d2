"""The one writer of a process: callers queue, one thread commits for many at once, a ticket keeps processes fair.

When the queue is full or the disk is slow, callers wait a bounded time and then get StoreUnavailable. What had not
begun by then is never done; what had may still become durable, and sending it again is harmless.
"""

import contextlib
import fcntl
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from geodata.errors import StoreUnavailable
from layers.situation import Situation
from layers.store.reading import CHECKPOINT_EVERY
from layers.store.rows import Lexicon, micros
from layers.store.schema import bare, unwaiting, writing
from layers.store.transaction import Known, Transaction, Work, open_transaction

T = TypeVar("T")

PATIENCE_S = 10.0
"""How long a caller waits for the disk."""

OPENING_S = 20.0
"""How long who opens the log waits for a process that has it to itself; less than gunicorn waits for its worker."""

_UNSURE = "what was sent may or may not have been taken; send it again, it is harmless"
_QUEUE_SIZE = 4_096
_BATCH_SIZE = 512
_IDLE_S = 2.0
_KEPT_GONE = 200_000
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    work: Work[Any]
    ids: tuple[str, ...]
    done: Future[Any]


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """SQLite's and the disk's errors become ours."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        said = getattr(error, "orig", None) or error
        raise StoreUnavailable(f"the log is not available: {said}; check the disk, it goes on by itself") from error


class Ticket:
    """A place in the line of processes that want to write: SQLite's own waiting is unfair. One per writer."""

    def __init__(self, path: Path) -> None:
        self._file = path.with_name(path.name + ".lock").open("ab")

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    @contextlib.contextmanager
    def within(self, patience_s: float) -> Iterator[None]:
        """As `with ticket`, but not for ever. Raises StoreUnavailable when another process keeps it for so long."""
        waiting = _Waiting(os.dup(self._file.fileno()))
        if not waiting.is_taken_within(patience_s):
            raise StoreUnavailable(
                f"another process has had the log to itself for more than {patience_s:.0f} s; "
                "it may be reading it anew after an update, or hang: look for it, then try again"
            )
        try:
            yield
        finally:
            self.__exit__()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class _Waiting:
    """Stands in the line in a thread, as the place there would be lost by asking again and again."""

    def __init__(self, descriptor: int) -> None:
        self._file = descriptor
        self._deciding = threading.Lock()
        self._is_taken = threading.Event()
        self._is_given_up = False
        threading.Thread(target=self._run, name="store-ticket", daemon=True).start()

    def is_taken_within(self, patience_s: float) -> bool:
        self._is_taken.wait(patience_s)
        with self._deciding:
            self._is_given_up = not self._is_taken.is_set()
        return not self._is_given_up

    def _run(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            with self._deciding:
                self._is_taken.set()
                if self._is_given_up:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            os.close(self._file)


class Writer:
    """Runs work inside transactions, in the order it came, and rings after each commit."""

    def __init__(self, ticket: Ticket, engine: Engine, lexicon: Lexicon, ring: Callable[[int], None]) -> None:
        self._ticket = ticket
        self._engine = engine
        self._lexicon = lexicon
        self._ring = ring
        self._known: Known | None = None
        self._is_closed = False
        self._jobs: queue.Queue[_Job | None] = queue.Queue(maxsize=_QUEUE_SIZE)
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T], *, ids: tuple[str, ...] = (), patience_s: float = PATIENCE_S) -> T:
        """The result of `work`, once it is durable. `ids`: events that it appends, if they are new."""
        if self._is_closed:
            raise StoreUnavailable("the log is closed")
        done: Future[T] = Future()
        try:
            self._jobs.put(_Job(work=work, ids=ids, done=done), timeout=patience_s)
            return done.result(timeout=patience_s)
        except (queue.Full, FutureTimeout) as error:
            is_sure = isinstance(error, queue.Full) or done.cancel()
            said = "nothing of this was taken; send it again" if is_sure else _UNSURE
            raise StoreUnavailable(f"the log took more than {patience_s:.0f} s; {said}") from error

    def close(self) -> None:
        """Finish what is queued."""
        self._is_closed = True
        with contextlib.suppress(queue.Full):
            self._jobs.put(None, timeout=PATIENCE_S)
        self._thread.join(timeout=PATIENCE_S)
        with contextlib.suppress(queue.Empty):
            while True:
                late = self._jobs.get_nowait()
                if late is not None:
                    late.done.set_exception(StoreUnavailable("the log is closed"))

    def _run(self) -> None:
        is_tidy = True
        while True:
            jobs, is_last = self._next(None if is_tidy else _IDLE_S)
            self._do(jobs, is_idle=not jobs and not is_last)
            is_tidy = not jobs
            if is_last:
                return

    def _do(self, jobs: list[_Job], *, is_idle: bool) -> None:
        """One round; whatever goes wrong in it, who waits is told and the next round comes."""
        try:
            if jobs:
                self._commit(jobs)
            elif is_idle:
                self._tidy()
        except Exception as error:  # noqa: BLE001 — edge: without this thread nothing more would ever be written
            _log.exception("store_writer_failed")
            self._known = None
            for job in jobs:
                _refuse(job, error)

    def _next(self, timeout_s: float | None) -> tuple[list[_Job], bool]:
        """The jobs that wait, and whether nothing comes after them; none at all after `timeout_s`."""
        jobs: list[_Job] = []
        try:
            job = self._jobs.get(timeout=timeout_s)
            while job is not None and len(jobs) < _BATCH_SIZE - 1:
                jobs.append(job)
                job = self._jobs.get_nowait()
        except queue.Empty:
            return jobs, False
        return ([*jobs, job], False) if job is not None else (jobs, True)

    def _commit(self, jobs: list[_Job]) -> None:
        """All jobs in one transaction; if one of them fails by itself, each in its own."""
        before = self._known
        try:
            self._transact(jobs)
        except StoreUnavailable as error:
            self._known = None
            for job in jobs:
                _refuse(job, StoreUnavailable(f"{error}; {_UNSURE}"))
        except Exception as error:  # noqa: BLE001 — a layer's fold may fail in any way; only who sent that event hears of it
            if len(jobs) == 1:
                _refuse(jobs[0], error)
                return
            for job in jobs:
                self._commit([job])
        else:
            self._mark(before)

    def _transact(self, jobs: list[_Job]) -> None:
        """Of jobs whose callers have given up while the log could not be opened, nothing is done: they know that."""
        with translated(), self._ticket, self._engine.connect() as connection:
            with writing(connection).begin():
                wanted = [job for job in jobs if _is_wanted(job)]
                ids = [name for job in wanted for name in job.ids]
                transaction = open_transaction(connection, self._lexicon, self._known, ids)
                results = [job.work(transaction) for job in wanted]
                transaction.flush()
            self._known = transaction.known
        self._ring(transaction.situation.cursor)
        for job, result in zip(wanted, results, strict=True):
            job.done.set_result(result)

    def _mark(self, before: Known | None) -> None:
        """Store the situation now and then, after the callers have their answer."""
        now = self._known
        if before is None or now is None:
            return
        if before.situation.cursor // CHECKPOINT_EVERY != now.situation.cursor // CHECKPOINT_EVERY:
            try:
                self._transact([_Job(work=work, ids=(), done=Future()) for work in (_keep_checkpoint, _forget_gone)])
            except Exception:  # noqa: BLE001 — edge: it only makes reading the past faster; packing may fail in any way
                _log.exception("checkpoint_failed")

    def _tidy(self) -> None:
        """Bring the write-ahead log into the database and give its space back; the next idle moment tries again.

        It never waits for a reader: every writer of every process would wait with it, for the ticket.
        """
        with (
            contextlib.suppress(StoreUnavailable),
            translated(),
            self._ticket,
            self._engine.connect() as idle,
            unwaiting(bare(idle)),
        ):
            idle.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_wanted(job: _Job) -> bool:
    """Whether its caller still waits; from now on it cannot take it back."""
    return job.done.running() or (not job.done.cancelled() and job.done.set_running_or_notify_cancel())


def _refuse(job: _Job, error: Exception) -> None:
    """Tell who still waits."""
    if not job.done.done():
        job.done.set_exception(error)


def put_checkpoint(transaction: Transaction, situation: Situation) -> None:
    """Store the whole situation."""
    if situation.seen is not None:
        transaction.connection.exec_driver_sql(
            "INSERT OR REPLACE INTO checkpoint (cursor, seen, things) VALUES (?, ?, ?)",
            (situation.cursor, micros(situation.seen), transaction.lexicon.packed(situation)),
        )


def _keep_checkpoint(transaction: Transaction) -> None:
    put_checkpoint(transaction, transaction.situation)


def _forget_gone(transaction: Transaction) -> None:
    oldest = transaction.situation.cursor - _KEPT_GONE
    if oldest > 0:
        transaction.connection.exec_driver_sql("DELETE FROM thing WHERE body IS NULL AND cursor < ?", (oldest,))
        transaction.connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES ('oldest', ?)", (str(oldest),))
