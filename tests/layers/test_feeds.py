"""Every feed against captured payloads, and against junk: events, rejections or BadPayload, and nothing else."""

import json
import re
import time
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.city import load_city
from geodata.errors import BadPayload
from geodata.places import Ground
from layers.caller_seal import sealed_number
from layers.event import Event, subject_of
from layers.feed import Rejected, at_home, discover_feeds
from layers.layer import codec_for, discover_layers
from layers.line_reading import lines_of
from tests.layers.conftest import TwoPlaces

FEEDS = at_home(discover_feeds().found, Ground(city=load_city("64.72"), places=TwoPlaces()))
PAYLOADS = Path(__file__).parents[1] / "payloads"
CODEC = codec_for(discover_layers().found)

KEY = b"k" * 32
CALLER = sealed_number("081234567890", KEY).split(":")[1]

EIDO = "urn:emergency:uid:incidentid:"

CAP, BMKG = "2.49.0.1.360.0.2026.11.22.11.", "cuaca.ekstrem@bmkg.go.id"

# file: (subject, kind, seconds from the time that all samples tell), or the field of a rejection
EXPECTED = {
    "incidents/one_report.json": [
        ("112-2026-004711", "incident_reported", 0),
        ("112-2026-004711", "incident_status_changed", 0),
    ],
    "incidents/list_with_kelurahan.json": [("4712", "incident_reported", 0), ("4713", "incident_reported", 1.5)],
    "incidents/status_only.json": [("112-2026-004711", "incident_status_changed", 210)],
    "incidents/english_status.json": [("112-2026-004711", "incident_status_changed", 422.123456)],
    "incidents/no_place.json": [("112-2026-004714", "incident_reported", 0)],
    "incidents/half_bad_list.json": [("A1", "incident_reported", 0), "time", "lat"],
    "osmand/traccar_client_query.txt": [("865002", "position_reported", 0)],
    "osmand/deviceid_location_ms.txt": [("pompa-01", "position_reported", 0.5)],
    "osmand/iso_time.txt": [("relawan-7", "position_reported", 0)],
    "osmand/space_time_utc.txt": [("relawan-8", "position_reported", 0)],
    "osmand/no_time.txt": [("relawan-9", "position_reported", 600)],
    "osmand/no_fix.txt": [("relawan-10", "position_reported", 0)],
    "osmand/json_location.json": [("865003", "position_reported", 0.25)],
    "osmand/json_unknown.json": [("865004", "position_reported", 0)],
    "owntracks/location.json": [("balakarcana/hp-siti", "position_reported", 0)],
    "owntracks/tid_only.json": [("b7", "position_reported", 0)],
    "owntracks/late_batch.json": [
        ("balakarcana/hp-siti", "position_reported", -180),
        ("balakarcana/hp-siti", "position_reported", -120),
    ],
    "owntracks/lwt.json": [],
    "owntracks/transition.json": [],
    "owntracks/encrypted.json": ["_type"],
    "calls/finished.json": [("T-20261122-0418", "call_recorded", 130)],
    "calls/list.json": [("T-1", "call_recorded", 0), ("T-2", "call_recorded", 31), "type", "caller"],
    "blocks/blocked_and_freed.json": [(CALLER, "caller_blocked", 0), (CALLER, "caller_unblocked", 120)],
    "lifelines/mixed.json": [("telkomsel@64.72.05", "lifeline_reported", 0), "state"],
    "shifts/evening.json": [
        ("2026-11-22/Siang", "shift_rostered", 0),
        ("2026-11-22/Siang", "shift_attended", 0),
        ("2026-11-22/Siang", "shift_handed_over", 0),
    ],
    "disasters/flood.json": [("BJR-1", "disaster_declared", 0), ("BJR-1", "disaster_ended", 120), "areas"],
    "shelters/one.json": [("PSK-1", "shelter_reported", 0)],
    "enquiries/asked_and_told.json": [
        ("K-1", "enquiry_recorded", 0),
        ("K-1", "enquiry_recorded", 180),
        "answered_at",
    ],
    "water/benanga.json": [("benanga", "gauge_listed", 0), ("benanga", "water_level_reported", 0), "time"],
    "alerts/rain.json": [("CKT-1", "alert_issued", 0), ("CKT-1", "alert_cancelled", 120), "expires_at"],
    "earthquakes/one.json": [("20261122111800", "earthquake_reported", 0)],
    "weather/forecast.json": [("64.72.09", "weather_reported", 0)],
    "air/one.json": [("SMD-1", "air_quality_reported", 0)],
    "facilities/points.geojson": [("HID-1", "facility_listed", 0), "geometry"],
    "facilities/two.json": [("RS-1", "facility_listed", 0), "lat"],
    "assignments/three.json": [("damkar-01", "unit_assigned", 0), ("damkar-02", "unit_assigned", 600), "incident"],
    "joins/two.json": [("A2", "report_joined", 0), ("A3", "report_joined", 0), "into"],
    "bmkg_quakes/autogempa.json": [("bmkg-20261122111030", "earthquake_reported", -450)],
    "bmkg_quakes/autogempa.xml": [("bmkg-20261122111030", "earthquake_reported", -450)],
    "bmkg_quakes/gempadirasakan.json": [("bmkg-20261122111030", "earthquake_reported", -450)],
    "bmkg_quakes/gempaterkini.json": [("bmkg-20261122111030", "earthquake_reported", -450), "Coordinates"],
    "bmkg_forecast/pasar_pagi.json": [("64.72.09.1003", "weather_reported", -40680), "datetime"],
    "bmkg_tide/palaran.json": [
        "msl",
        ("4000000017/2026-11-22", "tide_forecast", 600),
        ("4000000017/2026-11-23", "tide_forecast", 600),
    ],
    "cap/samarinda.xml": [(f"{CAP}18.001@{BMKG}", "alert_issued", 0)],
    "cap/update.xml": [
        (f"{CAP}18.001@{BMKG}", "alert_cancelled", 120),
        (f"{CAP}20.002@{BMKG}", "alert_issued", 120),
    ],
    "cap/cancel.xml": [
        (f"{CAP}20.002@{BMKG}", "alert_cancelled", 240),
        (f"{CAP}18.001@{BMKG}", "alert_cancelled", 240),
    ],
    "cap/exercise.xml": [("LATIHAN-1@pusdalops@example.invalid", "alert_issued", 0)],
    "cap/draft.xml": [],
    "cap/endless.xml": ["expires"],
    "georss/atom.xml": [("georss-urn:pos:1", "public_report_made", 0)],
    "georss/three_spellings.xml": [
        ("georss-pupr-1", "public_report_made", -480),
        ("georss-pupr-2", "public_report_made", -360),
        ("georss-pupr-3", "public_report_made", -240),
        ("georss-pupr-4", "public_report_made", -180),
        "pubDate",
        "point",
    ],
    "ispu/stations.json": [("ispu-SAMARINDA", "air_quality_reported", -1080), "waktu"],
    "petabencana/floods_topojson.json": ["geometry", ("PetaBencana", "floods_listed", 600)],
    "petabencana/reports.geojson": [("petabencana-71001", "public_report_made", -780), "geometry"],
    "petabencana/reports_topojson.json": [
        ("petabencana-71001", "public_report_made", -780),
        ("petabencana-71004", "public_report_made", -600),
    ],
    "units/roster.json": [("865002", "unit_registered", 600), ("balakarcana/hp-siti", "unit_registered", 600)],
    "cc112/year.csv": [
        ("4711@20261122T111800Z", "call_recorded", 0),
        ("4711@20261122T111800Z", "incident_reported", 0),
        ("4711@20261122T111800Z", "incident_status_changed", 176),
        ("4712@20261122T111900Z", "call_recorded", 60),
        "WAKTU LAPOR",
    ],
    "table/incidents.csv": [
        ("F-1", "incident_reported", 0),
        ("F-1", "incident_status_changed", 40),
        ("F-1", "incident_status_changed", 420),
        "Received DtTm",
    ],
    "units/one.json": [("865003", "unit_registered", 600)],
    "open311/requests.json": [
        ("311-638344", "incident_reported", 0),
        ("311-638344", "incident_status_changed", 180),
        ("311-638349", "incident_reported", 30),
        ("311-638349", "incident_status_changed", 30),
        "service_request_id",
    ],
    "open311/requests.xml": [
        ("311-638344", "incident_reported", 0),
        ("311-638344", "incident_status_changed", 180),
        "status",
    ],
    "eido/incident.json": [
        (f"{EIDO}a56e556d871:kukar.example", "incident_reported", 0),
        (f"{EIDO}a56e556d871:kukar.example", "incident_status_changed", 60),
        (f"{EIDO}a56e556d871:kukar.example", "incident_status_changed", 120),
        (f"{EIDO}a56e556d871:kukar.example", "incident_status_changed", 0),
    ],
    "eido/closed.json": [
        (f"{EIDO}b56e556d871:kukar.example", "incident_reported", 0),
        (f"{EIDO}b56e556d871:kukar.example", "incident_status_changed", 60),
        (f"{EIDO}b56e556d871:kukar.example", "incident_status_changed", 120),
        (f"{EIDO}b56e556d871:kukar.example", "incident_status_changed", 150),
        (f"{EIDO}b56e556d871:kukar.example", "incident_status_changed", 180),
    ],
    "eido/call_only.json": ["$id"],
    "traccar/forward.json": [("865002031112345", "position_reported", 0)],
    "traccar/forward_url.txt": [("865002", "position_reported", 0)],
    "traccar/outdated.json": [],
    "nmea/tagged.txt": [
        ("pompa-01", "position_reported", 0),
        ("pompa-01", "position_reported", 0),
        ("relawan-7", "position_reported", 30.5),
        "checksum",
    ],
    "nmea/unaddressed.txt": ["id"],
    "cot/unit.xml": [("ANDROID-352cba1f1234", "position_reported", 0)],
    "cot/stream.xml": [
        ("b5655c73-ac54-4f40-95f6-fd37777c6a73", "marker_placed", 10),
        ("ANDROID-1", "marker_placed", 13),
        ("b5655c73-ac54-4f40-95f6-fd37777c6a73", "marker_taken", 60),
    ],
    "gtfs_realtime/vehicles.pb": [("bus-7", "transit_vehicle_seen", -10), ("2", "transit_vehicle_seen", 0)],
}
SAMPLES = sorted(str(path.relative_to(PAYLOADS)) for feed in FEEDS for path in (PAYLOADS / feed).iterdir())
JUNK = {
    "empty": b"",
    "blank": b" \n",
    "not_utf8": b"\xff\xfe\x00id=\xff",
    "not_utf8_escaped": b"id=%ff&lat=1&lon=1",
    "object": b"{}",
    "list": b"[1]",
    "empty_list": b"[]",
    "null": b"null",
    "text": b'"id"',
    "nan": b'{"id": "a", "category": "x", "lon": NaN, "lat": Infinity}',
    "nan_query": b"id=a&lat=nan&lon=infinity&timestamp=nan",
    "overflow": b'{"id": 1e999, "category": "x"}',
    "huge_int": b'{"id": %s, "device_id": 1, "_type": "location", "category": "x", "time": 1%s}'
    % (b"9" * 500, b"0" * 300),
    "huge_query": b"id=1&lat=%s&lon=1e400&timestamp=%s" % (b"9" * 500, b"9" * 500),
    "deep": b"[" * 900 + b"]" * 900,
    "deeper": b"[" * 200_000,
    "deep_object": b'{"location":' * 900 + b"1" + b"}" * 900,
    "surrogate": b'{"id": "\\ud800", "category": "x"}',
    "nul": b'{"id": "a\\u0000b", "category": "x", "kind": "vehicle", "name": "\\u0000", "device_id": "\\u0007"}',
    "types": b'[{"id": [], "category": {}, "status": [], "time": {}, "lon": [], "_type": 5, "kind": [], "tst": {}}]',
    "wrong_location": b'{"device_id": "a", "location": [1, null, {"coords": 7}, {"coords": {"latitude": "x"}}]}',
    "strange_times": b'[{"category": "x", "time": "9999-12-31T23:59:59-23:00"}, {"category": "x", "time": -1e18}]',
    "ten_megabytes": b'{"category": "' + b"x" * 10_000_000 + b'"}',
    "ten_megabytes_of_text": b"x" * 10_000_000,
    "many_fields": b"&".join(b"k%d=1" % n for n in range(5_000)),
}


