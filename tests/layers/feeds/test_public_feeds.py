"""Public agencies' JSON: as they really write it, and with any part of it changed into anything."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Rejected, discover_feeds
from layers.topojson import Topology

FEEDS = discover_feeds().found
KEY = b"k" * 32
NOW = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
PAYLOADS = Path(__file__).parents[2] / "payloads"
DIALECTS = ("bmkg_quakes", "bmkg_forecast", "bmkg_tide", "ispu", "petabencana")
SAMPLES = {
    feed: [json.loads(path.read_text("utf-8")) for path in sorted((PAYLOADS / feed).iterdir()) if path.suffix != ".xml"]
    for feed in DIALECTS
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def read(feed, said):
    """As the door does it: sealed first."""
    sealed = FEEDS[feed].seal(json.dumps(said).encode(), KEY)
    return list(FEEDS[feed].parse(sealed, NOW))


def places(said, path=()):
    """Where a value stands in it."""
    yield path
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


def changed(said, path, value):
    """The same with another value at one place."""
    if not path:
        return value
    copied = copy.deepcopy(said)
    inside = copied
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return copied


@pytest.mark.parametrize("feed", DIALECTS)
@settings(max_examples=120)
@given(data=st.data())
def test_a_sample_with_any_value_changed_is_events_or_refusals(feed, data):
    sample = data.draw(st.sampled_from(SAMPLES[feed]))
    path = data.draw(st.sampled_from(list(places(sample))))
    try:
        news = read(feed, changed(sample, path, data.draw(ANYTHING)))
    except BadPayload:
        return
    assert all(isinstance(one, Event | Rejected) for one in news)


def facts(feed, name):
    said = json.loads((PAYLOADS / feed / name).read_text("utf-8"))
    return [one.fact for one in read(feed, said) if isinstance(one, Event)]


def test_what_an_earthquake_list_leaves_out_is_not_said():
    newest, latest, felt = (
        facts("bmkg_quakes", f"{name}.json")[0] for name in ("autogempa", "gempaterkini", "gempadirasakan")
    )
    assert (newest.felt, newest.may_raise_tsunami) == ("III-IV Samarinda, III Tenggarong", False)
    assert (latest.felt, latest.may_raise_tsunami) == (None, False)
    assert (felt.felt, felt.may_raise_tsunami) == ("III-IV Samarinda, III Tenggarong", None)
    assert (newest.lon, newest.lat, newest.depth_km) == (117.38, -0.62, 10.0)


def test_a_forecast_keeps_its_words_and_says_nothing_of_what_is_null():
    (fact,) = facts("bmkg_forecast", "pasar_pagi.json")
    first, second, third = fact.forecast
    assert (first.words, first.temperature_c, first.wind_mps, first.wind_from_deg) == ("Hujan Ringan", 30.0, 2.0, 225.0)
    assert (second.rain_mm, second.wind_mps, second.wind_from_deg) == (None, None, None)
    assert third.at == datetime(2026, 11, 22, 21, tzinfo=UTC)


def test_tides_are_metres_above_mean_sea_level_in_utc():
    first, second = facts("bmkg_tide", "palaran.json")
    assert [(level.at.hour, level.level_m) for level in first.levels] == [(11, -0.01), (12, 0.426)]
    assert [level.level_m for level in second.levels] == [0.889]


def test_the_station_and_the_zone_of_a_tide_come_from_the_address():
    rows = [{"t": "2026-11-22T19:00:00", "msl": "0.1"}]
    address = "https://maritim.bmkg.go.id/pasut/data/WITA/4000000017/20261122/20261123"
    said = json.loads(FEEDS["bmkg_tide"].addressed(json.dumps(rows).encode(), address))
    assert said == {"id": "4000000017", "zone": "WITA", "rows": rows}
    assert FEEDS["bmkg_tide"].addressed(b"{oops", address) == b"{oops"


def test_the_province_of_a_station_is_believed_before_its_zone():
    (fact,) = facts("ispu", "stations.json")
    (event,) = [one for one in read("ispu", SAMPLES["ispu"][0]) if isinstance(one, Event)]
    assert event.at == datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert (fact.ispu, fact.pollutant) == (78.0, "PM2.5")


def test_nothing_that_a_citizen_wrote_is_kept():
    (fact,) = facts("petabencana", "reports.geojson")
    assert (fact.title, fact.lon, fact.lat) == ("Banjir 40 cm", 117.1536, -0.5022)
    assert "rumah" not in repr(fact)


def test_quantised_arcs_become_degrees_and_are_walked_both_ways():
    (fact,) = facts("petabencana", "floods_topojson.json")
    first, second = fact.areas
    corners = [(117.15, -0.505), (117.15, -0.495), (117.16, -0.495), (117.16, -0.505), (117.15, -0.505)]
    assert [pytest.approx(corner) for corner in corners] == list(first.polygons[0])
    assert second.polygons[0][0] == pytest.approx((117.15, -0.495))
    assert (first.rank, first.depth) == (2, "31\N{EN DASH}70 cm")


def floods(features):
    return read("petabencana", {"asked": "floods", "result": {"type": "FeatureCollection", "features": features}})


def test_an_empty_list_of_floods_is_dry_and_one_that_cannot_be_read_says_nothing():
    (dry,) = floods([])
    assert dry.fact.areas == ()
    broken = floods([{"properties": {"area_id": "1", "area_name": "RT", "state": 2}, "geometry": None}])
    assert [type(one) for one in broken] == [Rejected]


def test_a_list_of_floods_is_known_by_its_address():
    said = FEEDS["petabencana"].addressed(b'{"result": {}}', "https://data.petabencana.id/floods?geoformat=geojson")
    assert json.loads(said)["asked"] == "floods"
    assert FEEDS["petabencana"].addressed(b"[1]", "https://host/reports") == b"[1]"


def test_without_a_transform_positions_are_as_they_stand():
    said = {"objects": {"a": {"type": "Polygon", "arcs": [[0]], "properties": {}}}, "arcs": [[[1, 2], [3, 4], [1, 2]]]}
    (feature,) = Topology(said).features()
    assert feature["geometry"]["coordinates"] == [[[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]]]
