"""One deadline for everything that is read."""

import socket
import threading
import time

import pytest
from fake_camera import black_hole, drip, hang_up, says

from cctv.wire import DeadlineSocket, connect


def test_a_dripping_answer_does_not_outlast_the_deadline(fake):
    camera, began = fake(drip), time.monotonic()
    with connect("127.0.0.1", camera.port, 0.8) as wire, wire.makefile("rb") as answer:
        wire.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(TimeoutError):
            answer.read(10_000)
    assert 0.7 < time.monotonic() - began < 1.5


def test_a_deadline_that_has_passed_reads_nothing_more(fake):
    with connect("127.0.0.1", fake(says("200 OK")).port, 5) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\n\r\n")
        wire.deadline_s = time.monotonic() - 1
        with pytest.raises(TimeoutError):
            wire.makefile("rb").read(1)


def test_a_camera_that_does_not_speak_tls_is_an_error_in_time(fake):
    began = time.monotonic()
    with pytest.raises(OSError):  # noqa: PT011 — which one is OpenSSL's choice
        connect("127.0.0.1", fake(hang_up).port, 0.5, is_tls=True)
    assert time.monotonic() - began < 1.5


def names(monkeypatch, answer):
    """From now on a name leads where `answer()` says; addresses lead where they do."""
    real = socket.getaddrinfo

    def look(host, port, *args, **more):
        return answer() if host == "kamera.uji" and not more.get("flags") else real(host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look)


def stream_to(port):
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))


def test_a_name_that_nobody_resolves_costs_no_more_than_the_deadline(monkeypatch):
    go_on, began = threading.Event(), time.monotonic()

    def nothing_for_long():
        go_on.wait(10)
        return []

    names(monkeypatch, nothing_for_long)
    try:
        with pytest.raises(TimeoutError):
            connect("kamera.uji", 80, 0.5)
        assert time.monotonic() - began < 3
    finally:
        go_on.set()


def test_an_unknown_name_is_told_as_such(monkeypatch):
    def unknown():
        raise socket.gaierror

    names(monkeypatch, unknown)
    with pytest.raises(socket.gaierror):
        connect("kamera.uji", 80, 2)


def test_several_silent_addresses_share_one_deadline_and_the_last_is_still_reached(monkeypatch, fake):
    with black_hole() as first, black_hole() as second, black_hole() as third:
        dead = [stream_to(port) for port in (first, second, third)]
        names(monkeypatch, lambda: dead)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            connect("kamera.uji", 80, 0.9)
        assert time.monotonic() - began < 1.8
        names(monkeypatch, lambda: [*dead, stream_to(fake(says("200 OK")).port)])
        connect("kamera.uji", 80, 2).close()


def test_a_connection_that_comes_when_the_time_is_just_over_is_hung_up(monkeypatch, fake):
    camera, kept, late_s = fake(), [], [0.0]
    monotonic = time.monotonic

    def connect_slowly(wire, address):
        kept.append(wire)
        socket.socket.connect(wire, address)
        late_s[0] = 99.0

    monkeypatch.setattr(DeadlineSocket, "connect", connect_slowly, raising=False)
    monkeypatch.setattr("cctv.wire.time.monotonic", lambda: monotonic() + late_s[0])
    with pytest.raises(TimeoutError):
        connect("127.0.0.1", camera.port, 1)
    assert [wire.fileno() for wire in kept] == [-1]
