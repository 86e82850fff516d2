"""MQTT: we subscribe at a broker, which keeps for us what comes while we are away.

The session is persistent and QoS 1 is acknowledged only once the log holds the message: what the log could not take
comes again. A lost broker is called again with growing pauses, and named.
"""

import random
import ssl
import threading
import time
from typing import Any, Literal, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions
from pydantic import Field, model_validator

from cctv.faults import Broken
from cctv.guard import Guard
from cctv.wire import connect
from geodata.errors import StoreUnavailable
from layers.ingest import MAX_PAYLOAD_BYTES
from layers.layer import Words
from layers.transport import Line, LineSettings, Transport

_LOOK_S = 0.5
_SAY_EVERY_S = 2.0
_CONNECT_S = 10.0
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 30.0
_STEADY_S = 30.0
_IN_FLIGHT = 100
_NOT_ALLOWED = frozenset({134, 135})
_AWAY = Words(
    id="broker MQTT tidak terjangkau; periksa host, port dan jaringan",
    en="the MQTT broker is out of reach; check host, port and network",
)
_REFUSED = Words(
    id="broker MQTT menolak kita; periksa user dan password di feed-secrets.toml",
    en="the MQTT broker refuses us; check user and password in feed-secrets.toml",
)
_NO_TOPIC = Words(
    id="broker MQTT menolak topik kita; periksa topics dan hak akses di broker",
    en="the MQTT broker refuses our topics; check topics and its access list",
)
_BAD_TLS = Words(
    id="sertifikat broker MQTT tidak dipercaya; periksa ca_file dan jam komputer",
    en="the broker's certificate is not trusted; check ca_file and our clock",
)
_FORBIDDEN = Words(
    id="alamat broker di luar yang diizinkan; periksa allow di [[feeds]]",
    en="the broker's address is not one that is allowed; check allow in [[feeds]]",
)
_LOG_IS_SHUT = Words(
    id="catatan kejadian tidak menerima; broker menyimpan kirimannya",
    en="the log takes nothing just now; the broker keeps what comes",
)


class MqttSettings(LineSettings):
    """[[feeds]] transport = "mqtt": a broker that we subscribe to."""

    host: str = Field(min_length=1, max_length=253, description="name or address of the broker")
    port: int | None = Field(default=None, ge=1, le=65535, description="missing: 8883 with TLS, 1883 without")
    topics: tuple[str, ...] = Field(
        default=("owntracks/+/+",), min_length=1, max_length=50, description="what to subscribe to; + and # as usual"
    )
    tls: bool = Field(default=True, description="false only for a broker in a network that allow names, never far away")
    ca_file: str | None = Field(default=None, max_length=1000, description="certificate of a broker with its own CA")
    version: Literal["5", "3.1.1"] = Field(default="5", description="of MQTT; 3.1.1 for brokers before 2019")
    client_id: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_-]{1,23}$",
        description="our name there; missing: layar- and the feed's name",
    )
    keepalive_s: int = Field(default=15, ge=5, le=300, description="seconds until a silent broker counts as lost")
    keep_s: int = Field(
        default=604_800, ge=60, le=31_536_000, description="seconds for which the broker keeps our messages (MQTT 5)"
    )

    @model_validator(mode="after")
    def _has_topics(self) -> Self:
        for topic in self.topics:
            if not 0 < len(topic.encode()) <= 1000 or "\0" in topic:  # noqa: PLR2004 — room for any topic people write
                raise ValueError(f"topics: {topic[:40]!r} is no topic filter")
        return self

    @property
    def port_used(self) -> int:
        """Where the broker listens."""
        return self.port or (8883 if self.tls else 1883)


class GuardedClient(paho.Client):
    """paho's client on connections of ours: they lead only where the guard allows."""

    def guarded(self, settings: MqttSettings, guard: Guard) -> Self:
        """Says where it may connect to."""
        self._settings, self._guard = settings, guard
        return self

    def _create_socket(self) -> Any:  # noqa: ANN401 — paho's own signature is looser
        settings = self._settings
        wire = connect(settings.host, settings.port_used, _CONNECT_S, guard=self._guard)
        wire.deadline_s = float("inf")
        if not settings.tls:
            return wire
        try:
            wire.settimeout(_CONNECT_S)
            context = ssl.create_default_context(cafile=settings.ca_file)
            return context.wrap_socket(wire, server_hostname=settings.host)
        except OSError:
            wire.close()
            raise

    def hang_up(self) -> None:
        """Close what is open; paho would leave that to the garbage collector."""
        self.disconnect()
        self._reset_sockets()


