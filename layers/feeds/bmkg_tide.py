"""The tide forecast of BMKG for a station (pasang surut): levels from hour to hour, in local time without an offset.

The list says neither station nor zone; both stand in its address, so the poller writes them in. Of its three levels the
one above mean sea level (`msl`) is taken: the others have zeros that differ from station to station.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Feed, Rejected
from layers.fields import between, bytes_of, field_of, json_of, name_of, shown
from layers.layer import Words
from layers.records import said_by, text
from layers.tides import TideForecast, TideLevel

_ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
_ADDRESS = re.compile(r"/pasut/data/(WIB|WITA|WIT)/([\w-]{1,40})/")
_ZERO = "muka laut rata-rata"
_MOST = 5_000
_SILENT_S = 129_600.0


def addressed(payload: bytes, topic: str) -> bytes:
    """The bare list with the station and the zone of its address."""
    found = _ADDRESS.search(topic)
    if found is None or payload.lstrip()[:1] != b"[":
        return payload
    return orjson.dumps({"id": found[2], "zone": found[1], "rows": orjson.loads(payload)})


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One event per local day; a row that cannot be read costs only itself."""
    said = json_of(payload)
    if not isinstance(said, dict) or not isinstance(said.get("rows"), list):
        raise BadPayload('id: missing; send {"id": station, "zone": "WITA", "rows": [...]}', field="id")
    station, zone = field_of(said, "id", name_of), field_of(said, "zone", _zone)
    if len(said["rows"]) > _MOST:
        raise BadPayload(f"rows: {len(said['rows'])} levels, at most {_MOST} are read", field="rows")
    days: dict[str, list[TideLevel]] = defaultdict(list)
    for row in said["rows"]:
        try:
            local, level = _level(row, zone)
            days[f"{local:%Y-%m-%d}"].append(level)
        except BadPayload as error:
            yield Rejected(original=bytes_of(row, payload), reason=str(error), field=error.field)
    name = _name(said.get("name"))
    for day, levels in days.items():
        fact = TideForecast(tide=f"{station}/{day}", station=station, zero=_ZERO, levels=_in_order(levels), name=name)
        yield said_by("bmkg_tide", fact, None, received)


def _zone(said: object) -> ZoneInfo:
    if not isinstance(said, str) or said not in _ZONES:
        raise ValueError(f"{shown(said)} is none of: {', '.join(_ZONES)}")
    return ZoneInfo(_ZONES[said])


def _level(row: Any, zone: ZoneInfo) -> tuple[datetime, TideLevel]:  # noqa: ANN401 — JSON
    if not isinstance(row, dict):
        raise BadPayload(f"a level is an object, not {shown(row)}")
    local = field_of(row, "t", partial(_local, zone))
    return local, TideLevel(at=local.astimezone(UTC), level_m=field_of(row, "msl", partial(between, -20, 20)))


def _local(zone: ZoneInfo, said: object) -> datetime:
    if not isinstance(said, str):
        raise ValueError(f"{shown(said)} is no time; write it like 2026-02-16T18:00:00")  # noqa: TRY004 — as in records
    moment = datetime.fromisoformat(said)
    if not 2000 <= moment.year < 2100:  # noqa: PLR2004 — as in fields
        raise ValueError(f"{shown(said)} is in the year {moment.year}")
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _in_order(levels: list[TideLevel]) -> tuple[TideLevel, ...]:
    by_time = {level.at: level for level in sorted(levels, key=lambda one: one.level_m)}
    return tuple(by_time[at] for at in sorted(by_time))


def _name(said: object) -> str | None:
    return text(60, said) if isinstance(said, str) and 0 < len(said) <= 60 else None  # noqa: PLR2004 — short enough for a row


FEED = Feed(
    title=Words(id="Prakiraan pasang surut (BMKG)", en="Tide forecast (BMKG)"),
    parse=parse,
    addressed=addressed,
    silent_s=_SILENT_S,
    credit="Sumber: BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)",
)
