"""How many events a second eight clients bring over HTTP, durably: one and twenty in a request. `--quick`: briefly.

The product's own web process, the clients beside it on the same machine; every one has a token and a connection of its
own. What is counted is what was answered as kept; the log must hold just that.
"""

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]
from dashboard.tokens import FILE_NAME, TokenBook  # noqa: E402 — the path comes first
from geodata.clock import utc_now  # noqa: E402 — as above

CLIENTS = 8
SECONDS = 2.0 if "--quick" in sys.argv else 15.0
READY_S = 600.0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until_ready(port):
    end = time.monotonic() + READY_S
    while True:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/readyz")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        if time.monotonic() > end:
            sys.exit("the server was never ready")


def bring(port, token, name, per_request, taken_ms):
    """As fast as one client can, over one connection."""
    line, number, until = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0, time.monotonic() + SECONDS
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    while time.monotonic() < until:
        said = [
            {"id": f"{name}-{number + n}", "category": "kebakaran", "lon": 117.15, "lat": -0.5, "priority": 2}
            for n in range(per_request)
        ]
        began = time.perf_counter()
        line.request("POST", "/api/v1/incidents", json.dumps(said), head)
        answer = line.getresponse()
        answer.read()
        if answer.status != http.client.CREATED:
            taken_ms.clear()  # a figure with refusals in it is none
            raise SystemExit(answer.status)
        taken_ms.append((time.perf_counter() - began) * 1000)
        number += per_request


def measured(folder, per_request):
    port = free_port()
    (folder / "layar.toml").write_text("[server]\ningest_per_s = 10000\n", "utf-8")
    book = TokenBook(folder / FILE_NAME)
    tokens = [book.create(name=f"c{n}", role="ingest", now=utc_now()) for n in range(CLIENTS)]
    command = [
        sys.executable,
        "-m",
        "dashboard.serve",
        "--data",
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)  # noqa: S603 — our own program
    try:
        until_ready(port)
        taken_ms = []
        clients = [
            threading.Thread(target=bring, args=(port, token, f"C{n}", per_request, taken_ms))
            for n, token in enumerate(tokens)
        ]
        began = time.perf_counter()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        seconds = time.perf_counter() - began
    finally:
        server.terminate()
        server.wait(20)
    if len(taken_ms) < CLIENTS:
        sys.exit("requests were refused")
    taken_ms.sort()
    return len(taken_ms) * per_request, len(taken_ms) * per_request / seconds, taken_ms


def main():
    print("| events a request | durable events/s | p50 ms | p99 ms | max ms |\n|---|---|---|---|---|")
    for per_request in (1, 20, 100):
        with tempfile.TemporaryDirectory() as name:
            count, rate, ms = measured(Path(name), per_request)
            kept = events_in(Path(name) / "layar.db")
        p99 = ms[int(len(ms) * 0.99)]
        print(f"| {per_request} | {rate:,.0f} | {ms[len(ms) // 2]:.1f} | {p99:.1f} | {ms[-1]:.1f} |", flush=True)
        if kept != count:
            sys.exit(f"{count} events were acknowledged and {kept} are in the log")


def events_in(path):
    log = sqlite.connect(str(path))
    count = log.execute("SELECT count(*) FROM event").fetchone()[0]
    log.close()
    return count


if __name__ == "__main__":
    main()
