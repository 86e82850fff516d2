"""A table becomes calls and incidents with the right times, and whatever is wrong with a row is said of that row."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.caller_seal import sealed_number
from layers.calls import CallRecorded
from layers.event import Event
from layers.incident_answer import arrivals, flaws
from layers.incident_fold import fold
from layers.incidents import IncidentReported, IncidentStatusChanged
from layers.intervals import times
from layers.table_mapping import Columns, TableMapping, Words
from layers.table_read import How, Reading, Sheet, readings_of
from layers.table_source import Row
from layers.table_words import is_of_112, mapping_of_112

KEY = b"k" * 32
HEADER = [" UID", "WAKTU LAPOR ", "Tipe  Laporan", "KATEGORI", "KECAMATAN", "KELURAHAN", "LATITUDE", "LONGITUDE",
          "DURASI PENGERJAAN", "AGENT L1"]  # fmt: skip
FIRE = ["17", "01/02/2024 13:45:00", "normal", "KEBAKARAN", "Samarinda Kota", "Pasar Pagi", -0.5, 117.14,
        "0 Hari : 1 Jam : 0 Menit : 0 Detik", "Siti"]  # fmt: skip
AT = datetime(2024, 2, 1, 5, 45, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def with_(row, **changes):
    places = {"uid": 0, "time": 1, "kind": 2, "category": 3, "kelurahan": 5, "lat": 6, "lon": 7, "duration": 8}
    changed = list(row)
    for name, value in changes.items():
        changed[places[name]] = value
    return changed


@pytest.fixture
def read(ground, now):
    """`read(rows)`: (sheets, readings) of the workbook, or of a table with a mapping."""

    def of(rows, mapping=None, sheet="S"):
        mapper = mapping_of_112 if mapping is None else (lambda _names: mapping)
        how = How(feed="cc112", mapper=mapper, ground=ground, received=now, key=KEY, is_dated=mapping is None)
        numbered = [one if isinstance(one, Row) else Row(sheet, n, one) for n, one in enumerate(rows, 1)]
        news = list(readings_of(numbered, how))
        return [one for one in news if isinstance(one, Sheet)], [one for one in news if isinstance(one, Reading)]

    return of


@pytest.fixture
def one(read):
    """What one row of the workbook says."""
    return lambda row: read([HEADER, row])[1][0]


def facts(reading, kind):
    return [event.fact for event in reading.events if isinstance(event.fact, kind)]


def incidents_of(readings):
    known = {}
    for reading in readings:
        for event in reading.events:
            known.update(fold(known, event))
    return known


def test_a_real_call_is_a_call_an_incident_and_its_end(one):
    reading = one(FIRE)
    (call,), (report,), (step,) = (facts(reading, k) for k in (CallRecorded, IncidentReported, IncidentStatusChanged))
    assert (call.record.kind, call.record.came_at, call.record.incident) == ("normal", AT, report.incident)
    assert (report.report.category, report.report.lon, report.report.kelurahan) == (
        "KEBAKARAN",
        117.14,
        "64.72.09.1003",
    )
    assert (step.status, step.reached_at) == ("selesai", AT + 60 * MINUTE)
    assert all(event.is_history for event in reading.events)
    assert not reading.doubts


@pytest.mark.parametrize(
    ("said", "kind"), [("prank", "prank"), ("Ghost", "ghost"), ("SILENT CALL", "ghost"), ("information", "informasi")]
)
def test_a_prank_a_silence_and_a_question_are_calls_and_no_incidents(one, said, kind):
    row = with_(FIRE, kind=said, category="-", kelurahan="-", lat=0, lon=0, duration="-")
    (event,) = one(row).events
    assert (event.fact.record.kind, event.fact.record.lon, event.fact.record.incident) == (kind, None, None)


def test_zero_zero_is_no_place_and_the_kelurahan_stands_for_it(one):
    (report,) = facts(one(with_(FIRE, lat=0, lon="0")), IncidentReported)
    assert (report.report.lon, report.report.lat, report.report.kelurahan) == (None, None, "64.72.09.1003")


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [({"lat": -6.2, "lon": 106.8}, "outside"), ({"lat": 117.14, "lon": -0.5}, "swapped"), ({"lat": "x"}, "place"),
     ({"lat": "-"}, "place"), ({"category": "UFO"}, "category"), ({"kelurahan": "Bukit Hijau"}, "kelurahan"),
     ({"kind": "telepati"}, "kind"), ({"duration": "lama"}, "duration"), ({"time": "01/02/2024"}, "day_only"),
     ({"duration": "0 Hari : 0 Jam : 0 Menit : 0 Detik"}, "no_duration"), ({"duration": "-2 Jam"}, "contradiction")],
)  # fmt: skip
def test_what_cannot_be_used_is_doubted_and_the_rest_of_the_row_stands(one, changes, doubt):
    reading = one(with_(FIRE, **changes))
    assert [what for what, _ in reading.doubts] == [doubt]
    assert facts(reading, IncidentReported)


def test_a_duration_of_nothing_is_an_end_whose_time_nobody_knows(one):
    (step,) = facts(one(with_(FIRE, duration="0 Hari : 0 Jam : 0 Menit : 0 Detik")), IncidentStatusChanged)
    assert (step.status, step.reached_at) == ("selesai", None)


@pytest.mark.parametrize("said", ["-", "", "besok", "01/02/1999 10:00", "01/02/2050 10:00", 12, None])
def test_a_row_without_a_time_is_refused_with_its_number_and_the_column(one, said):
    reading = one(with_(FIRE, time=said))
    assert (reading.numbers, reading.rejected.field, reading.events) == ((2,), "WAKTU LAPOR", ())


def test_a_refused_row_is_kept_without_names_and_without_columns_nobody_asked_for(one):
    kept = orjson.loads(one(with_(FIRE, time="-")).rejected.original)
    assert kept["numbers"] == [2]
    assert "KEBAKARAN" in kept["rows"][0]
    assert "Siti" not in str(kept["rows"])


def test_titles_repeated_headers_sums_and_sheets_without_a_table_are_passed_over(read):
    rows = [["LAPORAN INSIDEN TAHUN 2024"], ["dicetak 1 Jan"], HEADER, FIRE, HEADER, with_(FIRE, uid="18"),
            ["TOTAL", "", 2]]  # fmt: skip
    rows = [Row("Januari", n, cells) for n, cells in enumerate(rows, 1)]
    sheets, readings = read([*rows, Row("Rekap", 1, ["Kebakaran", 7])])
    assert [(sheet.name, sheet.mapping is not None, sheet.header_row) for sheet in sheets] == [
        ("Januari", True, 3), ("Rekap", False, 0)]  # fmt: skip
    assert [reading.numbers for reading in readings] == [(4,), (6,)]


def test_a_header_of_two_rows_with_merged_cells_is_one_header(read):
    upper = ["UID", "WAKTU LAPOR", "TIPE LAPORAN", "KATEGORI", "LOKASI", "", "KOORDINAT GPS", "", "DURASI PENGERJAAN"]
    lower = ["", "", "", "", "KECAMATAN", "KELURAHAN", "LATITUDE", "LONGITUDE", ""]
    sheets, readings = read([upper, lower, FIRE[:9]])
    assert (sheets[0].header_row, readings[0].numbers) == (2, (3,))
    assert facts(readings[0], IncidentReported)[0].report.lon == 117.14


def test_the_same_number_within_two_minutes_is_one_call_typed_twice(read):
    rows = [FIRE, with_(FIRE, time="01/02/2024 13:46:30"), with_(FIRE, time="01/02/2024 15:00:00")]
    _, readings = read([HEADER, *rows])
    assert [reading.is_repeat for reading in readings] == [False, True, False]
    assert len(incidents_of(readings)) == 2


def test_a_caller_is_sealed_wherever_the_number_stands(read):
    mapping = TableMapping(columns=Columns(id="uid", time="waktu", caller="no hp", description="isi", kind="tipe"))
    row = ["081234567890", "2024-02-01 13:45", "0812-3456-7890", "telepon balik 0812 3456 7890", "normal"]
    _, (reading,) = read([["uid", "waktu", "no hp", "isi", "tipe"], row], mapping)
    assert "34567" not in str(reading.events)
    (call,), (report,) = facts(reading, CallRecorded), facts(reading, IncidentReported)
    hash_ = sealed_number("081234567890", KEY).split(":")[1]
    assert (call.record.caller.hash, call.record.caller.last3) == (hash_, "890")
    assert hash_ in call.call
    assert report.report.description == "telepon balik •••"


def test_a_row_without_an_id_is_known_by_what_it_says(read):
    mapping = TableMapping(columns=Columns(time="waktu", category="jenis"))
    rows = [["waktu", "jenis"], ["2024-02-01 13:45", "banjir"], ["2024-02-01 13:45", "banjir"]]
    first, again = read(rows, mapping)[1]
    assert [event.id for event in first.events] == [event.id for event in again.events]


# One row per unit, in the columns of another country's dispatch table. By hand, for "report to first on scene":
# A: 10:00:00 → E1 10:07:00 (E2 later): 420 s. B: 11:00:00 → relawan 11:04:00, damkar 11:10:00: 240 s.
# C: E1 on scene before the report: impossible. D: nobody arrived: pending. E: 12:00:00 → 12:30:00: 1,800 s.
# n = 3: median 420 s, p90 1,800 s. Dispatch: B 30 s, A 60 s, C 60 s, E 120 s; D is waiting: median 60, p90 120.
DAY = "02/01/2024 "
UNITS = [
    ["Call No", "Unit", "Received DtTm", "Dispatch DtTm", "On Scene DtTm", "Available DtTm", "Jenis"],
    *(
        [call, unit, *(f"{DAY}{at}" if at else "" for at in at_.split("|")), "api"]
        for call, unit, at_ in (
            ("A", "E2", "10:00:00 AM|10:02:00 AM|10:09:00 AM|11:30:00 AM"),
            ("B", "R9", "11:00:00 AM|11:00:30 AM|11:04:00 AM|"),
            ("A", "E1", "10:00:00 AM|10:01:00 AM|10:07:00 AM|11:00:00 AM"),
            ("B", "E1", "11:00:00 AM|11:02:00 AM|11:10:00 AM|11:40:00 AM"),
            ("C", "E1", "11:50:00 AM|11:51:00 AM|11:49:00 AM|"),
            ("D", "E2", "11:55:00 AM|||"),
            ("E", "E2", "12:00:00 PM|12:02:00 PM|12:30:00 PM|01:00:00 PM"),
        )
    ),
]
UNIT_MAPPING = TableMapping(
    rows="unit",
    zone="America/Los_Angeles",
    dates="mdy",
    columns=Columns(id="Call No", time="Received DtTm", unit="Unit", category="Jenis"),
    milestones={"diteruskan": "Dispatch DtTm", "di_lokasi": "On Scene DtTm", "selesai": "Available DtTm"},
    words=Words(category={"api": "kebakaran"}, agency={"E1": "damkar", "E2": "damkar", "R9": "balakarcana"}),
)


def test_one_row_per_unit_gives_the_response_times_that_were_worked_out_by_hand(read, ground):
    _, readings = read(UNITS, UNIT_MAPPING)
    known = incidents_of(readings)
    on_scene = times(known.values(), "first_on_scene", ground.city)
    assert (on_scene.n, on_scene.median_s, on_scene.p90_s, on_scene.records) == (3, 420, 1800, ("B", "A", "E"))
    assert on_scene.left_out == {"impossible": ("C",), "pending": ("D",)}
    dispatch = times(known.values(), "dispatch", ground.city)
    assert (dispatch.n, dispatch.median_s, dispatch.p90_s) == (4, 60, 120)
    assert dispatch.left_out == {"pending": ("D",)}
    closed = times(known.values(), "close", ground.city)
    assert (closed.median_s, closed.p90_s) == (3600, 5400)  # A when its last unit is free again, B 2,400, E 3,600
    came = arrivals(known["B"], ground.city)
    assert (came.first, came.lead_s) == ("relawan", 360)
    assert known["A"].report.reported_at == datetime(2024, 2, 1, 18, 0, tzinfo=UTC)


def test_rows_of_one_call_are_one_reading_with_all_their_numbers_and_contradictions_are_told(read):
    _, readings = read(UNITS, UNIT_MAPPING)
    assert [reading.numbers for reading in readings] == [(2, 4), (3, 5), (6,), (7,), (8,)]
    assert [reading.doubts for reading in readings if reading.doubts] == [(("contradiction", "C"),)]
    assert flaws(incidents_of(readings)["C"])


@pytest.mark.parametrize(
    ("said", "seconds"), [("14:00", 900), ("00:10", 37_500), ("7 menit", 420), ("01/02/2024 13:50:00", 300)]
)
def test_a_milestone_may_be_a_time_a_time_of_day_or_how_long_it_took(read, said, seconds):
    mapping = TableMapping(columns=Columns(id="id", time="waktu"), milestones={"di_lokasi": "tiba"})
    _, (reading,) = read([["id", "waktu", "tiba"], ["1", "01/02/2024 13:45:00", said]], mapping)
    (step,) = facts(reading, IncidentStatusChanged)
    assert step.reached_at == AT + timedelta(seconds=seconds)


def test_only_the_application_s_workbook_is_taken_for_it():
    assert is_of_112(HEADER)
    assert not is_of_112(UNITS[0])
    assert not is_of_112(["id", "waktu lapor"])


CELL = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(), st.text(max_size=12),
    st.sampled_from([*FIRE, "-", "0", "08123456789", "10:00", "=1+1", "2024-02-01", 45_000.5, "x" * 40_000]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(CELL, max_size=11), max_size=5))
def test_any_cells_are_events_or_a_refusal(ground, now, rows):
    for mapper in (mapping_of_112, lambda _names: UNIT_MAPPING):
        for header in (HEADER, UNITS[0]):
            how = How(feed="cc112", mapper=mapper, ground=ground, received=now, key=KEY)
            numbered = [Row("S", n, cells) for n, cells in enumerate([header, *rows], 1)]
            for reading in readings_of(numbered, how):
                if isinstance(reading, Reading):
                    assert reading.events or reading.rejected
                    assert all(isinstance(event, Event) for event in reading.events)
