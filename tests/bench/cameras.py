"""What thirty RTSP cameras cost: our camera fleet beside the textbook `cv2.VideoCapture` loop, on the same streams.

Each side runs in a process of its own and is measured from outside, by the CPU seconds the kernel charged it for and
its resident memory; the RTSP server is a third process and counted to neither. The textbook loop reads every frame
and encodes one JPEG every two seconds. It cannot carry thirty cameras on a small machine: it is measured with a few,
and its cost per camera is what is compared.
"""

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

CAMERAS = 30
PERIOD_S = 2.0
WARM_S = 12.0
MEASURED_S = 20.0
LIMIT = 1 / 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One side on one kind of stream. `pictures` counts the stills it made while measured."""

    side: str
    cameras: int
    cpu_ms_per_s: float
    rss_mb: float
    pictures: int

    @property
    def per_camera_ms(self) -> float:
        """CPU milliseconds per second and camera."""
        return self.cpu_ms_per_s / self.cameras


def ours(urls: list[str], folder: Path) -> None:
    """The product's own fleet; runs until it is killed."""
    from cctv.camera import Camera  # noqa: PLC0415 — only this side's process may load it
    from cctv.fleet import Fleet, Listener  # noqa: PLC0415
    from cctv.heap import keep_heap_small  # noqa: PLC0415
    from cctv.inventory import save_cameras  # noqa: PLC0415

    keep_heap_small()
    cameras = [
        Camera(id=f"CAM-{n:02}", name=f"Kamera {n}", lon=117.1, lat=-0.5, url=url, kind="rtsp")
        for n, url in enumerate(urls)
    ]
    save_cameras(folder, cameras)
    listener = Listener(health=lambda _change: None, listed=lambda _cameras: None)
    Fleet(folder, listener, period_s=PERIOD_S).run(threading.Event())


def textbook(urls: list[str], folder: Path) -> None:
    """What every tutorial does: read each frame, keep the newest, write a still now and then."""
    import cv2  # noqa: PLC0415 — only this side's process may load it

    def watch(number: int, url: str) -> None:
        capture, due = cv2.VideoCapture(url, cv2.CAP_FFMPEG), time.monotonic()
        while True:
            is_read, frame = capture.read()
            if is_read and time.monotonic() >= due:
                due = time.monotonic() + PERIOD_S
                cv2.imwrite(str(folder / f"{number}.jpg"), frame)

    threads = [threading.Thread(target=watch, args=pair, daemon=True) for pair in enumerate(urls)]
    for thread in threads:
        thread.start()
    threads[0].join()


def measure(side: str, urls: list[str], folder: Path) -> Row:
    """Start a side, let it warm up, watch it for a while, end it."""
    folder.mkdir()
    command = [sys.executable, __file__, side, str(folder), *urls]
    process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 — ourselves
    try:
        time.sleep(WARM_S)
        watched = psutil.Process(process.pid)
        before, began, stills = cpu_s(watched), time.monotonic(), StillCount(folder)
        rss = 0
        while time.monotonic() - began < MEASURED_S:
            stills.look()
            rss = max(rss, watched.memory_info().rss)
            time.sleep(0.25)
        spent = (cpu_s(watched) - before) / (time.monotonic() - began)
    finally:
        process.kill()
        process.wait(10)
    return Row(side=side, cameras=len(urls), cpu_ms_per_s=spent * 1000, rss_mb=rss / 1e6, pictures=stills.count)


def cpu_s(process: psutil.Process) -> float:
    """CPU seconds so far, in user and kernel."""
    times = process.cpu_times()
    return times.user + times.system


class StillCount:
    """Counts pictures replaced, by their file times."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._times()
        self.count = 0

    def look(self) -> None:
        """Count what is new since the last look."""
        now = self._times()
        self.count += sum(now[path] != self._seen.get(path) for path in now)
        self._seen = now

    def _times(self) -> dict[Path, int]:
        files = [*self._folder.glob("*.jpg"), *self._folder.glob("shelf/*/full.jpg")]
        return {path: path.stat().st_mtime_ns for path in files}


def compare(title: str, clip: Clip, textbook_cameras: int, folder: Path) -> float:
    """Both sides on the same streams; prints the table and gives our share of the textbook's cost."""
    with RtspFarm(CAMERAS, folder, clip) as farm:
        urls = [farm.url(number) for number in range(CAMERAS)]
        rows = [
            measure("ours", urls, folder / f"ours-{clip.height}"),
            measure("textbook", urls[:textbook_cameras], folder / f"textbook-{clip.height}"),
        ]
    show(title, rows)
    return rows[0].per_camera_ms / rows[1].per_camera_ms


def show(title: str, rows: list[Row]) -> None:
    """One table."""
    print(f"### {title}\n")
    print("| | cameras | CPU ms per second and camera | cores for 30 | RSS MB | stills made |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        cores = row.per_camera_ms * CAMERAS / 1000
        note = "" if row.cameras == CAMERAS else " (extrapolated)"
        expected = int(row.cameras * MEASURED_S / PERIOD_S)
        print(
            f"| {row.side} | {row.cameras} | {row.per_camera_ms:.1f} | {cores:.2f}{note} | {row.rss_mb:.0f} "
            f"| {row.pictures} of {expected} |"
        )
    print(f"\nratio ours / textbook: 1/{rows[1].per_camera_ms / rows[0].per_camera_ms:.1f}\n", flush=True)


def main() -> None:
    """Print both tables; ends in failure when 1080p costs more than an eighth."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compare("640x360 at 15 fps, one still per 2 s", Clip(gop=30), 4, folder)
        large = Clip(width=1920, height=1080, fps=25, gop=50, kilobits=3000)
        share = compare("1920x1080 at 25 fps, one still per 2 s", large, 2, folder)
    if share > LIMIT:
        sys.exit(f"1080p costs {share:.3f} of the textbook loop, more than {LIMIT:.3f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"ours": ours, "textbook": textbook}[sys.argv[1]](sys.argv[3:], Path(sys.argv[2]))
    else:
        main()
