"""A thousand viewers who ask once a second, and fifty walls with a stream: how long until each holds an event.

The product's own web process, signed-in sessions, gzip as browsers ask for it; a city in which twenty units move and an
incident comes in every other second. The viewers are one process beside it on the same machine. What is counted is the
time from sending the incident until a viewer holds it. `--quick`: fewer of both, briefly. `--seconds=N`.
"""

import asyncio
import itertools
import re
import statistics
import sys
import threading
import time
import zlib
from dataclasses import dataclass, field

import psutil
import requests
from served import served

IS_QUICK = "--quick" in sys.argv
VIEWERS, WALLS = (100, 10) if IS_QUICK else (1_000, 50)
MOST_P99_S, MOST_WALL_P95_S = 2.0, 0.3
LEAST_SHARE = 0.9
"""Of the answers that a second each would give: fewer, and nobody asked once a second."""
UNITS, EVERY_S, SETTLE_S = 20, 2.0, 5.0
SETTINGS = "[server]\nthreads = 128\ningest_per_s = 10000\n"
_CURSOR, _MARK = re.compile(rb'"cursor":"([^"]+)"'), re.compile(rb"BENCH-(\d+)")


def seconds():
    """How long it is measured."""
    said = next((word for word in sys.argv if word.startswith("--seconds=")), None)
    return float(said.partition("=")[2]) if said else 8.0 if IS_QUICK else 40.0


@dataclass
class Heard:
    """When each incident was sent, and how long everybody waited for it."""

    sent_s: dict[int, float] = field(default_factory=dict)
    viewers_s: list[float] = field(default_factory=list)
    walls_s: list[float] = field(default_factory=list)
    answers: int = 0
    is_counted: bool = False

    def take(self, said: bytes, held: set[int], waited: list[float]) -> None:
        """What is new in a message to somebody who holds these."""
        now_s = time.monotonic()
        for number in {int(mark) for mark in _MARK.findall(said)} - held:
            held.add(number)
            if self.is_counted and number in self.sent_s:
                waited.append(now_s - self.sent_s[number])


class Line(asyncio.Protocol):
    """A connection that is kept, and the bytes of the answer that is coming."""

    def __init__(self, heard: Heard, cookie: str) -> None:
        self.heard, self.cookie = heard, cookie
        self.held: set[int] = set()
        self.said = bytearray()
        self.line: asyncio.Transport | None = None

    def connection_made(self, transport) -> None:
        """Asyncio's."""
        self.line = transport
        self.begin()

    def ask(self, path: str) -> None:
        """As a browser asks."""
        head = f"GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: layar={self.cookie}\r\nAccept-Encoding: gzip\r\n\r\n"
        self.line.write(head.encode())


class Viewer(Line):
    """Asks once a second, and not before it was answered."""

    def __init__(self, heard: Heard, cookie: str) -> None:
        super().__init__(heard, cookie)
        self.cursor, self.due_s, self.is_first = "", 0.0, True

    def begin(self) -> None:
        """Ask, and every second from now on."""
        self.due_s = time.monotonic()
        self.poll()

    def poll(self) -> None:
        """Ask for what is new since the last answer."""
        if not self.line.is_closing():
            self.ask(f"/live?cursor={self.cursor}" if self.cursor else "/live")

    def data_received(self, data: bytes) -> None:
        """Wait until the answer is whole."""
        self.said += data
        head, gap, body = bytes(self.said).partition(b"\r\n\r\n")
        if not gap:
            return
        size = re.search(rb"(?i)content-length: (\d+)", head)
        if size is not None and not head.startswith(b"HTTP/1.1 304") and len(body) < int(size[1]):
            return
        self.said.clear()
        self.answered(head, body)

    def answered(self, head: bytes, body: bytes) -> None:
        """Remember where it leads to, and ask again when a second is over."""
        if head.startswith(b"HTTP/1.1 200"):
            whole = zlib.decompress(body, 31) if b"Content-Encoding: gzip" in head else body
            self.cursor = _CURSOR.search(whole)[1].decode()
            self.heard.take(whole, self.held, [] if self.is_first else self.heard.viewers_s)
            self.is_first = False
        elif not head.startswith(b"HTTP/1.1 304"):
            raise SystemExit(head[:60])
        self.heard.answers += self.heard.is_counted
        self.due_s = max(self.due_s + 1.0, time.monotonic() - 1.0)
        asyncio.get_running_loop().call_later(max(0.0, self.due_s - time.monotonic()), self.poll)


