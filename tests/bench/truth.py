"""What it costs to judge a still: the whole pack of `cctv/truth_judge.py`, and a mask, in CPU milliseconds."""

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import cv2

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "cctv")]
from streets import DAY, Watching, street  # noqa: E402 — the paths come first

from cctv.camera import Snapshot  # noqa: E402
from cctv.picture import develop, encode  # noqa: E402

STILLS = 200
LIMIT_MS = 5.0
CORNER = (((0.0, 0.0), (0.4, 0.0), (0.4, 0.6), (0.0, 0.6)),)


def judging_ms() -> float:
    """Per still, for a camera that knows its street."""
    with tempfile.TemporaryDirectory() as name:
        watching = Watching(Path(name))
        watching.watches(street, 124)
        at = watching.at
        shown = [develop(Snapshot(data=encode(street(at + timedelta(seconds=n))), captured_at=at)) for n in range(1, 9)]
        began = time.process_time()
        for number in range(STILLS):
            at += timedelta(seconds=2)
            watching.judge.see(shown[number % len(shown)], "mjpeg", at)
        return (time.process_time() - began) * 1000 / STILLS


def developing_ms(width: int, height: int, masks: tuple) -> float:
    """Per JPEG of that size, to the three sizes of the shelf."""
    jpeg = encode(cv2.resize(street(DAY), (width, height)))
    began = time.process_time()
    for _ in range(STILLS // 4):
        develop(Snapshot(data=jpeg, captured_at=DAY), masks)
    return (time.process_time() - began) * 1000 / (STILLS // 4)


def main() -> None:
    """Print the table; ends in failure when judging costs more than 5 ms."""
    cv2.setNumThreads(1)
    judging = judging_ms()
    print("| what | CPU ms |\n|---|---|")
    print(f"| judging one still of 640x360 | {judging:.2f} |")
    for width, height in ((640, 360), (1920, 1080)):
        for what, masks in (("without masks", ()), ("with a mask", CORNER)):
            print(f"| JPEG {width}x{height} to the shelf, {what} | {developing_ms(width, height, masks):.1f} |")
    if judging > LIMIT_MS:
        sys.exit(f"judging a still costs {judging:.2f} ms, more than {LIMIT_MS}")


if __name__ == "__main__":
    main()
