"""Simulated cameras answer over HTTP like real ones, and fail like real ones."""

import http.client
import threading
import time
from email.utils import parsedate_to_datetime

import pytest

from dashboard.demo.camera_server import CameraServer, Studio, base_url, free_port
from dashboard.demo.cast import cameras

WANTED = {"CAM-01", "CAM-03", "CAM-17", "CAM-20", "CAM-27"}


@pytest.fixture(scope="module")
def studio(demo_ground, streets):
    staged = [one for one in cameras(demo_ground, streets, 1, base_url(9)) if one.camera.id in WANTED]
    return Studio(staged, demo_ground.city)


@pytest.fixture
def served(studio):
    """(port, clock): set `clock[0]` to move time."""
    clock = [time.time() // 7800 * 7800 + 20.0]  # a moment at which every script is at its mishap
    server = CameraServer(0, studio, lambda: clock[0])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_address[1], clock
    server.shutdown()
    server.server_close()
    thread.join(5)


def get(port, path):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        line.close()


def test_a_camera_gives_a_new_picture_each_time(served):
    port, clock = served
    status, headers, first = get(port, "/cam/CAM-01.jpg")
    clock[0] += 2
    assert status == 200
    assert headers["Content-Type"] == "image/jpeg"
    assert first.startswith(b"\xff\xd8")
    assert get(port, "/cam/CAM-01.jpg")[2] != first


def test_a_frozen_camera_gives_the_same_bytes_again(served):
    port, clock = served
    clock[0] = clock[0] // 780 * 780 + 20.0
    first = get(port, "/cam/CAM-17.jpg")[2]
    clock[0] += 30
    assert get(port, "/cam/CAM-17.jpg")[2] == first
    clock[0] += 400
    assert get(port, "/cam/CAM-17.jpg")[2] != first


def test_a_late_camera_says_how_old_its_picture_is(served):
    port, clock = served
    clock[0] = clock[0] // 600 * 600 + 35.0
    headers = get(port, "/cam/CAM-20.jpg")[1]
    age_s = clock[0] - parsedate_to_datetime(headers["Last-Modified"]).timestamp()
    assert 30 < age_s <= 40


def test_a_dead_camera_does_not_answer(served):
    with pytest.raises(http.client.RemoteDisconnected):
        get(served[0], "/cam/CAM-27.jpg")


def test_a_stream_pushes_picture_after_picture(served):
    port, clock = served
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", "/cam/CAM-03.mjpg")
    answer = line.getresponse()
    assert "multipart/x-mixed-replace" in answer.headers["Content-Type"]
    sizes = []
    while len(sizes) < 2:
        head = answer.readline()
        if head.lower().startswith(b"content-length"):
            clock[0] += 1
            sizes.append(int(head.split(b":")[1]))
            answer.readline()
            assert answer.read(sizes[-1]).startswith(b"\xff\xd8")
    line.close()


@pytest.mark.parametrize("path", ["/", "/cam/CAM-99.jpg", "/cam/CAM-01.png", "/cam/../etc/passwd"])
def test_what_is_no_camera_is_not_found(served, path):
    assert get(served[0], path)[0] == 404


def test_a_free_port_can_be_listened_on(studio):
    port = free_port()
    server = CameraServer(port, studio)
    assert server.server_address == ("127.0.0.1", port)
    server.server_close()