class Wall(Line):
    """Keeps a stream open."""

    def begin(self) -> None:
        """Ask once."""
        self.ask("/live/stream")
        self.is_first = True

    def data_received(self, data: bytes) -> None:
        """One message after another."""
        self.said += data
        while b"\n\n" in self.said:
            message, _, rest = bytes(self.said).partition(b"\n\n")
            self.said = bytearray(rest)
            if b"data: " in message:
                self.heard.take(message, self.held, [] if self.is_first else self.heard.walls_s)
                self.is_first = False


def bring(url: str, token: str, heard: Heard, over: threading.Event) -> None:
    """The city: units move every second, an incident comes every other one."""
    with requests.Session() as line:
        line.headers["Authorization"] = f"Bearer {token}"
        for turn in itertools.count():
            for unit in range(UNITS):
                where = f"id=U{unit}&lat={-0.5 + turn % 50 * 1e-4:.5f}&lon={117.1 + unit * 1e-3:.5f}"
                line.post(f"{url}/api/v1/osmand?{where}&timestamp={int(time.time())}", timeout=30).raise_for_status()
            if turn % EVERY_S == 0:
                said = {"id": f"BENCH-{turn}", "category": "banjir", "lon": 117.15, "lat": -0.5, "priority": 2}
                heard.sent_s[turn] = time.monotonic()
                line.post(f"{url}/api/v1/incidents", json=said, timeout=30).raise_for_status()
            if over.wait(1.0):
                return


async def watch(port: int, cookie: str, heard: Heard, server: psutil.Process) -> float:
    """Let everybody come in over a second or two, then count; gives the server's CPU."""
    loop = asyncio.get_running_loop()
    for kind, count in ((Wall, WALLS), (Viewer, VIEWERS)):
        for number in range(count):
            own = f"{cookie}; screen={number}"  # so that the server knows none of them by another's cookie
            await loop.create_connection(lambda kind=kind, own=own: kind(heard, own), "127.0.0.1", port)
            await asyncio.sleep(1.0 / count)
    await asyncio.sleep(SETTLE_S)
    heard.is_counted, before = True, cpu_s(server)
    await asyncio.sleep(seconds())
    heard.is_counted = False
    return (cpu_s(server) - before) / seconds()


def cpu_s(server: psutil.Process) -> float:
    """Of gunicorn and its worker."""
    return sum(sum(one.cpu_times()[:2]) for one in (server, *server.children()))


def cookie_of(url: str, token: str) -> str:
    """Of a screen that signs in."""
    answer = requests.post(f"{url}/login", data={"token": token}, allow_redirects=False, timeout=60)
    return answer.cookies["layar"]


def row(name: str, count: int, waited_s: list[float]) -> str:
    """One kind of screen."""
    cuts = statistics.quantiles(waited_s, n=100) if len(waited_s) > 1 else [float("nan")] * 99
    return f"| {name} | {count:,} | {len(waited_s):,} | {cuts[49]:.2f} | {cuts[94]:.2f} | {cuts[98]:.2f} |"


def main():
    """Print the table; ends in failure when it took longer than it may, or when they were not asked."""
    heard, over = Heard(), threading.Event()
    with served(SETTINGS, ("ingest", "wall")) as server:
        city = threading.Thread(target=bring, args=(server.url, server.tokens["ingest"], heard, over), daemon=True)
        city.start()
        cookie = cookie_of(server.url, server.tokens["wall"])
        load = psutil.getloadavg()[0]
        cores = asyncio.run(watch(server.port, cookie, heard, psutil.Process(server.pid)))
        over.set()
        city.join(60)
    print("| screens | how many | events held | p50 s | p95 s | p99 s |\n|---|---|---|---|---|---|")
    print(row("polling once a second", VIEWERS, heard.viewers_s))
    print(row("streams", WALLS, heard.walls_s))
    share = heard.answers / seconds() / VIEWERS
    rate = heard.answers / seconds()
    print(f"\n{rate:,.0f} answers a second ({share:.0%}), server {cores:.2f} core, load before {load:.1f}")
    if wrong := missed(heard, share):
        sys.exit("; ".join(wrong))


def missed(heard: Heard, share: float) -> list[str]:
    """What was slower than it may be."""
    if min(len(heard.viewers_s), len(heard.walls_s)) < WALLS:
        return ["nobody held an event"]
    p99, p95 = statistics.quantiles(heard.viewers_s, n=100)[98], statistics.quantiles(heard.walls_s, n=100)[94]
    return [
        *([f"polling: p99 {p99:.2f} s, more than {MOST_P99_S:g}"] if p99 > MOST_P99_S else []),
        *([f"streams: p95 {p95:.2f} s, more than {MOST_WALL_P95_S:g}"] if p95 > MOST_WALL_P95_S else []),
        *([f"only {share:.0%} of the answers were given"] if share < LEAST_SHARE else []),
    ]


if __name__ == "__main__":
    main()
