"""Hundreds of RTSP cameras for next to nothing: one clip, cut into packets once, sent to everybody by asyncio.

`python feeder.py CLIP FPS` says `ready PORT` and serves any path until it is killed. Debian's GStreamer server, which
the other figures use, needs a pipeline per viewer: with three hundred it eats what is to be measured.
"""

import asyncio
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "cctv")]
from fake_rtsp import fragments, rtp, woven  # noqa: E402 — the path comes first

AUD = b"\0\0\0\1\x09"
MTU = 1380
GROUPS = 10
RATE = 90_000
MOST_WAITING = 4_000_000
SDP = b"v=0\r\ns=feeder\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"


def payloads(frame: bytes) -> list[bytes]:
    """What goes into the packets of one access unit."""
    units = [unit.rstrip(b"\0") for unit in frame.split(b"\0\0\1")[1:]]
    units = [unit for unit in units if unit and unit[0] & 31 != 9]  # without the delimiter
    return [part for unit in units for part in ([unit] if len(unit) <= MTU else fragments(unit, MTU))]


class Feeder:
    """Everybody in a group gets the same packets; the groups are not in step."""

    def __init__(self, clip: Path, fps: float) -> None:
        self.frames = [payloads(AUD + unit) for unit in clip.read_bytes().split(AUD)[1:]]
        self.fps = fps
        self.groups: list[set[asyncio.StreamWriter]] = [set() for _ in range(GROUPS)]
        self.sequences = [0] * GROUPS
        self.came = 0

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer whatever is asked."""
        group = self.groups[self.came % GROUPS]
        self.came += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, cseq = head.split()[0], head.split("CSeq: ")[1].split()[0]
                body = SDP if method == "DESCRIBE" else b""
                more = "Session: 1\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n" if method == "SETUP" else ""
                said = f"RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
                writer.write(said.encode() + body)
                if method == "PLAY":
                    group.add(writer)
        except (OSError, asyncio.IncompleteReadError):
            group.discard(writer)
            writer.close()

    async def play(self) -> None:
        """A frame to everybody, `fps` times a second."""
        loop, tick = asyncio.get_running_loop(), 0
        began = loop.time()
        while True:
            for number, group in enumerate(self.groups):
                data = self.packets(number, tick)
                for writer in group:
                    if writer.transport.get_write_buffer_size() < MOST_WAITING:
                        writer.write(data)
            tick += 1
            await asyncio.sleep(max(0.0, began + tick / self.fps - loop.time()))

    def packets(self, number: int, tick: int) -> bytes:
        """The frame that is due in that group."""
        frame = self.frames[(tick + number * len(self.frames) // GROUPS) % len(self.frames)]
        first, last = self.sequences[number], len(frame) - 1
        self.sequences[number] = (first + len(frame)) % 65_536
        stamp = int(tick * RATE / self.fps)
        return b"".join(
            woven(0, rtp((first + n) % 65_536, stamp, part, marker=n == last)) for n, part in enumerate(frame)
        )


async def main(clip: str, fps: str) -> None:
    """Serve until killed."""
    feeder = Feeder(Path(clip), float(fps))
    server = await asyncio.start_server(feeder.meet, "127.0.0.1", 0, backlog=512)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await feeder.play()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
