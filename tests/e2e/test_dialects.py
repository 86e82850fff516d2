"""Every dialect of devices and neighbours from its own sender to one wall in a browser, all at once.

A real broker, real sockets, a loopback server that is polled, and a signed webhook; then the broker is killed.
"""

import json
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import requests
from google.transit import gtfs_realtime_pb2 as gtfs
from playwright.sync_api import Browser, Page

from dashboard.webhooks_sign import sign
from layers.feeds.nmea import checksum
from tests.dashboard.receiver import Receiver
from tests.e2e.conftest import Server, eventually, free_port, layar, map_source, new_server, sign_in
from tests.feed_server import Agency, agency
from tests.feed_server import Page as Answer
from tests.layers.transports.broker import PASSWORD, USER, Broker

FRESH_S = 60
SILENT_S = 6
MARKER_S = 4
BROKER_AWAY = "broker MQTT tidak terjangkau"


@dataclass
class Room:
    """Everything that speaks, and the wall that hears it."""

    server: Server
    broker: Broker
    agency: Agency
    ports: dict[str, int]
    tab: Page
    secret: str
    receiver: Receiver
    complaints: list[str] = field(default_factory=list)

    def keys(self, source: str) -> set[str]:
        """What the map itself holds of a layer."""
        return {one["properties"]["key"] for one in map_source(self.tab, source)}

    def told(self) -> str:
        """Every sentence that the bar at the bottom takes turns with."""
        said: str = self.tab.evaluate("() => JSON.stringify(window.layar.picture.panels().degraded || [])")
        return said

    def speak(self, name: str, words: bytes) -> None:
        """As a device that connects, says one thing and leaves."""
        with socket.create_connection(("127.0.0.1", self.ports[name]), 10) as wire:
            wire.sendall(words)


def settings(broker: Broker, ports: dict[str, int], polled: Agency) -> str:
    """The [[feeds]] of layar.toml."""
    here = f'allow = ["127.0.0.0/8"]\nsilent_s = {SILENT_S}\n'
    poll = 'transport = "poll"\nevery_s = 1\n'
    return "".join([
        '[[feeds]]\nname = "ponsel"\nfeed = "owntracks"\ntransport = "mqtt"\n',
        f'host = "127.0.0.1"\nport = {broker.port}\ntls = false\nkeepalive_s = 5\n{here}',
        f'[[feeds]]\nname = "gps"\nfeed = "nmea"\ntransport = "tcp"\nport = {ports["gps"]}\nunit = "perahu-02"\n',
        f'[[feeds]]\nname = "tak"\nfeed = "cot"\ntransport = "udp"\nport = {ports["tak"]}\n',
        f'[[feeds]]\nname = "brt"\nfeed = "gtfs_realtime"\n{poll}url = "{polled.url("/vehicles.pb")}"\n{here}',
        f'[[feeds]]\nname = "meja"\nfeed = "open311"\n{poll}url = "{polled.url("/requests.json")}"\n{here}',
    ])  # fmt: skip


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """All of it running, and the browser signed in."""
    folder = tmp_path_factory.mktemp("dialects")
    ports = {"gps": free_port(), "tak": free_port()}
    server = new_server(folder / "data")
    with Broker(folder / "broker") as broker, agency() as polled, Receiver() as receiver:
        polled.pages = {"/vehicles.pb": Answer(vehicles()), "/requests.json": Answer(requests_said())}
        (server.data / "layar.toml").write_text(settings(broker, ports, polled), "utf-8")
        secrets = server.data / "feed-secrets.toml"
        secrets.write_text(f'[ponsel]\nuser = "{USER}"\npassword = "{PASSWORD}"\n', "utf-8")
        secrets.chmod(0o600)
        secret = layar(server.data, "hook", "create", "--name", "kukar", "--feed", "eido").split()[0]
        layar(server.data, "hook", "create", "--name", "bpbd", "--url", receiver.url, "--allow", "127.0.0.0/8")
        tab = browser.new_page(viewport={"width": 1920, "height": 1080})
        room = Room(
            server=server, broker=broker, agency=polled, ports=ports, tab=tab, secret=secret, receiver=receiver
        )  # fmt: skip
        tab.on("pageerror", lambda error: room.complaints.append(str(error)))
        try:
            server.start()
            sign_in(tab, server)
            yield room
        finally:
            tab.close()
            server.stop()


def vehicles() -> bytes:
    message = gtfs.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = int(time.time())
    vehicle = message.entity.add(id="1").vehicle
    vehicle.vehicle.id, vehicle.trip.route_id = "bus-7", "K1"
    vehicle.position.latitude, vehicle.position.longitude = -0.4921, 117.1402
    return message.SerializeToString()


def requests_said() -> bytes:
    said = {"service_request_id": "638344", "status": "open", "service_name": "Pohon tumbang", "lat": -0.4871,
            "long": 117.1602, "requested_datetime": datetime.now(UTC).isoformat()}  # fmt: skip
    return json.dumps([said]).encode()


def location(unit_number: int) -> bytes:
    return json.dumps({"_type": "location", "tid": "x", "tst": int(time.time()), "lat": -0.4821, "acc": 9,
                       "lon": 117.1502 + unit_number / 1000}).encode()  # fmt: skip


def rmc() -> bytes:
    now = datetime.now(UTC)
    body = f"GPRMC,{now:%H%M%S}.00,A,0030.13200,S,11709.21600,E,16.5,271.5,{now:%d%m%y},,,A"
    return f"${body}*{checksum(body)}\r\n".encode()


