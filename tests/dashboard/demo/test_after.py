"""A command that begins when somebody listens."""

import socket
import subprocess
import sys

from dashboard.demo.after import wait_for
from dashboard.demo.camera_server import free_port


def test_it_waits_until_somebody_listens_and_then_becomes_the_command():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        command = [sys.executable, "-m", "dashboard.demo.after", str(port), sys.executable, "-c", "print('began')"]
        waiting = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 — our own command
        try:
            waiting.wait(1.0)
        except subprocess.TimeoutExpired:
            server.listen()
        else:
            raise AssertionError("it did not wait")
        assert waiting.communicate(timeout=10)[0] == "began\n"


def test_it_does_not_wait_for_ever():
    assert not wait_for(free_port(), 0.3)
