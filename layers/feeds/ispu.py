"""The air quality index of the ministry's stations (ISPU, KLH): a mean over 24 hours, told every hour.

Everything is a text, "0" means missing, and the zone that a row names is wrong for some stations: the province is
believed before it. A station under repair says nothing.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from geodata.errors import BadPayload
from layers.air import AirQualityReported
from layers.event import Event
from layers.feed import Feed, Rejected
from layers.fields import between, bytes_of, field_of, json_of, name_of, not_ahead, number, shown
from layers.layer import Words
from layers.records import said_by, text

_ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
_WITA = re.compile(r"bali|nusa tenggara|sulawesi|gorontalo|kalimantan (timur|selatan|utara)", re.IGNORECASE)
_WIT = re.compile(r"maluku|papua", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,40}>")
_SILENT_S = 14_400.0
_LONGEST = 100


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """A station each; one that cannot be read costs only itself."""
    said = json_of(payload)
    rows = said.get("rows") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise BadPayload("rows: missing; this is not KLH's list of stations", field="rows")
    for row in rows:
        try:
            yield from _of_station(row, received)
        except BadPayload as error:
            yield Rejected(original=bytes_of(row, payload), reason=str(error), field=error.field)


def _of_station(row: Any, received: datetime) -> Iterator[Event]:  # noqa: ANN401 — JSON
    if not isinstance(row, dict):
        raise BadPayload(f"a station is an object, not {shown(row)}")
    station = field_of(row, "id_stasiun", name_of)
    if str(row.get("is_maintenance")) == "1" or str(row.get("val")).strip() in {"0", "0.0", "", "None", "-"}:
        return
    lon, lat = _degrees(row, "lon", 180), _degrees(row, "lat", 90)
    fact = AirQualityReported(
        station=f"ispu-{station}",
        name=field_of(row, "nama", partial(text, _LONGEST)),
        ispu=field_of(row, "val", partial(between, 0, 2000)),
        pollutant=_pollutant(row.get("param")),
        lon=lon if lat is not None else None,
        lat=lat if lon is not None else None,
    )
    yield said_by("ispu", fact, field_of(row, "waktu", partial(_moment, _zone(row), received)), received)


def _zone(row: dict[str, Any]) -> ZoneInfo:
    province, said = str(row.get("provinsi") or ""), row.get("time_z")
    if province.strip():
        return ZoneInfo(_ZONES["WITA" if _WITA.search(province) else "WIT" if _WIT.search(province) else "WIB"])
    if not isinstance(said, str) or said not in _ZONES:
        raise BadPayload(f"time_z: {shown(said)} is none of: {', '.join(_ZONES)}", field="time_z")
    return ZoneInfo(_ZONES[said])


def _moment(zone: ZoneInfo, received: datetime, said: object) -> datetime:
    if not isinstance(said, str):
        raise ValueError(f"{shown(said)} is no time; write it like 2026-09-28 16:00:00")  # noqa: TRY004 — as in records
    moment = datetime.fromisoformat(said)
    if not 2000 <= moment.year < 2100:  # noqa: PLR2004 — as in fields
        raise ValueError(f"{shown(said)} is in the year {moment.year}")
    aware = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    return not_ahead(aware.astimezone(UTC), received)


def _degrees(row: dict[str, Any], field: str, most: float) -> float | None:
    """A place that cannot be read, or at zero, is not known; the air was measured all the same."""
    try:
        value = number(row.get(field))
    except ValueError:
        return None
    return value if value and abs(value) <= most else None


def _pollutant(said: object) -> str | None:
    words = _TAG.sub("", said).strip() if isinstance(said, str) and len(said) <= _LONGEST else ""
    return words or None


FEED = Feed(
    title=Words(id="Kualitas udara (KLH)", en="Air quality (KLH)"),
    parse=parse,
    silent_s=_SILENT_S,
    credit="Kualitas udara: Kementerian Lingkungan Hidup (ISPU)",
)
