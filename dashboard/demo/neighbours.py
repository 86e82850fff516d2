"""What neighbours of the center tell in their dialects: citizens, flooded areas, tide, a marker, a bus. Pure.

Every place and number is invented; the mode of the demo's token says so of each event.
"""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson
from google.transit import gtfs_realtime_pb2

from dashboard.demo.flood import is_flooded
from dashboard.demo.sender import Message
from geodata.places import Ground, Kelurahan

EVERY = timedelta(minutes=3)
_FLOODED = ("64.72.05.1013", "64.72.05.1002")
_HALF_DEG = 0.004
_DEPTHS_CM = (40, 70)
_BUS_ROUND_S = 2_400.0
_MEETS_AT = "64.72.09.1003"


def messages(now: datetime, ground: Ground) -> Iterator[Message]:
    """All of it as it is now; the same id says the same thing again."""
    yield _json("petabencana", _answer(list(_reports(now, ground))))
    yield _json("petabencana", {**_answer(list(_areas(now, ground))), "asked": "floods"})
    yield _json("bmkg_tide", _tide(now, ground))
    marker = _marker(now, ground)
    if marker is not None:
        yield Message(method="POST", path="/api/v1/feeds/cot", body=marker, content_type="application/xml")
    yield Message(
        method="POST", path="/api/v1/feeds/gtfs_realtime", body=_bus(now, ground), content_type="application/x-protobuf"
    )


def _json(feed: str, said: object) -> Message:
    return Message(
        method="POST", path=f"/api/v1/feeds/{feed}", body=orjson.dumps(said), content_type="application/json"
    )


def _answer(features: list[object]) -> dict[str, object]:
    return {"statusCode": 200, "result": {"type": "FeatureCollection", "features": features}}


def _known(ground: Ground, codes: tuple[str, ...]) -> Iterator[tuple[int, Kelurahan]]:
    for number, code in enumerate(codes):
        area = ground.places.areas.get(code)
        if area is not None:
            yield number, area


def _reports(now: datetime, ground: Ground) -> Iterator[object]:
    """One an hour from each flooded kelurahan, while it is flooded."""
    told_at = now.replace(minute=0, second=0, microsecond=0)
    for number, area in _known(ground, _FLOODED if is_flooded(told_at) else ()):
        properties = {
            "pkey": f"SIM-{told_at:%y%m%d%H}-{number}", "created_at": told_at.isoformat(), "status": "confirmed",
            "disaster_type": "flood", "report_data": {"report_type": "flood", "flood_depth": _DEPTHS_CM[number]},
        }  # fmt: skip
        point = {"type": "Point", "coordinates": [round(area.lon + 0.002, 5), round(area.lat - 0.001, 5)]}
        yield {"type": "Feature", "geometry": point, "properties": properties}


def _areas(now: datetime, ground: Ground) -> Iterator[object]:
    for number, area in _known(ground, _FLOODED if is_flooded(now) else ()):
        west, east = area.lon - _HALF_DEG, area.lon + _HALF_DEG
        south, north = area.lat - _HALF_DEG, area.lat + _HALF_DEG
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        properties = {"area_id": f"SIM-{number}", "area_name": f"{area.name} (simulasi)", "state": 2 + number}
        yield {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": properties}


def _tide(now: datetime, ground: Ground) -> dict[str, object]:
    """A day of hours from the last full one on: two high waters a day."""
    first = now.astimezone(ground.city.zone).replace(minute=0, second=0, microsecond=0)
    hours = [first + timedelta(hours=number) for number in range(24)]
    rows = [
        {"t": f"{at:%Y-%m-%dT%H:%M:%S}", "msl": f"{math.sin(at.timestamp() / 44_714 * 2 * math.pi):.3f}"}
        for at in hours
    ]
    return {"id": "SIM-PALARAN", "zone": ground.city.zone_label, "name": "Palaran (simulasi)", "rows": rows}


def _marker(now: datetime, ground: Ground) -> bytes | None:
    """Where the volunteers of the evening meet."""
    area = ground.places.areas.get(_MEETS_AT)
    if area is None:
        return None
    said, ends = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for at in (now, now + timedelta(hours=1)))
    return (
        f'<event version="2.0" uid="SIM-TITIK-KUMPUL" type="b-m-p-s-m" how="h-g-i-g-o" time="{said}" start="{said}" '
        f'stale="{ends}"><point lat="{area.lat:.5f}" lon="{area.lon:.5f}" hae="9999999" ce="9999999" le="9999999"/>'
        '<detail><contact callsign="Titik kumpul (simulasi)"/></detail></event>'
    ).encode()


def _bus(now: datetime, ground: Ground) -> bytes:
    """A bus that goes round the middle of the city."""
    turn = now.timestamp() / _BUS_ROUND_S * 2 * math.pi
    said = gtfs_realtime_pb2.FeedMessage()
    said.header.gtfs_realtime_version = "2.0"
    said.header.timestamp = int(now.timestamp())
    entity = said.entity.add()
    entity.id = "SIM-BUS-1"
    entity.vehicle.vehicle.id = "SIM-BUS-1"
    entity.vehicle.vehicle.label = "Bus 1 (simulasi)"
    entity.vehicle.timestamp = int(now.timestamp())
    entity.vehicle.position.longitude = ground.city.view_lon + 0.02 * math.cos(turn)
    entity.vehicle.position.latitude = ground.city.view_lat + 0.015 * math.sin(turn)
    body: bytes = said.SerializeToString()
    return body
