"""HTTP in and out for machines: bytes to the one door, the picture as GeoJSON, the quarantine.

It speaks HTTP only: reading payloads is the feeds' work, keeping them the store's.
"""

from datetime import datetime
from typing import Any

import orjson
from flask import Flask, Response, request

from dashboard.auth import ANYONE, INGEST, OPERATORS, VIEWERS, Access, principal, viewer_role
from dashboard.openapi import description
from dashboard.picture import features_of
from dashboard.problems import problem
from dashboard.rates import Rates
from dashboard.services import Services
from geodata.errors import NotFound
from layers.event import Mode
from layers.ingest import Item, Receipt
from layers.store.store import Quarantined

ACCESS: Access = {
    "api_incidents": INGEST,
    "api_feed": INGEST,
    "api_osmand": INGEST,
    "api_owntracks": INGEST,
    "api_traccar": INGEST,
    "api_layer": VIEWERS,
    "api_quarantine": OPERATORS,
    "api_openapi": ANYONE,
}
MOST_QUARANTINED = 100
_SHOWN_OF_ORIGINAL = 4_000
_UNREADABLE, _WAITING, _CREATED, _OK, _BAD = 422, 202, 201, 200, 400


def register(server: Flask, services: Services) -> None:
    """Add the routes of `/api/v1`."""
    rates = Rates(services.settings.server.ingest_per_s, services.hub.around.seconds)

    def incidents() -> Response:
        return told(_accept(services, rates, "incidents", request.get_data(cache=False)))

    def feed(feed: str) -> Response:
        return told(_accept(services, rates, feed, request.get_data(cache=False)))

    def osmand() -> Response:
        return _tracked(_accept(services, rates, "osmand", _body_or_query()), Response(status=_OK))

    def owntracks() -> Response:
        answer = Response(b"[]", content_type="application/json")
        return _tracked(_accept(services, rates, "owntracks", _owntracks_payload()), answer)

    def traccar() -> Response:
        return _tracked(_accept(services, rates, "traccar", _body_or_query()), Response(status=_OK))

    def layer(name: str) -> Response:
        return _layer(services, name)

    def quarantine() -> Response:
        kept = [_quarantined(one) for one in services.store.quarantined(MOST_QUARANTINED)]
        return _json({"count": services.store.quarantined_count(), "newest": kept})

    def openapi() -> Response:
        return _json(description(services.build))

    post = ["POST"]
    server.add_url_rule("/api/v1/incidents", "api_incidents", incidents, methods=post)
    server.add_url_rule("/api/v1/feeds/<feed>", "api_feed", feed, methods=post)
    server.add_url_rule("/api/v1/osmand", "api_osmand", osmand, methods=["GET", "POST"])
    server.add_url_rule("/api/v1/owntracks", "api_owntracks", owntracks, methods=post)
    server.add_url_rule("/api/v1/traccar", "api_traccar", traccar, methods=["GET", "POST"])
    server.add_url_rule("/api/v1/layers/<name>.geojson", "api_layer", layer)
    server.add_url_rule("/api/v1/quarantine", "api_quarantine", quarantine)
    server.add_url_rule("/api/v1/openapi.json", "api_openapi", openapi)


def mode_of(instance: Mode, token: Mode) -> Mode:
    """What an event is stamped with: a drill or demo installation never takes anything for the real thing."""
    return instance if instance != "live" else token


def _accept(services: Services, rates: Rates, feed: str, payload: bytes) -> Receipt:
    asks = principal()
    rates.take(asks.name)
    return services.door.accept(
        payload, feed=feed, client=asks.name, received=services.clock(), mode=mode_of(services.mode, asks.mode)
    )


def _json(body: object, status: int = _OK) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")


def told(receipt: Receipt) -> Response:
    """One item: its id and the cursor. Several: what became of each, in their order. What waits has no cursor yet."""
    if receipt.is_rejected:
        return _unreadable(receipt, _UNREADABLE)
    status = _WAITING if receipt.is_waiting else _CREATED if receipt.is_created else _OK
    cursor = {} if receipt.is_waiting else {"cursor": receipt.cursor}
    if len(receipt.items) == 1:
        return _json({**_result(receipt.items[0]), **cursor}, status)
    results = [_result(item) for item in receipt.items]
    return _json({**cursor, "results": results, "quarantined": receipt.quarantined}, status)


def _result(item: Item) -> dict[str, Any]:
    doubts = [{"field": doubt.field, "detail": doubt.detail} for doubt in item.doubts] or None
    said = {"id": item.subject, "outcome": item.outcome, "detail": item.reason, "field": item.field, "doubts": doubts}
    return {name: value for name, value in said.items() if value is not None}


def _unreadable(receipt: Receipt, status: int) -> Response:
    first = receipt.rejected[0]
    results = [_result(item) for item in receipt.items] if len(receipt.items) > 1 else None
    return problem(status, first.reason, field=first.field, quarantined=receipt.quarantined, results=results)


def _tracked(receipt: Receipt, answer: Response) -> Response:
    """A bad position is in quarantine and answered as taken, or the phone would send it again for ever.

    Only one that does not say whose it is gets 400, as the protocol has it.
    """
    is_nobodys = receipt.is_rejected and receipt.rejected[0].field == "id"
    return _unreadable(receipt, _BAD) if is_nobodys else answer


def _body_or_query() -> bytes:
    """The body when there is one (a form or JSON), else the query: clients put the same words in either."""
    body = request.get_data(cache=False)
    return body or request.query_string


def _owntracks_payload() -> bytes:
    """The body; without a topic in it, one made of the headers OwnTracks sends beside it."""
    body = request.get_data(cache=False)
    user, device = request.headers.get("X-Limit-U"), request.headers.get("X-Limit-D")
    if not user or not device:
        return body
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    if not isinstance(said, dict) or "topic" in said:
        return body
    return orjson.dumps({**said, "topic": f"owntracks/{user}/{device}"})


def _layer(services: Services, name: str) -> Response:
    """The features as drawn for the role."""
    if name not in services.layers:
        raise NotFound(f"no layer {name!r}; there are: {', '.join(sorted(services.layers))}")
    picture = services.hub.picture(viewer_role())
    body = features_of(picture, name, services.layers[name], services.clock())
    response = Response(body, content_type="application/geo+json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Authorization"
    response.set_etag(f"{picture.said_as}.{picture.role}.{name}")
    response.make_conditional(request)
    return response


def _quarantined(one: Quarantined) -> dict[str, Any]:
    refusal = one.refusal
    return {
        "id": one.id,
        "received": _iso(refusal.received),
        "source": refusal.source,
        "feed": refusal.feed,
        "mode": refusal.mode,
        "reason": refusal.reason,
        "field": refusal.field,
        "bytes": len(refusal.original),
        "original": refusal.original[:_SHOWN_OF_ORIGINAL].decode("utf-8", "replace"),
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
