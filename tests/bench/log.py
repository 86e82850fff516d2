"""The log measured: durable events a second, how long a commit takes, reading on, starting, and 100 kill -9."""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORM = ROOT / "tests" / "layers" / "storm.py"
sys.path.insert(0, str(STORM.parent))

import storm  # noqa: E402 — found through the path above

from layers.feed import discover_feeds  # noqa: E402 — after the path
from layers.ingest import Door  # noqa: E402 — after the path

KILLS = 100
PER_THREAD = 500


def events_of(writer, count, start=0):
    return [storm.event(writer, number) for number in range(start, start + count)]


def appending(path, threads, per_call=1):
    """(events per second, sorted milliseconds of each append) of so many threads."""
    store = storm.opened(path)
    store.append(events_of("warm", 1))
    prepared = [events_of(f"t{n}", PER_THREAD) for n in range(threads)]
    taken_ms = []

    def work(events):
        for at in range(0, len(events), per_call):
            started = time.perf_counter()
            store.append(events[at : at + per_call])
            taken_ms.append((time.perf_counter() - started) * 1000)

    working = [threading.Thread(target=work, args=(events,)) for events in prepared]
    started = time.perf_counter()
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()
    seconds = time.perf_counter() - started
    store.close()
    return threads * PER_THREAD / seconds, sorted(taken_ms)


def print_appending(folder):
    print("| threads | events a call | durable events/s | append p50 ms | p99 ms | max ms |")
    print("|---|---|---|---|---|---|")
    for threads, per_call in ((1, 1), (8, 1), (32, 1), (64, 1), (8, 20)):
        rate, ms = appending(folder / f"{threads}-{per_call}.db", threads, per_call)
        p99 = ms[int(len(ms) * 0.99)]
        print(f"| {threads} | {per_call} | {rate:,.0f} | {statistics.median(ms):.1f} | {p99:.1f} | {ms[-1]:.1f} |")


def milliseconds(work, times=20):
    """Median of so many runs."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def print_reading(path, count):
    store = storm.opened(path)
    for start in range(0, count, 1_000):
        store.append(events_of("r", 1_000, start))
    middle = storm.START + timedelta(days=3650)
    print(f"| since(200) with {count:,} events | {milliseconds(lambda: store.since(count // 2, 200)):.2f} ms |")
    print(f"| live() | {milliseconds(store.live):.2f} ms |")
    half = store.since(count // 2, 1).events[0][1].seen
    print(f"| situation(at the middle) | {milliseconds(lambda: store.situation(half), 3):.0f} ms |")
    print(f"| situation(at the end) | {milliseconds(lambda: store.situation(middle), 3):.0f} ms |")
    print(f"| rebuild() | {milliseconds(store.rebuild, 1):.0f} ms |")
    store.close()

    def start():
        again = storm.opened(path)
        again.live()
        again.close()

    print(f"| open, live(), close with {count:,} events | {milliseconds(start, 5):.1f} ms |")
    size = path.stat().st_size
    print(f"| file | {size / 1e6:.0f} MB, {size / count:.0f} bytes an event |")


def print_door(path):
    """The whole way of one OsmAnd position: parse, mark, append."""
    store = storm.opened(path)
    door, count = Door(store, discover_feeds().found), 1_000
    payloads = [f"id=u{n % 50}&lat=-0.5&lon=117.1{n}&timestamp={1_795_346_280 + n}".encode() for n in range(count)]
    received = storm.START + timedelta(hours=1)
    started = time.perf_counter()
    for payload in payloads:
        door.accept(payload, feed="osmand", client="bench", received=received)
    print(
        f"| one OsmAnd position through the door, 1 thread | {(time.perf_counter() - started) / count * 1000:.2f} ms |"
    )
    store.close()


def storm_figures(*arguments):
    run = subprocess.run(  # noqa: S603 — our own script
        [sys.executable, str(STORM), *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        print_appending(path)
        print("\n| what | figure |\n|---|---|")
        print_reading(path / "reading.db", 100_000)
        print_door(path / "door.db")
        print(f"| {KILLS} times kill -9 | {storm_figures('kill', path / 'kill.db', KILLS)} |")
        print(f"| 6 processes write, 2 readers follow, 10 s | {storm_figures('crowd', path / 'crowd.db', 6, 10)} |")


if __name__ == "__main__":
    main()
