"""Debian's mosquitto on 127.0.0.1 with a password and a folder of its own; it can be killed and come back."""

import os
import signal
import socket
import subprocess
import time
from getpass import getuser
from pathlib import Path
from typing import Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

USER, PASSWORD = "layar", "rahasia-broker"
_SETTINGS = """
user {user}
listener {port} 127.0.0.1
allow_anonymous false
password_file {folder}/passwords
persistence true
persistence_location {folder}/
autosave_interval 1
autosave_on_changes true
max_queued_messages 5000
{more}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """A real broker."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mosquitto_passwd", "-b", "-c", str(folder / "passwords"), USER, PASSWORD]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 — Debian's
        (folder / "mosquitto.conf").write_text(
            _SETTINGS.format(user=getuser(), port=self.port, folder=folder, more=more)
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.end(signal.SIGTERM)

    def start(self) -> None:
        """Wait until it takes calls."""
        command = ["mosquitto", "-c", str(self._folder / "mosquitto.conf")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 — Debian's
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.end()
        raise AssertionError((self._folder / "log").read_text())

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """As a power cut would, or politely."""
        if self._process is not None:
            os.kill(self._process.pid, number)
            self._process.wait(20)
            self._process = None

    def publish(self, topic: str, *payloads: bytes) -> None:
        """At QoS 1, as a phone would: returns once the broker has them all."""
        client = paho.Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set(USER, PASSWORD)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        for payload in payloads:
            client.publish(topic, payload, qos=1).wait_for_publish(20)
        client.disconnect()
        client.loop_stop()
