"""Real RTSP cameras for tests and benchmarks: a clip made once, served by Debian's GStreamer RTSP server.

`with RtspFarm(30, folder) as farm: farm.url(7)`. `farm.pause(7)` silences one in mid-stream, `farm.kill()` is a
power cut for all of them. Import it by path from anywhere under tests/.
"""

import select
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SYSTEM_PYTHON = "/usr/bin/python3"
SERVER = Path(__file__).with_name("rtsp_server.py")
_READY_S = 20
_ENCODERS = {
    "h264": ("-c:v", "libx264", "-profile:v", "main", "-preset", "veryfast", "-bsf:v", "h264_metadata=aud=insert"),
    "hevc": ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "aud=1:open-gop=0:scenecut=0:log-level=none"),
}


@dataclass(frozen=True, slots=True)
class Clip:
    """What every camera shows; a keyframe each `gop` frames."""

    width: int = 640
    height: int = 360
    fps: int = 15
    gop: int = 15
    seconds: int = 4
    kilobits: int = 512
    codec: str = "h264"

    @property
    def name(self) -> str:
        """A file name that says it all, so that a clip can be used again."""
        return f"{self.width}x{self.height}at{self.fps}gop{self.gop}s{self.seconds}k{self.kilobits}.{self.codec}"


def make_clip(clip: Clip, folder: Path) -> Path:
    """Encode the clip with ffmpeg unless it is there already."""
    path = folder / clip.name
    if path.exists():
        return path
    part = path.with_suffix(".part")
    picture = f"testsrc2=size={clip.width}x{clip.height}:rate={clip.fps},noise=alls=12:allf=t"
    rate = f"{clip.kilobits}k"
    command = [
        "ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", picture, "-t", str(clip.seconds),
        *_ENCODERS[clip.codec], "-bf", "0", "-g", str(clip.gop), "-keyint_min", str(clip.gop), "-sc_threshold", "0",
        "-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-pix_fmt", "yuv420p", "-f", clip.codec, str(part),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=120)  # noqa: S603 — ours
    return part.rename(path)


class RtspFarm:
    """`count` cameras at `rtsp://127.0.0.1:<port>/0` and so on, until the context ends."""

    def __init__(self, count: int, folder: Path, clip: Clip | None = None, login: tuple[str, ...] = ()) -> None:
        self._clip = clip or Clip()
        self._command = [
            SYSTEM_PYTHON, str(SERVER), str(make_clip(self._clip, folder)), str(self._clip.fps), str(self._clip.gop),
            str(count), *login,
        ]  # fmt: skip
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 — ours
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if not select.select([self._process.stdout], [], [], _READY_S)[0]:
            self.kill()
            raise TimeoutError("the RTSP server did not get ready")
        word, _, port = (self._process.stdout.readline() if self._process.stdout else "").partition(" ")
        if word != "ready":
            self.kill()
            raise RuntimeError("the RTSP server died; are gir1.2-gst-rtsp-server-1.0 and python3-gi installed?")
        self.port = int(port)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """Of the server."""
        return self._process.pid if self._process else 0

    def url(self, number: int) -> str:
        """Where camera `number` (from 0) is."""
        return f"rtsp://127.0.0.1:{self.port}/{number}"

    def pause(self, number: int) -> None:
        """Camera `number` sends nothing more, its connection stays."""
        self._order(f"pause {number}")

    def resume(self, number: int) -> None:
        """It goes on."""
        self._order(f"resume {number}")

    def _order(self, order: str) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.write(f"{order}\n")
            self._process.stdin.flush()

    def kill(self) -> None:
        """As if the power were cut."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process = None
