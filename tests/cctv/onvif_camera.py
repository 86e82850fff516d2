"""A virtual ONVIF camera on 127.0.0.1: real HTTP and SOAP, a WS-UsernameToken that is verified, discovery by UDP.

`with OnvifCamera([Stream(...)], login=("admin", "rahasia")) as camera: camera.port`. `behave` may replace what it
answers to a question; `also` says where it claims its services are.
"""

import hashlib
import re
import socket
import struct
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

LOOP = socket.if_nametoindex("lo")
LOGIN = ("pengawas", "rahasia&<sekali>")
_SERVICES = {
    "http://www.onvif.org/ver10/device/wsdl": "/onvif/device_service",
    "http://www.onvif.org/ver10/media/wsdl": "/onvif/media_service",
}
_WORDS = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
)
_DENIED = (
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:ter="http://www.onvif.org/ver10/error">'
    "ter:NotAuthorized</s:Value></s:Subcode></s:Code><s:Reason><s:Text>Sender not Authorized</s:Text></s:Reason>"
    "</s:Fault>"
)


@dataclass(frozen=True, slots=True)
class Stream:
    """One profile: what it is called, and where its video and its stills are."""

    token: str
    url: str
    snapshot: str = ""
    codec: str = "H264"
    width: int = 1920
    height: int = 1080
    fps: int = 25


TWO = (
    Stream("main", "rtsp://admin:bocor@192.168.1.64:554/Streaming/101?profile=1", "http://192.168.1.64/snap.jpg"),
    Stream("sub", "rtsp://192.168.1.64:554/Streaming/102", "http://192.168.1.64/snap2.jpg", "H264", 640, 360, 15),
)


def envelope(body: str) -> bytes:
    """A SOAP answer."""
    return f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {_WORDS}><s:Body>{body}</s:Body></s:Envelope>'.encode()


