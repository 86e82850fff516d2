"""Reads a table in a process of its own, so that one core reads while the other writes."""

import multiprocessing
import pickle
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from geodata.errors import BadInput, BadPayload
from geodata.ground import load_ground
from layers.calls import CallRecorded
from layers.event import Codec, Event
from layers.feed import Rejected
from layers.incident_facts import IncidentReported, IncidentStatusChanged
from layers.table_mapping import TableMapping
from layers.table_read import How, Reading, Sheet, readings_of
from layers.table_source import rows_of
from layers.table_words import mapping_by_name, mapping_of_112

WORTH_BYTES = 300_000
"""A smaller file is read before another process has begun."""

Told = tuple[str, datetime, str, str, bytes]
Packed = tuple[str, tuple[int, ...], list[Told], Rejected | None, tuple[tuple[str, str], ...], bool]
_CODEC = Codec((CallRecorded, IncidentReported, IncidentStatusChanged))
_AT_ONCE = 200
_WAITING = 200
_LOOK_S = 0.2
_PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A table to be read for the city `code` of `data_dir`. Without a `mapping` the feed knows the columns by name."""

    path: Path
    data_dir: Path
    code: str
    feed: str
    mapping: TableMapping | None
    received: datetime
    key: bytes

    @property
    def is_of_112(self) -> bool:
        """Whether it is the 112 application's workbook."""
        return self.feed == "cc112"


def read(job: Job) -> Iterator[Sheet | Reading]:
    """Every sheet and every row, in the order of the file. Raises BadInput."""
    if job.path.stat().st_size < WORTH_BYTES:
        yield from _readings(job)
    else:
        yield from _ahead(job)


def _readings(job: Job) -> Iterator[Sheet | Reading]:
    by_name = mapping_of_112 if job.is_of_112 else mapping_by_name
    how = How(
        feed=job.feed,
        mapper=by_name if job.mapping is None else (lambda _names: job.mapping),
        ground=load_ground(job.data_dir, job.code),
        received=job.received,
        key=job.key,
        is_dated=job.is_of_112,
    )
    return readings_of(rows_of(job.path), how)


def _ahead(job: Job) -> Iterator[Sheet | Reading]:
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(job, sending), daemon=True)
    child.start()
    sending.close()
    waiting: queue.Queue[bytes | None] = queue.Queue(maxsize=_WAITING)
    over = threading.Event()
    thread = threading.Thread(target=_collect, args=(receiving, waiting, over), daemon=True)
    thread.start()
    try:
        while (packed := _next(waiting)) is not None:
            said = pickle.loads(packed)  # noqa: S301 — from our own process
            if isinstance(said, Exception):
                raise said
            if said is None:
                return
            yield from (one if isinstance(one, Sheet) else _unpacked(one, job.received) for one in said)
        raise BadPayload(f"the reader of {job.path.name} ended before its end; what was read is safe: run it again")
    finally:
        over.set()
        child.kill()
        child.join()
        thread.join()
        receiving.close()


def _packed(reading: Reading) -> Packed:
    """Facts as JSON: frozen dataclasses are slow to pickle."""
    told = [(e.id, e.at, e.source, e.fact.kind, _CODEC.dump(e.fact)) for e in reading.events]
    return reading.sheet, reading.numbers, told, reading.rejected, reading.doubts, reading.is_repeat


def _unpacked(packed: Packed, received: datetime) -> Reading:
    sheet, numbers, told, rejected, doubts, is_repeat = packed
    events = (
        Event(id=id_, at=at, seen=received, source=source, fact=_CODEC.fact(kind, body))
        for id_, at, source, kind, body in told
    )
    return Reading(
        sheet=sheet, numbers=numbers, events=tuple(events), rejected=rejected, doubts=doubts, is_repeat=is_repeat
    )


def _next(waiting: "queue.Queue[bytes | None]") -> bytes | None:
    try:
        return waiting.get(timeout=_PATIENCE_S)
    except queue.Empty:
        return None


def _collect(receiving: Connection, waiting: "queue.Queue[bytes | None]", over: threading.Event) -> None:
    """Take what comes off the pipe, up to what `waiting` holds; None at its end."""
    packed: bytes | None = b""
    while packed is not None and not over.is_set():
        try:
            packed = receiving.recv_bytes()
        except (EOFError, OSError):
            packed = None
        _put(waiting, packed, over)


def _put(waiting: "queue.Queue[bytes | None]", packed: bytes | None, over: threading.Event) -> None:
    while not over.is_set():
        try:
            return waiting.put(packed, timeout=_LOOK_S)
        except queue.Full:
            continue
    return None


def _work(job: Job, sending: Any) -> None:  # noqa: ANN401 — a Connection, or what a test gives
    """What the other process does."""
    try:
        readings = _readings(job)
        while some := list(islice(readings, _AT_ONCE)):
            sending.send_bytes(pickle.dumps([one if isinstance(one, Sheet) else _packed(one) for one in some], 5))
        sending.send_bytes(pickle.dumps(None))
    except BadInput as error:
        sending.send_bytes(pickle.dumps(BadPayload(str(error), field=None)))
