"""Cells of tables are read as people and programs write them, and what says nothing says nothing."""

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.table_values import Dialect, clock_of, duration_of, moment_of_cell, number_of, text_of, unit_named_by

WITA = Dialect(zone=ZoneInfo("Asia/Makassar"))
AT = datetime(2024, 2, 1, 5, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    ["01/02/2024 13:45:00", "1/2/2024 13.45", "2024-02-01 13:45", "2024-02-01T13:45:00", "1 Februari 2024 13.45",
     "Kamis, 1 Feb 2024 pukul 13:45 WITA", "01-Feb-24 13:45", "Feb 1, 2024 1:45 PM", "1 February 2024 12:45 WIB",
     "2024-02-01T05:45:00Z", "2024-02-01 06:45:00 +01:00", " 01/02/2024  13:45 ", "\ufeff2024-02-01 13:45",
     45323.572916666664, "45323,572916666664", datetime(2024, 2, 1, 13, 45, tzinfo=WITA.zone),
     "01/02/2024 13:45:00.000"],
)  # fmt: skip
def test_a_time_is_read_however_it_is_written(said):
    assert moment_of_cell(said, WITA) == AT


@pytest.mark.parametrize(("said", "day"), [("17 Agustus 2024", 17), ("3 Mei 2024", 3), ("5 Desember 2024", 5)])
def test_months_are_understood_in_indonesian(said, day):
    assert moment_of_cell(said, WITA).astimezone(WITA.zone).day == day


def test_the_mapping_says_whether_the_day_or_the_month_comes_first():
    american = Dialect(zone=WITA.zone, dates="mdy")
    assert moment_of_cell("02/01/2024 13:45", american) == moment_of_cell("01/02/2024 13:45", WITA) == AT
    assert moment_of_cell(date(2024, 2, 1), WITA) == datetime(2024, 1, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize("said", ["31/02/2024", "1 Fooruari 2024", "12:30", "kemarin", 7, 1e12, "2024-02-01 25:00",
                                  "1/1/2024 10:00 XYZ", time(8)])  # fmt: skip
def test_what_is_no_time_is_refused_with_a_sentence(said):
    with pytest.raises(ValueError, match=r"no time|no month|without a date|zone"):
        moment_of_cell(said, WITA)


@pytest.mark.parametrize("said", ["", "-", " - ", "\u2013", "N/A", "#N/A", None, "null", "\u00a0", "kosong"])
def test_an_empty_cell_says_nothing(said):
    assert text_of(said) is None
    assert moment_of_cell(said, WITA) is None
    assert duration_of(said) is None
    assert number_of(said) is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0 Hari : 20 Jam : 41 Menit : 56 Detik", 74_516), ("1 Hari : 0 Jam : 0 Menit : 1 Detik", 86_401),
     ("00:07:30", 450), ("7 menit", 420), ("1,5 jam", 5_400), ("-1 Jam", -3_600), ("1 jam dan 2 menit", 3_720),
     (timedelta(hours=30), 108_000), ("26:00:00", 93_600), ("2 hours 5 min", 7_500), ("0", 0)],
)  # fmt: skip
def test_a_duration_is_read_however_it_is_written(said, seconds):
    assert duration_of(said) == timedelta(seconds=seconds)


def test_a_number_alone_is_a_duration_only_where_its_column_says_of_what():
    with pytest.raises(ValueError, match="no unit"):
        duration_of("12")
    assert unit_named_by("Durasi (menit)") == 60
    assert unit_named_by("RESPONSE TIME") is None
    assert duration_of(12.5, 60) == timedelta(minutes=12.5)


@pytest.mark.parametrize(
    ("said", "value"),
    [("-0,5022", -0.5022), ("117.1536", 117.1536), ("1.234,5", 1234.5), ("1,234.5", 1234.5), (3, 3.0), ("117°", 117.0)],
)
def test_a_number_may_have_a_decimal_comma(said, value):
    assert number_of(said) == value


def test_a_time_of_day_is_read_alone():
    assert clock_of("13.45") == clock_of(time(13, 45)) == clock_of("1:45 pm") == timedelta(hours=13, minutes=45)


@given(said=st.text(max_size=60) | st.floats() | st.integers() | st.booleans() | st.none())
def test_any_cell_is_a_value_nothing_or_a_value_error(said):
    text_of(said)
    for read in (number_of, duration_of, clock_of, lambda cell: moment_of_cell(cell, WITA)):
        with contextlib.suppress(ValueError):
            read(said)
