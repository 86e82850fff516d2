"""An RTSP session with scripted cameras: signing in, staying alive, going nowhere else."""

import time

import pytest
from fake_camera import PASSWORD, USER, guarded
from fake_rtsp import IDR, SDP, answer, speaks, stream, woven

from cctv.faults import Broken
from cctv.rtsp.session import Session


def playing(session):
    session.play(session.describe())
    return session


def methods(camera):
    return [asked.split(b" ", 1)[0].decode() for asked in camera.requests]


def wait_for(is_so, timeout_s=2.0):
    until = time.monotonic() + timeout_s
    while not is_so() and time.monotonic() < until:
        time.sleep(0.01)
    return is_so()


@pytest.mark.parametrize("by", ["basic", "digest"])
def test_every_question_is_signed_once_the_camera_has_asked_who_we_are(fake, reach_to, by):
    camera = fake(guarded(by, speaks(), protocol="RTSP/1.0"))
    with playing(Session(reach_to(camera.url("/1", "rtsp"), "rtsp", username=USER, password=PASSWORD))):
        pass
    assert wait_for(lambda: "TEARDOWN" in methods(camera))
    assert methods(camera) == ["DESCRIBE", "DESCRIBE", "SETUP", "PLAY", "TEARDOWN"]
    assert [b"Authorization: " in asked for asked in camera.requests] == [False, True, True, True, True]


def test_without_a_password_nothing_is_signed_and_the_refusal_is_named(fake, reach_to):
    camera = fake(guarded("digest", speaks(), protocol="RTSP/1.0"))
    with Session(reach_to(camera.url("/1", "rtsp"), "rtsp")) as session, pytest.raises(Broken) as broken:
        session.describe()
    assert (broken.value.fault, camera.asked) == ("wrong_password", 1)


@pytest.mark.parametrize("method", ["DESCRIBE", "SETUP", "PLAY"])
def test_a_redirect_is_refused_at_every_step(fake, reach_to, method):
    camera = fake(speaks(statuses={method: "302 Moved\r\nLocation: rtsp://127.0.0.1:9/x"}))
    with Session(reach_to(camera.url("/1", "rtsp"), "rtsp")) as session, pytest.raises(Broken) as broken:
        playing(session)
    assert broken.value.fault == "redirected"


def test_a_control_url_that_names_another_host_is_asked_for_here(fake, reach_to):
    elsewhere = fake(speaks())
    camera = fake(speaks(sdp=SDP.replace(b"track1", f"{elsewhere.url('/t', 'rtsp')}".encode())))
    with playing(Session(reach_to(camera.url("/1", "rtsp"), "rtsp"))):
        assert elsewhere.asked == 0
    assert methods(camera)[:3] == ["DESCRIBE", "SETUP", "PLAY"]


@pytest.mark.parametrize("control", [b"track 1", b"t" * 3000])
def test_a_control_url_that_would_add_to_our_question_is_refused(fake, reach_to, control):
    camera = fake(speaks(sdp=SDP.replace(b"track1", control)))
    with Session(reach_to(camera.url("/1", "rtsp"), "rtsp")) as session, pytest.raises(Broken, match="garbled"):
        playing(session)


def test_packets_that_come_before_the_answer_to_play_do_not_confuse(fake, reach_to):
    early = b"".join(woven(0, packet) for packet in stream([IDR]))
    camera = fake(speaks(stream([IDR], 3000, 5), before_play=early))
    with playing(Session(reach_to(camera.url("/1", "rtsp"), "rtsp"))) as session:
        session.within(1.0)
        found = [*session.inbox.packets()]
        while not found:
            session.inbox.fill()
            found = [*session.inbox.packets()]
    assert [channel for channel, _, _ in found] == [0]


@pytest.mark.parametrize(("status", "second"), [("200 OK", "GET_PARAMETER"), ("551 Not Supported", "OPTIONS")])
def test_the_camera_is_told_in_time_that_we_are_still_there(fake, reach_to, status, second):
    camera = fake(speaks(statuses={"GET_PARAMETER": status}))
    with playing(Session(reach_to(camera.url("/1", "rtsp"), "rtsp"))) as session:
        began = time.monotonic()
        session.stay(began + 4)  # it said that it waits ten seconds
        assert camera.asked == 3
        session.stay(began + 6)
        session.within(1.0)
        session.inbox.fill()
        session.stay(began + 7)
        session.stay(began + 12)
        assert wait_for(lambda: camera.asked == 5)
    assert methods(camera)[3:5] == ["GET_PARAMETER", second]
    assert b"Session: 7" in camera.requests[3]


def test_a_camera_that_sends_us_elsewhere_in_mid_stream_is_lost(fake, reach_to):
    order = b"REDIRECT rtsp://127.0.0.1/1 RTSP/1.0\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:9/\r\n\r\n"
    camera = fake(speaks(then=lambda connection, _asked: connection.sendall(order)))
    with playing(Session(reach_to(camera.url("/1", "rtsp"), "rtsp"))) as session:
        session.within(1.0)
        session.inbox.fill()
        with pytest.raises(Broken, match="redirected"):
            session.stay(time.monotonic())


def test_an_answer_without_end_is_cut_off(fake, reach_to):
    def behave(connection, _asked):
        connection.sendall(b"RTSP/1.0 200 OK\r\n" + b"X: 1\r\n" * 100_000)

    with Session(reach_to(fake(behave).url("/1", "rtsp"), "rtsp")) as session, pytest.raises(Broken, match="garbled"):
        session.describe()


@pytest.mark.parametrize("length", ["-1", "99999999999999999999", "x", "²"])
def test_a_senseless_length_is_refused(fake, reach_to, length):
    camera = fake(lambda connection, asked: answer(connection, asked, f"200 OK\r\nContent-length: {length}", body=b"v"))
    with Session(reach_to(camera.url("/1", "rtsp"), "rtsp")) as session, pytest.raises((Broken, TimeoutError)):
        session.describe()
