"""The taxonomy at the desk: changed with a reason, kept over a restart, taken back, and never left unreadable."""

import pytest

from geodata.city import SHIPPED, load_city
from tests.dashboard.test_operate import act, rows, send

ROOM = "taxonomy"
NEW = {
    "id": "drone_jatuh", "id_name": "Drone jatuh", "en_name": "Fallen drone", "service_class": "darurat",
    "priority": "2", "icon": "hewan", "target_min": "12,5", "aliases": "pesawat nirawak\nuav", "why": "sering ditanya",
}  # fmt: skip


def written(city):
    return load_city("64.72", city.folder / "cities")


def form(city, key, **changes):
    row = city.get(f"/api/v1/desk/{ROOM}", "supervisor").json["rows"]
    values = next(one["values"] for one in row if one["key"] == key)
    return {**values, "why": "rapat", **changes}


def test_a_new_kind_holds_from_the_next_start_on_and_says_so_until_then(city):
    assert send(city, "taxonomy/add", "supervisor", **NEW).status_code == 200
    found = written(city).category("Pesawat nirawak")
    assert (found.id, found.response_target_min, found.priority) == ("drone_jatuh", 12.5, 2)
    assert rows(city, ROOM, "supervisor")["drone_jatuh"]["badges"][0]["en"] == "holds after Layar is started again"
    [noted] = city.services.audit.newest(1)
    assert (noted.action, noted.details["why"]) == ("desk.taxonomy.add", "sering ditanya")


def test_a_kind_is_changed_and_taken_back_and_the_shipped_file_is_left_alone(city):
    before = (SHIPPED / "64.72.toml").read_bytes()
    done = act(city, "change", "banjir", "supervisor", ROOM, **form(city, "banjir", priority="1"))
    assert written(city).category("banjir").priority == 1
    assert written(city).category("genangan").id == "banjir"
    assert send(city, "undo", "supervisor", id=done.json["undo"]).status_code == 200
    assert written(city).category("banjir").priority == 2
    assert (SHIPPED / "64.72.toml").read_bytes() == before


def test_what_was_changed_goes_back_to_the_citys_own(city):
    send(city, "taxonomy/add", "supervisor", **NEW)
    act(city, "change", "banjir", "supervisor", ROOM, **form(city, "banjir", en_name="High water"))
    act(city, "reset", "banjir", "supervisor", ROOM, why="salah")
    assert written(city).category("banjir").en_name == "Flood"
    assert written(city).category("drone_jatuh").id == "drone_jatuh"
    act(city, "reset", "drone_jatuh", "supervisor", ROOM, why="salah")
    assert written(city).category("drone_jatuh").id == "lainnya"


@pytest.mark.parametrize(
    ("field", "said"),
    [("id", "Drone Jatuh"), ("id", "banjir"), ("priority", "9"), ("service_class", "x"), ("target_min", "-1"),
     ("target_min", "lama"), ("icon", "x"), ("id_name", "a\x7fb"), ("why", "")],
)  # fmt: skip
def test_a_slip_is_refused_beside_its_field_and_changes_nothing(city, field, said):
    assert send(city, "taxonomy/add", "supervisor", **{**NEW, field: said}).json["field"] == field
    assert written(city) == city.services.ground.city


def test_names_may_hold_any_sign_that_is_printed(city):
    name = 'Ular "besar" \\ # = ünïcode'
    assert send(city, "taxonomy/add", "supervisor", **{**NEW, "id_name": name}).status_code == 200
    assert written(city).category("drone_jatuh").id_name == name


def test_an_operator_does_not_change_the_taxonomy(city):
    assert city.get(f"/api/v1/desk/{ROOM}", "operator").status_code == 403
    assert send(city, "taxonomy/add", "operator", **NEW).status_code == 403
