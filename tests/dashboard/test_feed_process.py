"""The feed process as the supervisor starts it: into the same log, gone when told, honest about wrong settings."""

import json
import signal
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.commands.serve import feed_child
from dashboard.supervisor import WRONG_SETTINGS
from geodata.ground import load_ground
from layers.layer import discover_layers
from layers.line_status import load_lines
from layers.store.schema import open_engine, writing
from layers.store.sqlite import FILE_NAME, open_store
from tests.layers.transports.a_line import until

LINE = '[[feeds]]\nname = "kiriman"\nfeed = "incidents"\ntransport = "folder"\nevery_s = 0.1\nstill_s = 0\n'


@pytest.fixture
def start(tmp_path):
    started = []

    def process(settings):
        (tmp_path / "layar.toml").write_text(settings)
        child = feed_child(tmp_path, None, "drill")
        started.append(
            subprocess.Popen(child.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 — our own
        )
        return started[-1]

    yield process
    for one in started:
        one.kill()
        one.communicate()


def test_what_is_dropped_is_in_the_log_as_if_it_had_come_by_http(start, tmp_path):
    process = start(LINE)
    drop = tmp_path / "feeds" / "kiriman" / "drop"
    until(drop.exists, 90)
    reported = {"id": "D-1", "category": "kebakaran", "lon": 117.1467, "lat": -0.503,
                "time": (datetime.now(UTC) - timedelta(minutes=5)).isoformat()}  # fmt: skip
    (drop / "a.json.part").write_text(json.dumps(reported))
    (drop / "a.json.part").rename(drop / "a.json")
    until((drop / "done" / "a.json").exists, 60)
    store = open_store(tmp_path / FILE_NAME, discover_layers().found, load_ground(tmp_path))
    try:
        situation = store.live().situation
        assert situation.of("incidents")["D-1"].mode == "drill"
        assert set(situation.of("sources")) == {"kiriman/incidents"}
        assert store.rebuild().differences == ()
    finally:
        store.close()
    until(lambda: [line.taken for line in load_lines(tmp_path).lines] == [1])
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_a_dialect_nobody_installed_ends_it_with_one_line(start):
    process = start(LINE.replace("incidents", "nonsense"))
    _, said = process.communicate(timeout=90)
    assert process.returncode == WRONG_SETTINGS
    assert b"there is no 'nonsense'" in said


def test_what_comes_while_the_log_cannot_be_written_survives_a_kill_and_is_in_the_log_once(start, tmp_path):
    process = start(LINE)
    drop = tmp_path / "feeds" / "kiriman" / "drop"
    until(drop.exists, 90)
    engine = open_engine(tmp_path / FILE_NAME)
    with engine.connect() as connection, writing(connection).begin():
        (drop / "a.json").write_text('{"id": "D-1", "category": "kebakaran"}')
        until((drop / "done" / "a.json").exists, 90)
        assert connection.exec_driver_sql("SELECT count(*) FROM event").scalar() == 0
        process.kill()
        process.wait(30)
    engine.dispose()
    start(LINE)
    store = open_store(tmp_path / FILE_NAME, discover_layers().found, load_ground(tmp_path))
    try:
        until(lambda: store.caught_up_to("spool-feeds"), 90)
        assert [event.source for _, event in store.since(0).events] == ["kiriman/incidents"]
        assert store.caught_up_to("spool") is None
    finally:
        store.close()
