"""What RTSP cameras cost: our fleet beside the textbook loop, Debian's motion and one ffmpeg each, on the same streams.

Each side runs in processes of its own and is measured from outside, by the CPU seconds the kernel charged them for and
their resident memory; the RTSP server (Debian's GStreamer) is counted to no side. The textbook
reads every frame with `cv2.VideoCapture` and writes one JPEG every two seconds; motion and ffmpeg write one every two
seconds too. They cannot carry thirty cameras on a small machine: they are measured with a few, and the cost
per camera is what is compared.
"""

import os
import shutil
import signal
import statistics
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
WARM_S = 8.0
MEASURED_S = 14.0
MOST_CORES, MOST_MB, LATEST_FIRST_S = 0.35, 150, 0.3
LEAST_MADE = 0.95
SHARES = {"textbook": 1 / 10, "motion": 1 / 2}
FIRST_PICTURES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One side on one kind of stream. `pictures` counts the stills it made while measured, `alive` whose."""

    side: str
    cameras: int
    cpu_ms_per_s: float
    rss_mb: float
    pictures: int
    alive: int
    due: int

    @property
    def made(self) -> float:
        """Share of the stills that were due and were made: who makes fewer is not cheaper."""
        return self.pictures / self.due

    @property
    def per_camera_ms(self) -> float:
        """CPU milliseconds per second and camera."""
        return self.cpu_ms_per_s / self.cameras


def ours(urls: list[str], folder: Path, period_s: float) -> None:
    """The product's own fleet; runs until it is killed."""
    from cctv.camera import Camera  # noqa: PLC0415 — only this side's process may load it
    from cctv.fleet import Fleet, Listener  # noqa: PLC0415
    from cctv.heap import keep_heap_small  # noqa: PLC0415
    from cctv.inventory import save_cameras  # noqa: PLC0415

    keep_heap_small()
    cameras = [
        Camera(id=f"CAM-{n:03}", name=f"Kamera {n}", lon=117.1, lat=-0.5, url=url, kind="rtsp")
        for n, url in enumerate(urls)
    ]
    save_cameras(folder, cameras)
    listener = Listener(health=lambda _change: None, listed=lambda _cameras: None)
    Fleet(folder, listener, period_s=period_s).run(threading.Event())


def textbook(urls: list[str], folder: Path, period_s: float) -> None:
    """What every tutorial does: read each frame, keep the newest, write a still now and then."""
    import cv2  # noqa: PLC0415 — only this side's process may load it

    def watch(number: int, url: str) -> None:
        capture, due = cv2.VideoCapture(url, cv2.CAP_FFMPEG), time.monotonic()
        while True:
            is_read, frame = capture.read()
            if is_read and time.monotonic() >= due:
                due = time.monotonic() + period_s
                cv2.imwrite(str(folder / f"{number}.jpg"), frame)

    threads = [threading.Thread(target=watch, args=pair, daemon=True) for pair in enumerate(urls)]
    for thread in threads:
        thread.start()
    threads[0].join()


def ffmpeg(urls: list[str], folder: Path, period_s: float) -> None:
    """One process per camera, keyframes only."""
    for number, url in enumerate(urls):
        command = [
            "ffmpeg", "-v", "error", "-threads", "1", "-rtsp_transport", "tcp", "-skip_frame", "nokey", "-i", url,
            "-vf", f"fps=1/{period_s:g}", "-update", "1", "-y", str(folder / f"{number}.jpg"),
        ]  # fmt: skip
        subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 — ours
    threading.Event().wait()


MOTION = """daemon off
setup_mode off
log_file /dev/null
log_level 1
webcontrol_port 0
stream_port 0
framerate 2
snapshot_interval {period_s:.0f}
snapshot_filename still
picture_output off
movie_output off
"""


def motion(urls: list[str], folder: Path, period_s: float) -> None:
    """Debian's surveillance program: one process, looks at two frames a second for movement, writes stills."""
    main = MOTION.format(period_s=period_s)
    for number, url in enumerate(urls):
        target, conf = folder / str(number), folder / f"{number}.conf"
        target.mkdir()
        conf.write_text(f"netcam_url {url}\nnetcam_params rtsp_transport=tcp\ntarget_dir {target}\n", "utf-8")
        main += f"camera {conf}\n"
    (folder / "motion.conf").write_text(main, "utf-8")
    os.execvp("motion", ["motion", "-n", "-c", str(folder / "motion.conf")])  # noqa: S606, S607 — as installed


