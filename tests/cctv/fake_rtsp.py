"""A scripted RTSP camera for `FakeCamera`, and the RTP it sends: `FakeCamera(speaks(keyframe_packets(…)))`."""

import re
import threading

SPS, PPS = b"\x67\x42\x00\x1e\xab", b"\x68\xce\x38\x80"
IDR = b"\x65\x88" + bytes(range(1, 200))
LATER_IDR_SLICE = b"\x65\x11" + bytes(range(50, 150))
P_SLICE = b"\x41\x9a" + bytes(120)
START = b"\0\0\0\1"
SDP = b"v=0\r\ns=kamera\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"


def rtp(sequence, timestamp, payload, *, marker=False, kind=96):
    """One RTP packet."""
    head = bytes((0x80, kind | (0x80 if marker else 0)))
    return head + sequence.to_bytes(2, "big") + (timestamp % 2**32).to_bytes(4, "big") + b"SSRC" + payload


def woven(channel, packet):
    """As it is woven into the connection."""
    return b"$" + bytes((channel,)) + len(packet).to_bytes(2, "big") + packet


def fragments(unit, size, header=1):
    """The FU payloads of one unit, H.264 with a header of one byte, H.265 of two."""
    kind = unit[0] & 31 if header == 1 else unit[0] >> 1 & 63
    first = bytes((unit[0] & 0xE0 | 28,)) if header == 1 else bytes((unit[0] & 0x81 | 49 << 1, unit[1]))
    rest = [unit[at : at + size] for at in range(header, len(unit), size)]
    last = len(rest) - 1
    return [
        first + bytes((kind | (0x80 if n == 0 else 0) | (0x40 if n == last else 0),)) + p for n, p in enumerate(rest)
    ]


def aggregate(units, header=1):
    """One STAP-A or AP."""
    head = b"\x18" if header == 1 else bytes((48 << 1, 1))
    return head + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


def stream(payloads, timestamp=0, sequence=0):
    """The packets of one access unit; the last has the marker."""
    last = len(payloads) - 1
    return [rtp((sequence + n) % 65536, timestamp, p, marker=n == last) for n, p in enumerate(payloads)]


def sender_report(clock_s, timestamp):
    """An RTCP sender report: the camera's clock (seconds of the Unix age) at a time stamp."""
    seconds = int(clock_s)
    fraction = int((clock_s - seconds) * 2**32)
    said = (seconds + 2_208_988_800, fraction, timestamp, 10, 1000)
    return b"\x80\xc8\x00\x06SSRC" + b"".join(number.to_bytes(4, "big") for number in said)


def speaks(  # noqa: PLR0913 — all that may be different about a camera
    packets=(), *, sdp=SDP, channel=0, every_s=0.0, statuses=None, then=None, before_play=b""
):
    """A camera that goes through DESCRIBE, SETUP and PLAY, then sends `packets`, `every_s` apart, and calls `then`.

    `statuses` maps a method to what is answered instead of "200 OK".
    """

    def behave(connection, asked):
        method = asked.split(b" ", 1)[0].decode()
        status = (statuses or {}).get(method, "200 OK")
        extra = {
            "DESCRIBE": "Content-Type: application/sdp\r\n",
            "SETUP": f"Session: 7;timeout=10\r\nTransport: RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}\r\n",
        }.get(method, "")
        if method == "PLAY":
            connection.sendall(before_play)
        answer(connection, asked, status, extra, sdp if method == "DESCRIBE" else b"")
        if method == "PLAY" and status == "200 OK":
            gone = threading.Event()
            for packet in packets:
                connection.sendall(packet if packet[:1] == b"$" else woven(channel, packet))
                gone.wait(every_s)
            if then:
                then(connection, asked)

    return behave


def answer(connection, asked, status, extra="", body=b""):
    """One RTSP answer."""
    cseq = re.search(rb"CSeq: (\d+)", asked)[1].decode()
    head = f"RTSP/1.0 {status}\r\nCSeq: {cseq}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    connection.sendall(head.encode() + body)
