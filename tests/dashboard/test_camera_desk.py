"""The camera desk over HTTP: one camera at a time, and lists."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fake_camera import FakeCamera

from cctv.camera import Camera
from cctv.inventory import import_cameras, load_cameras
from cctv.listing import row_of
from cctv.secrets import load_secrets
from cctv.status import CameraStatus, Evidence, StatusFile
from dashboard.desk import desk_for
from tests.dashboard.conftest import NOW

ROOT = "/api/v1/cameras"
FORM = {
    "name": "Jembatan Mahakam",
    "lon": 117.13,
    "lat": -0.51,
    "url": "http://pengawas:rahasia@10.0.0.7/shot.jpg?channel=1&pwd=rahasia&user=pengawas",
    "azimuth_deg": 45,
    "masks": [[[0, 0], [0.4, 0], [0.4, 0.3]]],
    "card": {"purpose": "lalu lintas", "contact": "+62 541 112"},
}


@pytest.fixture
def ask(city):
    """`ask(method, path, body, role="admin", **headers)`."""

    def send(method, path="", body=None, role="admin", **headers):
        said = {name.replace("_", "-"): value for name, value in headers.items()} | city.bearer(role)
        return city.client().open(ROOT + path, method=method, json=body, headers=said)

    return send


def login(city, camera_id):
    """The user and password on file."""
    kept = load_secrets(city.folder)[camera_id]
    return kept.user, kept.password


@pytest.fixture
def listed(ask):
    answer = ask("PUT", "/CAM-07", FORM)
    assert answer.status_code == 201, answer.data
    return answer.json


def test_a_camera_is_listed_and_told_again_without_query_and_credentials(ask, listed, city):
    everything = ask("GET")
    assert everything.json["cameras"] == [listed]
    assert listed["address"] == "http://10.0.0.7/shot.jpg"
    assert (listed["has_password"], listed["audience"], listed["fov_deg"]) == (True, "wall", 60.0)
    assert listed["card"] == {
        "purpose": "lalu lintas", "legal_basis": None, "contact": "+62 541 112", "notice": None, "retention": None,
    }  # fmt: skip
    for secret in (b"rahasia", b"pengawas", b"channel"):
        assert secret not in everything.data
    assert login(city, "CAM-07") == ("pengawas", "rahasia")
    assert load_cameras(city.folder)[0].url == "http://10.0.0.7/shot.jpg?channel=1&pwd={password}&user={user}"


@pytest.mark.usefixtures("listed")
def test_the_list_is_sent_again_only_when_something_changed(ask, city):
    first = ask("GET")
    assert first.json["now"] == city.watch.now.timestamp()
    city.watch.forward(1)
    assert ask("GET", If_None_Match=first.headers["ETag"]).status_code == 304
    ask("PATCH", "/CAM-07", {"lon": 117.2})
    assert ask("GET", If_None_Match=first.headers["ETag"]).status_code == 200


def test_a_part_is_changed_and_the_rest_stays(ask, listed):
    changed = ask("PATCH", "/CAM-07", {"lon": 117.2, "card": {"notice": "papan"}}, If_Match=f'"{listed["etag"]}"')
    assert changed.status_code == 200
    assert changed.json["etag"] != listed["etag"]
    assert changed.headers["ETag"] == f'"{changed.json["etag"]}"'
    same = {"lon": 117.2, "etag": changed.json["etag"], "card": {**listed["card"], "notice": "papan"}}
    assert changed.json == {**listed, **same}


def test_a_whole_form_leaves_address_masks_and_password_where_it_does_not_speak_of_them(ask, listed, city):
    changed = ask("PUT", "/CAM-07", {"name": "Baru", "lon": 117.13, "lat": -0.51}, If_Match=f'"{listed["etag"]}"').json
    assert (changed["name"], changed["azimuth_deg"], changed["card"]["purpose"]) == ("Baru", None, None)
    assert (changed["address"], changed["masks"], changed["has_password"]) == (
        listed["address"],
        listed["masks"],
        True,
    )
    assert "channel=1" in load_cameras(city.folder)[0].url


def test_what_the_desk_was_shown_may_be_sent_back_as_it_is(ask, city):
    ask("PUT", "/A", {**FORM, "url": "rtsp://10.0.0.7/1", "snapshot_url": "http://10.0.0.7/s.jpg?n=2", "night": True})
    before = load_cameras(city.folder)
    shown = ask("GET", "/A").json
    assert ask("PUT", "/A", shown, If_Match="*").status_code == 200
    assert ask("PATCH", "/A", shown).status_code == 200
    assert load_cameras(city.folder) == before
    assert ask("PATCH", "/A", {"snapshot_address": None}).json["snapshot_address"] is None


def test_a_lost_update_is_refused(ask, listed):
    ask("PATCH", "/CAM-07", {"lon": 117.2})
    for method, body in (("PATCH", {"lat": -0.6}), ("PUT", FORM), ("DELETE", None)):
        assert ask(method, "/CAM-07", body, If_Match=f'"{listed["etag"]}"').status_code == 412
    assert ask("PUT", "/CAM-07", FORM).status_code == 428
    assert ask("PUT", "/CAM-07", FORM, If_None_Match="*").status_code == 412
    assert ask("PUT", "/GONE", FORM, If_Match="*").status_code == 412
    assert ask("GET", "/CAM-07").json["lat"] == -0.51


@pytest.mark.usefixtures("listed")
def test_nobody_waits_while_the_network_is_asked_where_a_name_leads(ask, monkeypatch):
    asked, really = [], socket.getaddrinfo

    def look(host, *args, **more):
        if host != "kamera.uji":
            return really(host, *args, **more)
        if more.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "a name")
        asked.append(host)
        others.append(ask("PATCH", "/CAM-07", {"name": "Lembuswana"}).status_code)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80))]

    others = []
    monkeypatch.setattr(socket, "getaddrinfo", look)
    refused = ask("PUT", "/CAM-08", {**FORM, "url": "http://kamera.uji/1.jpg"})
    assert (asked, others) == (["kamera.uji"], [200])
    assert (refused.status_code, refused.json["field"]) == (400, "url")
    assert ask("GET", "/CAM-08").status_code == 404


def test_everything_wrong_with_a_form_is_told_by_its_field_and_nothing_is_kept(ask, city):
    wrong = {"lon": "timur", "lat": -0.5, "url": "exec:/bin/sh", "fov_deg": 999, "card": {"purpose": "x" * 300}}
    answer = ask("PUT", "/A", wrong)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert [one["field"] for one in answer.json["fields"]] == ["lon", "url", "fov_deg", "card.purpose"]
    assert answer.json["field"] == "lon"
    assert ask("PUT", "/A", {**FORM, "name": ["a"]}).json["field"] == "name"
    assert ask("PUT", "/A", {**FORM, "card": 3}).json["field"] == "card"
    assert ask("PATCH", "/A", {"lon": 117}).status_code == 404
    assert load_cameras(city.folder) == ()


@pytest.mark.usefixtures("listed")
def test_a_password_is_changed_taken_away_and_never_sent_to_another_host(ask, city):
    moved = ask("PATCH", "/CAM-07", {"url": "http://10.0.0.66/shot.jpg"})
    assert (moved.status_code, moved.json["field"]) == (400, "password")
    assert ask("PATCH", "/CAM-07", {"password": "baru"}).status_code == 200
    assert login(city, "CAM-07") == ("pengawas", "baru")
    assert ask("PATCH", "/CAM-07", {"url": "http://10.0.0.66/s.jpg", "user": "", "password": ""}).status_code == 200
    assert load_secrets(city.folder) == {}


@pytest.mark.usefixtures("listed")
def test_a_deleted_camera_takes_its_password_along(ask, city):
    assert ask("DELETE", "/CAM-07").status_code == 204
    assert ask("DELETE", "/CAM-07").status_code == 404
    assert (load_cameras(city.folder), load_secrets(city.folder)) == ((), {})


@pytest.mark.usefixtures("listed")
def test_the_status_is_told_with_its_sentences_and_without_health_while_nobody_looks(ask, city):
    sign = Evidence(kind="frozen", value=0.2, threshold=0.6, since=NOW, is_fault=True)
    status = CameraStatus(
        id="CAM-07", health="lost", fault="refused", rung="tap", rung_reason="cheapest", signs=(sign,)
    )
    StatusFile(city.folder).write([status])
    assert ask("GET", "/CAM-07").json["status"]["health"] == "unknown"
    assert ask("GET").json["is_silent"] is True
    city.beat()
    said = ask("GET", "/CAM-07").json["status"]
    assert (said["health"], said["sentence"]["id"]) == ("lost", "kamera menolak sambungan; periksa alamat dan port")
    assert said["rung_reason_sentence"]["en"] == "is read without FFmpeg"
    assert said["signs"][0] == {
        "kind": "frozen", "value": 0.2, "threshold": 0.6, "since": "2026-11-20T03:00:00.000Z", "is_fault": True,
    }  # fmt: skip


@pytest.mark.usefixtures("listed")
def test_another_sites_form_changes_nothing(city):
    client = city.client()
    client.post("/login", data={"token": city.tokens["admin"]}, headers={"Sec-Fetch-Site": "same-origin"})
    assert client.get(ROOT).status_code == 200
    own, other = {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "cross-site"}
    assert client.patch(f"{ROOT}/CAM-07", json={"lon": 117.3}, headers=other).status_code == 403
    assert client.patch(f"{ROOT}/CAM-07", json={"lon": 117.3}).status_code == 403
    assert client.patch(f"{ROOT}/CAM-07", data='{"lon":117.3}', headers=own).status_code == 415
    assert client.patch(f"{ROOT}/CAM-07", json={"lon": 117.3}, headers=own).json["lon"] == 117.3


@pytest.mark.usefixtures("listed")
def test_each_change_is_in_the_audit_without_a_secret(ask, city):
    ask("PATCH", "/CAM-07", {"lon": 117.2, "password": "baru"})
    ask("DELETE", "/CAM-07")
    rows = city.services.audit.newest(3)
    assert [(row.action, row.target) for row in rows] == [
        ("camera.delete", "CAM-07"),
        ("camera.change", "CAM-07"),
        ("camera.add", "CAM-07"),
    ]
    assert rows[1].details["fields"] == "lon, login"
    assert rows[0].who.startswith("admin")


LIST = b"id,name,lon,lat,url,owner\nA,A,117.1,-0.5,rtsp://u:rahasia@10.0.0.1/1,Dishub\nB,B,timur,-0.5,sim:,Dishub\n"


def test_a_list_is_taken_and_each_refused_line_named(city, ask):
    ask("PUT", "/C", FORM)
    sent = {"headers": city.bearer("admin"), "data": LIST, "content_type": "text/csv"}
    said = city.client().post(f"{ROOT}/import?add=1", **sent).json
    assert (said["taken"], said["credentials_moved"], said["undirected"]) == (1, 1, ["A"])
    (refused,) = said["refused"]
    assert (refused["line"], refused["field"], refused["why"]) == (3, "lon", "is not a number")
    assert [one.id for one in load_cameras(city.folder)] == ["A", "C"]
    city.client().post(f"{ROOT}/import", **sent)
    assert [one.id for one in load_cameras(city.folder)] == ["A"]


@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_an_exported_list_read_again_changes_nothing(city, ask, ending):
    ask("PUT", "/CAM-07", {**FORM, "name": "=cmd|' /C calc'!A0", "owner": "'-x", "night": False, "period_s": 5})
    ask("PUT", "/CAM 1/utara", {"name": 'Pasar, "Pagi"', "lon": 117.1, "lat": -0.5, "url": "sim:", "group": "+tiang"})
    before, secrets = load_cameras(city.folder), load_secrets(city.folder)
    exported = city.get(f"{ROOT}.{ending}", "admin")
    assert b"rahasia" not in exported.data
    kind = exported.content_type
    again = city.client().post(f"{ROOT}/import", data=exported.data, content_type=kind, headers=city.bearer("admin"))
    assert (again.json["taken"], again.json["refused"]) == (2, [])
    assert (load_cameras(city.folder), load_secrets(city.folder)) == (before, secrets)


@pytest.mark.usefixtures("listed")
def test_a_list_that_sends_a_camera_to_another_host_does_not_send_its_password_there(city):
    moved = b"id,name,lon,lat,url\nCAM-07,x,117,-0.5,http://10.0.0.66/s.jpg\n"
    reading = import_cameras(moved, city.folder, desk_for(city.services, city.folder).sources())
    assert (reading.forgotten, load_secrets(city.folder)) == (("CAM-07",), {})


@pytest.mark.usefixtures("listed")
def test_a_list_without_a_camera_takes_its_password_too(city):
    assert import_cameras(LIST, city.folder, desk_for(city.services, city.folder).sources()).forgotten == ("CAM-07",)
    assert set(load_secrets(city.folder)) == {"A"}


@pytest.mark.parametrize("choice", [{"ids": ["A", "B"]}, {"owner": "Dishub"}, {"group": "PJU-12"}])
def test_several_cameras_get_one_password(city, ask, choice):
    for name in ("A", "B"):
        ask("PUT", f"/{name}", {**FORM, "url": "rtsp://10.0.0.1/1", "owner": "Dishub", "group": "SW-1; PJU-12"})
    ask("PUT", "/C", {**FORM, "url": "sim:"})
    said = ask("POST", "/credentials", {**choice, "user": "pengawas", "password": "baru"})
    assert said.json == {"changed": ["A", "B"]}
    assert {one.password for one in load_secrets(city.folder).values()} == {"baru"}
    assert ask("POST", "/credentials", {"owner": "Nobody", "user": "u"}).json["field"] == "owner"
    assert ask("POST", "/credentials", {"ids": ["A"], "owner": "Dishub", "user": "u"}).status_code == 400


def test_a_camera_knows_all_its_fields_in_an_export():
    camera = Camera(id="A", name="A", lon=1.0, lat=2.0, url="sim:", kind="simulated")
    spelled = {"azimuth_deg": "azimuth", "fov_deg": "fov", "range_m": "range", "period_s": "period", "card": "purpose"}
    assert {spelled.get(name, name) for name in camera.__slots__} <= set(row_of(camera))


def test_a_camera_is_tested_before_it_is_listed_and_only_its_picture_is_told(ask, city):
    with FakeCamera() as camera:
        said = ask("POST", "/test", {**FORM, "url": camera.url(), "user": "pengawas", "password": "rahasia"}).json
        assert (said["ok"], said["width"], said["fault"], said["sentence"]) == (True, 1280, None, None)
        assert said["picture"].startswith("data:image/jpeg;base64,")
        assert load_cameras(city.folder) == ()
        ask("PUT", "/A", {**FORM, "url": camera.url()})
        assert ask("POST", "/test", {"id": "A"}).json["ok"] is True
    lost = ask("POST", "/test", {"id": "A"}).json
    assert (lost["ok"], lost["fault"]) == (False, "refused")
    assert lost["sentence"]["id"] == "kamera menolak sambungan; periksa alamat dan port"
    assert [row.action for row in city.services.audit.newest(4)].count("camera.test") == 3


def test_no_test_leads_where_no_camera_may_be(ask, listed, monkeypatch):
    monkeypatch.delenv("LAYAR_CAMERA_ALLOW")
    for url in ("http://127.0.0.1:8112/", "http://169.254.169.254/x", "http://localhost/", "http://[::1]/"):
        answer = ask("POST", "/test", {**FORM, "url": url})
        assert (answer.status_code, answer.json["field"]) == (400, "url")
        assert ask("PUT", "/B", {**FORM, "url": url}).json["field"] == "url"
    assert ask("POST", "/test", {"id": listed["id"], "url": "http://10.0.0.66/"}).json["field"] == "password"
    assert ask("POST", "/test", {"id": "NONE"}).status_code == 404


def test_two_cameras_are_tested_at_once_and_no_more(ask, monkeypatch):
    begun, go_on = threading.Semaphore(0), threading.Event()

    def wait(_job):
        begun.release()
        go_on.wait(60)
        return {"fault": "timed_out"}

    monkeypatch.setattr("dashboard.desk_trial.try_within", wait)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(ask, "POST", "/test", FORM) for _ in range(2)]
        assert all(begun.acquire(timeout=60) for _ in range(2))
        third = ask("POST", "/test", FORM)
        go_on.set()
        assert (third.status_code, third.headers["Retry-After"]) == (429, "10")
        assert [one.result().json["fault"] for one in asked] == ["timed_out", "timed_out"]
    assert ask("POST", "/test", FORM).status_code == 200
