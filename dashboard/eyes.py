"""`GET /api/v1/eyes?lon=&lat=`: which cameras see a place, as the role may know them."""

import orjson
from flask import Flask, Response, request

from dashboard.auth import VIEWERS, Access, viewer_role
from dashboard.panels import eye_said
from dashboard.services import Services
from geodata.errors import BadInput
from geodata.places import place_or_none
from layers.eyes import eyes, how_many_see
from layers.fields import number

ACCESS: Access = {"api_eyes": VIEWERS}


def register(server: Flask, services: Services) -> None:
    """Add the route."""

    def answer() -> Response:
        lon, lat = asked_place(services)
        situation = services.hub.picture(viewer_role()).situation
        found = eyes(situation, lon, lat, services.clock())
        seen_by = sum(eye.sees for eye in found)
        words = how_many_see(seen_by)
        cameras = [eye_said(eye) for eye in found]
        said = {"lon": lon, "lat": lat, "seen_by": seen_by, "text": words.id, "text_en": words.en, "cameras": cameras}
        return Response(orjson.dumps(said), content_type="application/json")

    server.add_url_rule("/api/v1/eyes", "api_eyes", answer)


def asked_place(services: Services) -> tuple[float, float]:
    """The place of the query, within the city. Raises BadInput naming the field."""
    lon, lat = _number("lon"), _number("lat")
    place = place_or_none(services.ground.city, lon, lat)
    if place is None:
        city = services.ground.city
        raise BadInput(f"{lon:g}, {lat:g} is no place in {city.name}; are lon and lat swapped?", field="lon")
    return place


def _number(field: str) -> float:
    try:
        return number(request.args.get(field, ""))
    except ValueError as error:
        raise BadInput(f"{field}: {error}", field=field) from error
