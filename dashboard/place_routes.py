"""What a hand at the map asks: where something is, and what is at a place. Never for visitors."""

from typing import Any

import orjson
from flask import Flask, Response, request

from dashboard.auth import VIEWERS, Access, viewer_role
from dashboard.eyes import asked_place
from dashboard.here import here
from dashboard.search import MOST_LETTERS, found_said, search
from dashboard.services import Services
from geodata.errors import BadInput

ACCESS: Access = {"api_search": VIEWERS, "api_here": VIEWERS}


def register(server: Flask, services: Services) -> None:
    """Add `/api/v1/search` and `/api/v1/here`."""

    def api_search() -> Response:
        said = request.args.get("q", "")
        if len(said) > MOST_LETTERS:
            raise BadInput(f"q: at most {MOST_LETTERS} letters are searched for", field="q")
        found = search(services.hub.picture(viewer_role()).situation, services.clock(), said)
        return _json({"q": said, "found": [found_said(one) for one in found]})

    def api_here() -> Response:
        lon, lat = asked_place(services)
        return _json(here(services.hub.picture(viewer_role()).situation, lon, lat, services.clock()))

    server.add_url_rule("/api/v1/search", "api_search", api_search)
    server.add_url_rule("/api/v1/here", "api_here", api_here)


def _json(said: dict[str, Any]) -> Response:
    response = Response(orjson.dumps(said), content_type="application/json")
    response.headers["Cache-Control"] = "private, no-store"
    return response
