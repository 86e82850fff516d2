"""Real media servers on 127.0.0.1 for everything that is not RTSP: Debian's ffmpeg plays a clip for ever, at its pace.

`with StreamServer(clip).flv() as url:` and so on; also `.rtmp()`, `.udp()`, `.rtp()`, and `.hls(folder)` whose files a
small HTTP server gives out. Clips come from `rtsp_farm.make_clip`. Import it by path from anywhere under tests/.
"""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rtsp_farm import Clip, make_clip

_READY_S = 30


def free_port(kind=socket.SOCK_STREAM):
    """A port nobody has now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def playable(clip: Clip, folder: Path) -> Path:
    """The clip with time stamps, in a file that can be played again and again."""
    raw = make_clip(clip, folder)
    path = raw.with_suffix(f".{clip.codec}.mkv")
    if not path.exists():
        part = path.with_suffix(".part")
        command = ["ffmpeg", "-v", "error", "-y", "-r", str(clip.fps), "-f", clip.codec, "-i", str(raw), "-c", "copy"]
        subprocess.run([*command, "-f", "matroska", str(part)], check=True, timeout=60)  # noqa: S603 — ours
        part.rename(path)
    return path


class Quiet(SimpleHTTPRequestHandler):
    """Files with Date and Last-Modified."""

    def log_message(self, *_args):
        """Says nothing."""


class StreamServer:
    """One clip, served one way at a time."""

    def __init__(self, clip: Clip, folder: Path) -> None:
        self._clip = playable(clip, folder)

    def as_flv(self) -> bytes:
        """The whole clip as one FLV file."""
        command = ["ffmpeg", "-v", "error", "-i", str(self._clip), "-c", "copy", "-f", "flv", "-"]
        return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout  # noqa: S603 — ours

    @contextmanager
    def _playing(self, *output: str) -> Iterator[subprocess.Popen]:
        command = ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(self._clip), "-c", "copy", *output]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 — ours
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)

    @contextmanager
    def _waiting(self, form: str, url: str) -> Iterator[str]:
        """`url`, where FFmpeg waits for its one client."""
        with self._playing("-f", form, "-listen", "1", url):
            wait_for(lambda: is_listening(url))
            yield url

    def flv(self) -> AbstractContextManager[str]:
        """FLV over HTTP, to one client."""
        return self._waiting("flv", f"http://127.0.0.1:{free_port()}/live.flv")

    def ts(self) -> AbstractContextManager[str]:
        """MPEG-TS over HTTP, to one client."""
        return self._waiting("mpegts", f"http://127.0.0.1:{free_port()}/live.ts")

    def rtmp(self) -> AbstractContextManager[str]:
        """RTMP, to one client."""
        return self._waiting("flv", f"rtmp://127.0.0.1:{free_port()}/live/kamera")

    @contextmanager
    def udp(self, form="mpegts", scheme="udp") -> Iterator[str]:
        """MPEG-TS to a port of ours."""
        url = f"{scheme}://127.0.0.1:{free_port(socket.SOCK_DGRAM)}"
        with self._playing("-f", form, f"{url}?pkt_size=1316"):
            yield url

    def rtp(self):
        """The same in RTP."""
        return self.udp("rtp_mpegts", "rtp")

    @contextmanager
    def hls(self, folder: Path, *options: str, seconds: float = 1) -> Iterator[str]:
        """A playlist and its segments over HTTP."""
        kept = ("-hls_time", str(seconds), "-hls_list_size", "4", "-hls_flags", "delete_segments+temp_file")
        with self._playing("-f", "hls", *kept, *options, str(folder / "kamera.m3u8")), files(folder) as root:
            wait_for((folder / "kamera.m3u8").exists)
            yield f"{root}/kamera.m3u8"


@contextmanager
def files(folder: Path) -> Iterator[str]:
    """The files of a folder over HTTP."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def wait_for(look):
    """Until it is so."""
    end = time.monotonic() + _READY_S
    while not look():
        assert time.monotonic() < end, "the server did not get ready"
        time.sleep(0.05)


def is_listening(url):
    """Whether somebody listens there, found without knocking: these servers take one client."""
    port = f":{int(url.split(':')[2].split('/')[0]):04X}"
    rows = Path("/proc/net/tcp").read_text("utf-8").splitlines()[1:]
    return any(row.split()[1].endswith(port) and row.split()[3] == "0A" for row in rows)
