"""Purpose cards: for those who may see the camera; what nobody filled in is said and counted."""

import pytest

from cctv.camera import discover_sources
from cctv.inventory import import_cameras, load_cameras
from dashboard.cards import gaps

LIST = (
    "id,name,lon,lat,url,owner,audience,purpose,legal_basis,notice,retention,contact\n"
    "V/1,Taman,117.15,-0.5,http://10.0.0.1/v,Dishub,visitor,bencana,UU 27/2022,di tiang,30 hari,112\n"
    "W,Pasar,117.15,-0.5,http://10.0.0.1/w,,wall,lalu lintas,,,,\n"
    "C,Dalam,117.15,-0.5,http://10.0.0.1/c,,operator,,,,,\n"
)


@pytest.fixture
def listed(city):
    assert not import_cameras(LIST.encode(), city.folder, discover_sources().found).refused
    return city


def card(city, camera, role):
    return city.get(f"/api/v1/cameras/{camera}/card", role)


def test_a_full_card_says_each_field_in_the_owners_words(listed):
    said = card(listed, "V/1", "visitor").json
    assert (said["name"], said["missing"]) == ("Taman", [])
    assert [(one["title"], one["text"]) for one in said["fields"]] == [
        ("Pemilik", "Dishub"), ("Tujuan", "bencana"), ("Dasar hukum", "UU 27/2022"),
        ("Papan pemberitahuan", "di tiang"), ("Lama simpan", "30 hari"), ("Kontak", "112"),
    ]  # fmt: skip


def test_what_nobody_filled_in_is_said_not_left_out(listed):
    said = card(listed, "W", "wall").json
    assert said["missing"] == ["owner", "legal_basis", "notice", "retention", "contact"]
    unfilled = [one["text"] for one in said["fields"] if one["is_missing"]]
    assert unfilled == ["belum diisi"] * 5


@pytest.mark.parametrize(
    ("camera", "seen_by"), [("V/1", {"visitor", "wall", "admin"}), ("W", {"wall", "admin"}), ("C", {"admin"})]
)
def test_a_card_is_for_those_who_may_see_the_camera(listed, camera, seen_by):
    assert {role for role in ("visitor", "wall", "admin") if card(listed, camera, role).status_code == 200} == seen_by
    assert card(listed, camera, "ingest").status_code == 403
    assert card(listed, camera, None).status_code == 401


def test_what_is_missing_is_counted_for_admins_alone(listed):
    assert gaps(load_cameras(listed.folder)) == {
        "incomplete": 2,
        "missing": {"contact": 2, "legal_basis": 2, "notice": 2, "owner": 2, "purpose": 1, "retention": 2},
    }
    assert listed.get("/healthz", "admin").json["purpose_cards"]["incomplete"] == 2
    assert "purpose_cards" not in listed.get("/healthz", "wall").json
