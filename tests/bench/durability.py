"""What the log and the spool are worth when things fail, at full size, and how fast they are on a slow disk.

It ends in failure when anything acknowledged was lost, doubled or disordered, or a projection is not what its events
add up to. `--quick` runs it small, to see that it works. The slow disk is a real one whose syncs take 5 ms more.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ROOT / "tests" / "layers"
sys.path[:0] = [str(ROOT), str(LAYERS)]
import spool_storm  # noqa: E402 — the paths come first

from tests.disk.shim import environment, shim  # noqa: E402 — as above

QUICK = "--quick" in sys.argv
WORKS = ("lost", "torn", "corrupt", "unlike", "repeated", "disordered", "unopened", "missed", "duplicates")
WORKS_TOO = ("repeated_or_disordered", "seen_went_back", "failed_writers", "failed")


def script(name, *arguments, env=None):
    """The figures that one of our scripts prints last."""
    run = subprocess.run(  # noqa: S603 — our own script
        [sys.executable, str(LAYERS / name), *map(str, arguments)],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(run.stdout.splitlines()[-1])


def faults(folder):
    """(what, figures) of every fault."""
    kills, spooled, cuts, crowd_s = (5, 3, 8, 3) if QUICK else (100, 50, 300, 30)
    for name in ("kill", "spool", "power", "careless", "crowd"):
        (folder / name).mkdir()
    yield f"{kills} times kill -9", script("storm.py", "kill", folder / "kill" / "layar.db", kills)
    yield f"{spooled} times kill -9, full disk", script("spool_storm.py", folder / "spool" / "layar.db", spooled)
    yield f"{cuts} power cuts", script("power.py", "run", folder / "power", 2 if QUICK else 10, cuts)
    yield f"6 processes, {crowd_s} s", script("storm.py", "crowd", folder / "crowd" / "layar.db", 6, crowd_s)


def is_bad(figures):
    return [name for name in (*WORKS, *WORKS_TOO) if figures.get(name)]


def slow_disk(folder):
    """(what, figures) on a disk that takes 5 ms longer for each sync."""
    seconds = 3 if QUICK else 30
    given = environment(shim(folder), folder, sync_ms=5)
    yield "50 events/s, 5 ms disk", script("writers.py", "pace", folder / "pace.db", 50, seconds, env=given)
    yield "4 processes, 5 ms disk", script("writers.py", "crowd", folder / "four.db", 4, seconds, env=given)
    yield "50 events/s, this disk", script("writers.py", "pace", folder / "pace-here.db", 50, seconds)
    yield "4 processes, this disk", script("writers.py", "crowd", folder / "four-here.db", 4, seconds)


def full_disk(folder):
    """Deliveries that a full disk left in the spool, and the seconds from space to the last of them in the log."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=True)  # noqa: S603, S607
    try:
        store, door = spool_storm.door_at(disk / "layar.db", room=8_000_000)
        spool_storm.deliver(door, "S0", 0)
        ballast = os.open(disk / "ballast", os.O_WRONLY | os.O_CREAT)
        try:
            while True:
                os.write(ballast, bytes(65_536))
        except OSError:
            os.close(ballast)
        count, now = 0, datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
        while count < (500 if QUICK else 5_000):
            said = f"id=U{count % 200}&lat=-0.5&lon=117.1{count}&timestamp={1_795_346_280 + count}".encode()
            at = now + timedelta(seconds=count)
            count += door.accept(said, feed="osmand", client="gps", received=at).is_waiting
        (disk / "ballast").unlink()
        freed_s = time.perf_counter()
        while door.waiting.count:
            time.sleep(0.005)
        taken_s = time.perf_counter() - freed_s
        differences = len(store.rebuild().differences)
        door.close()
        store.close()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)  # noqa: S603, S607
    return {"waited": count, "caught_up_s": round(taken_s, 2), "torn": differences}


def main():
    with tempfile.TemporaryDirectory() as name:
        folder, bad = Path(name), []
        print("| fault | figures |\n|---|---|")
        for what, figures in faults(folder):
            print(f"| {what} | {figures} |", flush=True)
            bad += [f"{what}: {one}" for one in is_bad(figures)]
        figures = script("power.py", "run", folder / "careless", 2, 4, "careless")
        print(f"| the same where nothing waits for the disk (must lose) | {figures} |", flush=True)
        bad += [] if is_bad(figures) else ["power cuts find nothing where they must"]
        figures = full_disk(folder)
        print(f"| full disk, then space | {figures} |")
        bad += is_bad(figures)
        print("\n| writers | figures |\n|---|---|")
        for what, figures in slow_disk(folder):
            print(f"| {what} | {figures} |", flush=True)
            bad += [f"{what}: {one}" for one in is_bad(figures)]
    if bad:
        sys.exit(f"not as it must be: {bad}")


if __name__ == "__main__":
    main()
