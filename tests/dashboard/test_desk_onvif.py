"""Finding cameras over HTTP."""

import pytest
from onvif_camera import LOGIN, OnvifCamera

ROOT = "/api/v1/cameras"


@pytest.fixture
def ask(city):
    """`ask(path, body)` as an admin."""

    def send(path, body):
        return city.client().post(ROOT + path, json=body, headers=city.bearer("admin"))

    return send


def test_a_camera_on_one_host_is_found_and_known_once_it_is_listed(city, ask):
    with OnvifCamera() as camera:
        body = {"host": "127.0.0.1", "port": camera.discovery_port}
        (found,) = ask("/discover", body).json["cameras"]
        assert (found["host"], found["port"], found["listed"]) == ("127.0.0.1", camera.port, None)
        form = {"name": "A", "lon": 117, "lat": -0.5, "url": "rtsp://127.0.0.1/1"}
        city.client().put(f"{ROOT}/A", json=form, headers=city.bearer("admin"))
        assert ask("/discover", body).json["cameras"][0]["listed"] == "A"


def test_its_streams_are_told_with_a_proposal_that_can_be_listed(city, ask):
    with OnvifCamera() as camera:
        sign = {"user": LOGIN[0], "password": LOGIN[1]}
        said = ask("/onvif", {"host": "127.0.0.1", "port": camera.port, **sign})
    assert said.json["ok"] is True
    assert said.json["profiles"][0]["address"] == "rtsp://127.0.0.1:554/Streaming/101"
    proposal = said.json["proposal"]
    assert (proposal["profile"], proposal["width"], proposal["codec"]) == ("sub", 640, "H264")
    assert LOGIN[1].encode() not in said.data
    form = {"name": "A", "lon": 117, "lat": -0.5, **{n: proposal[n] for n in ("url", "snapshot_url", "kind")}, **sign}
    assert city.client().put(f"{ROOT}/A", json=form, headers=city.bearer("admin")).status_code == 201


def test_what_is_wrong_is_a_sentence(ask):
    with OnvifCamera() as camera:
        said = ask("/onvif", {"host": "127.0.0.1", "port": camera.port, "user": "x", "password": "salah"}).json
    assert (said["ok"], said["fault"], said["profiles"]) == (False, "wrong_password", [])
    assert said["sentence"]["id"].startswith("kamera menolak sandi")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "host"), ({"host": "169.254.169.254"}, "host"), ({"host": "8.8.8.8"}, "host"), ({"host": 3}, "host"),
        ({"host": "127.0.0.1", "port": 0}, "port"), ({"host": "127.0.0.1", "path": "//evil@x"}, "path"),
    ],
)  # fmt: skip
def test_nothing_is_asked_of_what_is_no_camera(ask, body, field):
    answer = ask("/onvif", body)
    assert (answer.status_code, answer.json["field"]) == (400, field)


def test_nobody_looks_on_a_host_where_no_camera_may_be(ask, monkeypatch):
    monkeypatch.delenv("LAYAR_CAMERA_ALLOW")
    assert ask("/discover", {"host": "127.0.0.1"}).json["field"] == "host"


def test_each_search_is_in_the_audit(city, ask):
    with OnvifCamera() as camera:
        ask("/discover", {"host": "127.0.0.1", "port": camera.discovery_port})
        ask("/onvif", {"host": "127.0.0.1", "port": camera.port})
    assert [row.action for row in city.services.audit.newest(2)] == ["camera.onvif", "camera.discover"]