def read(feed, payload, now):
    """What the feed made of it; only BadPayload may be raised."""
    try:
        sealed = FEEDS[feed].seal(payload, KEY)
        return list(FEEDS[feed].parse(sealed, now + timedelta(seconds=600)))
    except BadPayload:
        return []


def test_every_feed_of_ours_is_found_and_has_samples():
    assert {"incidents", "osmand", "owntracks", "units"} <= set(FEEDS)
    assert set(SAMPLES) == set(EXPECTED)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_reads_as_expected(sample, now):
    feed = sample.split("/")[0]
    told = []
    for one in read(feed, (PAYLOADS / sample).read_bytes(), now):
        if isinstance(one, Rejected):
            told.append(one.field)
        else:
            told.append((subject_of(one.fact), one.fact.kind, (one.at - now).total_seconds()))
    assert told == EXPECTED[sample]


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_payload_gives_the_same_ids_and_every_event_can_be_stored(sample, now):
    feed, payload = sample.split("/")[0], (PAYLOADS / sample).read_bytes()
    first, second = ([one for one in read(feed, payload, now) if isinstance(one, Event)] for _ in range(2))
    assert [event.id for event in first] == [event.id for event in second]
    assert len({event.id for event in first}) == len(first)
    for event in first:
        assert CODEC.fact(event.fact.kind, CODEC.dump(event.fact)) == event.fact