def cot(uid: str, kind: str, lon: float, ends_s: int, title: str) -> bytes:
    now = datetime.now(UTC)
    at, stale = (f"{one:%Y-%m-%dT%H:%M:%S}Z" for one in (now, now + timedelta(seconds=ends_s)))
    return (
        f'<event version="2.0" uid="{uid}" type="{kind}" how="m-g" time="{at}" start="{at}" stale="{stale}"><point '
        f'lat="-0.4921" lon="{lon}" hae="0" ce="9" le="9"/><detail><contact callsign="{title}"/></detail></event>'
    ).encode()


def eido() -> bytes:
    at = datetime.now(UTC).isoformat()
    incident = {"incidentTypeInternalText": "Kebakaran", "lastUpdateTimeStamp": at, "incidentCommonPriorityNumber": 9,
                "locationReference": [{"$ref": "l"}]}  # fmt: skip
    return json.dumps({
        "$id": "urn:emergency:uid:incidentid:1:kukar", "incidentComponent": incident,
        "callComponent": [{"callStartTimestamp": at}],
        "locationComponent": [{"$id": "l", "locationByValue": "<pos>-0.5121 117.1402</pos>"}],
    }).encode()  # fmt: skip


def test_a_phone_behind_a_broker_is_on_the_map(room: Room) -> None:
    room.broker.publish("owntracks/siti/hp", location(1))
    eventually(lambda: "siti/hp" in room.keys("responders"), FRESH_S, "the phone on the map")


def test_a_receiver_that_speaks_nmea_is_on_the_map_by_the_name_of_its_line(room: Room) -> None:
    room.speak("gps", rmc())
    eventually(lambda: "perahu-02" in room.keys("responders"), FRESH_S, "the boat on the map")


def test_a_friend_of_tak_is_a_unit_and_its_point_is_a_marker(room: Room) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as wire:
        for words in (
            cot("ANDROID-1", "a-f-G-U-C", 117.1452, 300, "R1"),
            cot("M-1", "b-m-p-s-m", 117.1552, 900, "Titik kumpul"),
        ):
            wire.sendto(words, ("127.0.0.1", room.ports["tak"]))
    eventually(lambda: "ANDROID-1" in room.keys("responders"), FRESH_S, "the unit on the map")
    eventually(lambda: "M-1" in room.keys("markers"), FRESH_S, "the marker on the map")


def test_a_marker_leaves_the_map_by_itself_when_it_is_stale(room: Room) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as wire:
        wire.sendto(cot("M-2", "b-m-p-s-m", 117.1352, MARKER_S, "sebentar"), ("127.0.0.1", room.ports["tak"]))
    is_told = "window.layar.picture.layer('markers').has('M-2')"
    eventually(lambda: room.tab.evaluate(is_told), FRESH_S, "the marker on the page")
    eventually(lambda: "M-2" not in room.keys("markers"), FRESH_S, "its end")
    room.tab.wait_for_timeout(MARKER_S * 1000)
    assert room.keys("markers") == {"M-1"}
    assert room.tab.evaluate(is_told)


def test_a_bus_is_on_the_map_and_is_no_responder(room: Room) -> None:
    eventually(lambda: "bus-7" in room.keys("transit"), FRESH_S, "the bus on the map")
    assert "bus-7" not in room.keys("responders")


def test_a_request_of_the_service_desk_is_an_incident_on_the_map(room: Room) -> None:
    eventually(lambda: "311-638344" in room.keys("incidents"), FRESH_S, "the request on the map")
    assert "Pohon tumbang" in room.tab.locator("#wall-incidents").inner_text()


def test_a_position_that_traccar_forwards_is_on_the_map(room: Room) -> None:
    place = {"valid": True, "latitude": -0.4781, "longitude": 117.1602}
    said = {"position": {"fixTime": datetime.now(UTC).isoformat(), **place}, "device": {"uniqueId": "pompa-3"}}
    assert room.server.post("/api/v1/traccar", json=said).status_code == 200
    eventually(lambda: "pompa-3" in room.keys("responders"), FRESH_S, "the engine on the map")


def test_an_incident_that_a_neighbour_signs_is_on_the_map(room: Room) -> None:
    body = eido()
    headers = sign(room.secret, "msg_1", int(time.time()), body)
    answer = requests.post(f"{room.server.url}/api/v1/hooks/kukar", data=body, headers=headers, timeout=10)
    assert answer.status_code == 201
    eventually(lambda: "urn:emergency:uid:incidentid:1:kukar" in room.keys("incidents"), FRESH_S, "the fire on the map")


def test_the_same_incident_is_told_to_whom_we_tell_by_a_webhook_of_ours(room: Room) -> None:
    def ids() -> set[str]:
        return {json.loads(body)["data"]["id"] for _, body in room.receiver.got}

    eventually(lambda: "urn:emergency:uid:incidentid:1:kukar" in ids(), FRESH_S, "the message to the agency")


def test_a_broker_that_is_gone_is_named_on_the_wall_until_it_is_back_and_nothing_it_keeps_is_lost(room: Room) -> None:
    assert BROKER_AWAY not in room.told()
    room.broker.end(signal.SIGKILL)
    eventually(lambda: BROKER_AWAY in room.told(), FRESH_S, "the sentence of the broker")
    room.broker.start()
    eventually(lambda: BROKER_AWAY not in room.told(), FRESH_S, "the end of the sentence")
    room.broker.publish("owntracks/budi/hp", location(5))
    eventually(lambda: "budi/hp" in room.keys("responders"), FRESH_S, "the next phone")
    assert room.complaints == []
