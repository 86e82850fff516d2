"""How a camera looked when it learnt its street: the small still that its pictures are compared with, for admins."""

import hashlib
from pathlib import Path

from flask import Flask, Response, request

from cctv.masks import masks_text
from cctv.picture import encode
from cctv.truth_aim import FOLDER, SLOTS, AimBook, Slot
from dashboard.auth import ADMIN, Access, principal
from dashboard.services import Services
from geodata.errors import BadInput, NotFound

ACCESS: Access = {"camera_reference": ADMIN}
_UNCHANGED = 304
_SLOTS: dict[str, Slot] = {slot: slot for slot in SLOTS}


def register(server: Flask, services: Services, data_dir: Path) -> None:
    """Add `/cameras/<id>/reference.jpg?light=day|night`."""
    book = AimBook(data_dir / FOLDER)

    def camera_reference(camera_id: str) -> Response:
        slot = _slot(request.args.get("light", "day"))
        jpeg = _jpeg(services, book, camera_id, slot)
        response = Response(jpeg, content_type="image/jpeg")
        response.set_etag(hashlib.sha256(jpeg).hexdigest())
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Cookie, Authorization"
        response.make_conditional(request)
        if response.status_code != _UNCHANGED:  # who asks again for what they hold was shown nothing
            services.audit.note(principal().name, "camera.reference", camera_id, light=slot)
        return response

    server.add_url_rule("/cameras/<path:camera_id>/reference.jpg", "camera_reference", camera_reference)


def _slot(said: str) -> Slot:
    if said not in _SLOTS:
        raise BadInput(f"light is {' or '.join(_SLOTS)}; not {said!r}", field="light")
    return _SLOTS[said]


def _jpeg(services: Services, book: AimBook, camera_id: str, slot: Slot) -> bytes:
    """As it was learnt under the masks that hold now: what was learnt under others may show what these hide."""
    camera = next((one for one in services.inventory() if one.id == camera_id), None)
    if camera is None:
        raise NotFound(f"no camera {camera_id!r} in the inventory")
    reference = book.load(camera_id, masks_text(camera.masks)).references.get(slot)
    if reference is None:
        raise NotFound(f"camera {camera_id} has not learnt yet how it looks by {slot}; it needs two clear minutes")
    return encode(reference.grey)
