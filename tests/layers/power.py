"""Power cuts, simulated: a process works on a watched disk, and is cut short at any moment of its work.

What a sync covered is there. Of what was written since, any part may be: nothing, all, the first so many bytes, or any
sectors of 512 or blocks of 4,096 bytes, in any order, each truncation too. Log and spool are opened on that, and all
that the process had acknowledged by then must be in the log, once; the file sound; the projections the fold of it.

`power.py run FOLDER SECONDS CUTS [careless]` prints figures as JSON. The process and its disk are real, and what is
found afterwards is opened by the product; only the loss is made up. Names of files count as durable: they are older.
"""

import json
import os
import random
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
import spool_storm  # noqa: E402 — found through the path above
import storm  # noqa: E402 — as above

from layers.store import schema, spool  # noqa: E402 — as above
from tests.disk.shim import environment, shim  # noqa: E402 — as above
from tests.layers.mirror import unlike  # noqa: E402 — as above

HEAD = struct.Struct("<cxHIQQ")
FILES = ("layar.db", "layar.db-wal", "spool")
THREADS = 3
LEAST = 10
PAGES = 100  # so that a short recording has checkpoints in it
START, ACKS = "started", "acks"


def prepare(*pragmas):
    """Every connection to the log is told this too."""
    prepared = schema._prepare

    def told(connection, record):
        prepared(connection, record)
        for pragma in pragmas:
            connection.cursor().execute(f"PRAGMA {pragma}")

    schema._prepare = told


def careless():
    """A log and a spool that do not wait for the disk: the cuts must find that out."""
    prepare("synchronous = NORMAL")
    spool.os.fdatasync = lambda _descriptor: None