class OnvifCamera:
    """`asked` are the questions it heard; `refused` how often somebody was not signed in."""

    def __init__(
        self,
        streams: Sequence[Stream] = TWO,
        login: tuple[str, str] | None = LOGIN,
        also: str = "http://192.168.1.64",
        behave: Callable[[BaseHTTPRequestHandler, str], bool] | None = None,
    ) -> None:
        self.streams = {stream.token: stream for stream in streams}
        self.login = login
        self.also = also
        self.behave = behave
        self.asked: list[str] = []
        self.heard = ""
        self.refused = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._ears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._ears.bind(("127.0.0.1", 0))
        self.discovery_port = self._ears.getsockname()[1]
        self._group_ears = _group_ears()
        self.group_port = self._group_ears.getsockname()[1]
        self.answers = [self.match(f"http://127.0.0.1:{self.port}/onvif/device_service")]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.heard += body
                question = re.search(r"Body[^>]*>\s*<(?:\w+:)?(\w+)", body)
                outer.asked.append(question[1] if question else "")
                if outer.behave and outer.behave(self, outer.asked[-1]):
                    return
                self.say(*outer.answer(outer.asked[-1], body))

            def say(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
                self.send_response(status)
                for name, value in (("Content-Type", "application/soap+xml"), *headers):
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def answer(self, question: str, body: str) -> tuple[int, bytes]:
        """The camera's own answer to a question."""
        if question == "GetSystemDateAndTime":
            return 200, envelope(_clock())
        if self.login and not _is_signed(body, self.login):
            self.refused += 1
            return 400, envelope(_DENIED)
        return 200, envelope(getattr(self, f"_{question}")(body))

    def _GetDeviceInformation(self, _body: str) -> str:  # noqa: N802 — named as the question
        said = "<tds:Manufacturer>Contoh</tds:Manufacturer><tds:Model>K-112</tds:Model>"
        return f"<tds:GetDeviceInformationResponse>{said}</tds:GetDeviceInformationResponse>"

    def _GetServices(self, _body: str) -> str:  # noqa: N802 — named as the question
        said = "".join(
            f"<tds:Service><tds:Namespace>{space}</tds:Namespace><tds:XAddr>{self.also}{path}</tds:XAddr></tds:Service>"
            for space, path in _SERVICES.items()
        )
        return f"<tds:GetServicesResponse>{said}</tds:GetServicesResponse>"

    def _GetProfiles(self, _body: str) -> str:  # noqa: N802 — named as the question
        return f"<trt:GetProfilesResponse>{''.join(map(_profile, self.streams.values()))}</trt:GetProfilesResponse>"

    def _GetStreamUri(self, body: str) -> str:  # noqa: N802 — named as the question
        return _uri("GetStreamUri", self._meant(body).url)

    def _GetSnapshotUri(self, body: str) -> str:  # noqa: N802 — named as the question
        return _uri("GetSnapshotUri", self._meant(body).snapshot)

    def _meant(self, body: str) -> Stream:
        token = re.search(r"ProfileToken>([^<]+)<", body)
        assert token, body
        return self.streams[token[1]]

    def match(self, address: str, name: str = "Jembatan%20Mahakam") -> bytes:
        """An answer to a probe."""
        return (
            '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
            'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Body><d:ProbeMatches><d:ProbeMatch>'
            f"<d:Scopes>onvif://www.onvif.org/name/{name} onvif://www.onvif.org/hardware/K-112</d:Scopes>"
            f"<d:XAddrs>http://192.168.1.64/onvif/device_service {address}</d:XAddrs>"
            "</d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
        ).encode()

    def _hear(self, ears: socket.socket) -> None:
        with suppress(OSError):
            while True:
                question, sender = ears.recvfrom(65_535)
                if b"Probe" in question:
                    for answer in self.answers:
                        self._ears.sendto(answer, sender)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        for ears in (self._ears, self._group_ears):
            threading.Thread(target=self._hear, args=(ears,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for ears in (self._ears, self._group_ears):
            with suppress(OSError):
                ears.shutdown(socket.SHUT_RDWR)
            ears.close()


def _group_ears() -> socket.socket:
    """A member of the group of discovery on this machine's own loop: nothing leaves the machine."""
    ears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ears.bind(("239.255.255.250", 0))
    loop = struct.pack("4s4si", socket.inet_aton("239.255.255.250"), bytes(4), LOOP)
    ears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, loop)
    return ears


def _is_signed(body: str, login: tuple[str, str]) -> bool:
    """WS-UsernameToken: the digest of nonce, time and password."""
    said = {
        name: found[1]
        for name in ("Username", "Password", "Nonce", "Created")
        if (found := re.search(rf"<(?:\w+:)?{name}(?:\s[^>]*)?>([^<]*)<", body))
    }
    if len(said) < 4:
        return False
    proof = hashlib.sha1(b64decode(said["Nonce"]) + said["Created"].encode() + login[1].encode())  # noqa: S324 — ONVIF's
    return said["Username"] == login[0] and said["Password"] == b64encode(proof.digest()).decode()


def _clock() -> str:
    now = datetime.now(UTC)
    time = f"<tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute><tt:Second>{now.second}</tt:Second>"
    date = f"<tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day>"
    utc = f"<tt:UTCDateTime><tt:Time>{time}</tt:Time><tt:Date>{date}</tt:Date></tt:UTCDateTime>"
    return (
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
        f"{utc}</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def _profile(stream: Stream) -> str:
    size = f"<tt:Width>{stream.width}</tt:Width><tt:Height>{stream.height}</tt:Height>"
    return (
        f'<trt:Profiles token="{stream.token}"><tt:Name>{stream.token}</tt:Name>'
        f'<tt:VideoEncoderConfiguration token="v{stream.token}"><tt:Encoding>{stream.codec}</tt:Encoding>'
        f"<tt:Resolution>{size}</tt:Resolution><tt:RateControl><tt:FrameRateLimit>{stream.fps}</tt:FrameRateLimit>"
        "</tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>"
    )


def _uri(question: str, url: str) -> str:
    plain = url.replace("&", "&amp;")
    return f"<trt:{question}Response><trt:MediaUri><tt:Uri>{plain}</tt:Uri></trt:MediaUri></trt:{question}Response>"
