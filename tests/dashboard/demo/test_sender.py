"""What the simulated city sends is what the real feeds read."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from dashboard.demo.sender import Line, Message, Outbox, Positions, incidents_message, roster_message, worded
from dashboard.demo.units import at_post, report_of, sent
from layers.feed import Rejected, discover_feeds

NOW_S = 1_795_000_000.0
RECEIVED = datetime.fromtimestamp(NOW_S + 1, UTC)
FEEDS = discover_feeds().found


class _Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        """Answer as told, remember what was sent."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.path, dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 — as http.server calls it

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def server():
    """A real server; `answers` are the statuses to come, `heard` what it was sent."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    made.answers, made.heard, made.daemon_threads = [], [], True
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join(5)


def url_of(server):
    return f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture
def reports(units, streets):
    dice = np.random.default_rng(2)
    away = [sent(at_post(unit, streets), streets, 40, NOW_S - 30, task="patrol") for unit in units]
    return [report_of(crew, NOW_S, dice) for crew in away]


def test_every_unit_is_understood_whatever_its_phone_speaks(reports):
    for report in reports:
        message = worded(report)
        payload = message.body or message.query.encode()
        (event,) = FEEDS["osmand"].parse(payload, RECEIVED)
        assert event.fact.unit == report.unit.id
        assert (event.fact.lon, event.fact.lat) == (report.fix.lon, report.fix.lat)
        assert abs(event.at.timestamp() - NOW_S) < 1.1
        assert event.fact.speed_mps == pytest.approx(report.fix.speed_mps, abs=0.06)
        assert event.fact.heading_deg == pytest.approx(report.fix.heading_deg, abs=0.6)
        assert event.fact.accuracy_m == pytest.approx(report.accuracy_m, abs=0.51)


def test_the_roster_is_understood(units):
    events = list(FEEDS["units"].parse(roster_message(units).body, RECEIVED))
    assert {event.fact.unit for event in events} == {unit.id for unit in units}


def test_every_incident_record_is_understood(new_city, noon):
    city = new_city()
    records = [r for s in range(0, 1800, 5) for r in city.step(noon + timedelta(seconds=s)).records]
    read = list(FEEDS["incidents"].parse(incidents_message(records).body, noon + timedelta(hours=1)))
    assert not [item for item in read if isinstance(item, Rejected)]
    assert {event.fact.incident for event in read} == {record["id"] for record in records}


def test_the_token_travels_in_the_header_only(server):
    assert Line(url_of(server), "secret-token").send(Message(method="GET", path="/x", query="a=1"))
    path, headers, _ = server.heard[0]
    assert headers["Authorization"] == "Bearer secret-token"
    assert "secret" not in path


def test_incident_records_wait_until_the_server_takes_them_and_keep_their_order(server):
    server.answers += [503, 503]
    outbox = Outbox(Line(url_of(server), "t"))
    outbox.put({"id": f"SIM-{n}"} for n in range(200))
    assert not outbox.send_some()
    assert not outbox.send_some()
    assert all(outbox.send_some() for _ in range(3))
    taken = [record["id"] for _, _, body in server.heard[2:] for record in json.loads(body)]
    assert taken == [f"SIM-{n}" for n in range(200)]


def test_news_goes_before_history(server):
    outbox = Outbox(Line(url_of(server), "t"))
    outbox.put_history([{"id": "old"}])
    outbox.put([{"id": "new"}])
    outbox.send_some()
    outbox.send_some()
    assert [json.loads(body)[0]["id"] for _, _, body in server.heard] == ["new", "old"]


def test_what_the_server_refuses_for_good_is_not_sent_for_ever(server):
    server.answers.append(422)
    outbox = Outbox(Line(url_of(server), "t"))
    outbox.put([{"id": "bad"}])
    assert outbox.send_some()
    assert outbox.send_some()
    assert len(server.heard) == 1


def test_a_dead_server_is_no_reason_to_fail():
    assert not Line("http://127.0.0.1:9", "t").send(Message(method="GET", path="/"))


def test_positions_are_sent_from_threads_and_never_block_the_city(server, reports):
    positions = Positions(url_of(server), "t")
    for report in reports * 5:
        positions.put(report)
    deadline = threading.Event()
    while len(server.heard) < 100 and not deadline.wait(0.02):
        pass
    assert all(path.startswith("/api/v1/osmand") for path, _, _ in server.heard)
