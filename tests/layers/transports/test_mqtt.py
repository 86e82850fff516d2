"""MQTT with a real broker: who may, what is kept while anybody is away, and what is said of it."""

import json
import signal
import subprocess
import time

import pytest
from pydantic import ValidationError

from layers.transport import Secret
from layers.transports import mqtt
from layers.transports.mqtt import TRANSPORT, MqttSettings, wait_after
from tests.layers.transports.a_line import running, until
from tests.layers.transports.broker import PASSWORD, USER, Broker

SIGNED_IN = Secret(user=USER, password=PASSWORD)


@pytest.fixture
def broker(tmp_path):
    with Broker(tmp_path / "broker") as one:
        yield one


def settings_of(broker, **more):
    return MqttSettings(
        name="phones", feed="owntracks", transport="mqtt", host="127.0.0.1", port=broker.port, tls=False,
        allow=("127.0.0.0/8",), keepalive_s=5, **more,
    )  # fmt: skip


def location(second: int) -> bytes:
    at = int(time.time()) - 1_000 + second
    return json.dumps({"_type": "location", "tst": at, "lat": -0.5, "lon": 117.1 + second / 1e4, "tid": "x"}).encode()


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_a_phone_that_publishes_is_a_unit_named_by_its_topic(broker, store, tmp_path, version):
    with running(TRANSPORT, settings_of(broker, version=version), store, tmp_path, secret=SIGNED_IN) as line:
        until(lambda: line.told.well_count)
        broker.publish("owntracks/siti/hp", location(1))
        until(lambda: line.units() == {"siti/hp"})


def test_what_comes_while_we_are_away_and_while_the_broker_restarts_is_not_lost(broker, store, tmp_path):
    settings = settings_of(broker)
    with running(TRANSPORT, settings, store, tmp_path, secret=SIGNED_IN) as line:
        until(lambda: line.told.well_count)
        broker.publish("owntracks/siti/hp", location(0))
        until(lambda: line.events() == 1)
    broker.publish("owntracks/siti/hp", *(location(n) for n in range(1, 101)))
    broker.end(signal.SIGTERM)
    broker.start()
    with running(TRANSPORT, settings, store, tmp_path, secret=SIGNED_IN) as line:
        until(lambda: line.events() == 101)


def test_a_killed_broker_is_named_and_called_again_until_it_is_back(broker, store, tmp_path):
    with running(TRANSPORT, settings_of(broker), store, tmp_path, secret=SIGNED_IN) as line:
        until(lambda: line.told.well_count)
        broker.end(signal.SIGKILL)
        until(lambda: any("out of reach" in said for said in line.told.wrong))
        broker.start()
        before = line.told.well_count
        until(lambda: line.told.well_count > before)
        broker.publish("owntracks/budi/hp", location(1))
        until(lambda: line.units() == {"budi/hp"})


def test_what_the_log_cannot_take_stays_with_the_broker_and_comes_again(broker, store, tmp_path):
    with running(TRANSPORT, settings_of(broker), store, tmp_path, secret=SIGNED_IN) as line:
        until(lambda: line.told.well_count)
        line.taking.is_shut = True
        broker.publish("owntracks/siti/hp", *(location(n) for n in range(20)))
        until(lambda: any("keeps what comes" in said for said in line.told.wrong))
        assert line.events() == 0
        line.taking.is_shut = False
        until(lambda: line.events() == 20)


def test_a_wrong_password_is_said_and_never_shown(broker, store, tmp_path):
    wrong = Secret(user=USER, password="tebakan-salah")  # noqa: S106 — a wrong one
    with running(TRANSPORT, settings_of(broker), store, tmp_path, secret=wrong) as line:
        until(lambda: line.told.wrong)
        assert "feed-secrets.toml" in line.told.wrong[0]
        assert "tebakan" not in repr((line.told.wrong, wrong))
        assert line.told.well_count == 0


def test_junk_on_a_topic_is_done_with_and_the_next_message_is_read(broker, store, tmp_path):
    with running(TRANSPORT, settings_of(broker), store, tmp_path, secret=SIGNED_IN) as line:
        until(lambda: line.told.well_count)
        broker.publish("owntracks/siti/hp", b"\xff\x00", b"[", b"{}", location(5))
        until(lambda: line.units() == {"siti/hp"})
        assert store.quarantined_count() == 3


def test_a_broker_where_nobody_said_it_may_be_is_not_called(broker, store, tmp_path):
    settings = settings_of(broker).model_copy(update={"allow": ()})
    with running(TRANSPORT, settings, store, tmp_path, secret=SIGNED_IN) as line:
        until(lambda: line.told.wrong)
        assert "allow" in line.told.wrong[0]


def test_over_tls_the_certificate_is_checked(store, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-days", "2", "-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1",
               "-keyout", str(key), "-out", str(certificate)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 — Debian's
    with Broker(tmp_path / "broker", more=f"certfile {certificate}\nkeyfile {key}") as broker:
        known = settings_of(broker).model_copy(update={"tls": True, "ca_file": str(certificate)})
        with running(TRANSPORT, known, store, tmp_path, secret=SIGNED_IN) as line:
            until(lambda: line.told.well_count)
        with running(TRANSPORT, known.model_copy(update={"ca_file": None}), store, tmp_path, secret=SIGNED_IN) as line:
            until(lambda: line.told.wrong)
            assert "not trusted" in line.told.wrong[0]


def test_a_lost_broker_is_called_ever_more_seldom_but_at_least_every_forty_seconds():
    assert [wait_after(n, 0.5) for n in (1, 2, 3, 10, 99)] == [1, 2, 4, 30, 30]
    assert wait_after(50, 1.0) < 40


@pytest.mark.parametrize("wrong", [{"topics": ("",)}, {"client_id": "a b"}, {"host": ""}, {"passwort": "x"}])
def test_wrong_settings_are_refused(wrong):
    plain = {"name": "p", "feed": "owntracks", "transport": "mqtt", "host": "h"}
    MqttSettings.model_validate(plain)
    with pytest.raises(ValidationError):
        MqttSettings.model_validate(plain | wrong)


@pytest.mark.parametrize(("is_tls", "may"), [(True, True), (False, False)])
def test_a_password_is_never_sent_in_the_clear_over_the_internet(monkeypatch, store, tmp_path, is_tls, may):
    guards = []

    def connect(*_where, guard):
        guards.append(guard)
        raise ConnectionRefusedError

    monkeypatch.setattr(mqtt, "connect", connect)
    settings = MqttSettings(name="x", feed="owntracks", transport="mqtt", host="broker.example", tls=is_tls)
    with running(TRANSPORT, settings, store, tmp_path, secret=SIGNED_IN):
        until(lambda: guards)
    assert guards[0].allows("8.8.8.8", 8883) is may
