"""Single values from outside: strict, and every refusal says what to send."""

from datetime import UTC, datetime

import pytest

from geodata.errors import BadPayload
from layers.fields import bytes_of, field_of, heading_of, json_of, measure_of, moment_of, name_of, number, shown


@pytest.mark.parametrize("said", [1, 1.5, "1.5", " -1 ", ".5", "1.", "+2e3"])
def test_numbers_and_their_texts_are_numbers(said):
    assert number(said) == float(said)


@pytest.mark.parametrize(
    "said", [True, None, "", "1,5", "0x1", "1_000", "nan", "inf", "١٢", float("nan"), 1e999, [], "1" * 40]
)
def test_all_else_is_not(said):
    with pytest.raises(ValueError, match="number"):
        number(said)


@pytest.mark.parametrize(
    "said", [1_795_346_280, "1795346280", 1_795_346_280_000, "2026-11-22T11:18:00Z", "2026-11-22T19:18:00+08:00"]
)
def test_a_time_is_read_as_utc(said):
    assert moment_of(said) == datetime(2026, 11, 22, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    ["2026-11-22T11:18:00", "2026-11-22", "", "now", 0, -1, 10**30, "1e300", "1901-01-01T00:00:00Z",
     "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", True, None, []],
)  # fmt: skip
def test_what_is_no_plausible_time_is_refused(said):
    with pytest.raises(ValueError):  # noqa: PT011 — the words differ by what is wrong
        moment_of(said)


def test_a_time_without_an_offset_is_utc_only_where_the_dialect_says_so():
    assert moment_of("2026-11-22 11:18:00", is_naive_utc=True) == datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
    with pytest.raises(ValueError, match="offset"):
        moment_of("2026-11-22", is_naive_utc=True)


def test_an_id_is_short_and_visible():
    assert name_of(" a/b ") == "a/b"
    assert name_of(7) == "7"
    for said in ("", " ", "a\x1bb", "x" * 129, True, 1.0, None):
        with pytest.raises(ValueError, match="id"):
            name_of(said)


def test_a_missing_field_is_named():
    for said in ({}, {"lat": None}, {"lat": ""}):
        with pytest.raises(BadPayload, match="lat: missing") as caught:
            field_of(said, "lat", number)
        assert caught.value.field == "lat"


def test_a_measure_may_be_missing_and_negative_is_unknown():
    assert measure_of({}, "acc", 10) is None
    assert measure_of({"acc": -1}, "acc", 10) is None
    assert measure_of({"acc": 0}, "acc", 10) == 0
    with pytest.raises(BadPayload):
        measure_of({"acc": "x"}, "acc", 10)


@pytest.mark.parametrize("absurd", [10.1, 1e300, "99999999", 10**30])
def test_a_measure_that_nothing_can_have_is_unknown(absurd):
    assert measure_of({"acc": absurd}, "acc", 10) is None


@pytest.mark.parametrize(("said", "meant"), [(0, 0), (360, 0), (450.5, 90.5), (-1, None), (1e9, None)])
def test_a_heading_is_one_turn(said, meant):
    assert heading_of({"cog": said}, "cog") == meant


def test_json_is_strict():
    for payload in (b"NaN", b"{", b"\xff", b"[" * 5000, b'"\\ud800"'):
        with pytest.raises(BadPayload, match="JSON"):
            json_of(payload)


def test_an_item_too_deep_to_write_is_kept_as_the_whole_payload():
    payload = b"[" * 500 + b"]" * 500
    assert bytes_of(json_of(payload), payload) == payload
    assert bytes_of({"a": 1}, payload) == b'{"a":1}'


def test_what_was_said_is_shown_briefly():
    assert len(shown("x" * 1000)) < 50