def measure(side: str, urls: list[str], folder: Path, *, period_s: float = PERIOD_S, warm_s: float = WARM_S) -> Row:
    """Start a side, let it warm up, watch it for a while, end it."""
    folder.mkdir()
    command = [sys.executable, __file__, side, str(folder), str(period_s), *urls]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 — ourselves
    try:
        time.sleep(warm_s)
        watched = psutil.Process(process.pid)
        before, began, stills = cpu_s(watched), time.monotonic(), StillCount(folder)
        rss = 0
        while time.monotonic() - began < max(MEASURED_S, 3 * period_s):
            stills.look()
            rss = max(rss, rss_bytes(watched))
            time.sleep(0.25)
        spent = (cpu_s(watched) - before) / (time.monotonic() - began)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # its children too; it leads a session of its own
        process.wait(10)
    return Row(
        side=side, cameras=len(urls), cpu_ms_per_s=spent * 1000, rss_mb=rss / 1e6, pictures=stills.count,
        alive=len(stills.alive), due=due(len(urls), period_s),
    )  # fmt: skip


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it started."""
    return [process, *process.children(recursive=True)]


def cpu_s(process: psutil.Process) -> float:
    """CPU seconds so far, in user and kernel."""
    return sum(times.user + times.system for times in (one.cpu_times() for one in family(process)))


def rss_bytes(process: psutil.Process) -> int:
    """Resident memory; what processes share is counted for each."""
    return sum(one.memory_info().rss for one in family(process))


class StillCount:
    """Counts pictures replaced, by their file times; `alive` are the files that were."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._times()
        self.count = 0
        self.alive: set[Path] = set()

    def look(self) -> None:
        """Count what is new since the last look."""
        now = self._times()
        changed = {path for path in now if now[path] != self._seen.get(path)}
        self.count += len(changed)
        self.alive |= changed
        self._seen = now

    def _times(self) -> dict[Path, int]:
        patterns = ("*.jpg", "*/still.jpg", "shelf/*/full.jpg")
        files = [path for pattern in patterns for path in self._folder.glob(pattern)]
        return {path: path.stat().st_mtime_ns for path in files}


def compare(title: str, clip: Clip, others: int, folder: Path) -> tuple[dict[str, Row], float]:
    """All sides on the same streams, the others with a few cameras, and the first picture; prints the table."""
    sides = ["textbook", "ffmpeg", "motion"]
    if shutil.which("motion") is None:
        print("motion is not installed (apt-get install motion): its row is left out\n")
        sides.remove("motion")
    with RtspFarm(CAMERAS, folder, clip) as farm:
        urls = [farm.url(number) for number in range(CAMERAS)]
        rows = [measure("ours", urls, folder / f"ours-{clip.height}")]
        rows += [measure(side, urls[:others], folder / f"{side}-{clip.height}") for side in sides]
        median_s = first_picture_s(urls[:FIRST_PICTURES])
    show(title, rows)
    for row in rows[1:]:
        print(f"ours / {row.side}: 1/{row.per_camera_ms / rows[0].per_camera_ms:.1f}")
    print(f"first picture after {median_s:.2f} s (median of {FIRST_PICTURES}, from the first byte sent)\n", flush=True)
    return {row.side: row for row in rows}, median_s


def first_picture_s(urls: list[str]) -> float:
    """Connecting, asking, waiting for the keyframe and making three JPEGs of it, one camera after the other."""
    from cctv.camera import Camera, Reach  # noqa: PLC0415 — after the sides, whose processes this one starts
    from cctv.picture import renditions  # noqa: PLC0415
    from cctv.sources.rtsp import SOURCE  # noqa: PLC0415

    took = []
    for url in urls:
        camera = Camera(id="CAM", name="Kamera", lon=117.1, lat=-0.5, url=url, kind="rtsp")
        began = time.monotonic()
        with SOURCE.open(Reach(camera=camera)) as pictures:
            renditions(next(pictures))
        took.append(time.monotonic() - began)
    return statistics.median(took)


def due(cameras: int, period_s: float) -> int:
    """How many stills there should be while it is measured."""
    return int(cameras * max(MEASURED_S, 3 * period_s) / period_s)


def show(title: str, rows: list[Row]) -> None:
    """One table."""
    print(f"### {title}\n")
    print("| | cameras | alive | CPU ms per second and camera | cores | RSS MB | stills made |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        cameras = max(row.cameras, CAMERAS)
        note = "" if row.cameras == cameras else f" (for {cameras}, extrapolated)"
        print(
            f"| {row.side} | {row.cameras} | {row.alive} | {row.per_camera_ms:.1f} "
            f"| {row.per_camera_ms * cameras / 1000:.2f}{note} | {row.rss_mb:.0f} | {row.pictures} of {row.due} |"
        )
    print(flush=True)


def missed(small: dict[str, Row], large: dict[str, Row], first_s: float) -> list[str]:
    """What is dearer than it may be."""
    ours, other = small["ours"], large["ours"]
    said = [
        (ours.per_camera_ms * CAMERAS / 1000, MOST_CORES, "cores for thirty substreams"),
        (ours.rss_mb, MOST_MB, "MB for thirty substreams"),
        (first_s, LATEST_FIRST_S, "seconds to the first picture"),
    ]
    said += [
        (other.per_camera_ms / large[side].per_camera_ms, share, f"of the CPU of {side} at 1080p")
        for side, share in SHARES.items()
        if side in large
    ]
    wrong = [f"{value:.2f} {what}, more than {limit:.2f}" for value, limit, what in said if value > limit]
    return wrong + [f"ours made {row.made:.0%} of the stills" for row in (ours, other) if row.made < LEAST_MADE]


def main() -> None:
    """Print the tables; ends in failure when anything is dearer than it may be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, first_s = compare("640x360 at 15 fps, one still per 2 s", Clip(gop=30), 4, folder)
        clip = Clip(width=1920, height=1080, fps=25, gop=50, kilobits=3000)
        large, _ = compare("1920x1080 at 25 fps, one still per 2 s", clip, 2, folder)
    if wrong := missed(small, large, first_s):
        sys.exit("; ".join(wrong))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        side, folder, period_s, *urls = sys.argv[1:]
        {"ours": ours, "textbook": textbook, "ffmpeg": ffmpeg, "motion": motion}[side](
            urls, Path(folder), float(period_s)
        )
    else:
        main()
