"""Where reports are asked for: a short queue, one at a time, and how far each of them is.

Making one counts for seconds, so a process of its own does it (`dashboard/report_process.py`), slower than the wall.
"""

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import structlog

from dashboard.report_shelf import Kept, ReportShelf
from dashboard.report_wanted import Wanted
from geodata.clock import Clock
from geodata.errors import LayarError

_LOG = structlog.get_logger()
MOST_WAITING = 6
MOST_EACH = 3
_REMEMBERED = 60
EXTENSION = "layar_report_desk"
"""Its name among the server's extensions: the figures of /metrics count its queue."""
State = Literal["waiting", "making", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What making a report gave; the file itself lies where it was told to be."""

    name: str
    title: str
    fingerprint: str


Tell = Callable[[float, str], None]
Maker = Callable[[Wanted, bool, Path, Tell], Result]
"""(wanted, may_see_stills, where, tell): writes the file. Raises LayarError with words for who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One wish. `done` is from 0 to 1; `step` is what is being done, `error` why it failed."""

    id: str
    who: str
    wanted: Wanted
    may_see_stills: bool
    asked_at: datetime
    state: State = "waiting"
    done: float = 0.0
    step: str = "menunggu giliran"
    error: str | None = None
    kept: Kept | None = None


class TooMany(LayarError):
    """The queue is full, or one person has filled their part of it."""


class ReportDesk:
    """May be used from any thread. `note` is called when a report is done, with who asked for it."""

    def __init__(self, shelf: ReportShelf, maker: Maker, clock: Clock, note: Callable[[Job], None]) -> None:
        self.shelf = shelf
        self._maker = maker
        self._clock = clock
        self._note = note
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._waiting: queue.Queue[str] = queue.Queue(MOST_WAITING)
        self._worker: threading.Thread | None = None

    def ask(self, wanted: Wanted, who: str, *, may_see_stills: bool) -> Job:
        """Raises TooMany. The same wish that still waits is not made twice."""
        with self._lock:
            mine = [job for job in self._jobs.values() if job.who == who and job.state in {"waiting", "making"}]
            same = next((job for job in mine if job.wanted == wanted), None)
            if same is not None:
                return same
            if len(mine) >= MOST_EACH:
                raise TooMany(f"{MOST_EACH} laporan Anda sedang dibuat; tunggu sampai satu selesai")
            job = Job(
                id=self.shelf.new_id(),
                who=who,
                wanted=wanted,
                may_see_stills=may_see_stills,
                asked_at=self._clock(),
            )
            try:
                self._waiting.put_nowait(job.id)
            except queue.Full:
                raise TooMany("antrean laporan penuh; coba lagi sebentar") from None
            self._remember(job)
            self._start()
            return job

    def job(self, id_: str) -> Job | None:
        """As far as it is; None after a restart, when only the shelf knows it."""
        with self._lock:
            return self._jobs.get(id_)

    def jobs(self) -> tuple[Job, ...]:
        """Those of this run, the newest first."""
        with self._lock:
            return tuple(reversed(self._jobs.values()))

    def _remember(self, job: Job) -> None:
        self._jobs[job.id] = job
        while len(self._jobs) > _REMEMBERED:
            self._jobs.popitem(last=False)

    def _start(self) -> None:
        if self._worker is None or not self._worker.is_alive():
            self._worker = threading.Thread(target=self._work, name="reports", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        self.shelf.clear_partials()
        while True:
            id_ = self._waiting.get()
            self._make(id_)

    def _make(self, id_: str) -> None:
        job = self._change(id_, state="making", step="mulai")
        if job is None:
            return
        try:
            self.shelf.tidy(self._clock())
            self._change(id_, state="done", done=1.0, step="selesai", kept=self._kept(job))
        except LayarError as error:
            self._change(id_, state="failed", error=str(error))
        except Exception as error:  # noqa: BLE001 — edge: a worker's loop; a full disk or a bug must not stop the next report
            _LOG.exception("report_failed", kind=job.wanted.kind)
            self._change(id_, state="failed", error=f"laporan gagal dibuat ({type(error).__name__}); coba lagi")
        done = self.job(id_)
        if done is not None:
            self._note(done)

    def _kept(self, job: Job) -> Kept:
        where = self.shelf.partial(job.id)
        try:
            result = self._maker(job.wanted, job.may_see_stills, where, partial(self._tell, job.id))
            kept = Kept(
                id=job.id,
                who=job.who,
                made_at=self._clock(),
                title=result.title,
                name=result.name,
                format=job.wanted.format,
                fingerprint=result.fingerprint,
                bytes=where.stat().st_size,
            )
            self.shelf.keep(kept)
        finally:
            where.unlink(missing_ok=True)
        return kept

    def _tell(self, id_: str, done: float, step: str) -> None:
        self._change(id_, done=min(max(done, 0.0), 1.0), step=step[:80])

    def _change(self, id_: str, **fields: object) -> Job | None:
        with self._lock:
            job = self._jobs.get(id_)
            if job is not None:
                job = self._jobs[id_] = replace(job, **fields)  # type: ignore[arg-type]  # fields of Job
            return job
