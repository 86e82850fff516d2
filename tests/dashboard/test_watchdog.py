"""systemd hears that we are ready, that we live, and no word of life from a server that hangs."""

import http.server
import socket
import threading
from contextlib import closing

import pytest
from click.testing import CliRunner

from dashboard.commands.systemd import systemd
from dashboard.watchdog import interval_s, is_alive, watch


@pytest.fixture
def listening(tmp_path):
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(10)
        yield line, {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000"}


def watching(look, stop, environ):
    thread = threading.Thread(target=watch, args=(look, stop, environ), daemon=True)
    thread.start()
    return thread


def test_ready_is_said_once_then_signs_of_life_then_the_end(listening):
    line, environ = listening
    stop = threading.Event()
    thread = watching(lambda: True, stop, environ)
    assert line.recv(100) == b"READY=1\nWATCHDOG=1"
    assert line.recv(100) == b"WATCHDOG=1"
    stop.set()
    thread.join(10)
    rest = [b"WATCHDOG=1"]
    while rest[-1] == b"WATCHDOG=1":
        rest.append(line.recv(100))
    assert rest[-1] == b"STOPPING=1"


def test_a_server_that_does_not_answer_is_neither_ready_nor_alive(listening):
    line, environ = listening
    stop, looks = threading.Event(), threading.Semaphore(0)
    thread = watching(lambda: bool(looks.release()), stop, environ)
    for _ in range(3):
        assert looks.acquire(timeout=10)
    stop.set()
    thread.join(10)
    assert line.recv(100) == b"STOPPING=1"


def test_where_no_systemd_listens_nothing_is_looked_at():
    watch(lambda: pytest.fail("looked"), threading.Event(), {})


@pytest.mark.parametrize(
    ("said", "seconds"), [("30000000", 10.0), ("", 10.0), ("0", 10.0), ("soon", 10.0), ("3000000", 1.0)]
)
def test_life_is_told_three_times_as_often_as_it_must(said, seconds):
    assert interval_s({"WATCHDOG_USEC": said}) == seconds


def test_only_an_answer_with_200_is_life():
    class Answers(http.server.BaseHTTPRequestHandler):
        status = 200

        def do_GET(self):
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        assert is_alive("127.0.0.1", port)
        Answers.status = 500
        assert not is_alive("127.0.0.1", port)
        server.shutdown()
    assert not is_alive("127.0.0.1", port)


def test_the_unit_names_this_program_and_the_folder_whole(tmp_path):
    data = tmp_path / "kota 100%"
    said = CliRunner().invoke(systemd, ["--data", str(data), "--user", "pusat"]).output
    assert "Type=notify" in said
    assert "User=pusat" in said
    assert f'serve --data "{tmp_path}/kota 100%%"' in said
    assert f'ReadWritePaths="{tmp_path}/kota 100%%"' in said


def test_the_unit_may_write_wherever_the_settings_have_it_write(tmp_path):
    (tmp_path / "layar.toml").write_text(
        """
        backup = {every_h = 6, to = "/mnt/disk 2/layar"}
        archive = {keep = "all", url = "file:///srv/stills"}
        feeds = [{name = "kiriman", feed = "incidents", transport = "folder", folder = "/srv/drop"}]
        """,
        "utf-8",
    )
    said = CliRunner().invoke(systemd, ["--data", str(tmp_path)]).output
    assert f'ReadWritePaths={tmp_path} "-/mnt/disk 2/layar" -/srv/stills -/srv/drop\n' in said


def test_a_dollar_sign_in_the_folder_is_no_variable(tmp_path):
    said = CliRunner().invoke(systemd, ["--data", str(tmp_path / "$HOME")]).output
    assert f"serve --data {tmp_path}/$$HOME\n" in said
    assert f"ReadWritePaths={tmp_path}/$HOME\n" in said
