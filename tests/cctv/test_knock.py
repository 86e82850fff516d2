"""A knock says whether somebody is there, soon, and leaves nothing behind."""

import time
from dataclasses import replace

import pytest
from fake_camera import black_hole, closed_port

from cctv.knock import Door, shut_of


def test_who_answers_is_there_without_being_asked_for_a_picture(fake):
    camera = fake()
    assert Door(host="127.0.0.1", port=camera.port).answers()
    assert camera.asked == 0


def test_who_refuses_or_says_nothing_is_not_and_the_silence_ends():
    assert not Door(host="127.0.0.1", port=closed_port()).answers()
    began = time.monotonic()
    with black_hole() as port:
        assert not Door(host="127.0.0.1", port=port).answers()
    assert time.monotonic() - began < 10


def test_nobody_knocks_where_no_camera_may_be(fake, monkeypatch):
    camera = fake()
    monkeypatch.delenv("LAYAR_CAMERA_ALLOW")
    assert not Door(host="127.0.0.1", port=camera.port).answers()


@pytest.mark.parametrize(
    ("snapshot_url", "ports"),
    [
        (None, [554]),
        ("http://10.0.0.7/still.jpg", [554, 80]),
        ("http://10.0.0.7:8080/still.jpg", [554, 8080]),
        ("http://10.0.0.7:554/still.jpg", [554]),
    ],
)
def test_a_snapshot_address_is_a_door_of_its_own_where_its_port_is_another(reach_to, snapshot_url, ports):
    reach = reach_to("rtsp://10.0.0.7/1", "rtsp")
    listed = replace(reach, camera=replace(reach.camera, snapshot_url=snapshot_url))
    assert [(door.host, door.port) for door in Door.all_of(listed)] == [("10.0.0.7", port) for port in ports]


def test_the_shut_ones_of_several_doors_are_told(fake):
    here, gone = fake(), Door(host="127.0.0.1", port=closed_port())
    assert shut_of([Door(host="127.0.0.1", port=here.port), gone]) == {gone}


@pytest.mark.parametrize(
    ("url", "kind", "door"),
    [
        ("rtsp://10.0.0.7/1", "rtsp", ("10.0.0.7", 554)),
        ("http://kamera.lokal:8080/x.jpg", "http_jpeg", ("kamera.lokal", 8080)),
        ("file:///srv/07.jpg", "file", None),
        ("sim:rain", "simulated", None),
        ("rtmp://10.0.0.7/live/1", "rtmp", ("10.0.0.7", 1935)),
        ("udp://10.0.0.7:5000", "mpegts", None),
    ],
)
def test_the_door_is_where_the_pictures_are_asked_for(reach_to, url, kind, door):
    found = Door.of(reach_to(url, kind))
    assert (found and (found.host, found.port)) == door
