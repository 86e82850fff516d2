"""No number survives the door: only a keyed hash and three digits, whatever the payload looks like."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.caller_seal import UNREADABLE, caller_of, masked, seal, seal_form, sealed_number

KEY, OTHER = b"k" * 32, b"o" * 32
NUMBER = "081234567890"


@pytest.mark.parametrize("written", [NUMBER, "+62 812-3456-7890", "6281234567890", "0812.3456.7890", "(0812) 34567890"])
def test_one_number_is_one_hash_however_it_is_written(written):
    assert sealed_number(written, KEY) == sealed_number(NUMBER, KEY)


def test_another_installation_has_another_hash_and_the_three_digits_are_all_that_can_be_read():
    caller = caller_of(sealed_number(NUMBER, KEY))
    assert caller.last3 == "890"
    assert caller.hash != caller_of(sealed_number(NUMBER, OTHER)).hash
    assert NUMBER[2:8] not in repr(caller)


@pytest.mark.parametrize("said", ["Pak Budi", "112", "", None, True, 5.5, ["0812"], "1" * 16, "sealed:zz:123"])
def test_what_is_no_number_is_said_to_be_unreadable(said):
    assert sealed_number(said, KEY) == UNREADABLE
    with pytest.raises(ValueError, match="no telephone number"):
        caller_of(UNREADABLE)


def test_numbers_in_other_fields_lists_and_free_text_go_too_and_ids_stay():
    said = {"id": "0812000111222", "items": [{"No_HP": NUMBER}], "note": f"hubungi {NUMBER} segera", "time": 1795346280}
    sealed = json.loads(seal(json.dumps(said).encode(), KEY))
    assert sealed["id"] == "0812000111222"
    assert sealed["items"][0]["No_HP"] == sealed_number(NUMBER, KEY)
    assert sealed["note"] == "hubungi ••• segera"
    assert sealed["time"] == 1795346280


def test_bytes_that_are_no_json_lose_every_long_run_of_digits():
    assert NUMBER.encode() not in seal(b'{"caller": "' + NUMBER.encode() + b'", oops', KEY)


def sealed(said):
    return json.loads(seal(json.dumps(said).encode(), KEY))


WRITTEN = (
    "0812 - 3456 - 7890", "(0812) 3456-7890", "+62 (812) 3456 7890", "(+62) 812 3456 7890", "0812/3456/7890",
    "0812.34567890", "+62.81234567890", "81234567890", "812-3456-7890", "0541-7123456", "0062 812 3456 7890",
    "0812\u00a03456\u00a07890", "0812_3456_7890", "0812\u201334567890",
)  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_a_number_in_free_text_goes_however_it_is_written(written):
    for text in (written, f"hubungi {written} segera", f"Telp.{written}", f"HP{written}; lantai 2"):
        left = sealed({"note": text})["note"]
        assert "•••" in left
        assert not re.search(r"3456|7890|7123", left), left


@pytest.mark.parametrize(
    "field",
    ["no_telp", "notelepon", "nomor_telepon", "phone_number", "caller_id", "callerNumber", "wa", "No. WA", "hp2",
     "telepon_pelapor", "nomor_hp", "PhoneNo", "kontak", "ANI", "caller-id", "telp1", "penelepon"],
)  # fmt: skip
@pytest.mark.parametrize("said", ["81234567890", 81234567890, NUMBER, {"no": NUMBER}, [NUMBER]])
def test_a_field_named_after_a_number_is_sealed_whatever_it_holds(field, said):
    assert sealed({field: said})[field].startswith("sealed:")


@pytest.mark.parametrize("said", [81234567890, 6281234567890, 541712345, -81234567890, 81234567890.0, "541712345"])
def test_a_whole_number_as_long_as_a_telephone_number_goes_under_any_name(said):
    assert sealed({"whatever": said, "list": [said]}) == {"whatever": "•••", "list": ["•••"]}


def test_a_number_that_is_itself_a_name_is_hashed_and_two_of_them_stay_two():
    kept = sealed({NUMBER: "prank", "6281311112222": "ghost", f"dari {NUMBER}": 1})
    assert kept == {sealed_number(NUMBER, KEY): "prank", sealed_number("081311112222", KEY): "ghost", "dari •••": 1}


def test_only_a_plain_id_is_let_through():
    kept = sealed({"id": {"phone": NUMBER, "x": NUMBER}, "incident": [NUMBER], "uid": 81234567890})
    assert kept["id"] == {"phone": sealed_number(NUMBER, KEY), "x": "•••"}
    assert (kept["incident"], kept["uid"]) == (["•••"], 81234567890)


@pytest.mark.parametrize(
    "said",
    [
        {"lat": "-0.5021456", "lon": "117.1536214", "lintang": "-0,5021456", "x": 117153621, "y": "0.50214567"},
        {"caller_lat": "-0.5021456", "callerLon": 117.1536214, "geometry": {"coordinates": [117.1536214, -0.5021456]}},
        {"depth": "-0.5021456", "share": "+0.123456789", "note": "di -0.5021456,117.1536214"},
        {"time": 1795346280, "answered_at": 1795346280123, "waktu_lapor": "1795346280", "until": 2795346280},
        {"reported": 1795346280, "seen": "1795346280123", "made": 1795346280.25},
        {"id": "0812000111222", "incident": 112202600471, "into": "202611220047", "incident_id": 6281234567},
        {"kelurahan": "6472091003", "kode_kelurahan": 6472091003, "area": "64.72.09.1003"},
        {"time": "2026-11-22T19:18:00+08:00", "note": "05-11-2026 19:18, 05/01/2026 07.30, 05-01-26 07.30"},
        {"note": "2026-01-05 0730, 2026/01/05 07.30.15, pukul 07.30 - 08.15, kejadian 112-2026-004711"},
        {"note": "kerugian Rp 850.000.000", "nik": 6472091122334455, "count": 12345678, "real": True, "none": None},
    ],
)
def test_places_times_ids_codes_and_sums_stay_readable(said):
    assert sealed(said) == said


@given(st.datetimes(), st.sampled_from(["", "Z", "+08:00"]))
def test_every_iso_time_stays_readable(moment, offset):
    moment = moment.replace(year=2000 + moment.year % 100, day=min(moment.day, 28))
    said = {"time": f"{moment.isoformat()}{offset}", "note": f"{moment.isoformat(' ')}{offset}"}
    assert sealed(said) == said


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**16), 10**16) | st.text("0628 .-+()a", max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "lat", "time", "hp", "note", NUMBER]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
def test_sealing_anything_twice_is_sealing_it_once(said):
    assert sealed(sealed(said)) == sealed(said)


@given(st.text(max_size=30), st.integers(10**8, 10**12))
def test_sealing_what_is_sealed_changes_nothing(text, digits):
    once = seal(json.dumps({"caller": f"0{digits}", "note": text}).encode(), KEY)
    assert seal(once, KEY) == once
    assert str(digits) not in once.decode()


@pytest.mark.parametrize(
    "said",
    [
        b"id=081234567890&lat=-0.5022&lon=117.1536&timestamp=1795346280&speed=10.0&batt=83.0",
        b"?deviceid=865002111222333&location=-0.5021456,117.1536214&timestamp=1795346280123&hdop=1.0",
        b"id=x&timestamp=2026-11-22+11%3A18%3A00&lat=0.50214567&altitude=41.5",
    ],
)
def test_a_form_without_a_number_stays_byte_by_byte_as_it_came(said):
    assert seal_form(said, KEY) == said


@pytest.mark.parametrize(
    "said",
    [b"id=x&note=hubungi+0812-3456-7890", b"id=x&hp=081234567890", b"hubungi 0812 3456 7890", b"\xff081234567890"],
)
def test_a_number_in_a_form_or_in_bytes_that_are_none_goes(said):
    once = seal_form(said, KEY)
    assert not re.search(rb"3456|7890", once)
    assert seal_form(once, KEY) == once


def test_the_id_of_a_tracker_stays_in_json_too():
    said = {"device_id": "081234567890", "topic": "owntracks/balakarcana/081234567890", "tid": "SI"}
    assert json.loads(seal_form(json.dumps(said).encode(), KEY)) == said


def test_what_stands_behind_a_number_and_is_one_too_goes_with_it():
    once = masked("0.2.836(068.866881660):6 - 2026")
    assert "866881660" not in once
    assert masked(once) == once
