"""The weather forecast of BMKG for one kelurahan: three days in slots of three hours.

The words are taken from `weather_desc`, not the number; wind comes in km/h. A slot that cannot be read costs only
itself. A value that is null is not known.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Feed, Rejected
from layers.fields import between, bytes_of, field_of, json_of, moment_of, not_ahead, shown
from layers.layer import Words
from layers.records import kelurahan_code, said_by, text
from layers.weather import Sky, WeatherReported

_KMH_PER_MPS = 3.6
_MOST_SLOTS = 200
_LONGEST = 100
_SILENT_S = 57_600.0


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One event: all slots that can be read; and what cannot."""
    said = json_of(payload)
    places = said.get("data") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(said.get("lokasi"), dict) or not isinstance(places, list):
        raise BadPayload("lokasi: missing; this is not BMKG's forecast (lokasi, data[].cuaca)", field="lokasi")
    for place in places:
        try:
            yield from _of_place(place, received)
        except BadPayload as error:
            yield Rejected(original=bytes_of(place, payload), reason=str(error), field=error.field)


def _of_place(place: Any, received: datetime) -> Iterator[Event | Rejected]:  # noqa: ANN401 — JSON
    where, days = (place.get("lokasi"), place.get("cuaca")) if isinstance(place, dict) else (None, None)
    if not isinstance(where, dict) or not isinstance(days, list):
        raise BadPayload("cuaca: missing; a place has lokasi and cuaca", field="cuaca")
    area = field_of(where, "adm4", kelurahan_code)
    slots = [slot for day in days if isinstance(day, list) for slot in day]
    if len(slots) > _MOST_SLOTS:
        raise BadPayload(f"cuaca: {len(slots)} slots, at most {_MOST_SLOTS} are read", field="cuaca")
    skies, wrong, issued = [], [], []
    for slot in slots:
        try:
            skies.append(_sky(slot))
            issued.extend(_issued_at(slot, received))
        except BadPayload as error:
            wrong.append(Rejected(original=bytes_of(slot, b"-"), reason=str(error), field=error.field))
    if skies:
        forecast = tuple(sorted(skies, key=lambda sky: sky.at))
        fact = WeatherReported(area=area, forecast=forecast)
        yield said_by("bmkg_forecast", fact, max(issued, default=None), received)
    yield from wrong


def _sky(slot: object) -> Sky:
    if not isinstance(slot, dict):
        raise BadPayload(f"a slot is an object, not {shown(slot)}")
    said = {**slot, "datetime": slot.get("datetime") or slot.get("utc_datetime")}
    wind_kmh = _measure(slot, "ws", 0, 500)
    words = slot.get("weather_desc")
    return Sky(
        at=field_of(said, "datetime", lambda at: moment_of(at, is_naive_utc=True)),
        words=text(_LONGEST, words) if isinstance(words, str) and words.strip() and len(words) <= _LONGEST else None,
        temperature_c=_measure(slot, "t", -50, 60),
        humidity_pct=_measure(slot, "hu", 0, 100),
        rain_mm=_measure(slot, "tp", 0, 2000),
        wind_mps=None if wind_kmh is None else wind_kmh / _KMH_PER_MPS,
        wind_from_deg=_measure(slot, "wd_deg", 0, 360),
    )


def _measure(slot: dict[str, Any], field: str, low: float, high: float) -> float | None:
    if slot.get(field) in (None, ""):
        return None
    return field_of(slot, field, lambda said: between(low, high, said))


def _issued_at(slot: dict[str, Any], received: datetime) -> list[datetime]:
    """When it was computed; one that cannot be read is not said."""
    said = slot.get("analysis_date")
    try:
        return [not_ahead(moment_of(said, is_naive_utc=True), received).astimezone(UTC)] if said else []
    except ValueError:
        return []


FEED = Feed(
    title=Words(id="Prakiraan cuaca (BMKG)", en="Forecast (BMKG)"),
    parse=parse,
    silent_s=_SILENT_S,
    credit="Sumber: BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)",
)
