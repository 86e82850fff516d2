"""A storm over the log, apart from pytest so that processes may be forked and killed: prints JSON figures.

`storm.py kill FILE N`: N times, a process appends from several threads and is killed with SIGKILL; then is
everything it acknowledged in the log, once, and are the projections what the events add up to?
`storm.py crowd FILE WRITERS SECONDS`: several processes append, two read; does a reader miss or repeat any?
"""

import itertools
import json
import os
import random
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from geodata.city import load_city
from geodata.places import Ground
from layers.event import Event, stable_id
from layers.incidents import STATUSES, IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.store.sqlite import SqliteStore, open_store
from tests.layers.conftest import TwoPlaces
from tests.layers.mirror import unlike

LAYERS = discover_layers().found
START = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
THREADS = 3


def opened(path: Path) -> SqliteStore:
    return open_store(path, LAYERS, Ground(city=load_city("64.72"), places=TwoPlaces()))


def event(writer: str, number: int) -> Event:
    """Event `number` of a writer: a report, a step or a position, always the same for the same number."""
    chance = random.Random(f"{writer}-{number}")  # noqa: S311 — a storm, not a secret
    at = START + timedelta(seconds=number)
    subject = f"{writer}-{chance.randrange(40)}"
    if number % 4 == 0:
        fact = IncidentReported(
            incident=subject,
            report=Report(category="kebakaran", reported_at=at, priority=2, lon=117.1 + number % 7 / 50, lat=-0.5),
        )
    elif number % 4 == 1:
        fact = IncidentStatusChanged(incident=subject, status=chance.choice(STATUSES), reached_at=at)
    else:
        fact = PositionReported(
            unit=subject, lon=117 + chance.random() / 5, lat=-0.5, heading_deg=chance.random() * 360
        )
    return Event(id=stable_id(writer, number), at=at, seen=datetime.now(UTC), source=f"{writer}/storm", fact=fact)


def child(work) -> int:
    """Run `work` in a forked process; gives its pid."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return pid


def acknowledge(path: Path, name: str, pipe: int) -> None:
    """Append for ever; after each append say on the pipe what is durable."""
    store = opened(path)

    def appending(thread: int) -> None:
        writer, chance = f"{name}.{thread}", random.Random(f"{name}.{thread}")  # noqa: S311 — a storm, not a secret
        number = 0
        while True:
            size = chance.choice((1, 1, 2, 7))
            store.append([event(writer, number + n) for n in range(size)])
            number += size
            os.write(pipe, f"{writer} {number}\n".encode())

    for thread in range(THREADS):
        threading.Thread(target=appending, args=(thread,), daemon=True).start()
    time.sleep(600)


def kill_once(path: Path, name: str, after_s: float) -> dict[str, int]:
    """What one killed process had acknowledged: writer → how many of its events."""
    reading, writing = os.pipe()
    pid = child(lambda: acknowledge(path, name, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = [pipe.readline()]
        time.sleep(after_s)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        said += pipe.readlines()
    acknowledged: dict[str, int] = {}
    for line in (one for one in said if one.endswith(b"\n")):
        writer, number = line.split()
        acknowledged[writer.decode()] = int(number)
    return acknowledged


def kill(path: Path, times: int) -> dict[str, object]:
    """Kill so many processes in the middle of their work, and count what went wrong."""
    chance = random.Random(112)  # noqa: S311 — a storm, not a secret
    figures = {"kills": times, "acknowledged": 0, "lost": 0, "torn": 0, "corrupt": 0}
    reopen_ms = []
    opened(path).close()
    cursor = 0
    for number in range(times):
        acknowledged = kill_once(path, f"w{number}", chance.uniform(0, 0.15))
        started = time.perf_counter()
        store = opened(path)
        reopen_ms.append((time.perf_counter() - started) * 1000)
        found = tuple(_all_after(store, cursor))
        ids = [one.id for _, one in found]
        numbers = [at for at, _ in found]
        expected = {stable_id(w, n) for w, count in acknowledged.items() for n in range(count)}
        figures["acknowledged"] += len(expected)
        figures["lost"] += len(expected - set(ids))
        figures["torn"] += len(store.rebuild().differences)
        is_whole = numbers == list(range(cursor + 1, cursor + 1 + len(numbers))) and len(set(ids)) == len(ids)
        figures["corrupt"] += not (is_whole and _integrity(store) == "ok")
        cursor += len(numbers)
        store.close()
    figures["unlike"] = unlike(path, opened)
    return figures | {"events": cursor, "reopen_ms_max": round(max(reopen_ms), 1)}


def _all_after(store: SqliteStore, cursor: int):
    while events := store.since(cursor, 1_000).events:
        yield from events
        cursor = events[-1][0]


def _integrity(store: SqliteStore) -> str:
    with store._engine.connect() as connection:  # only a check of the file itself
        return connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()


def write_for(path: Path, name: str, seconds: float) -> None:
    """One writer of the crowd: two threads, now and then the same event again, rests of any length."""
    store, until = opened(path), time.monotonic() + seconds

    def writing(thread: int) -> None:
        writer, chance = f"{name}.{thread}", random.Random(f"{name}.{thread}")  # noqa: S311 — a storm, not a secret
        for number in itertools.count():
            if time.monotonic() > until:
                return
            store.append([event(writer, number), event(writer, max(0, number - chance.randrange(3)))])
            time.sleep(chance.choice((0, 0, 0.001, 0.004)))

    threads = [threading.Thread(target=writing, args=(thread,)) for thread in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()


def read_along(store: SqliteStore, seen: list[int], done: threading.Event) -> None:
    """Follow the log as a screen does: wait, then read on from the own cursor."""
    cursor = 0
    while not done.is_set() or store.since(cursor, 1).events:
        store.wait(cursor, 0.2)
        delta = store.since(cursor, 50)
        seen += [number for number, _ in delta.events]
        cursor = delta.cursor


def crowd(path: Path, writers: int, seconds: float) -> dict[str, object]:
    """Several processes write; two readers follow in this one."""
    opened(path).close()
    pids = [child(lambda name=f"p{n}": write_for(path, name, seconds)) for n in range(writers)]
    store, done, logs = opened(path), threading.Event(), ([], [])
    readers = [threading.Thread(target=read_along, args=(store, log, done)) for log in logs]
    for reader in readers:
        reader.start()
    failed = sum(os.waitpid(pid, 0)[1] != 0 for pid in pids)
    done.set()
    for reader in readers:
        reader.join()
    events = list(_all_after(store, 0))
    numbers = [number for number, _ in events]
    figures = {
        "events": len(numbers),
        "failed_writers": failed,
        "missed": sum(len(set(numbers) - set(log)) for log in logs),
        "repeated_or_disordered": sum(log != sorted(set(log)) for log in logs),
        "duplicates": len(events) - len({one.id for _, one in events}),
        "seen_went_back": sum(a.seen >= b.seen for (_, a), (_, b) in itertools.pairwise(events)),
        "torn": len(store.rebuild().differences),
        "unlike": unlike(path, opened),
    }
    store.close()
    return figures


if __name__ == "__main__":
    command, file, *numbers = sys.argv[1:]
    run = {"kill": lambda: kill(Path(file), int(numbers[0])),
           "crowd": lambda: crowd(Path(file), int(numbers[0]), float(numbers[1]))}[command]  # fmt: skip
    print(json.dumps(run()))  # noqa: T201 — its answer
