"""One deadline for everything that is read."""

import time

import pytest
from fake_camera import drip, hang_up, says

from cctv.wire import connect


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
