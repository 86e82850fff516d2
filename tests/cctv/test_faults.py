"""Every error becomes a sentence, and nothing of the error is carried on."""

import socket
import ssl

import pytest

from cctv.faults import FAULTS, Broken, camera_lost, each_lost_as, fault_of, lost_as, sentence
from geodata.errors import CameraLost

CANARY = "rtsp://pengawas:rahasia@10.0.0.7/1"


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ConnectionRefusedError(CANARY), "refused"),
        (TimeoutError(CANARY), "timed_out"),
        (ConnectionResetError(CANARY), "ended"),
        (BrokenPipeError(CANARY), "ended"),
        (socket.gaierror(CANARY), "unknown_host"),
        (OSError(113, CANARY), "unreachable"),
        (FileNotFoundError(CANARY), "no_file"),
        (PermissionError(CANARY), "forbidden_file"),
        (ssl.SSLCertVerificationError(CANARY), "bad_certificate"),
        (ssl.SSLError(CANARY), "garbled"),
        (ValueError(CANARY), "garbled"),
        (EOFError(CANARY), "ended"),
        (KeyError(CANARY), "broken"),
        (Broken("too_large"), "too_large"),
    ],
)
def test_an_error_is_told_by_its_kind_and_never_by_its_text(error, fault):
    def fail():
        raise error

    with pytest.raises(CameraLost) as lost:
        lost_as("CAM-07", fail)
    assert lost.value.fault == fault
    assert str(lost.value) == f"camera CAM-07: {FAULTS[fault].en}"
    assert lost.value.__context__ is None
    assert lost.value.__cause__ is None


def test_a_bug_is_not_dressed_up_as_a_lost_camera():
    def fail():
        raise TypeError

    with pytest.raises(TypeError):
        lost_as("CAM-07", fail)


def test_only_getting_a_picture_is_translated_not_using_it():
    def use(_picture):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        any(use(picture) for picture in each_lost_as("CAM-07", iter([1, 2])))


def test_an_iterator_that_ends_ends():
    assert list(each_lost_as("CAM-07", iter([1, 2]))) == [1, 2]


def test_an_unknown_fault_of_a_stranger_has_a_sentence_too():
    assert sentence("broken:KeyError") == FAULTS["broken"]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_sentence_says_what_is_wrong_and_what_to_try_in_both_languages(fault):
    said = FAULTS[fault]
    for words in (said.id, said.en):
        assert words == words.strip()
        assert words[0].islower()
        assert not words.endswith(".")
        assert len(words) < 90
    assert ";" in said.id
    assert str(camera_lost("CAM-07", fault)).startswith("camera CAM-07: ")


def test_what_no_rule_knows_is_broken():
    assert fault_of(RuntimeError(CANARY)) == "broken"
