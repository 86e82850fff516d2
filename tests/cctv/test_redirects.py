"""No camera sends us elsewhere: each way of reading one is led to another address, where nobody may ever come."""

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from fake_camera import gives, says
from fake_rtsp import speaks

from cctv.camera import discover_sources
from cctv.remux import pieces
from geodata.clock import utc_now
from geodata.errors import CameraLost

SOURCES = discover_sources().found
STATUSES = ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
PATIENT = {"open_timeout_s": 10.0, "read_timeout_s": 10.0}


class Elsewhere:
    """A door where nobody may knock."""

    def __init__(self):
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.setblocking(False)  # noqa: FBT003 — the socket's own
        self.port = self._door.getsockname()[1]

    def url(self, scheme="http"):
        """Where it is."""
        return f"{scheme}://127.0.0.1:{self.port}/1"

    @property
    def is_met(self):
        """Whether somebody has connected, if without a word."""
        with suppress(BlockingIOError):
            self._door.accept()[0].close()
            return True
        return False

    def close(self):
        """Lock it."""
        self._door.close()


@pytest.fixture
def elsewhere():
    """It must be alone until the end."""
    door = Elsewhere()
    yield door
    assert not door.is_met
    door.close()


def test_whoever_comes_elsewhere_is_noticed():
    door = Elsewhere()
    assert not door.is_met
    socket.create_connection(("127.0.0.1", door.port), timeout=10).close()
    assert door.is_met
    door.close()


def lost_by(reach):
    with pytest.raises(CameraLost) as lost, SOURCES[reach.camera.kind].open(reach) as pictures:
        next(pictures)
    return lost.value.fault


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", ["http_jpeg", "mjpeg", "http_flv", "mpegts", "hls"])
def test_over_http(fake, elsewhere, reach_to, kind, status):
    camera = fake(says(status, extra=f"Location: {elsewhere.url()}\r\n"))
    assert lost_by(reach_to(camera.url("/1"), kind, **PATIENT)) == "redirected"
    assert camera.asked == 1


def test_a_segment_of_hls(fake, elsewhere, reach_to):
    playlist = f"#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:{utc_now().isoformat()}\n#EXTINF:2,\nown.ts\n".encode()
    moved = says("302 Found", extra=f"Location: {elsewhere.url()}\r\n")

    def behave(connection, asked):
        (moved if b"own.ts" in asked else gives(playlist))(connection, asked)

    camera = fake(behave)
    assert lost_by(reach_to(camera.url("/a.m3u8"), "hls", **PATIENT)) == "redirected"
    assert camera.asked == 2


@pytest.mark.parametrize("status", STATUSES)
def test_the_snapshot_address_beside_a_stream(fake, elsewhere, reach_to, status):
    still = fake(says(status, extra=f"Location: {elsewhere.url()}\r\n"))
    stream = fake(says("404 Not Found", protocol="RTSP/1.0"))
    reach = reach_to(stream.url("/1", "rtsp"), "rtsp", **PATIENT)
    assert lost_by(replace(reach, camera=replace(reach.camera, snapshot_url=still.url()))) == "not_found"
    assert still.asked == 1


@pytest.mark.parametrize("method", ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"])
def test_live_video_that_was_well_when_it_was_asked_first(fake, elsewhere, reach_to, method):
    well, moved = speaks(), speaks(statuses={method: f"302 Moved\r\nLocation: {elsewhere.url('rtsp')}"})

    described = []

    def at_the_second_time(connection, asked):
        described.append(b"DESCRIBE" in asked)
        (well if sum(described) < 2 and b"OPTIONS" not in asked else moved)(connection, asked)

    camera = fake(at_the_second_time)
    with pytest.raises(CameraLost) as lost:
        list(pieces(reach_to(camera.url("/1", "rtsp"), "rtsp", **PATIENT)))
    assert lost.value.fault == "redirected"


def amf(value):
    """As RTMP writes numbers, texts and objects."""
    if isinstance(value, float):
        return b"\x00" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"\x02" + struct.pack(">H", len(value)) + value.encode()
    fields = (struct.pack(">H", len(name)) + name.encode() + amf(one) for name, one in value.items())
    return b"\x03" + b"".join(fields) + b"\x00\x00\x09"


def chunked(body):
    """One command as RTMP cuts it."""
    parts = [body[at : at + 128] for at in range(0, len(body), 128)]
    return b"\x03\0\0\0" + len(body).to_bytes(3, "big") + b"\x14\0\0\0\0" + b"\xc3".join(parts)


def exactly(connection, size, had=b""):
    while len(had) < size:
        more = connection.recv(size - len(had))
        if not more:
            break
        had += more
    return had


def rejects(door, there, asked):
    """One RTMP server for one client: it greets, hears what is wanted, and sends it away."""
    connection, _ = door.accept()
    with connection:
        greeting = exactly(connection, 1537)
        connection.sendall(b"\x03" + bytes(1536) + greeting[1:])
        exactly(connection, 1536)
        asked.append(connection.recv(4096))
        moved = {"code": 302.0, "redirect": there}
        why = {"level": "error", "code": "NetConnection.Connect.Rejected", "description": there, "ex": moved}
        connection.sendall(chunked(amf("_error") + amf(1.0) + b"\x05" + amf(why)))
        connection.settimeout(10)
        with suppress(OSError):
            while connection.recv(4096):
                pass


def test_an_rtmp_server_that_rejects_with_another_address(elsewhere, reach_to):
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(30)
        server = threading.Thread(target=rejects, args=(door, elsewhere.url("rtmp"), asked))
        server.start()
        assert lost_by(reach_to(f"rtmp://127.0.0.1:{door.getsockname()[1]}/live/1", "rtmp", **PATIENT))
        server.join(40)
    assert b"connect" in asked[0]
