"""Ask an RTSP camera to DESCRIBE itself before FFmpeg is let at it.

FFmpeg would follow a redirect to any host, and its errors say little. One question over our own socket tells
"wrong password" from "no such path" from "no answer", and refuses redirects while nothing has been sent there.
"""

import re
from collections.abc import Sequence
from io import BufferedReader

from cctv.address import Address, address_of
from cctv.camera import Reach
from cctv.digest import authorization, strongest
from cctv.faults import Broken
from cctv.wire import Wire, connect

_STATUS = re.compile(r"RTSP/\d\.\d (\d{3})")
_MAX_LINES = 100
_MAX_LINE = 4096
_OK = 200
_UNAUTHORISED = 401
_REDIRECTS = range(300, 400)
_FAULTS = {401: "wrong_password", 403: "wrong_password", 404: "not_found", 454: "not_found", 461: "camera_error"}


def knock(reach: Reach) -> None:
    """Returns when the camera is ready to describe its stream. Raises Broken or OSError with the reason."""
    address = address_of(reach)
    wire = connect(address.host, address.port, reach.open_timeout_s, is_tls=address.is_tls)
    with wire, wire.makefile("rb") as answers:
        status = _ask(wire, answers, address, reach)
    if status in _REDIRECTS:
        raise Broken("redirected")
    if status != _OK:
        raise Broken(_FAULTS.get(status, "camera_error"))


def _ask(wire: Wire, answers: BufferedReader, address: Address, reach: Reach) -> int:
    url = f"{address.scheme}://{address.host_and_port}{address.target}"
    status, headers = _describe(wire, answers, url, 1, None)
    challenge = strongest(headers)
    if status != _UNAUTHORISED or challenge is None or reach.username is None:
        return status
    proof = authorization(challenge, "DESCRIBE", url, reach.username, reach.password or "")
    return _describe(wire, answers, url, 2, proof)[0]


def _describe(
    wire: Wire, answers: BufferedReader, url: str, number: int, proof: str | None
) -> tuple[int, Sequence[str]]:
    """(status, the challenges)."""
    signed = f"Authorization: {proof}\r\n" if proof else ""
    asked = (
        f"DESCRIBE {url} RTSP/1.0\r\nCSeq: {number}\r\nUser-Agent: layar112\r\nAccept: application/sdp\r\n{signed}\r\n"
    )
    wire.sendall(asked.encode())
    status, challenges, length = 0, [], 0
    for number_of_line in range(_MAX_LINES):
        line = answers.readline(_MAX_LINE).decode("latin-1").strip()
        if number_of_line == 0:
            status = _status(line)
        name, _, value = line.partition(":")
        if name.lower() == "www-authenticate":
            challenges.append(value)
        if name.lower() == "content-length":
            length = int(value)
        if not line:
            break
    if status == _UNAUTHORISED:
        answers.read(min(length, _MAX_LINE))
    return status, challenges


def _status(line: str) -> int:
    if not line:
        raise Broken("ended")
    found = _STATUS.match(line)
    if not found:
        raise Broken("garbled")
    return int(found[1])
