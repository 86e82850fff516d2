"""A real S3 API on 127.0.0.1, in a process of its own: moto's server with one bucket. `python -m tests.s3_server`."""

import subprocess
import sys
from typing import Self

import requests

BUCKET = "stills"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
_CODE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


class S3Server:
    """Use it as a context; `endpoint` is its address."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 — ours
            [sys.executable, "-c", _CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        port = int(self._process.stdout.readline())
        self.endpoint = f"http://127.0.0.1:{port}"
        requests.put(f"{self.endpoint}/{BUCKET}", timeout=10).raise_for_status()
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def stop(self) -> None:
        """From now on nobody answers at its address."""
        self._process.kill()
        self._process.wait(10)
        self._process.stdin.close()
        self._process.stdout.close()
