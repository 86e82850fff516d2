"""`GET /api/v1/cameras/<id>/card`: why a camera may look at a public place, for everybody who may see the camera.

What nobody has filled in is said, not left out (UU PDP 27/2022, article 17).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import orjson
from flask import Flask, Response

from cctv.camera import Camera
from dashboard.auth import VISITORS, Access, viewer_role
from dashboard.media import MAY_SEE
from dashboard.services import Services
from geodata.errors import NotFound
from layers.layer import Words

ACCESS: Access = {"api_camera_card": VISITORS}
UNFILLED = Words(id="belum diisi", en="not filled in yet")
TITLES: Mapping[str, Words] = MappingProxyType(
    {
        "owner": Words(id="Pemilik", en="Owner"),
        "purpose": Words(id="Tujuan", en="Purpose"),
        "legal_basis": Words(id="Dasar hukum", en="Legal basis"),
        "notice": Words(id="Papan pemberitahuan", en="Notice"),
        "retention": Words(id="Lama simpan", en="Retention"),
        "contact": Words(id="Kontak", en="Contact"),
    }
)


def said(camera: Camera) -> dict[str, str | None]:
    """What is known, by the key of its title; None where nobody said it."""
    card = camera.card
    return {
        "owner": camera.owner,
        "purpose": card.purpose,
        "legal_basis": card.legal_basis,
        "notice": card.notice,
        "retention": card.retention,
        "contact": card.contact,
    }


def missing(camera: Camera) -> list[str]:
    """The keys of what nobody said."""
    return [key for key, words in said(camera).items() if not words]


def gaps(cameras: Iterable[Camera]) -> dict[str, Any]:
    """For admins: how many cards are not complete, and how often what is missing."""
    lacks = [found for camera in cameras if (found := missing(camera))]
    return {"incomplete": len(lacks), "missing": dict(sorted(Counter(key for one in lacks for key in one).items()))}


def register(server: Flask, services: Services) -> None:
    """Add the route."""

    def card(camera_id: str) -> Response:
        camera = _if_shown(services, camera_id)
        body = {"id": camera.id, "name": camera.name, "fields": _fields(camera), "missing": missing(camera)}
        response = Response(orjson.dumps(body), content_type="application/json")
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Cookie, Authorization"
        return response

    server.add_url_rule("/api/v1/cameras/<path:camera_id>/card", "api_camera_card", card)


def _if_shown(services: Services, camera_id: str) -> Camera:
    allowed = MAY_SEE[viewer_role()]
    for camera in services.inventory():
        if camera.id == camera_id and camera.audience in allowed:
            return camera
    raise NotFound(f"no camera {camera_id!r} in the inventory")


def _fields(camera: Camera) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "title": TITLES[key].id,
            "title_en": TITLES[key].en,
            "text": words or UNFILLED.id,
            "text_en": words or UNFILLED.en,
            "is_missing": not words,
        }
        for key, words in said(camera).items()
    ]
