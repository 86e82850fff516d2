"""What live video costs: CPU of the live video process per second and tile, and how long the first bytes take.

Real RTSP streams (Debian's GStreamer server, nothing encoded anew), the product's own process, viewers that read frames
as browsers do. The viewers and the RTSP server are counted to no side. Each camera has one viewer, then nine viewers
share one camera. It ends in failure when a tile costs more than the budget, or gets no video: nothing is cheap.
"""

import itertools
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "cctv")]
from rtsp_farm import Clip, RtspFarm  # noqa: E402 — the paths come first

from cctv.camera import Camera  # noqa: E402
from cctv.guard import ENVIRONMENT  # noqa: E402
from cctv.inventory import save_cameras  # noqa: E402
from dashboard.live_video_wire import PIECE, call, order  # noqa: E402

TILES = 9
WARM_S = 4.0
MEASURED_S = 15.0
MOST_MS_PER_TILE = 20.0
_READY_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One way of watching."""

    name: str
    tiles: int
    cpu_ms_per_s: float
    rss_mb: float
    first_s: float
    pieces: int
    begun: int

    @property
    def ms_per_tile(self) -> float:
        """CPU per second and tile."""
        return self.cpu_ms_per_s / self.tiles

    def __str__(self) -> str:
        return (
            f"| {self.name} | {self.tiles} | {self.ms_per_tile:.1f} ms | {self.rss_mb:.0f} MB | {self.first_s:.2f} s |"
            f" {self.pieces} |"
        )


class Viewer:
    """One screen: counts the pieces of video it gets, and remembers when the first of each tile came."""

    def __init__(self, folder: Path, tiles: dict[int, str]) -> None:
        self.firsts_s: dict[int, float] = {}
        self.pieces = 0
        self._began_s = time.monotonic()
        self._line, (theirs, self._ours) = call(folder, 2.0), socket.socketpair()
        said = {"is_chunked": False, "tiles": {str(tile): camera for tile, camera in tiles.items()}}
        order(self._line, said, theirs)
        theirs.close()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._ours.makefile("rb") as stream:
            while head := stream.read(7):
                kind, tile, size = struct.unpack(">BHI", head)
                stream.read(size)
                if kind == PIECE:
                    self.pieces += 1
                    self.firsts_s.setdefault(tile, time.monotonic() - self._began_s)

    def close(self) -> None:
        """Leave."""
        self._line.close()
        self._ours.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._ours.close()


def measure(name: str, clip: Clip, sets: list[dict[int, str]], folder: Path) -> Row:
    """Run the process, watch with one viewer per set of tiles, and read what the kernel charged it for."""
    with RtspFarm(TILES, folder, clip) as farm, tempfile.TemporaryDirectory() as city:
        data = Path(city)
        urls = [farm.url(number) for number in range(TILES)]
        save_cameras(data, tuple(_camera(number, url) for number, url in enumerate(urls)))
        (data / "layar.toml").write_bytes(b"")
        command = [sys.executable, "-m", "dashboard.live_video_process", "--data", city]
        env = {**os.environ, ENVIRONMENT: "127.0.0.0/8"}
        process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)  # noqa: S603 — ours
        try:
            return _watched(name, process.pid, data, sets)
        finally:
            process.kill()
            process.wait(10)


def _camera(number: int, url: str) -> Camera:
    return Camera(id=f"CAM-{number}", name=f"Kamera {number}", lon=117.1, lat=-0.5, url=url, kind="rtsp")


def _watched(name: str, pid: int, data: Path, sets: list[dict[int, str]]) -> Row:
    _until_it_listens(data)
    viewers = [Viewer(data, tiles) for tiles in sets]
    time.sleep(WARM_S)
    process = psutil.Process(pid)
    before, began_s, pieces = process.cpu_times(), time.monotonic(), sum(viewer.pieces for viewer in viewers)
    time.sleep(MEASURED_S)
    after, passed_s = process.cpu_times(), time.monotonic() - began_s
    spent_s = after.user + after.system - before.user - before.system
    firsts = [first for viewer in viewers for first in viewer.firsts_s.values()]
    row = Row(
        name=name,
        tiles=sum(map(len, sets)),
        cpu_ms_per_s=spent_s / passed_s * 1000,
        rss_mb=process.memory_info().rss / 2**20,
        first_s=statistics.median(firsts) if firsts else float("nan"),
        pieces=sum(viewer.pieces for viewer in viewers) - pieces,
        begun=len(firsts),
    )
    for viewer in viewers:
        viewer.close()
    return row


def _until_it_listens(data: Path) -> None:
    end_s = time.monotonic() + _READY_S
    while True:
        try:
            call(data, 1.0).close()
        except OSError:
            if time.monotonic() > end_s:
                raise
            time.sleep(0.1)
        else:
            return


def missed(rows: list[Row]) -> list[str]:
    """What is dearer than it may be, or was not watched at all."""
    dear = [row for row in rows if row.ms_per_tile > MOST_MS_PER_TILE]
    wrong = [f"{row.name}: {row.ms_per_tile:.1f} ms, more than {MOST_MS_PER_TILE:g}" for row in dear]
    dark = [row for row in rows if row.begun < row.tiles or not row.pieces]
    return wrong + [f"{row.name}: video on {row.begun} of {row.tiles} tiles" for row in dark]


def main() -> None:
    """Print the table; ends in failure when a tile costs more than it may, or shows nothing."""
    sub, main_stream = Clip(gop=30), Clip(width=1920, height=1080, fps=25, gop=50, kilobits=2_500)
    each = [{number + 1: f"CAM-{number}" for number in range(TILES)}]
    one = [{1: "CAM-0"} for _ in range(TILES)]
    print("| streams | tiles | CPU per second and tile | memory | first video (median) | pieces |")
    print("|---|---|---|---|---|---|")
    ways = (("a camera each", each), ("one camera for all", one))
    clips = (("640x360 at 15 fps", sub), ("1920x1080 at 25 fps", main_stream))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for (name, clip), (way, sets) in itertools.product(clips, ways):
            rows.append(measure(f"{name}, {way}", clip, sets, Path(folder)))
            print(rows[-1], flush=True)
    if wrong := missed(rows):
        sys.exit("; ".join(wrong))


if __name__ == "__main__":
    main()
