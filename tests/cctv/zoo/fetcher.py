"""A process that fetches from one ill camera after another, and tells by how much each made it grow.

Told by lines of JSON: what to read, and how often. Answers each with one.
"""

import json
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from cctv.camera import Camera, Reach, Sources, discover_sources
from cctv.faults import Broken
from cctv.heap import keep_heap_small
from cctv.pace import steady
from cctv.picture import develop
from geodata.errors import CameraLost

_KB = 1024


def of_memory(name: str) -> float:
    """A figure of this process in MB: VmRSS now, VmHWM at its largest since `forget_peak`."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith(f"{name}:"))
    return int(line.split()[1]) / _KB


def forget_peak() -> None:
    """From now on VmHWM is anew."""
    Path("/proc/self/clear_refs").write_text("5")


@dataclass
class Fetcher:
    """One camera at a time, as a worker reads it, without a worker's waits."""

    sources: Sources = field(default_factory=lambda: discover_sources().found)

    def fetch(self, order: dict) -> dict:
        """Open it so often; the faults it ended with, and what that took."""
        before = of_memory("VmRSS")
        forget_peak()
        faults = [self._once(order) for _ in range(order["times"])]
        return {"faults": faults, "peak_mb": of_memory("VmHWM") - before, "grown_mb": of_memory("VmRSS") - before}

    def _once(self, order: dict) -> str | None:
        camera = Camera(id="ZOO", name="ZOO", lon=117.1, lat=-0.5, url=order["url"], kind=order["kind"])
        reach = Reach(
            camera=camera,
            username=order["user"],
            password=order["password"],
            pace=steady(0.2),
            open_timeout_s=order["timeout_s"],
            read_timeout_s=order["timeout_s"],
        )
        with suppress(StopIteration):
            try:
                with self.sources[camera.kind].open(reach) as pictures:
                    for _ in range(order["pictures"]):
                        develop(next(pictures), ())
            except (CameraLost, Broken) as lost:
                return lost.fault
        return None


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    keep_heap_small()
    fetcher = Fetcher()
    for line in sys.stdin:
        print(json.dumps(fetcher.fetch(json.loads(line))), flush=True)  # noqa: T201 — the answer
