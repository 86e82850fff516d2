"""Which addresses a camera may have."""

import json
import socket
from ipaddress import ip_address

import pytest
from fake_camera import picture

from cctv.camera import Reach, discover_sources
from cctv.entry import OUTSIDE, Rules
from cctv.faults import Broken
from cctv.guard import ENVIRONMENT, PORT, PRIVATE, guard_for, is_this_machine, networks_of
from cctv.inventory import import_cameras, read_list
from cctv.wire import connect, resolve
from geodata.errors import CameraLost

SOURCES = discover_sources().found


@pytest.fixture(autouse=True)
def usual(monkeypatch):
    """The guard of a city that has named nothing."""
    monkeypatch.delenv(ENVIRONMENT)
    return guard_for()


@pytest.mark.parametrize("address", ["10.0.0.7", "172.31.255.1", "192.168.1.9", "fd12::7", "::ffff:10.0.0.7"])
def test_private_networks_are_allowed_by_themselves(usual, address):
    assert usual.allows(address, 554)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.1", "::1", "::", "169.254.169.254", "169.254.1.1", "fe80::1", "fe80::1%eth0",
        "224.0.0.1", "239.255.255.250", "ff02::1", "255.255.255.255", "8.8.8.8", "2001:db8::1", "172.32.0.1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "fd00:ec2::254", "kamera", "",
    ],
)  # fmt: skip
def test_all_else_is_refused(usual, address):
    assert not usual.allows(address, 80)


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "LOCALHOST.", "a.localhost", "[::1]"]
)
def test_this_machine_is_known_by_each_of_its_names(usual, host):
    assert usual.refuses(host, 80)
    assert not guard_for(["127.0.0.0/8", "::1"]).refuses(host, 80)


def test_a_name_is_not_refused_before_it_is_known_where_it_leads(usual):
    assert not usual.refuses("kamera.contoh", 80)


def test_a_wide_network_does_not_name_what_is_special():
    guard = guard_for(["0.0.0.0/0", "::/0"])
    assert guard.allows("8.8.8.8", 80)
    assert not any(guard.allows(one, 80) for one in ("127.0.0.1", "169.254.1.1", "224.0.0.1", "::1", "fe80::1"))
    assert guard_for(["169.254.0.0/16"]).allows("169.254.1.1", 80)


def test_metadata_addresses_are_refused_whatever_is_named():
    assert not guard_for(["169.254.169.254", "169.254.0.0/16"]).allows("169.254.169.254", 80)


def test_the_servers_own_port_is_no_camera_where_this_machine_is_allowed():
    guard = guard_for(["127.0.0.0/8"], own_ports=[8112])
    assert not guard.allows("127.0.0.1", 8112)
    assert guard.allows("127.0.0.1", 8113)


def test_the_port_that_was_asked_for_on_the_command_line_is_known_to_every_process(monkeypatch):
    monkeypatch.setenv(PORT, "18777")
    guard = guard_for(["127.0.0.0/8"], own_ports=[8112])
    assert not any(guard.allows("127.0.0.1", port) for port in (8112, 18777))


def test_an_address_of_this_machine_on_a_private_network_is_this_machine(usual, monkeypatch):
    assert is_this_machine(ip_address("127.0.0.1"))
    assert not is_this_machine(ip_address("10.0.0.7")) or usual.allows("10.0.0.7", 80) is False
    monkeypatch.setattr("cctv.guard.is_this_machine", lambda ip: str(ip) == "10.0.0.7")
    assert not usual.allows("10.0.0.7", 8112)
    assert guard_for([*PRIVATE, "127.0.0.0/8"], own_ports=[8112]).allows("10.0.0.7", 80)
    assert not guard_for([*PRIVATE, "127.0.0.0/8"], own_ports=[8112]).allows("10.0.0.7", 8112)


@pytest.mark.parametrize("said", ["10.0.0.0/33", "kamera", "10.0.0.1/8"])
def test_what_is_no_network_is_named(said):
    with pytest.raises(ValueError, match="is no network"):
        networks_of([said])


def test_the_environment_adds_networks(monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, "203.0.113.0/24, 127.0.0.0/8")
    assert guard_for().allows("203.0.113.9", 80)
    assert guard_for().allows("10.0.0.7", 80)


