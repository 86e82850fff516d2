"""How cameras behave, well and ill. The simplest come from `fake_camera.py`."""

import asyncio
import os
import time

from fake_camera import answer as http_answer
from fake_camera import jpeg, says
from fake_rtsp import answer, rtp, sender_report, woven
from zoo.film import FPS, alive, film, frozen

_TICKS = 90_000
_MEGABYTES = 100
SDP = b"v=0\r\ns=kamera\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
UNKNOWN_SDP = SDP.replace(b"H264", b"X-RAHASIA-PABRIK")


def well(visit, _asked):
    """A camera with one JPEG per question, never twice the same."""
    visit.sendall(http_answer(jpeg(320, 180, 40 + time.monotonic_ns() // 50_000_000 % 160)))


def streams(play, sdp=SDP):
    """An RTSP camera that does `await play(visit)` once it is asked to."""

    async def behave(visit, asked):
        method = asked.split(b" ", 1)[0].decode()
        extra = {
            "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n",
            "DESCRIBE": "Content-Type: application/sdp\r\n",
            "SETUP": "Session: 7;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
            "PLAY": "Session: 7\r\n",
        }.get(method, "")
        answer(visit, asked, "200 OK", extra, sdp if method == "DESCRIBE" else b"")
        if method == "PLAY":
            await play(visit)

    return behave


def shows(shown, *, clock_ahead_s=0.0):
    """Plays a film from its beginning, over and over, and reports its clock each second."""

    async def play(visit):
        began_s, sequence, number = time.monotonic(), 0, 0
        while True:
            stamp = number * _TICKS // FPS
            if number % FPS == 0:
                await visit.send(woven(1, sender_report(time.time() + clock_ahead_s, stamp)))
            payloads = shown.frames[number % len(shown.frames)]
            last = len(payloads) - 1
            packets = [rtp((sequence + n) % 65536, stamp, p, marker=n == last) for n, p in enumerate(payloads)]
            await visit.send(b"".join(woven(0, packet) for packet in packets))
            sequence, number = sequence + len(packets), number + 1
            await asyncio.sleep(max(0.0, began_s + number / FPS - time.monotonic()))

    return play


STREAM = streams(shows(film(alive)))
FREEZES = streams(shows(film(frozen)))
RARE = streams(shows(film(alive, gop=20 * FPS, count=20 * FPS)))
A_DAY_OFF = streams(shows(film(alive), clock_ahead_s=86_400.0))


async def mute(visit, _asked):
    """Takes the question and says nothing."""
    await visit.gone()


async def garbage(visit, _asked):
    """Answers with noise, as fast as it is taken."""
    while True:
        await visit.send(os.urandom(4096))


async def drip(visit, _asked):
    """One byte a second, for ever."""
    for byte in b"RTSP/1.0 200 OK\r\nX-A: " + b"a" * 5000:
        await visit.send(bytes([byte]))
        await asyncio.sleep(1)


async def endless_sdp(visit, asked):
    """Describes itself without end."""
    answer(visit, asked, "200 OK", "Content-Type: application/sdp\r\nX: ", b"")
    while True:
        await visit.send(b"a=x:" + b"A" * 4000 + b"\r\n")


async def _half_a_keyframe(visit):
    payloads = film(alive).frames[0]
    for number, payload in enumerate(payloads[:-2]):
        await visit.send(woven(0, rtp(number, 0, payload)))
    await visit.end()


DIES = streams(_half_a_keyframe)


async def _nothing(visit):
    await visit.gone()


STALLS = streams(_nothing)
UNKNOWN_CODEC = streams(shows(film(alive)), UNKNOWN_SDP)


async def huge(visit, _asked):
    """A JPEG of 100 MB of which nobody says how long it is."""
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\n\r\n\xff\xd8")
    for _ in range(_MEGABYTES * 16):
        await visit.send(b"\0" * 65_536)


async def announces(visit, _asked):
    """Says beforehand that its JPEG has 100 MB."""
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 100000000\r\n\r\n\xff\xd8")
    await visit.gone()


async def endless_part(visit, _asked):
    """Pushes JPEGs, of which the first never ends."""
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n")
    await visit.send(b"--b\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8")
    for _ in range(_MEGABYTES * 16):
        await visit.send(b"\0" * 65_536)


def redirects(cage):
    """Sends everybody to itself."""
    return says("302 Found", extra=f"Location: {cage.url('/gambar.jpg', 'http')}\r\n")
