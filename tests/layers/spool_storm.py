"""Deliveries through the door while the log may and may not grow, and kill -9 in between; prints JSON figures.

`spool_storm.py FILE KILLS`: so often, a process takes deliveries from three threads while a limit on the size of its
files comes and goes, as a full disk does, and is killed. Is everything it acknowledged in the log at last: once, and
in the order of each sender?
"""

import itertools
import json
import os
import random
import resource
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import storm  # found through the path above

from geodata.errors import StoreUnavailable
from layers.feed import discover_feeds
from layers.ingest import Door
from layers.store.spool import open_spool
from tests.layers.mirror import unlike

ROOM = 400_000
LIMIT = 500_000
THREADS = 3
LEAST = 30
KEY = b"k" * 32
FEEDS = discover_feeds().found


def door_at(path, *, room=ROOM):
    store = storm.opened(path)
    return store, Door(store, FEEDS, key=KEY, spool=open_spool(path.with_name("spool"), room))


def payload(writer, number):
    """Priorities go up and down: a delivery that came twice, or in another order, would be news."""
    said = {"id": writer, "category": "kebakaran", "priority": number % 4 + 1, "description": f"{number} " + "x" * 300}
    return json.dumps(said).encode()


def deliver(door, writer, number):
    """Until it is taken, as a good sender does."""
    said = payload(writer, number)
    while True:
        try:
            return door.accept(said, feed="incidents", client="cad", received=datetime.now(UTC))
        except StoreUnavailable:
            time.sleep(0.002)


def may_grow(*, is_so):
    """Files of this process may grow, or not over a limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if is_so else LIMIT, hard))


def acknowledge(path, name, pipe, starts):
    """Deliver for ever, from number `starts[thread]` on; say on the pipe what was acknowledged, and how."""
    may_grow(is_so=False)
    _, door = door_at(path)

    def delivering(thread):
        writer = f"{name}{thread}"
        for number in itertools.count(starts[thread]):
            receipt = deliver(door, writer, number)
            how = "spooled" if receipt.is_waiting else "direct"
            os.write(pipe, f"{thread} {number} {how}\n".encode())

    for thread in range(THREADS):
        threading.Thread(target=delivering, args=(thread,), daemon=True).start()
    chance = random.Random(name)  # noqa: S311 — a storm, not a secret
    while True:
        may_grow(is_so=chance.random() < 0.4)
        time.sleep(chance.uniform(0, 0.08))


def kill_once(path, name, after_s, starts):
    """The acknowledged numbers of each thread, and how many of them were spooled."""
    reading, writing = os.pipe()
    pid = storm.child(lambda: acknowledge(path, name, writing, starts))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = [pipe.readline() for _ in range(LEAST)]
        time.sleep(after_s)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        said += pipe.readlines()
    return [line.split() for line in said if line.endswith(b"\n")]


def run(path, kills):
    chance = random.Random(112)  # noqa: S311 — a storm, not a secret
    storm.opened(path).close()
    starts, acknowledged, spooled = [0] * THREADS, 0, 0
    for _ in range(kills):
        for thread, number, how in kill_once(path, "S", chance.uniform(0.05, 0.4), starts):
            starts[int(thread)] = int(number) + 1
            acknowledged += 1
            spooled += how == b"spooled"
    store, door = door_at(path)
    until = time.monotonic() + 60
    while door.waiting.count and time.monotonic() < until:
        time.sleep(0.01)
    figures = {"kills": kills, "acknowledged": acknowledged, "spooled": spooled, **judged(store, starts)}
    figures["unlike"] = unlike(path, storm.opened)
    door.close()
    store.close()
    return figures


def judged(store, starts):
    """What went wrong: the n-th report of a sender must be its number n. A killed one may have had one more."""
    reports = {f"S{thread}": [] for thread in range(THREADS)}
    for _, event in storm._all_after(store, 0):
        if event.source == "cad/incidents":
            reports[event.fact.incident].append(int(event.fact.report.description.split()[0]))
    told = [reports[f"S{thread}"] for thread in range(THREADS)]
    return {
        "lost": sum(len(set(range(last)) - set(numbers)) for numbers, last in zip(told, starts, strict=True)),
        "repeated": sum(len(numbers) - len(set(numbers)) for numbers in told),
        "disordered": sum(numbers != sorted(numbers) for numbers in told),
        "torn": len(store.rebuild().differences),
        "corrupt": int(storm._integrity(store) != "ok"),
    }


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 — its answer