class Session:
    """One connection to the broker, from the call to its end. `wrong` says why it ended, or None."""

    def __init__(self, settings: MqttSettings, line: Line) -> None:
        self._settings = settings
        self._line = line
        self._is_ready = False
        self.wrong: Words | None = None
        self._client = self._new_client()

    def _new_client(self) -> GuardedClient:
        settings, is_5 = self._settings, self._settings.version == "5"
        trial = "-test" if self._line.is_trial else ""
        client = GuardedClient(
            CallbackAPIVersion.VERSION2,
            client_id=(settings.client_id or f"layar-{settings.name}"[:23]) + trial,
            clean_session=None if is_5 else self._line.is_trial,
            protocol=MQTTProtocolVersion.MQTTv5 if is_5 else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        ).guarded(settings, self._line.guard if settings.tls else self._line.guard.inward)
        secret = self._line.secret
        if secret.user is not None or secret.password is not None:
            client.username_pw_set(secret.user or "", secret.password)
        client.on_connect, client.on_subscribe = self._on_connect, self._on_subscribe
        client.on_message, client.on_disconnect = self._on_message, self._on_disconnect
        return client

    def run(self, stopping: threading.Event) -> None:
        """Until told to stop, or the connection is lost."""
        try:
            if self._call():
                self._stay(stopping)
        finally:
            self._client.hang_up()

    def _stay(self, stopping: threading.Event) -> None:
        said_s = float("-inf")
        while not stopping.is_set() and self.wrong is None:
            if self._client.loop(_LOOK_S) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                self.wrong = self.wrong or _AWAY
            elif self._is_ready and time.monotonic() - said_s > _SAY_EVERY_S:
                said_s = time.monotonic()
                self._line.tell.well()

    def _call(self) -> bool:
        settings = self._settings
        try:
            if settings.version == "5":
                self._client.connect(
                    settings.host,
                    settings.port_used,
                    settings.keepalive_s,
                    clean_start=self._line.is_trial,
                    properties=self._wishes(),
                )
            else:
                self._client.connect(settings.host, settings.port_used, settings.keepalive_s)
        except ssl.SSLError:
            self.wrong = _BAD_TLS
        except Broken:
            self.wrong = _FORBIDDEN
        except OSError:
            self.wrong = _AWAY
        return self.wrong is None

    def _wishes(self) -> Properties:
        """What we ask of the broker: a session that lasts, and no more at once than we can hold."""
        wishes = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho types most, not this
        wishes.SessionExpiryInterval = 0 if self._line.is_trial else self._settings.keep_s
        wishes.MaximumPacketSize = MAX_PAYLOAD_BYTES
        wishes.ReceiveMaximum = _IN_FLIGHT
        return wishes

    def _on_connect(
        self, client: paho.Client, _data: object, _flags: object, reason: ReasonCode, _more: object
    ) -> None:
        if reason.is_failure:
            self.wrong = _REFUSED if reason.value in _NOT_ALLOWED else _AWAY
            return
        options = SubscribeOptions(qos=1)
        topics = self._settings.topics
        if self._settings.version == "5":
            client.subscribe([(topic, options) for topic in topics])
        else:
            client.subscribe([(topic, 1) for topic in topics])

    def _on_subscribe(
        self, _client: paho.Client, _data: object, _mid: int, reasons: list[ReasonCode], _more: object
    ) -> None:
        self._is_ready = not any(reason.is_failure for reason in reasons)
        if not self._is_ready:
            self.wrong = _NO_TOPIC

    def _on_message(self, client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        """What was not taken is not acknowledged: the broker brings it again on the next connection."""
        if self.wrong is not None:
            return
        try:
            self._line.deliver(bytes(message.payload), received=self._line.clock(), topic=message.topic)
        except StoreUnavailable:
            self.wrong = _LOG_IS_SHUT
            return
        client.ack(message.mid, message.qos)

    def _on_disconnect(
        self, _client: paho.Client, _data: object, _flags: object, _reason: ReasonCode, _more: object
    ) -> None:
        self._is_ready = False


def wait_after(failures: int, chance: float) -> float:
    """Seconds before the broker is called again."""
    return float(min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (min(failures, 10) - 1)) * (0.7 + 0.6 * chance))


def run(settings: MqttSettings, line: Line, stopping: threading.Event) -> None:
    """Stay subscribed until told to stop."""
    failures = 0
    while not stopping.is_set():
        began_s = time.monotonic()
        session = Session(settings, line)
        session.run(stopping)
        if stopping.is_set():
            return
        failures = 1 if time.monotonic() - began_s > _STEADY_S else failures + 1
        line.tell.failed(session.wrong or _AWAY)
        stopping.wait(wait_after(failures, random.random()))  # noqa: S311 — only spreads


def silent_after(settings: MqttSettings) -> float:
    """The broker is lost; whether devices still talk is told by their own sources."""
    return 2.0 * settings.keepalive_s


TRANSPORT = Transport(
    title=Words(id="Broker MQTT", en="MQTT broker"), settings=MqttSettings, run=run, silent_s=silent_after
)
