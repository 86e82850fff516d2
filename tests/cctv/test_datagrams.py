"""MPEG-TS in datagrams: what is carried, who is listened to, and an end to every wait."""

import socket
import struct
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.datagrams import UdpFeed, carried
from cctv.faults import Broken
from cctv.guard import Guard, networks_of

TS = b"\x47" + bytes(187)


def rtp(payload, *, sources=0, extension=b"", padding=0):
    first = 0x80 | sources | (0x10 if extension else 0) | (0x20 if padding else 0)
    head = bytes((first, 33)) + bytes(10 + 4 * sources)
    more = struct.pack("!HH", 0, len(extension) // 4) + extension if extension else b""
    return head + more + payload + (bytes(padding - 1) + bytes((padding,)) if padding else b"")


@pytest.mark.parametrize("datagram", [TS, rtp(TS), rtp(TS, sources=2), rtp(TS, extension=bytes(8)), rtp(TS, padding=4)])
def test_the_stream_is_found_plain_or_after_any_rtp_header(datagram):
    assert carried(datagram) == TS


@pytest.mark.parametrize("datagram", [b"", b"hello", b"\x80", rtp(b"\0" * 188), b"\x40" + TS])
def test_other_datagrams_carry_nothing(datagram):
    assert carried(datagram) == b""


@given(st.binary(max_size=64))
def test_no_datagram_breaks_it(datagram):
    assert carried(datagram) in (b"", datagram) or datagram[0] >> 6 == 2


@pytest.fixture
def listening(reach_to):
    """A feed that listens to 127.0.0.1, and its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    feed = UdpFeed(reach_to(f"udp://127.0.0.1:{port}", "mpegts"))
    yield feed, port
    feed.close()


def test_a_large_datagram_is_given_in_pieces_and_in_order(listening):
    feed, port = listening
    feed.within(20)
    sent = b"\x47" + bytes(range(256)) * 4
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        sender.sendto(sent, ("127.0.0.1", port))
        sender.sendto(TS, ("127.0.0.1", port))
    got = b""
    while len(got) < len(sent) + len(TS):
        part = feed.read(300)
        assert 0 < len(part) <= 300
        got += part
    assert got == sent + TS


def test_silence_ends_at_the_deadline_though_strangers_talk(listening):
    feed, port = listening
    feed.within(0.5)
    over = threading.Event()

    def chatter():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.8", 0))
            while not over.wait(0.02):
                stranger.sendto(TS, ("127.0.0.1", port))

    talking = threading.Thread(target=chatter)
    talking.start()
    began = time.monotonic()
    assert feed.read(300) == b""
    over.set()
    talking.join(5)
    assert feed.fault == "timed_out"
    assert feed.read(300) == b""
    assert time.monotonic() - began < 20


def test_a_port_of_this_server_is_never_listened_to(reach_to):
    guard = Guard(networks=networks_of(["127.0.0.0/8"]), own_ports=frozenset({5000}))
    with pytest.raises(Broken) as broken:
        UdpFeed(reach_to("udp://127.0.0.1:5000", "mpegts", guard=guard))
    assert broken.value.fault == "forbidden_address"


def test_a_group_is_joined_and_whoever_sends_to_it_is_heard(reach_to):
    reach = reach_to("udp://239.112.7.7:50077", "mpegts")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(b"", ("239.112.7.7", 50077))
        except OSError:  # a machine without a network: nobody can join anything, and that is what is said
            with pytest.raises(OSError, match=r"Errno"):
                UdpFeed(reach)
            return
        feed = UdpFeed(reach)
        try:
            feed.within(20)
            sender.sendto(TS, ("239.112.7.7", 50077))
            assert feed.read(300) == TS
        finally:
            feed.close()