def test_a_listed_address_is_judged_before_it_is_taken(usual):
    lines = "id,name,lon,lat,url,snapshot_url\n" + "".join(
        f"{number},n,117,-0.5,{urls}\n"
        for number, urls in enumerate(
            (
                "rtsp://10.0.0.7/1,", "http://169.254.169.254/latest/meta-data,", "http://[::ffff:127.0.0.1]/x,",
                "rtsp://2130706433/1,", "rtsp://localhost/1,", "rtsp://kamera.contoh/1,",
            )
        )
    )  # fmt: skip
    reading = read_list(lines.encode(), Rules(sources=SOURCES, guard=usual))
    assert [camera.id for camera in reading.cameras] == ["0", "5"]
    assert {refused.why for refused in reading.refused} == {OUTSIDE}


def leads(monkeypatch, *answers):
    """The name `kamera.uji` leads to these addresses, one after the other, then to the last."""
    real, left = socket.getaddrinfo, list(answers)

    def look(host, port, *args, **more):
        if host != "kamera.uji":
            return real(host, port, *args, **more)
        if more.get("flags"):
            raise socket.gaierror
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in address.split()]

    monkeypatch.setattr(socket, "getaddrinfo", look)


def test_a_name_that_leads_to_a_forbidden_address_is_not_connected_to(usual, monkeypatch, fake):
    camera = fake(picture)
    leads(monkeypatch, "127.0.0.1")
    with pytest.raises(Broken, match="forbidden_address"):
        connect("kamera.uji", camera.port, 2, guard=usual)
    with pytest.raises(Broken, match="forbidden_address"):
        connect("kamera.uji", camera.port, 2)
    assert camera.asked == 0


def test_of_a_names_addresses_only_the_allowed_ones_are_tried(monkeypatch, fake):
    camera = fake(picture)
    leads(monkeypatch, "169.254.169.254 127.0.0.1")
    guard = guard_for(["127.0.0.0/8"])
    assert resolve("kamera.uji", camera.port, 2, guard) == "127.0.0.1"
    connect("kamera.uji", camera.port, 2, guard=guard).close()


def test_a_name_that_leads_elsewhere_after_it_was_listed_is_stopped_at_the_connection(
    usual, monkeypatch, tmp_path, fake
):
    camera = fake(picture)
    leads(monkeypatch, "10.0.0.7", "127.0.0.1")
    line = f"id,name,lon,lat,url\nA,A,117,-0.5,http://kamera.uji:{camera.port}/s.jpg\n"
    (listed,) = import_cameras(line.encode(), tmp_path, SOURCES, guard=usual).cameras
    with (
        pytest.raises(CameraLost) as lost,
        SOURCES["http_jpeg"].open(Reach(camera=listed, guard=usual)) as pictures,
    ):
        next(pictures)
    assert (lost.value.fault, camera.asked) == ("forbidden_address", 0)


def test_a_name_that_leads_to_a_forbidden_address_is_refused_when_it_is_listed(usual, monkeypatch, tmp_path):
    leads(monkeypatch, "127.0.0.1")
    lines = [{"id": "A", "name": "A", "lon": 117, "lat": -0.5, "url": "rtsp://kamera.uji/1"}]
    lines += [{**lines[0], "id": "B", "url": "rtsp://10.0.0.7/1"}]
    reading = import_cameras(json.dumps(lines).encode(), tmp_path, SOURCES, guard=usual)
    assert [(one.camera, one.field, one.why) for one in reading.refused] == [("A", "url", OUTSIDE)]
    assert [camera.id for camera in reading.cameras] == ["B"]


@pytest.mark.parametrize("kind", ["http_jpeg", "mjpeg", "rtsp"])
def test_no_source_reaches_a_camera_that_the_guard_refuses(usual, camera_at, fake, kind):
    camera = fake(picture)
    url = camera.url(scheme="rtsp" if kind == "rtsp" else "http")
    with pytest.raises(CameraLost) as lost, SOURCES[kind].open(Reach(camera=camera_at(url, kind), guard=usual)) as got:
        next(got)
    assert (lost.value.fault, camera.asked) == ("forbidden_address", 0)
