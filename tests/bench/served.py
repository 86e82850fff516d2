"""The product's own web process on a port of its own, for benchmarks that ask it over HTTP."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest import ROOT, free_port, until_ready

from dashboard.tokens import FILE_NAME, TokenBook
from geodata.clock import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running server; `log` is what it wrote."""

    folder: Path
    port: int
    pid: int
    tokens: dict[str, str]

    @property
    def url(self):
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self):
        """Its log so far."""
        return (self.folder / "serve.log").read_text("utf-8", "replace")


@contextmanager
def served(settings: str, roles: tuple[str, ...]) -> Iterator[Served]:
    """A city of its own with a token for each of these roles; gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        (folder / "layar.toml").write_text(settings, "utf-8")
        book = TokenBook(folder / FILE_NAME)
        tokens = {role: book.create(name=f"bench-{role}", role=role, now=utc_now()) for role in roles}
        where = ("--data", name, "--host", "127.0.0.1", "--port", str(port))
        with (folder / "serve.log").open("wb") as log:
            command = [sys.executable, "-m", "dashboard.serve", *where]
            server = subprocess.Popen(command, cwd=ROOT, stderr=log, stdout=log)  # noqa: S603 — our own program
        try:
            until_ready(port)
            yield Served(folder=folder, port=port, pid=server.pid, tokens=tokens)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
