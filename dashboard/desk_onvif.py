"""`POST /api/v1/cameras/discover` and `/onvif`: find cameras, and what they offer, before any is listed. Admins only.

Nothing is asked outside the guard's networks, and nobody who answers from there is told of.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response

from cctv.entry import OUTSIDE
from cctv.faults import Broken
from cctv.form import shown_address
from cctv.guard import Guard
from cctv.inventory import load_cameras
from cctv.onvif_aside import ask, discover
from cctv.onvif_words import GROUP, PORT, USUAL_PATH, Device, Found, Offer, Profile, proposed
from cctv.wire import resolve
from dashboard.auth import ADMIN, Access
from dashboard.desk import Desk
from dashboard.desk_camera import fault_words
from dashboard.desk_request import busy, json_body, text_of, told
from geodata.errors import BadInput

ACCESS: Access = {"api_cameras_discover": ADMIN, "api_cameras_onvif": ADMIN}
AT_ONCE = 2
_LOOKUP_S = 3.0
_LAST_PORT = 65_535


def register(server: Flask, desk: Desk) -> None:
    """Add the two routes; together they do so many things at once."""
    places = threading.BoundedSemaphore(AT_ONCE)

    def discovery() -> Response:
        body = json_body()
        return _in_turn(places, lambda: _discovered(desk, body))

    def onvif() -> Response:
        device = _device(json_body(), desk.guard)
        return _in_turn(places, lambda: _offered(desk, device))

    post = ["POST"]
    server.add_url_rule("/api/v1/cameras/discover", "api_cameras_discover", discovery, methods=post)
    server.add_url_rule("/api/v1/cameras/onvif", "api_cameras_onvif", onvif, methods=post)


def _in_turn(places: threading.BoundedSemaphore, work: Callable[[], Response]) -> Response:
    if not places.acquire(blocking=False):
        return busy("somebody is looking for cameras already; try again in some seconds")
    try:
        return work()
    finally:
        places.release()


def _discovered(desk: Desk, body: Mapping[str, Any]) -> Response:
    """All that answer on the network, or one host alone."""
    place = (_allowed_host(body, desk.guard), _port(body, PORT)) if body.get("host") else (GROUP, PORT)
    fault: str | None = None
    found: tuple[Found, ...] = ()
    try:
        found = discover(desk.guard, place)
    except Broken as broken:
        fault = broken.fault
    desk.note("camera.discover", str(body.get("host") or "network")[:200], found=len(found), fault=fault)
    listed = {urlsplit(camera.url).hostname: camera.id for camera in load_cameras(desk.data_dir)}
    cameras = [{**asdict(one), "listed": listed.get(one.host)} for one in found]
    return told({"ok": fault is None, **_faulty(fault), "cameras": cameras})


def _device(body: dict[str, Any], guard: Guard) -> Device:
    return Device(
        host=_allowed_host(body, guard),
        port=_port(body, 80),
        path=_path(body),
        user=text_of(body, "user") or "",
        password=text_of(body, "password") or "",
    )


def _path(body: dict[str, Any]) -> str:
    path = text_of(body, "path") or USUAL_PATH
    if not path.startswith("/") or not path.isascii() or not path.isprintable() or set(path) & set(" ?#@\\"):
        raise BadInput("path: is no path such as /onvif/device_service", field="path")
    return path


def _port(body: Mapping[str, Any], usual: int) -> int:
    port = body.get("port")
    if port is None:
        return usual
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= _LAST_PORT:
        raise BadInput("port: is no number from 1 to 65535", field="port")
    return port


def _allowed_host(body: Mapping[str, Any], guard: Guard) -> str:
    """The address of the host, where a camera may be: what is checked here is what is asked."""
    host = text_of(dict(body), "host")
    if not host:
        raise BadInput("host: is missing", field="host")
    try:
        return resolve(host.strip(), _port(body, 80), _LOOKUP_S, guard)
    except Broken:
        raise BadInput(f"host: {OUTSIDE}", field="host") from None
    except (OSError, UnicodeError):
        raise BadInput("host: its name is not known to the network", field="host") from None


def _offered(desk: Desk, device: Device) -> Response:
    try:
        offer = ask(device, desk.guard)
    except Broken as broken:
        desk.note("camera.onvif", device.host, fault=broken.fault)
        return told({"ok": False, **_faulty(broken.fault), "profiles": [], "proposal": None})
    desk.note("camera.onvif", device.host, profiles=len(offer.profiles))
    return told(_told(offer))


def _told(offer: Offer) -> dict[str, Any]:
    chosen = proposed(offer.profiles)
    return {
        "ok": True,
        **_faulty(None),
        "maker": offer.maker,
        "model": offer.model,
        "profiles": [_profile(one) for one in offer.profiles],
        "proposal": chosen and {**_profile(chosen), "kind": "rtsp", "profile": chosen.token},
    }


def _profile(profile: Profile) -> dict[str, Any]:
    """`url` and `snapshot_url` are to be listed, with places where credentials were; `address` is to be shown."""
    url, still = profile.url, profile.snapshot_url
    return {
        **asdict(profile),
        "address": shown_address(url) if url else None,
        "snapshot_address": shown_address(still) if still else None,
    }


def _faulty(fault: str | None) -> dict[str, Any]:
    return {"fault": fault, "sentence": fault_words(fault)}
