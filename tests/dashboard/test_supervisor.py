"""The supervisor: keeps its children, and never leaves one behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from dashboard.supervisor import Child, refuse_taken_port, supervise, wait_after
from geodata.errors import BadSettings

ROOT = Path(__file__).parents[2]
SLEEP = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); time.sleep(60)"


def sleeper(folder: Path) -> Child:
    return Child(name="sleeper", command=(sys.executable, "-c", SLEEP, str(folder)))


def pids(folder: Path, count: int) -> list[int]:
    """Pids of the sleepers that have started, once there are `count`."""
    deadline = time.monotonic() + 20
    while len(found := [int(path.name) for path in folder.iterdir()]) < count:
        assert time.monotonic() < deadline, f"{len(found)} of {count} sleepers started"
        time.sleep(0.02)
    return found


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_child_that_dies_is_started_again_and_all_end_with_the_order(tmp_path):
    stop, ended = threading.Event(), threading.Event()
    keeper = threading.Thread(target=supervise, args=([sleeper(tmp_path)],), kwargs={"stop": stop, "ended": ended.set})
    keeper.start()
    (first,) = pids(tmp_path, 1)
    os.kill(first, signal.SIGKILL)
    both = pids(tmp_path, 2)
    stop.set()
    keeper.join(15)
    assert ended.is_set()
    assert all(gone(pid) for pid in both)


def test_a_child_that_cannot_be_started_is_tried_again_and_the_others_live_on(tmp_path):
    """As with a full disk: its log cannot be opened, until it can."""
    folder, late = tmp_path / "pids", tmp_path / "late"
    folder.mkdir()
    unlucky = replace(sleeper(folder), name="unlucky", log=late / "out.txt")
    no_program = Child(name="nothing", command=("/nowhere",), log=late / "no.txt")
    stop = threading.Event()
    keeper = threading.Thread(target=supervise, args=([unlucky, no_program, sleeper(folder)],), kwargs={"stop": stop})
    keeper.start()
    pids(folder, 1)
    late.mkdir()
    both = pids(folder, 2)
    assert keeper.is_alive()
    stop.set()
    keeper.join(15)
    assert all(gone(pid) for pid in both)


def test_kill_minus_nine_of_the_supervisor_leaves_no_orphan(tmp_path):
    program = (
        "import sys, threading; from pathlib import Path; from dashboard.supervisor import *\n"
        f"child = Child(name='s', command=(sys.executable, '-c', {SLEEP!r}, {str(tmp_path)!r}))\n"
        "supervise([child], stop=threading.Event())"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) as keeper:  # noqa: S603 — our own text
        (pid,) = pids(tmp_path, 1)
        keeper.kill()
    assert gone(pid)


def test_a_child_that_keeps_dying_is_started_ever_more_slowly_but_never_given_up():
    waits = [wait_after(deaths) for deaths in range(1, 12)]
    assert waits == sorted(waits)
    assert waits[0] == 0.5
    assert waits[-1] == 30.0


def test_a_taken_port_is_said_clearly():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BadSettings, match=f"port {port}.*--port"):
            refuse_taken_port("127.0.0.1", port)
    refuse_taken_port("127.0.0.1", port)


def test_what_a_child_is_given_in_its_environment_is_not_in_its_repr():
    assert "hunter2" not in repr(Child(name="x", command=("x",), env={"SECRET": "hunter2"}))
