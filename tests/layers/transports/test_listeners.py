"""TCP and UDP: messages cut anywhere are whole again, only who may speaks, and nobody holds the others up."""

import socket
import time
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from geodata.errors import StoreUnavailable
from layers import listening
from layers.feeds.nmea import checksum
from layers.ingest import Receipt
from layers.transport import Line
from layers.transports import tcp, udp
from tests.layers.transports.a_line import Told, free_port, running, until


def rmc(second: int = 0) -> bytes:
    now = datetime.now(UTC)
    body = f"GPRMC,{now:%H%M%S}.{second:02},A,0030.13200,S,11709.21600,E,16.5,271.5,{now:%d%m%y},,,A"
    return f"${body}*{checksum(body)}\r\n".encode()


def cot(uid: str) -> bytes:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<?xml version="1.0"?>\n<event version="2.0" uid="{uid}" type="a-f-G" how="m-g" time="{at}" start="{at}" '
        f'stale="{at}">'
        '<point lat="-0.5" lon="117.1" hae="0" ce="9" le="9"/><detail/></event>'
    ).encode()


def settings_of(kind, feed="nmea", **more):
    port = free_port(socket.SOCK_DGRAM if kind is udp.UdpSettings else socket.SOCK_STREAM)
    return kind(name="gps", feed=feed, transport=kind.__name__[:3].lower(), port=port, **more)


def call(port: int) -> socket.socket:
    """As soon as somebody listens."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 5)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_lines_cut_anywhere_are_whole_again_and_named_by_their_address(store, tmp_path):
    settings = settings_of(tcp.TcpSettings, units={"127.0.0.1": "pompa-01"})
    with running(tcp.TRANSPORT, settings, store, tmp_path) as line, call(settings.port) as wire:
        for byte in rmc():
            wire.sendall(bytes([byte]))
        until(lambda: line.units() == {"pompa-01"})
        assert line.told.well_count


def test_a_stream_of_cot_is_cut_into_events_and_a_broken_one_costs_itself(store, tmp_path):
    settings = settings_of(tcp.TcpSettings, feed="cot", ends_with="</event>")
    with running(tcp.TRANSPORT, settings, store, tmp_path) as line, call(settings.port) as wire:
        wire.sendall(cot("A") + b"\n<event <<</event>" + cot("B"))
        until(lambda: line.units() == {"A", "B"})
        assert store.quarantined_count() == 1


def test_who_is_not_named_is_hung_up_on(store, tmp_path):
    settings = settings_of(tcp.TcpSettings, allow=("10.0.0.0/8",))
    with running(tcp.TRANSPORT, settings, store, tmp_path) as line, call(settings.port) as wire:
        wire.settimeout(20)
        try:
            wire.sendall(rmc())
            assert wire.recv(1) == b""
        except ConnectionError:
            pass
        assert line.taking.payloads == []


def test_connections_and_unfinished_messages_are_bounded(store, tmp_path):
    settings = settings_of(tcp.TcpSettings, most_connections=2, most_bytes=256, unit="U")
    with running(tcp.TRANSPORT, settings, store, tmp_path) as line:
        with call(settings.port) as endless, call(settings.port) as good, call(settings.port) as third:
            third.settimeout(20)
            assert third.recv(1) == b""
            endless.settimeout(20)
            with pytest.raises(ConnectionError):
                endless.sendall(b"x" * 50_000_000)
            good.sendall(rmc())
            until(lambda: line.units() == {"U"})
        assert all(len(payload) < 1000 for payload in line.taking.payloads)


def test_a_silent_device_is_hung_up_on(store, tmp_path):
    settings = settings_of(tcp.TcpSettings, idle_s=1)
    with running(tcp.TRANSPORT, settings, store, tmp_path), call(settings.port) as wire:
        wire.settimeout(40)
        assert wire.recv(1) == b""


def test_what_the_log_cannot_take_waits_for_it(store, tmp_path):
    settings = settings_of(tcp.TcpSettings, unit="U")
    with running(tcp.TRANSPORT, settings, store, tmp_path) as line, call(settings.port) as wire:
        line.taking.is_shut = True
        wire.sendall(rmc())
        until(lambda: any("held" in said for said in line.told.wrong))
        line.taking.is_shut = False
        until(lambda: line.units() == {"U"})


def test_a_port_that_is_taken_is_said(store, tmp_path):
    settings = settings_of(tcp.TcpSettings)
    with socket.create_server(("127.0.0.1", settings.port)), running(tcp.TRANSPORT, settings, store, tmp_path) as line:
        until(lambda: line.told.wrong)
        assert "port" in line.told.wrong[0]


def test_a_datagram_is_a_message(store, tmp_path):
    settings = settings_of(udp.UdpSettings, feed="cot")
    with running(udp.TRANSPORT, settings, store, tmp_path) as line, socket.socket(type=socket.SOCK_DGRAM) as wire:

        def heard():
            wire.sendto(cot("A"), ("127.0.0.1", settings.port))
            time.sleep(0.1)
            return line.units() == {"A"}

        until(heard)


def test_datagrams_of_strangers_and_empty_ones_are_dropped(store, tmp_path):
    settings = settings_of(udp.UdpSettings, unit="U", allow=("127.0.0.2/32",))
    with running(udp.TRANSPORT, settings, store, tmp_path) as line:
        with socket.socket(type=socket.SOCK_DGRAM) as stranger, socket.socket(type=socket.SOCK_DGRAM) as known:
            known.bind(("127.0.0.2", 0))

            def heard():
                stranger.sendto(b"$GPXXX,stranger", ("127.0.0.1", settings.port))
                known.sendto(b"", ("127.0.0.1", settings.port))
                known.sendto(rmc(), ("127.0.0.1", settings.port))
                time.sleep(0.1)
                return line.units() == {"U"}

            until(heard)
        assert not any(b"stranger" in payload for payload in line.taking.payloads)


def test_a_multicast_group_is_joined(store, tmp_path):
    settings = settings_of(udp.UdpSettings, feed="cot", group="239.2.3.1")
    with running(udp.TRANSPORT, settings, store, tmp_path) as line, socket.socket(type=socket.SOCK_DGRAM) as wire:
        wire.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))

        def heard():
            wire.sendto(cot("A"), ("239.2.3.1", settings.port))
            time.sleep(0.1)
            return line.units() == {"A"}

        until(heard)


@pytest.mark.parametrize("wrong", [{"group": "10.0.0.1"}, {"group": "x"}, {"port": 0}, {"allow": ("x",)}, {"nope": 1}])
def test_wrong_settings_are_refused(wrong):
    plain = {"name": "p", "feed": "cot", "transport": "udp", "port": 6969}
    udp.UdpSettings.model_validate(plain)
    with pytest.raises(ValidationError):
        udp.UdpSettings.model_validate(plain | wrong)


def test_what_is_held_for_the_log_is_bounded_in_bytes_too():
    held, is_shut = [], [True]

    def deliver(payload, **_more):
        if is_shut[0]:
            raise StoreUnavailable("shut for a test")
        held.append(payload[:2])
        return Receipt(cursor=0)

    line = Line(
        name="x", deliver=deliver, tell=Told(), clock=lambda: datetime.now(UTC), guard=None, folder=None, secret=None
    )  # fmt: skip
    backlog = listening.Backlog(line)
    for number in range(40):
        backlog.take(b"%02d" % number + bytes(1_000_000), "U")
    is_shut[0] = False
    backlog.flush()
    assert held == [b"%02d" % number for number in range(40 - 15, 40)]
