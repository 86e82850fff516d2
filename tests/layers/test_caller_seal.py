"""No number survives the door: only a keyed hash and three digits, whatever the payload looks like."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.caller_seal import UNREADABLE, caller_of, seal, sealed_number

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


@given(st.text(max_size=30), st.integers(10**8, 10**12))
def test_sealing_what_is_sealed_changes_nothing(text, digits):
    once = seal(json.dumps({"caller": f"0{digits}", "note": text}).encode(), KEY)
    assert seal(once, KEY) == once
    assert str(digits) not in once.decode()
