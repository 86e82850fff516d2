"""The audit at the desk: sought by who, what and when, checked in a sentence, taken away as a table that is noted."""

import csv
import io

from dashboard.operate_audit_routes import table_of
from tests.dashboard.test_operate import rows, send

ROOM = "/api/v1/desk/audit"


def titles(city, **sought):
    query = "&".join(f"{name}={value}" for name, value in sought.items())
    return [row["title"]["id"] for row in city.get(f"{ROOM}?{query}", "admin").json["rows"]]


def fill(city):
    note = city.services.audit.note
    note("ani", "camera.add", "CAM-1")
    city.watch.forward(86_400)
    note("budi", "desk.incidents.close", "INC-1", why="sudah surut")
    note("ani", "desk.incidents.undo", "INC-1")


def test_deeds_are_told_in_plain_words_with_who_and_why(city):
    fill(city)
    found = rows(city, "audit", "admin")
    assert [row["title"]["en"] for row in found.values()] == [
        "Incidents: taken back", "Incidents: Close", "camera added",
    ]  # fmt: skip
    close = list(found.values())[1]
    assert (close["state"]["id"], close["sub"]) == ("budi", "INC-1")
    assert {"label": {"id": "Alasan", "en": "Why"}, "value": "sudah surut"} in close["lines"]


def test_it_is_sought_by_who_what_and_the_citys_days(city):
    fill(city)
    assert len(titles(city, who="ANI")) == 2
    assert len(titles(city, what="surut")) == 1
    assert len(titles(city, what="inc-1", who="ani")) == 1
    assert titles(city, until="2026-11-20") == ["kamera ditambah"]
    assert len(titles(city, since="2026-11-21", until="2026-11-21")) == 2
    assert city.get(f"{ROOM}?since=kemarin", "admin").status_code == 400


def test_a_row_that_somebody_edited_breaks_the_chain_in_a_sentence(city):
    fill(city)
    assert city.get(ROOM, "admin").json["head"][0]["value"]["id"] == "utuh, 3 baris"
    path = city.folder / "audit.jsonl"
    path.write_bytes(path.read_bytes().replace(b"budi", b"cici"))
    said = city.get(ROOM, "admin").json["head"][0]["value"]
    assert said["id"].startswith("RUSAK: row 2")
    assert send(city, "audit/check", "admin").json["words"]["en"].startswith("BROKEN: row 2")


def test_taking_it_away_is_noted_itself_and_no_cell_is_a_formula(city):
    city.services.audit.note("=cmd()", "camera.add", "CAM-1")
    fill(city)
    answer = city.get("/api/v1/audit.csv?who=cmd", "admin")
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert (row["who"], row["action"]) == ("'=cmd()", "camera.add")
    [noted] = city.services.audit.newest(1)
    assert (noted.action, noted.target, noted.details["of_who"], noted.details["rows"]) == ("export", "audit", "cmd", 1)


def test_a_table_says_why_beside_the_deed(city):
    fill(city)
    text = table_of(city.services.audit.newest(9))
    assert [row["why"] for row in csv.DictReader(io.StringIO(text))] == ["", "sudah surut", ""]


def test_only_an_admin_reads_it(city):
    for role in ("operator", "supervisor", "head", "wall", "visitor", "ingest"):
        assert city.get(ROOM, role).status_code == 403
        assert city.get("/api/v1/audit.csv", role).status_code == 403
