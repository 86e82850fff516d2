"""How long writers wait for the log, apart from pytest so that a slow disk may be put under it; prints JSON figures.

`writers.py pace FILE RATE SECONDS`: so many single events a second from eight threads: how long does each append take?
`writers.py crowd FILE PROCESSES SECONDS`: processes that write without a pause: how long did one wait at most?
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import storm  # found through the path above

THREADS = 8


def timed(store, event):
    """Milliseconds until the event was durable."""
    started = time.perf_counter()
    store.append([event])
    return (time.perf_counter() - started) * 1000


def judged(taken_ms, seconds):
    taken_ms = sorted(taken_ms)
    return {
        "events": len(taken_ms),
        "per_s": round(len(taken_ms) / seconds, 1),
        "p50_ms": round(taken_ms[len(taken_ms) // 2], 1),
        "p99_ms": round(taken_ms[int(len(taken_ms) * 0.99)], 1),
        "max_ms": round(taken_ms[-1], 1),
    }


def pace(path, rate, seconds):
    """Every event has its moment; who is late for it says so by taking longer."""
    store, taken_ms = storm.opened(path), []
    store.append([storm.event("warm", 0)])
    began = time.perf_counter()

    def sending(thread):
        for number in range(thread, int(rate * seconds), THREADS):
            due = began + number / rate
            time.sleep(max(0, due - time.perf_counter()))
            timed(store, storm.event(f"T{thread}", number))
            taken_ms.append((time.perf_counter() - due) * 1000)

    threads = [threading.Thread(target=sending, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken_s = time.perf_counter() - began
    store.close()
    return judged(taken_ms, taken_s)


def crowd(path, processes, seconds):
    """Each process writes as fast as it can; all of them tell how long each append took."""
    storm.opened(path).close()
    reading, writing = os.pipe()

    def work(name):
        os.close(reading)
        store, until, taken = storm.opened(path), time.monotonic() + seconds, []
        number = 0
        while time.monotonic() < until:
            taken.append(timed(store, storm.event(name, number)))
            number += 1
        store.close()
        for some in range(0, len(taken), 100):
            os.write(writing, (" ".join(f"{one:.2f}" for one in taken[some : some + 100]) + "\n").encode())

    pids = [storm.child(lambda name=f"P{number}": work(name)) for number in range(processes)]
    os.close(writing)
    with os.fdopen(reading) as pipe:
        taken_ms = [float(one) for line in pipe for one in line.split()]
    failed = sum(os.waitpid(pid, 0)[1] != 0 for pid in pids)
    return {**judged(taken_ms, seconds), "failed": failed}


if __name__ == "__main__":
    command, file, many, time_s = sys.argv[1:]
    print(json.dumps({"pace": pace, "crowd": crowd}[command](Path(file), int(many), float(time_s))))  # noqa: T201
