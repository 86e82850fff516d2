"""The operator's desk: every deed is an event with who and why, nobody overwrites what they have not seen."""

import shutil
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from dashboard.operate import version_of
from dashboard.operate_steps import FILE_NAME, KEPT, Steps
from layers.incidents import IncidentReported, Report
from layers.lifelines import LifelineReported
from tests.dashboard.conftest import NOW, until

ROOT = "/api/v1/desk"
FIRE = {"category": "kebakaran", "place": [117.1536, -0.5022], "description": "Rumah terbakar", "caller": "890"}


@pytest.fixture
def desk(city):
    """A city with one open flood, told by the call-taking system."""
    report = Report(category="banjir", reported_at=NOW, lon=117.15, lat=-0.5, description="air setinggi lutut")
    city.bring(IncidentReported(incident="INC-1", report=report))
    return city


def send(city, path, role="operator", **body):
    return city.client().post(f"{ROOT}/{path}", json=body, headers=city.bearer(role))


def rows(city, room="incidents", role="operator"):
    return {row["key"]: row for row in city.get(f"{ROOT}/{room}", role).json["rows"]}


def act(city, deed, key="INC-1", role="operator", room="incidents", **body):
    """As a page would: on the row as it is now."""
    return send(city, f"{room}/{deed}", role, key=key, version=rows(city, room, role)[key]["version"], **body)


def incident(city, key="INC-1"):
    return city.services.hub.situation().of("incidents")[key]


def events(city):
    return [event for _, event in city.services.store.since(0).events]


def test_a_new_incident_is_an_event_of_the_operator_and_on_the_list_at_once(desk):
    key = send(desk, "incidents/create", **FIRE).json["key"]
    assert rows(desk)[key]["title"]["id"] == "Kebakaran"
    newest = events(desk)[-1]
    assert (newest.who, newest.source) == ("operator-5", "desk/operator-5/incidents")
    assert incident(desk, key).report.description == "Rumah terbakar · Penelepon ••890"


def test_a_slip_of_the_hand_is_refused_beside_its_field_and_leaves_no_quarantine(desk):
    response = send(desk, "incidents/create", category="kebakaran", place=[117.1, 999])
    assert (response.status_code, response.json["field"]) == (400, "lat")
    assert send(desk, "incidents/create", category="kebakaran").json["field"] == "place"
    assert send(desk, "incidents/create", **{**FIRE, "caller": "08123456789"}).json["field"] == "caller"
    assert desk.services.store.quarantined_count() == 0
    assert len(events(desk)) == 1


def test_who_was_not_shown_the_newest_state_changes_nothing_and_is_told_it(desk):
    seen = rows(desk)["INC-1"]["version"]
    assert act(desk, "verify").status_code == 200
    late = send(desk, "incidents/close", "supervisor", key="INC-1", version=seen, ending="selesai", why="sudah surut")
    assert late.status_code == 412
    assert late.json["row"]["state"]["id"] == "diverifikasi"
    assert incident(desk).status == "diverifikasi"


def test_several_agencies_are_sent_at_once_and_each_step_is_the_agencys_own(desk):
    act(desk, "assign", agencies=["damkar", "bpbd"])
    desk.watch.forward(120)
    assert act(desk, "step", agency="bpbd", step="di_lokasi", time="11.01").status_code == 200
    found = incident(desk)
    assert set(found.reached_by) == {"damkar", "bpbd"}
    assert found.reached_by["bpbd"]["di_lokasi"] == NOW + timedelta(minutes=1)
    assert act(desk, "step", agency="bpbd", step="di_lokasi", time="11.30").json["field"] == "time"


