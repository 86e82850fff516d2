"""The folder of a demo: made ready, marked, never that of a real city."""

import json
import stat
from datetime import UTC, datetime

import pytest

from cctv.inventory import load_cameras
from dashboard.config import guard_of, load_settings
from dashboard.demo import run
from dashboard.demo.run import Plan, keep_short, make_tokens, prepare, refuse_real_folder
from dashboard.supervisor import Child
from dashboard.tokens import TokenBook
from geodata.errors import BadSettings
from geodata.ground import load_ground
from layers.event import Event, stable_id
from layers.layer import discover_layers
from layers.responders import UnitRegistered
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.sqlite import open_store

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
WEB = Child(name="web", command=("web",))
CAMERAS = Child(name="cameras", command=("cameras",))


def plan_for(folder, host="127.0.0.1"):
    return Plan(data_dir=folder, host=host, port=18_777, speed=1.0, seed=1)


def write_event(folder, mode):
    store = open_store(folder / LOG_FILE, discover_layers().found, load_ground(folder))
    fact = UnitRegistered(unit="A", name="A", unit_kind="vehicle")
    store.append([Event(id=stable_id("x"), at=NOW, seen=NOW, source="a/b", fact=fact, mode=mode)])
    store.close()


def test_a_new_folder_becomes_a_demo(tmp_path):
    folder = tmp_path / "demo"
    children = prepare(plan_for(folder), NOW, web=WEB, cameras=CAMERAS)
    settings = load_settings(folder)
    assert (settings.mode, settings.access.anonymous) == ("demo", "wall")
    assert len(load_cameras(folder)) == 30
    assert [child.name for child in children] == ["web", "demo_camera_server", "demo_broadcast", "cameras"]


def test_a_demo_from_before_cameras_were_guarded_still_shows_its_own(tmp_path, monkeypatch):
    monkeypatch.delenv("LAYAR_CAMERA_ALLOW")
    (tmp_path / "layar.toml").write_text(run._SETTINGS)
    prepare(plan_for(tmp_path), NOW, web=WEB, cameras=CAMERAS)
    assert guard_of(load_settings(tmp_path)).allows("127.0.0.1", 9000)
    assert not guard_of(load_settings(tmp_path)).allows("10.0.0.7", 80)
    assert len(load_cameras(tmp_path)) == 30


def test_no_token_stands_in_a_command_line(tmp_path):
    children = prepare(plan_for(tmp_path), NOW, web=WEB, cameras=CAMERAS)
    tokens = json.loads((tmp_path / "demo-tokens.json").read_text())
    said = " ".join(word for child in children for word in (*child.command, *child.env.values()))
    assert not [token for token in tokens.values() if token in said]


def test_tokens_are_for_the_owner_alone_and_stamp_what_they_bring_as_demo(tmp_path):
    make_tokens(tmp_path, NOW)
    path = tmp_path / "demo-tokens.json"
    tokens = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(tokens) == {"ingest", "visitor", "wall", "admin"}
    book = TokenBook(tmp_path / "tokens.json")
    assert {(book.check(token).role, book.check(token).mode) for token in tokens.values()} == {
        ("ingest", "demo"), ("visitor", "demo"), ("wall", "demo"), ("admin", "demo"),
    }  # fmt: skip


def test_tokens_last_from_run_to_run_and_lost_ones_are_made_anew(tmp_path):
    make_tokens(tmp_path, NOW)
    path = tmp_path / "demo-tokens.json"
    first = path.read_text()
    make_tokens(tmp_path, NOW)
    assert path.read_text() == first
    path.unlink()
    make_tokens(tmp_path, NOW)
    assert path.read_text() != first
    assert len(TokenBook(tmp_path / "tokens.json").tokens()) == 4


def test_a_folder_of_a_real_city_is_refused(tmp_path):
    (tmp_path / "layar.toml").write_text('mode = "live"\n')
    with pytest.raises(BadSettings, match="--data"):
        refuse_real_folder(tmp_path)


def test_a_log_without_settings_is_refused(tmp_path):
    write_event(tmp_path, "live")
    with pytest.raises(BadSettings, match="'live'"):
        refuse_real_folder(tmp_path)


def test_real_events_are_refused_whatever_the_settings_say(tmp_path):
    (tmp_path / "layar.toml").write_text('mode = "demo"\n')
    write_event(tmp_path, "drill")
    with pytest.raises(BadSettings, match="not simulated"):
        prepare(plan_for(tmp_path), NOW, web=WEB, cameras=CAMERAS)


def test_the_log_of_an_earlier_demo_is_welcome(tmp_path):
    (tmp_path / "layar.toml").write_text('mode = "demo"\n')
    write_event(tmp_path, "demo")
    refuse_real_folder(tmp_path)


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1"])  # noqa: S104 — only read
def test_the_city_finds_the_server_on_its_own_machine(tmp_path, host):
    assert plan_for(tmp_path, host).url == "http://127.0.0.1:18777"


def test_the_log_of_the_children_is_kept_short(tmp_path):
    log = tmp_path / "demo.log"
    keep_short(log)
    log.write_bytes(b"x" * 50)
    keep_short(log, most_bytes=60)
    assert log.stat().st_size == 50
    keep_short(log, most_bytes=40)
    assert log.stat().st_size == 0
