"""Weather per area as JSON: what is observed, and a forecast."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Feed
from layers.fields import between, moment_of, shown
from layers.layer import Words
from layers.records import Area, Moment, Record, listed, reader, said_by, text
from layers.weather import Sky, WeatherReported

_BOUNDS = {
    "temperature_c": (-50, 60), "humidity_pct": (0, 100), "rain_mm": (0, 2000), "wind_mps": (0, 150),
    "wind_from_deg": (0, 360),
}  # fmt: skip


def _sky(said: object) -> Sky:
    if isinstance(said, Sky):
        return said
    if not isinstance(said, dict):
        raise ValueError(f"{shown(said)} is no weather; send time, words, temperature_c, …")  # noqa: TRY004 — as in records
    measures = {name: _measure(said, name) for name in _BOUNDS}
    words = said.get("words")
    return Sky(at=moment_of(said.get("time")), words=text(100, words) if words else None, **measures)


def _measure(said: dict[Any, Any], name: str) -> float | None:
    value = said.get(name)
    return None if value is None or value == "" else between(*_BOUNDS[name], value)


class WeatherSaid(Record):
    """All that is known of one area; replaces what was said of it before."""

    area: Area = Field(description="Kemendagri code of the city, kecamatan or kelurahan")
    time: Moment = Field(default=None, description="when it was observed or issued; missing: when it arrived")
    now: Annotated[Sky | None, BeforeValidator(_sky, json_schema_input_type=dict[str, Any] | None)] = None
    forecast: Annotated[
        tuple[Sky, ...], BeforeValidator(partial(listed, _sky), json_schema_input_type=list[dict[str, Any]])
    ] = ()


def _events(said: WeatherSaid, received: datetime) -> Iterator[Event]:
    if said.now is None and not said.forecast:
        raise BadPayload("now: missing; send now or forecast", field="now")
    fact = WeatherReported(area=said.area, now=said.now, forecast=said.forecast)
    yield said_by("weather", fact, said.time or (said.now.at if said.now else None), received)


FEED = Feed(title=Words(id="Cuaca", en="Weather"), parse=reader("the weather", WeatherSaid, _events), silent_s=43200)