def test_closing_needs_a_reason_and_the_history_says_who_and_why(desk):
    assert act(desk, "close", ending="laporan_palsu").json["field"] == "why"
    act(desk, "close", ending="laporan_palsu", why="petugas tidak menemukan apa-apa")
    assert rows(desk)["INC-1"]["group"] == "closed"
    [newest, *_] = desk.get(f"{ROOT}/incidents/history?key=INC-1", "operator").json["steps"]
    assert (newest["who"], newest["why"]) == ("operator-5", "petugas tidak menemukan apa-apa")
    [row, *_] = desk.services.audit.newest(1)
    assert (row.action, row.target, row.details["why"]) == (
        "desk.incidents.close", "INC-1", "petugas tidak menemukan apa-apa",
    )  # fmt: skip


def test_what_was_done_is_taken_back_by_a_new_event_and_only_once(desk):
    act(desk, "correct", category="kebakaran", place=[117.16, -0.5])
    undo = act(desk, "verify").json["undo"]
    desk.watch.forward(1)
    assert send(desk, "undo", id=undo).status_code == 200
    assert incident(desk).status == "diterima"
    assert incident(desk).report.category == "kebakaran"
    assert send(desk, "undo", id=undo).status_code == 404


def test_a_correction_taken_back_restores_the_former_report(desk):
    undo = act(desk, "correct", category="kebakaran", place=[117.16, -0.5]).json["undo"]
    desk.watch.forward(1)
    send(desk, "undo", id=undo)
    assert incident(desk).report.category == "banjir"
    assert incident(desk).report.description == "air setinggi lutut"


def test_nobody_takes_back_what_another_did_or_what_has_changed_since(desk):
    undo = act(desk, "verify").json["undo"]
    assert send(desk, "undo", "supervisor", id=undo).status_code == 404
    act(desk, "assign", agencies=["bpbd"])
    assert send(desk, "undo", id=undo).status_code == 412


def test_two_reports_are_merged_and_parted_again(desk):
    key = send(desk, "incidents/create", **{**FIRE, "category": "banjir"}).json["key"]
    undo = act(desk, "join", key=key, into="INC-1").json["undo"]
    assert {"id": "bagian dari INC-1", "en": "part of INC-1"} in rows(desk)[key]["badges"]
    send(desk, "undo", id=undo)
    assert all(badge["en"] != "part of INC-1" for badge in rows(desk)[key]["badges"])


def test_what_is_not_offered_as_it_is_now_cannot_be_done(desk):
    assert act(desk, "reopen", why="salah").json["field"] == "key"
    act(desk, "close", ending="selesai", why="surut")
    desk.watch.forward(1)
    act(desk, "reopen", why="naik lagi")
    assert incident(desk).is_open


def test_the_front_says_what_is_open_who_is_on_shift_and_what_is_broken(desk):
    desk.bring(LifelineReported(lifeline="pln@64.72", provider="PLN", area="64.72", state="down"))
    until(lambda: desk.get(ROOT, "operator").json["troubles"])
    found = desk.get(ROOT, "operator").json
    assert found["open"] == 1
    assert found["incidents"][0]["key"] == "INC-1"
    assert found["shift"]["name"] == "Pagi"
    assert any("PLN" in one["text"] for one in found["troubles"])


def test_a_deed_must_be_json_so_that_no_form_of_another_site_can_send_it(desk):
    response = desk.client().post(f"{ROOT}/incidents/create", data=orjson.dumps(FIRE), headers=desk.bearer("operator"))
    assert response.status_code == 415


def begin(city):
    done = send(city, "exercise/start", "supervisor", title="Banjir besar", hours="1", why="latihan bulanan")
    assert done.status_code == 200, done.json


def test_in_an_exercise_every_screen_says_so_and_what_the_desk_enters_is_a_drill(desk):
    begin(desk)
    until(lambda: desk.live()["mode"] == "drill")
    assert desk.live("visitor")["mode"] == "drill"
    assert 'data-mode="drill"' in desk.client().get("/login").text
    assert desk.get("/api/v1/cameras", "admin").json["mode"] == "drill"
    key = send(desk, "incidents/create", **FIRE).json["key"]
    assert incident(desk, key).mode == "drill"
    until(lambda: desk.live()["panels"]["figures"]["open"] == 2)
    assert desk.live()["panels"]["figures"]["real_today"] == 1
    drawn = desk.live()["layers"]["incidents"]["set"]
    assert {one["properties"]["title"] for one in drawn} == {"Banjir", "LATIHAN · Kebakaran"}


