"""Three hundred substreams in one process, beside thirty at the same pace: what each costs, and whether all are alive.

The streams come from `feeder.py`, which is counted to no side.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "cctv"), str(Path(__file__).parent)]
from cameras import LEAST_MADE, Row, measure, show  # noqa: E402 — the paths come first
from rtsp_farm import Clip, make_clip  # noqa: E402

FEW, MANY = 30, 300
PERIOD_S = 5.0
FEW_WARM_S, MANY_WARM_S = 12.0, 25.0
MOST_CORES, MOST_MB, MOST_GROWTH = 1.0, 600, 1.15


@contextmanager
def fed(folder: Path) -> Iterator[str]:
    """A feeder of substreams, until the context ends: its address, to which anything may be added."""
    clip = make_clip(Clip(gop=30), folder)
    command = [sys.executable, str(Path(__file__).with_name("feeder.py")), str(clip), "15"]
    feeder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 — ours
    try:
        yield f"rtsp://127.0.0.1:{feeder.stdout.readline().split()[1]}"
    finally:
        feeder.kill()
        feeder.communicate()


def missed(few: Row, many: Row) -> list[str]:
    """What is dearer than it may be."""
    cores, growth = many.per_camera_ms * MANY / 1000, many.per_camera_ms / few.per_camera_ms
    wrong = [f"{many.alive} of {MANY} cameras are alive"] if many.alive < MANY else []
    wrong += [f"{cores:.2f} cores, more than {MOST_CORES:.2f}"] if cores > MOST_CORES else []
    wrong += [f"{many.rss_mb:.0f} MB, more than {MOST_MB}"] if many.rss_mb > MOST_MB else []
    wrong += [f"each costs {growth:.2f} of what it costs among {FEW}"] if growth > MOST_GROWTH else []
    return wrong + ([f"only {many.made:.0%} of the stills were made"] if many.made < LEAST_MADE else [])


def main() -> None:
    """Print the table; ends in failure when not all are alive, or anything is dearer than it may be."""
    with tempfile.TemporaryDirectory() as name, fed(Path(name)) as address:
        urls = [f"{address}/{number}" for number in range(MANY)]
        few = measure("ours", urls[:FEW], Path(name) / "few", period_s=PERIOD_S, warm_s=FEW_WARM_S)
        many = measure("ours", urls, Path(name) / "many", period_s=PERIOD_S, warm_s=MANY_WARM_S)
    show(f"640x360 at 15 fps, one still per {PERIOD_S:g} s", [few, many])
    print(f"cost per camera, {MANY} against {FEW}: {many.per_camera_ms / few.per_camera_ms:.2f}\n", flush=True)
    if wrong := missed(few, many):
        sys.exit("; ".join(wrong))


if __name__ == "__main__":
    main()
