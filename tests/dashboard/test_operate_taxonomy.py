"""The taxonomy at the desk: changed with a reason, kept over a restart, taken back, and never left unreadable."""

import pytest

from geodata.city import SHIPPED, load_city
from geodata.ground_now import GroundNow
from layers.incidents import IncidentReported, Report
from tests.dashboard.conftest import NOW
from tests.dashboard.test_operate import act, events, rows, send

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


def test_a_new_kind_holds_at_once_on_the_walls_at_the_desk_and_in_the_counts(city):
    city.bring(IncidentReported(incident="INC-1", report=Report(category="UAV", reported_at=NOW, lon=117.15, lat=-0.5)))
    before = city.live()
    assert title(before) == "Lainnya"
    assert counted(city) == {"lainnya": 1}
    assert send(city, "taxonomy/add", "supervisor", **NEW, agencies=["damkar"]).status_code == 200
    assert title(city.live(cursor=before["cursor"])) == "Drone jatuh"
    assert counted(city) == {"drone_jatuh": 1}
    assert rows(city)["INC-1"]["values"]["agencies"] == ["damkar"]
    assert "drone_jatuh" in {row["key"] for row in city.get(f"/api/v1/desk/{ROOM}", "supervisor").json["rows"]}
    [noted] = city.services.audit.newest(1)
    assert (noted.action, noted.details["why"]) == ("desk.taxonomy.add", "sering ditanya")


def title(message):
    [drawn] = message["layers"]["incidents"]["set"]
    return drawn["properties"]["title"]


def counted(city):
    day = NOW.date()
    return {name: one.incidents for name, one in city.services.store.counts(day, day, "category").groups.items()}


def test_each_change_is_an_event_with_who_and_why_and_shows_in_the_history(city):
    done = act(city, "change", "banjir", "supervisor", ROOM, **form(city, "banjir", priority="1"))
    newest = events(city)[-1]
    assert (newest.fact.kind, newest.who, newest.why) == ("category_set", "supervisor-6", "rapat")
    city.watch.forward(1)
    send(city, "undo", "supervisor", id=done.json["undo"])
    assert events(city)[-1].fact.meaning is None
    steps = city.get(f"/api/v1/desk/{ROOM}/history?key=banjir", "supervisor").json["steps"]
    assert [step["words"]["en"] for step in steps] == ["as it was at first", "Flood · critical"]


def test_another_process_has_it_as_soon_as_it_looks(city):
    grounds = GroundNow(city.services.ground, city.folder / "cities")
    act(city, "change", "banjir", "supervisor", ROOM, **form(city, "banjir", id_name="Genangan"))
    assert grounds.renew().city.category("banjir").id_name == "Genangan"
    told = []
    (city.folder / "cities" / "taxonomy" / "64.72.toml").write_text("[[categories]]\nid = 3\n", "utf-8")
    unread = GroundNow(grounds.now(), city.folder / "cities", told.append)
    assert unread.renew().city.category("banjir").id_name == "Genangan"
    assert len(told) == 1


def test_what_two_supervisors_changed_is_taken_back_one_by_one(city):
    first = act(city, "change", "banjir", "supervisor", ROOM, **form(city, "banjir", id_name="Air naik"))
    act(city, "change", "rob", "supervisor", ROOM, **form(city, "rob", id_name="Pasang"))
    assert send(city, "undo", "supervisor", id=first.json["undo"]).status_code == 200
    assert written(city).category("banjir").id_name == "Banjir"
    assert written(city).category("rob").id_name == "Pasang"


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
     ("target_min", "lama"), ("icon", "x"), ("id_name", "a\x7fb"), ("agencies", ["x"]), ("why", "")],
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