def test_a_real_incident_stays_real_in_the_middle_of_an_exercise(desk):
    begin(desk)
    act(desk, "verify")
    assert events(desk)[-1].mode == "live"
    key = send(desk, "incidents/create", **FIRE, is_real=True).json["key"]
    assert incident(desk, key).mode == "live"


def test_an_exercise_that_was_forgotten_ends_by_itself(desk):
    begin(desk)
    until(lambda: desk.live()["mode"] == "drill")
    desk.watch.forward(3601)
    until(lambda: desk.live()["mode"] == "live")
    key = send(desk, "incidents/create", **FIRE).json["key"]
    assert incident(desk, key).mode == "live"


def test_a_supervisor_ends_an_exercise_and_closes_what_was_rehearsed(desk):
    begin(desk)
    rehearsed = send(desk, "incidents/create", **FIRE).json["key"]
    [key] = rows(desk, "exercise", "supervisor")
    desk.watch.forward(60)
    act(desk, "stop", key, "supervisor", "exercise")
    until(lambda: desk.live()["mode"] == "live")
    act(desk, "clear", key, "supervisor", "exercise")
    assert not incident(desk, rehearsed).is_open
    assert incident(desk).is_open
    assert events(desk)[-1].mode == "drill"


def test_an_operator_begins_no_exercise(desk):
    assert send(desk, "exercise/start", title="x", hours="1", why="y").status_code == 403
    assert desk.get(f"{ROOT}/exercise", "operator").status_code == 403


def test_a_hand_that_rests_is_no_source_that_fell_silent(desk):
    act(desk, "verify")
    desk.watch.forward(7200)
    until(lambda: any(one["key"] == "source:cad/incidents" for one in desk.get(ROOT, "operator").json["troubles"]))
    assert not any("desk/" in one["key"] for one in desk.get(ROOT, "operator").json["troubles"])


def test_what_was_done_before_a_restart_is_still_taken_back_by_who_did_it(desk, make_city):
    done = act(desk, "verify")
    offered = desk.get(ROOT, "operator").json["undo"]
    assert offered == {"id": done.json["undo"], "words": {"id": "Verifikasi", "en": "Verify"}}
    assert (desk.folder / FILE_NAME).stat().st_mode & 0o077 == 0
    folder = shutil.copytree(desk.folder, desk.folder.with_name("again"))  # what a restart finds on the disk
    again = replace(make_city(folder=folder), tokens=desk.tokens)
    assert again.get(ROOT, "operator").json["undo"] == offered
    assert again.get(ROOT, "supervisor").json["undo"] is None
    again.watch.forward(1)
    assert send(again, "undo", id=offered["id"]).status_code == 200
    assert incident(again).status == "diterima"
    assert again.get(ROOT, "operator").json["undo"] is None


def test_after_twelve_hours_nothing_is_taken_back_any_more(desk):
    done = act(desk, "verify")
    desk.watch.forward(KEPT.total_seconds() + 1)
    assert desk.get(ROOT, "operator").json["undo"] is None
    assert send(desk, "undo", id=done.json["undo"]).status_code == 404


@pytest.mark.parametrize("said", [b"", b"{", b'[{"id": 3}]'])
def test_a_file_of_steps_that_cannot_be_read_is_begun_anew(tmp_path, said):
    (tmp_path / FILE_NAME).write_bytes(said)
    assert Steps(tmp_path, lambda: NOW).newest("ani") is None


def test_the_version_of_a_row_does_not_hang_on_an_order_that_another_process_has_not():
    assert version_of({0, 8}, {"a": {16, 8}, "b": None}) == version_of({8, 0}, {"b": None, "a": {8, 16}})
    assert version_of({0, 8}) != version_of({0, 9})
