"""Does the camera process keep its size? The real one, with cameras that are well and cameras that keep breaking.

Ten minutes after eight of warm-up, for it learns how each camera looks and holds two minutes of pictures;
`python -m tests.bench soak --minutes=1` for less. Memory is what is resident and its own (without the files of
libraries); its slope is a line through the least of each ten seconds, without the pictures in work. It fails when the
slope is surely too steep or not known well enough, or when threads or descriptors become more.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "cctv"), str(Path(__file__).parent)]
from crowd import fed  # noqa: E402 — the paths come first
from fake_camera import FakeCamera, drip, garbage, hang_up, mute, picture, pushes, says  # noqa: E402

from cctv.camera import discover_sources  # noqa: E402
from cctv.inventory import import_cameras  # noqa: E402
from cctv.status import load_status  # noqa: E402

CAMERAS = 30
MINUTES, WARM_MINUTES = 10.0, 8.0
BUCKET_S = 10.0
LOOK_S = 0.5
MOST_MB_AN_HOUR = 1.0
HEALTHY = {"jpeg": picture, "mjpeg": pushes(count=100_000)}
BROKEN = {"mute": mute, "garbage": garbage, "drip": drip, "hangup": hang_up, "gone": says("404 Not Found")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The process at one moment."""

    at_s: float
    own_mb: float
    threads: int
    descriptors: int


def listed(address: str, stack: ExitStack) -> list[dict[str, object]]:
    """Thirty substreams, one each of the other kinds, and one of each way to break."""
    urls = {f"RTSP-{number:02}": f"{address}/{number}" for number in range(CAMERAS)}
    for name, behave in {**HEALTHY, **BROKEN}.items():
        urls[name.upper()] = stack.enter_context(FakeCamera(behave)).url("/video.cgi" if name == "mjpeg" else "/1.jpg")
    return [{"id": id_, "name": id_, "lon": 117.15, "lat": -0.5, "url": url} for id_, url in urls.items()]


def watched(process: psutil.Process, seconds: float) -> list[Look]:
    """How large it is, for so long."""
    looks, began_s = [], time.monotonic()
    while (at_s := time.monotonic() - began_s) < seconds:
        memory = process.memory_info()
        looks.append(
            Look(
                at_s=at_s,
                own_mb=(memory.rss - memory.shared) / 1e6,
                threads=process.num_threads(),
                descriptors=process.num_fds(),
            )
        )
        time.sleep(LOOK_S)
    return looks


def lows(looks: Sequence[Look]) -> list[tuple[float, float]]:
    """(hours, MB): the least of each stretch."""
    stretches: dict[int, list[Look]] = {}
    for look in looks:
        stretches.setdefault(int(look.at_s // BUCKET_S), []).append(look)
    return [(number * BUCKET_S / 3600, min(one.own_mb for one in some)) for number, some in stretches.items()]


def slope(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """MB an hour, and twice the standard error of that: what the process takes and gives back hides small slopes."""
    hours, sizes = zip(*points, strict=True)
    line = statistics.linear_regression(hours, sizes)
    off = sum((mb - line.intercept - line.slope * at) ** 2 for at, mb in points)
    spread = sum((at - statistics.mean(hours)) ** 2 for at in hours)
    return line.slope, 2 * math.sqrt(off / max(1, len(points) - 2) / spread)


def grown(looks: Sequence[Look], name: str) -> float:
    """By how much the median of the last third is above that of the first."""
    third = max(1, len(looks) // 3)
    values = [getattr(look, name) for look in looks]
    return statistics.median(values[-third:]) - statistics.median(values[:third])


def soaked(folder: Path, minutes: float, warm_minutes: float) -> tuple[list[Look], list[str]]:
    """The camera process on that folder, watched once it is warm, and which cameras are well at the end."""
    with fed(folder) as address, ExitStack() as stack:
        import_cameras(json.dumps(listed(address, stack)).encode(), folder, discover_sources().found)
        command = [sys.executable, "-m", "dashboard.camera_process", "--data", str(folder), "--mode", "demo"]
        with (folder / "process.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, stderr=log)  # noqa: S603 — ours
        try:
            time.sleep(warm_minutes * 60)
            looks = watched(psutil.Process(process.pid), minutes * 60)
            return looks, sorted(id_ for id_, status in load_status(folder).items() if status.health == "ok")
        finally:
            process.kill()
            process.wait(10)


def main() -> None:
    """Print how it grew; ends in failure when it grows faster than it may."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--minutes", type=float, default=MINUTES)
    minutes = options.parse_known_args()[0].minutes
    with tempfile.TemporaryDirectory() as name:
        looks, well = soaked(Path(name), minutes, min(WARM_MINUTES, minutes))
    mb_an_hour, unsure = slope(lows(looks))
    threads, descriptors = grown(looks, "threads"), grown(looks, "descriptors")
    print("| minutes | cameras | well | MB first | MB last | MB an hour | threads | more | descriptors | more |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    cameras = CAMERAS + len(HEALTHY) + len(BROKEN)
    print(
        f"| {minutes:g} | {cameras} | {len(well)} | {looks[0].own_mb:.0f} | {looks[-1].own_mb:.0f} "
        f"| {mb_an_hour:+.1f} ± {unsure:.1f} | {looks[-1].threads} | {threads:+g} "
        f"| {looks[-1].descriptors} | {descriptors:+g} |\n",
        flush=True,
    )
    if len(well) < CAMERAS + len(HEALTHY):
        sys.exit(f"only these are well: {', '.join(well)}")
    if unsure > MOST_MB_AN_HOUR:
        sys.exit(f"± {unsure:.1f} MB/h says nothing yet: soak longer, or on a quieter machine")
    if mb_an_hour - unsure > MOST_MB_AN_HOUR or threads > 0 or descriptors > 1:
        sys.exit("the camera process grows")


if __name__ == "__main__":
    main()
