"""The key lies beside the log for its owner only, and no number is in the log, the quarantine or an answer."""

import pytest

from dashboard.caller_key import FILE_NAME, load_caller_key
from geodata.errors import BadSettings
from layers.store.sqlite import FILE_NAME as LOG

NUMBER = "081234567890"


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = load_caller_key(tmp_path)
    assert len(key) == 32
    assert load_caller_key(tmp_path) == key
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_is_refused_with_what_to_do(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"short")
    with pytest.raises(BadSettings, match=r"callers\.key is damaged"):
        load_caller_key(tmp_path)


def test_a_number_is_in_no_file_of_the_installation_and_in_no_answer(city):
    good = {"id": "T-1", "time": "2026-11-20T02:59:00Z", "caller": NUMBER}
    bodies = [good, {**good, "id": "T-2", "type": "gossip"}, {**good, "time": None}]
    said = [city.client().post("/api/v1/feeds/calls", json=body, headers=city.bearer("ingest")).data for body in bodies]
    said.append(city.client().post("/api/v1/feeds/calls", data=f"{{{NUMBER}", headers=city.bearer("ingest")).data)
    said.append(city.get("/api/v1/quarantine", "admin").data)
    kept = [path.read_bytes() for path in city.folder.rglob("*") if path.is_file() and path.name.startswith(LOG)]
    assert kept
    assert not [one for one in (*said, *kept) if NUMBER.encode() in one]