def documented():
    """(feed, sample) of every sample in docs/feeds.md."""
    chapters = (PAYLOADS.parents[1] / "docs" / "feeds.md").read_text("utf-8").split("\n## ")
    for chapter in chapters:
        feed = chapter.split("\n", 1)[0]
        if feed in FEEDS:
            fenced = re.findall(r"^```(\w*)\n(.*?)^```", chapter, re.DOTALL | re.MULTILINE)
            yield from ((feed, sample.strip()) for language, sample in fenced if language in {"", "json"})


def test_every_feed_of_ours_is_documented_with_a_sample():
    assert {feed for feed, _ in documented()} >= {"incidents", "osmand", "owntracks", "units"}


@pytest.mark.parametrize(("feed", "sample"), list(documented()))
def test_a_sample_of_the_documentation_is_read(feed, sample, now):
    news = read(feed, sample.encode(), now)
    assert news
    assert all(isinstance(one, Event) for one in news)


def test_the_sample_call_of_the_documentation_is_read(now):
    text = (PAYLOADS.parents[1] / "docs" / "data.md").read_text("utf-8")
    (sample,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    (event,) = read("calls", sample.encode(), now)
    assert event.fact.record.caller.last3 == "890"


def test_every_fact_of_ours_is_in_the_documentation():
    text = (PAYLOADS.parents[1] / "docs" / "data.md").read_text("utf-8")
    kinds = [fact.kind for layer in discover_layers().found.values() for fact in layer.facts]
    assert [kind for kind in kinds if f"`{kind}`" not in text and not kind.startswith("camera_")] == []


@pytest.mark.parametrize("feed", sorted(FEEDS))
@pytest.mark.parametrize("junk", sorted(JUNK))
def test_junk_is_events_rejections_or_one_declared_error_and_soon(feed, junk, now):
    started = time.monotonic()
    for one in read(feed, JUNK[junk], now):
        assert isinstance(one, Event | Rejected)
        if isinstance(one, Event):
            CODEC.dump(one.fact).decode()
        else:
            assert one.reason
            assert one.original
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("feed", sorted(FEEDS))
@settings(max_examples=40, deadline=None)
@given(payload=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_survived(feed, now, payload):
    read(feed, payload, now)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["id", "category", "status", "time", "status_time", "lon", "lat", "priority", "kelurahan", "description", "agency",
     "_type", "tst", "topic", "tid", "vel", "cog", "acc", "batt", "device_id", "location", "coords", "kind", "name"]
)  # fmt: skip
WORDS = st.sampled_from(["location", "vehicle", "diterima", "x", 1, 0, -1, 1_795_346_280, "64.72.09.1003"])


@pytest.mark.parametrize("feed", sorted(FEEDS))
@settings(max_examples=80, deadline=None)
@given(said=st.dictionaries(FIELDS, WORDS | JSON, max_size=12))
def test_any_values_in_known_fields_are_survived(feed, now, said):
    payload = json_bytes(said)
    for one in read(feed, payload, now):
        if isinstance(one, Event):
            assert CODEC.fact(one.fact.kind, CODEC.dump(one.fact)) == one.fact


def json_bytes(said):
    """JSON as a careless sender writes it: lone surrogates, numbers of any size."""
    return json.dumps(said).encode()


def pages():
    """(feed, sample) of every sample that the pages in docs/feeds show."""
    for page in sorted((PAYLOADS.parents[1] / "docs" / "feeds").glob("*.md")):
        if page.stem in FEEDS:
            text = page.read_text("utf-8")
            samples = re.findall(r"```(?:json|xml)\n(.*?)```", text, re.DOTALL)
            yield from ((page.stem, one) for one in samples if not one.startswith("<entry"))  # a sender's settings


@pytest.mark.parametrize(("feed", "sample"), list(pages()))
def test_a_sample_of_a_page_is_read(feed, sample, now):
    news = read(feed, sample.strip().encode(), now)
    assert news
    assert all(isinstance(one, Event) for one in news)


LINES = [
    (page.stem, text)
    for page in sorted((PAYLOADS.parents[1] / "docs" / "feeds").glob("*.md"))
    for text in re.findall(r"```toml\n(\[\[feeds\]\].*?)```", page.read_text("utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("feed", "text"), LINES)
def test_the_settings_on_a_page_are_read_and_name_its_feed(feed, text):
    (line,) = lines_of(tomllib.loads(text)["feeds"])
    assert line.feed == feed