def record(folder, seconds):
    """Deliver for so long, while files may now and then not grow; then be gone in the middle of it."""
    root = folder / "disk"
    storm.opened(root / "layar.db").close()
    store, door = spool_storm.door_at(root / "layar.db")
    store.append([storm.event("first", 0)])
    acks = os.open(root / ACKS, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    base = root / "base"
    base.mkdir()
    for name in FILES:
        (base / name).write_bytes((root / name).read_bytes())
    os.write(acks, f"{START}\n".encode())

    taken = {"spooled": 0, "direct": 0}

    def delivering(thread):
        for number in range(10**9):
            how = "spooled" if spool_storm.deliver(door, f"S{thread}", number).is_waiting else "direct"
            os.write(acks, f"S{thread} {number} {how}\n".encode())
            taken[how] += 1

    for thread in range(THREADS):
        threading.Thread(target=delivering, args=(thread,), daemon=True).start()
    until = time.monotonic() + seconds
    chance = random.Random(112)  # noqa: S311 — a storm, not a secret
    while time.monotonic() < until or min(taken.values()) < LEAST:
        spool_storm.may_grow(is_so=True)
        time.sleep(chance.uniform(0.1, 0.5))
        spool_storm.may_grow(is_so=False)
        time.sleep(chance.uniform(0, 0.1))
    os._exit(0)


def operations(trace):
    """(kind, name, number, offset, bytes) of everything that was recorded."""
    said, at = trace.read_bytes(), 0
    while at + HEAD.size <= len(said):
        kind, name, number, offset, length = HEAD.unpack_from(said, at)
        at += HEAD.size
        data = said[at + name : at + name + length]
        if len(data) < length:
            return
        yield kind, said[at : at + name].decode(), number, offset, data
        at += name + length


class Disk:
    """What of each file is surely on the disk, and what may be."""

    def __init__(self, base):
        self.sure = {name: bytearray((base / name).read_bytes()) for name in FILES}
        self.unsure = {name: [] for name in FILES}
        self._begun = {}

    def take(self, kind, name, number, offset, data):
        """One operation, as it was recorded."""
        if name not in self.sure:
            return
        if kind in (b"w", b"t"):
            self.unsure[name].append((kind, offset, data))
        elif kind == b"b":
            self._begun[number] = self.unsure[name][-1:], len(self.unsure[name])
        elif kind == b"e":
            self._end(name, number)

    def _end(self, name, number):
        """The writes recorded before the beginning are durable; a sync that ended in between took its own already."""
        last, _ = self._begun.pop(number)
        waiting = self.unsure[name]
        done = next((n + 1 for n, one in enumerate(waiting) if last and one is last[0]), 0)
        for one in waiting[:done]:
            apply(self.sure[name], one)
        del waiting[:done]

    def after_a_cut(self, chance):
        """The bytes of each file as they might be found."""
        how = chance.choice(("nothing", "everything", "first", "512", "4096"))
        return {name: self._found(name, how, chance) for name in FILES}

    def _found(self, name, how, chance):
        found, waiting = bytearray(self.sure[name]), self.unsure[name]
        if how == "first" and waiting:
            count = chance.randrange(len(waiting))
            kind, offset, data = waiting[count]
            waiting = [*waiting[:count], (kind, offset, data[: chance.randrange(len(data) + 1)])] if data else waiting
        for one in waiting if how in ("everything", "first") else ():
            apply(found, one)
        if how in ("512", "4096"):
            share = chance.random()
            for one in waiting:
                for part in parts_of(one, int(how)):
                    if chance.random() < share:
                        apply(found, part)
        return found


def parts_of(operation, size):
    """A write by the sectors of the disk that it touches."""
    kind, offset, data = operation
    if kind == b"t":
        return [operation]
    ends = [*range((offset // size + 1) * size, offset + len(data), size), offset + len(data)]
    starts = [offset, *ends[:-1]]
    return [(kind, a, data[a - offset : b - offset]) for a, b in zip(starts, ends, strict=True)]


def apply(content, operation):
    kind, offset, data = operation
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    if kind == b"t":
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data


def cut(folder, times):
    """So many power cuts at any moment of the recording."""
    found = list(operations(folder / "trace"))
    first = next(n for n, (_, name, _, _, data) in enumerate(found) if name == ACKS and START.encode() in data)
    chance = random.Random(112)  # noqa: S311 — a storm, not a secret
    moments = sorted([*(chance.randrange(first + 1, len(found)) for _ in range(times - 1)), len(found)])
    disk, starts, at = Disk(folder / "disk" / "base"), [0] * THREADS, first
    figures = {
        "cuts": times,
        "acknowledged": 0,
        "spooled": 0,
        "checkpoints": 0,
        "unopened": 0,
        **dict.fromkeys(WRONG, 0),
    }
    for moment in moments:
        for kind, name, number, offset, data in found[at:moment]:
            disk.take(kind, name, number, offset, data)
            figures["checkpoints"] += (kind, name) == (b"e", "layar.db")
            if name == ACKS and data.startswith(b"S"):
                thread, acknowledged, how = data[1:].split()
                starts[int(thread)] = int(acknowledged) + 1
                figures["spooled"] += how == b"spooled"
        at = moment
        wrong = judged(folder / "cut", disk.after_a_cut(chance), starts)
        for name, count in wrong.items():
            figures[name] += count
    return figures | {"acknowledged": sum(starts), "operations": len(found)}


WRONG = ("lost", "repeated", "disordered", "torn", "unlike", "corrupt")


def judged(place, files, starts):
    place.mkdir(exist_ok=True)
    for old in place.iterdir():
        old.unlink()
    for name, content in files.items():
        (place / name).write_bytes(content)
    try:
        store, door = spool_storm.door_at(place / "layar.db")
    except Exception:  # noqa: BLE001 — whatever it is, the log did not open
        return {"unopened": 1}
    try:
        until = time.monotonic() + 60
        while door.waiting.count and time.monotonic() < until:
            time.sleep(0.005)
        wrong = spool_storm.judged(store, starts)
        return wrong | {"unlike": sum(unlike(place / "layar.db", storm.opened).values())}
    except Exception:  # noqa: BLE001 — whatever it is, the log is not to be read
        return {"corrupt": 1}
    finally:
        door.close()
        store.close()


def run(folder, seconds, times, how):
    """Record in a process of its own, through a pipe: a file would fall under the limit that the disk gets."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    given = environment(shim(folder), folder / "disk", trace=pipe)
    (folder / "disk").mkdir()
    with (folder / "trace").open("wb") as trace:
        reader = subprocess.Popen(["cat", str(pipe)], stdout=trace)  # noqa: S603, S607 — a fixed command
        command = [sys.executable, __file__, "record", str(folder), str(seconds), *how]
        subprocess.run(command, env=given, check=True)  # noqa: S603 — this script
        reader.wait(60)
    return cut(folder, times)


if __name__ == "__main__":
    command, where, seconds, *rest = sys.argv[1:]
    if command == "record":
        prepare(f"wal_autocheckpoint = {PAGES}")
        if rest:
            careless()
        record(Path(where), float(seconds))
    print(json.dumps(run(Path(where), seconds, int(rest[0]), rest[1:])))  # noqa: T201 — its answer
