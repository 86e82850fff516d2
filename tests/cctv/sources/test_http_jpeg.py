"""Cameras that give a JPEG per GET, good and bad, over real sockets."""

import time
from datetime import timedelta
from email.message import Message

import pytest
from fake_camera import (
    PASSWORD,
    PICTURE,
    USER,
    black_hole,
    bomb,
    closed_port,
    drip,
    drip_body,
    endless,
    garbage,
    gives,
    guarded,
    hang_up,
    mute,
    picture,
    pushes,
    says,
    short,
)

from cctv.single import captured_at
from cctv.sources.http_jpeg import SOURCE
from geodata.errors import CameraLost


def first(reach):
    with SOURCE.open(reach) as pictures:
        return next(pictures)


def test_a_jpeg_is_passed_on_as_it_came(fake, reach_to):
    snapshot = first(reach_to(fake().url()))
    assert snapshot.data == PICTURE
    assert snapshot.codec == "mjpeg"


def test_one_picture_comes_each_period(fake, reach_to):
    camera, began = fake(), time.monotonic()
    with SOURCE.open(reach_to(camera.url(), period_s=0.2)) as pictures:
        for _ in range(4):
            next(pictures)
    assert camera.asked == 4
    assert 0.55 < time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        (mute, "timed_out"),
        (garbage, "garbled"),
        (drip, "timed_out"),
        (drip_body, "timed_out"),
        (short, "truncated"),
        (gives(PICTURE[:-40]), "truncated"),
        (endless, "too_large"),
        (hang_up, "ended"),
        (gives(bomb()), "too_large"),
        (gives(b"<html>masuk</html>", kind="text/html"), "not_a_picture"),
        (gives(b""), "not_a_picture"),
        (gives(b"\xff\xd8\xff\xd9"), "not_a_picture"),
        (pushes(every_s=0.01), "garbled"),
        (says("401 Unauthorized", extra="WWW-Authenticate: Basic\r\n"), "wrong_password"),
        (says("403 Forbidden"), "wrong_password"),
        (says("404 Not Found"), "not_found"),
        (says("500 Internal Server Error"), "camera_error"),
        (says("200 OK", extra="X: " + "a" * 70_000 + "\r\n"), "garbled"),
        (lambda c, _: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"), "too_large"),
    ],
)
def test_whatever_is_wrong_is_named_within_the_time_allowed(fake, reach_to, behaviour, fault):
    reach = reach_to(fake(behaviour).url(), username=USER, password=PASSWORD)
    began = time.monotonic()
    with pytest.raises(CameraLost, match="camera CAM-07: ") as lost:
        first(reach)
    assert time.monotonic() - began < 2.8
    assert lost.value.fault == fault
    assert lost.value.__context__ is None


def test_a_black_hole_times_out_and_a_closed_port_refuses(reach_to):
    with black_hole() as port, pytest.raises(CameraLost) as lost:
        first(reach_to(f"http://127.0.0.1:{port}/"))
    assert lost.value.fault == "timed_out"
    with pytest.raises(CameraLost) as lost:
        first(reach_to(f"http://127.0.0.1:{closed_port()}/"))
    assert lost.value.fault == "refused"


def test_a_redirect_is_not_followed(fake, reach_to):
    elsewhere = fake()
    sent = says("302 Found", extra=f"Location: {elsewhere.url()}\r\n")
    with pytest.raises(CameraLost) as lost:
        first(reach_to(fake(sent).url()))
    assert lost.value.fault == "redirected"
    assert elsewhere.asked == 0


@pytest.mark.parametrize("by", ["basic", "digest"])
def test_a_camera_that_wants_a_password_gets_it(fake, reach_to, by):
    reach = reach_to(fake(guarded(by, picture)).url("/a b.jpg?x=1"), username=USER, password=PASSWORD)
    with SOURCE.open(reach) as pictures:
        assert next(pictures).data == next(pictures).data == PICTURE


@pytest.mark.parametrize("by", ["basic", "digest"])
def test_a_wrong_password_is_tried_once_only(fake, reach_to, by):
    camera = fake(guarded(by, picture))
    with pytest.raises(CameraLost) as lost:
        first(reach_to(camera.url(), username=USER, password=PASSWORD[:-1]))
    assert lost.value.fault == "wrong_password"
    assert camera.asked == 2


def test_credentials_are_not_sent_unasked(fake, reach_to):
    camera = fake()
    first(reach_to(camera.url(), username=USER, password=PASSWORD))
    assert b"Authorization" not in camera.requests[0]


def test_a_password_with_a_place_in_the_url_is_put_there(fake, reach_to):
    camera = fake()
    first(reach_to(camera.url("/snap?u={user}&p={password}"), username=USER, password=PASSWORD))
    assert b"GET /snap?u=pengawas&p=rahasia%2Fsekali%401 " in camera.requests[0]


def test_it_ends_when_told_to_stop(fake, reach_to):
    reach = reach_to(fake().url(), period_s=60)
    with SOURCE.open(reach) as pictures:
        next(pictures)
        reach.stopping.set()
        assert next(pictures, None) is None


def headers(**said):
    message = Message()
    for name, value in said.items():
        message[name.replace("_", "-")] = value
    return message


def test_the_age_of_a_picture_is_told_by_the_cameras_own_clock_however_wrong(now):
    said = headers(Last_Modified="Thu, 01 Jan 2015 00:00:00 GMT", Date="Thu, 01 Jan 2015 00:02:00 GMT")
    assert captured_at(said, now) == now - timedelta(minutes=2)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Last_Modified": "kemarin"},
        {"Last_Modified": "Thu, 01 Jan 2015 00:00:00 GMT"},
        {"Last_Modified": "Thu, 01 Jan 1970 00:00:00 GMT", "Date": "Sun, 22 Nov 2026 11:18:00 GMT"},
        {"Last_Modified": "Sun, 22 Nov 2026 12:18:00 GMT", "Date": "Sun, 22 Nov 2026 11:18:00 GMT"},
        {"Last_Modified": "Sun, 22 Nov 2026 11:17:59"},
    ],
)
def test_a_time_that_cannot_be_is_not_believed(now, said):
    assert captured_at(headers(**said), now) == now
