"""What an ill camera can make the fetching process hold, at most and for good, as the kernel measures it.

No time is measured, so a busy machine changes nothing. What one fault may take is what a picture of the largest size
that is taken (8 MB) may, three times over while it is put together, with FFmpeg's and OpenCV's own buffers.
"""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from fake_camera import USER, guarded
from zoo import animals
from zoo.keeper import Zoo
from zoo.visitors import ANIMALS, OTHER_PASSWORD, WRONG

pytestmark = pytest.mark.slow

PEAK_MB = 32.0
KEPT_MB = 16.0
TIMES = 3
SILENT = {"accepts and says nothing", "one byte a second"}
BEHAVIOURS = {name: one.ill for name, one in ANIMALS.items() if one.ill} | {
    "wrong password": guarded("digest", animals.STREAM, "RTSP/1.0"),
    "hundred megabytes announced": animals.announces,
    "endless multipart": animals.endless_part,
}
KINDS = {"hundred megabytes announced": "http_jpeg", "endless multipart": "mjpeg"}
FAULTS = WRONG | dict.fromkeys(SILENT, "timed_out") | dict.fromkeys(KINDS, "too_large")


class Fetching:
    """The process, and what it is told to fetch."""

    def __init__(self, process, zoo):
        self._process = process
        self._zoo = zoo

    def fetch(self, name, behave, kind, times=TIMES):
        """From a camera that is ill in this way: what it found, and what it cost."""
        cage = self._zoo.cage(behave)
        order = {
            "url": cage.url("/1", "rtsp" if kind == "rtsp" else "http"), "kind": kind, "times": times,
            "user": USER, "password": OTHER_PASSWORD, "timeout_s": 0.5 if name in SILENT else 20.0,
            "pictures": 2 if kind != "rtsp" else 1,
        }  # fmt: skip
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        cage.vanish()
        return answer


@contextmanager
def fetching():
    """A process that has read each kind of camera once, so that its libraries are loaded."""
    command = [sys.executable, "-m", "zoo.fetcher"]
    folder = Path(__file__).parents[1]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": folder}
    with Zoo() as zoo, subprocess.Popen(command, **pipes) as process:  # noqa: S603 — our own
        made = Fetching(process, zoo)
        for behave, kind in ((animals.well, "http_jpeg"), (animals.STREAM, "rtsp"), (animals.UNKNOWN_CODEC, "rtsp")):
            made.fetch("well", behave, kind, 1)
        yield made
        process.stdin.close()
        process.wait(60)


@pytest.fixture(scope="module")
def cost():
    """By fault: what the process answered."""
    with fetching() as process:
        kinds = {name: KINDS.get(name) or ANIMALS[name].kind for name in BEHAVIOURS}
        return {name: process.fetch(name, behave, kinds[name]) for name, behave in BEHAVIOURS.items()}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_no_fault_makes_the_fetching_process_large(cost, name):
    assert set(cost[name]["faults"]) == {FAULTS[name]}
    assert cost[name]["peak_mb"] < PEAK_MB


def test_all_of_them_together_leave_little_behind(cost):
    assert sum(one["grown_mb"] for one in cost.values()) < KEPT_MB


def test_a_process_that_did_take_it_all_would_be_noticed(tmp_path):
    hungry = tmp_path / "hungry.py"
    hungry.write_text(
        "from zoo.fetcher import forget_peak, of_memory\n"
        "before = of_memory('VmRSS')\n"
        "forget_peak()\n"
        "held = b'x' * 100_000_000\n"
        "del held\n"
        "print(of_memory('VmHWM') - before)\n"
    )
    here = Path(__file__).parents[1]
    run = subprocess.run(  # noqa: S603 — our own
        [sys.executable, hungry], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(here)}
    )
    assert float(run.stdout) > PEAK_MB
