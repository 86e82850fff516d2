"""ONVIF, against a virtual camera: what it offers, and what a wicked one does not get."""

import time

import pytest
from fake_camera import closed_port, drip, garbage
from onvif_camera import LOGIN, LOOP, TWO, OnvifCamera, Stream, envelope

from cctv.faults import Broken
from cctv.guard import guard_for
from cctv.onvif import ask
from cctv.onvif_discovery import discover
from cctv.onvif_words import GROUP, Device, Found, Profile, proposed

GUARD = guard_for(["127.0.0.0/8"])


def device(port, login=LOGIN):
    return Device(host="127.0.0.1", port=port, user=login[0], password=login[1])


def test_its_streams_are_told_on_the_host_that_was_asked_and_without_credentials():
    with OnvifCamera() as camera:
        offer = ask(device(camera.port), GUARD)
    assert (offer.maker, offer.model) == ("Contoh", "K-112")
    main, sub = offer.profiles
    assert main.url == "rtsp://127.0.0.1:554/Streaming/101?profile=1"
    assert sub == Profile(
        token="sub",  # noqa: S106 — ONVIF's name for a name
        name="sub",
        codec="H264",
        width=640,
        height=360,
        fps=15,
        url="rtsp://127.0.0.1:554/Streaming/102",
        snapshot_url=f"http://127.0.0.1:{camera.port}/snap2.jpg",
    )
    assert proposed(offer.profiles) == sub
    assert LOGIN[1] not in camera.heard
    assert "PasswordText" not in camera.heard


def test_a_wrong_password_is_told_as_such():
    with OnvifCamera() as camera, pytest.raises(Broken, match="wrong_password"):
        ask(device(camera.port, ("pengawas", "salah")), GUARD)
    assert camera.refused


def test_what_the_camera_says_of_its_address_leads_to_no_other_host():
    with OnvifCamera() as other, OnvifCamera(also=f"http://127.0.0.2:{other.port}") as camera:
        ask(device(camera.port), GUARD)
    assert other.asked == []


def test_a_redirect_is_not_followed():
    def redirect(handler, _question):
        handler.say(307, b"", ("Location", f"http://127.0.0.1:{other.port}/onvif/device_service"))
        return True

    with OnvifCamera() as other, OnvifCamera(behave=redirect) as camera, pytest.raises(Broken, match="no_onvif"):
        ask(device(camera.port), GUARD)
    assert other.asked == []


BOMB = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
FILE = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"<x/>", b"{}", BOMB, FILE, envelope("<x/>")])
def test_junk_is_told_as_no_onvif(body):
    def junk(handler, _question):
        handler.say(200, body)
        return True

    with OnvifCamera(behave=junk) as camera, pytest.raises(Broken, match="no_onvif"):
        ask(device(camera.port), GUARD)


def test_an_answer_without_end_is_cut_off():
    def flood(handler, _question):
        handler.say(200, b"<x>" + b"a" * 2_000_000)
        return True

    with OnvifCamera(behave=flood) as camera, pytest.raises(Broken, match="too_large"):
        ask(device(camera.port), GUARD)


@pytest.mark.parametrize(("behave", "fault"), [(drip, "timed_out"), (garbage, "garbled")])
def test_it_ends_in_time_whatever_answers(fake, behave, fault):
    began = time.monotonic()
    with pytest.raises(Broken, match=fault):
        ask(device(fake(behave).port), GUARD, within_s=1)
    assert time.monotonic() - began < 20


def test_nobody_there_and_no_camera_allowed_there_are_told_apart():
    with pytest.raises(Broken, match="refused"):
        ask(device(closed_port()), GUARD)
    with OnvifCamera() as camera, pytest.raises(Broken, match="forbidden_address"):
        ask(device(camera.port), guard_for_private())
    assert camera.asked == []


def guard_for_private():
    """A guard that allows nothing of this machine."""
    return type(GUARD)(networks=())


def test_the_smallest_stream_that_shows_a_street_is_proposed():
    def profile(name, width, codec="H264", url="rtsp://10.0.0.7/1"):
        return Profile(token=name, name=name, width=width, height=width // 2, codec=codec, url=url)

    tiny, sub, main = profile("tiny", 320), profile("sub", 640), profile("main", 1920)
    jpegs, nowhere = profile("jpegs", 640, "JPEG"), profile("none", 640, url=None)
    assert proposed((main, sub, tiny, jpegs, nowhere)) == sub
    assert proposed((tiny, jpegs)) == tiny
    assert proposed((jpegs,)) == jpegs
    assert proposed((nowhere,)) is None


def test_a_password_hidden_in_a_stream_address_is_taken_out():
    streams = [Stream("a", "rtsp://192.168.1.64/user=admin_password=bocor_channel=1", "ftp://192.168.1.64/x")]
    with OnvifCamera(streams) as camera:
        (offered,) = ask(device(camera.port), GUARD).profiles
    assert offered.url == "rtsp://127.0.0.1/user={user}_password={password}_channel=1"
    assert offered.snapshot_url is None


def test_a_camera_that_answers_is_found_at_the_address_it_answered_from():
    with OnvifCamera() as camera:
        camera.answers = [b"junk", BOMB, *camera.answers]
        found = discover(GUARD, ("127.0.0.1", camera.discovery_port), within_s=1.5)
    path = "/onvif/device_service"
    assert found == (Found(host="127.0.0.1", port=camera.port, path=path, name="Jembatan Mahakam", hardware="K-112"),)


def test_a_camera_in_the_group_is_found_without_knowing_its_address():
    with OnvifCamera() as camera:
        found = discover(GUARD, (GROUP, camera.group_port), within_s=1.2, cards=[LOOP])
    assert [one.port for one in found] == [camera.port]


def test_an_answer_from_where_no_camera_may_be_is_dropped():
    with OnvifCamera() as camera:
        assert discover(guard_for_private(), ("127.0.0.1", camera.discovery_port), within_s=0.5) == ()
        camera.answers = [camera.match("http://[:/x").replace(b"http://192.168.1.64/onvif/device_service ", b"")]
        assert discover(GUARD, ("127.0.0.1", camera.discovery_port), within_s=0.5) == ()


def test_two_streams_are_what_the_virtual_camera_has():
    assert [stream.token for stream in TWO] == ["main", "sub"]
