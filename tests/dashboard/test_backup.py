"""A backup made while the city runs is whole, proves it, keeps secrets out, and comes back as it was."""

import shutil
import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import orjson
import pytest
from click.testing import CliRunner
from pysqlite3 import dbapi2

from dashboard.audit import Audit
from dashboard.backup import MANIFEST, What, backups_in, make_backup, prune, restore_backup
from dashboard.commands.backup import backup, restore
from dashboard.grounds import ground_of
from dashboard.secret_book import write_secret
from geodata.errors import BadInput, StoreUnavailable
from geodata.ground import load_ground
from layers.event import Event, stable_id
from layers.incidents import IncidentReported, Report
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.situation import after_all
from layers.store.sqlite import FILE_NAME, open_store
from layers.store.stills import FILE_NAME as STILLS
from layers.store.stills import Stills

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
LAYERS = discover_layers().found


def event(number):
    at = NOW + timedelta(seconds=number)
    report = Report(category="kebakaran", reported_at=at, lon=117.15, lat=-0.5)
    fact = (
        IncidentReported(incident=f"INC-{number}", report=report)
        if number % 5 == 0
        else PositionReported(unit=f"U{number % 7}", lon=117.1 + number % 90 / 1_000, lat=-0.5)
    )
    return Event(id=stable_id("backup", number), at=at, seen=at, source="test/backup", fact=fact)


@pytest.fixture
def city(tmp_path):
    """The folder of a city with a log, an audit, settings and secrets."""
    folder = tmp_path / "city"
    folder.mkdir()
    (folder / "layar.toml").write_text('mode = "drill"\n', "utf-8")
    (folder / "aim" / "CAM-1").mkdir(parents=True)
    (folder / "aim" / "CAM-1" / "aim.json").write_text("{}", "utf-8")
    (folder / "archive" / "cam").mkdir(parents=True)
    (folder / "archive" / "cam" / "a.jpg").write_bytes(b"jpeg")
    (folder / "shelf").mkdir()
    (folder / "shelf" / "heartbeat").touch()
    for name in ("tokens.json", "callers.key", "session.key", "camera-secrets.toml", "feed-secrets.toml"):
        write_secret(folder / name, b"PLANTED")
    Stills(folder / STILLS).close()
    Audit(folder, is_logged=False).note("admin", "look", "CAM-1")
    store = open_store(folder / FILE_NAME, LAYERS, load_ground(folder))
    store.append([event(number) for number in range(50)])
    store.close()
    return folder


@pytest.fixture
def made(city, tmp_path):
    return make_backup(city, tmp_path / "backups", LAYERS, NOW, What())


def opened(folder):
    return open_store(folder / FILE_NAME, LAYERS, load_ground(folder))


def test_a_backup_made_under_ingest_comes_back_as_the_log_was_then(city, tmp_path):
    original, stop = opened(city), threading.Event()

    def go_on():
        for number in count(50):
            if stop.is_set():
                return
            original.append([event(number)])

    ingest = threading.Thread(target=go_on)
    ingest.start()
    try:
        made = make_backup(city, tmp_path / "backups", LAYERS, NOW, What())
    finally:
        stop.set()
        ingest.join()
    restore_backup(made.folder, tmp_path / "again", LAYERS)
    restored, cursor = opened(tmp_path / "again"), made.examined.cursor
    try:
        assert 50 <= cursor < original.live().situation.cursor
        then = original.since(0, cursor).events
        assert restored.since(0, cursor + 10).events == then
        folded, _ = after_all(restored.situation(NOW - timedelta(days=1)), then)
        assert restored.live().situation == folded
        assert restored.rebuild().differences == ()
        restored.append([event(1_000_000)])
    finally:
        restored.close()
        original.close()


def test_everything_but_secrets_and_pictures_is_in_it_and_what_is_not_is_named(made):
    names = {str(path.relative_to(made.folder)) for path in made.folder.rglob("*") if path.is_file()}
    assert names == {FILE_NAME, STILLS, "layar.toml", "aim/CAM-1/aim.json", "audit.jsonl", "audit.head", MANIFEST}
    assert not any(b"PLANTED" in path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    left = {"archive/", "callers.key", "camera-secrets.toml", "feed-secrets.toml", "session.key", "tokens.json"}
    assert set(made.without) == left
    assert made.folder.stat().st_mode & 0o077 == 0


def test_secrets_and_pictures_come_along_when_asked_for(city, tmp_path):
    made = make_backup(city, tmp_path / "backups", LAYERS, NOW, What(secrets=True, stills=True))
    restore_backup(made.folder, tmp_path / "again", LAYERS)
    assert made.without == ()
    assert (tmp_path / "again" / "callers.key").read_bytes() == b"PLANTED"
    assert (tmp_path / "again" / "callers.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "again" / "archive" / "cam" / "a.jpg").read_bytes() == b"jpeg"


def test_a_log_whose_projections_are_wrong_gives_no_backup_and_says_what_helps(city, tmp_path):
    with dbapi2.connect(city / FILE_NAME) as meddling:
        meddling.execute("DELETE FROM thing WHERE layer = 'incidents' AND key = 'INC-5'")
    with pytest.raises(StoreUnavailable, match=r"incidents INC-5.*layar rebuild"):
        make_backup(city, tmp_path / "backups", LAYERS, NOW, What())
    assert list((tmp_path / "backups").iterdir()) == []


def test_an_edited_audit_gives_no_backup(city, tmp_path):
    path = city / "audit.jsonl"
    path.write_bytes(path.read_bytes().replace(b"CAM-1", b"CAM-2"))
    with pytest.raises(StoreUnavailable, match="audit"):
        make_backup(city, tmp_path / "backups", LAYERS, NOW, What())


@pytest.mark.parametrize("name", [FILE_NAME, "layar.toml", "audit.jsonl"])
def test_a_backup_with_one_wrong_byte_is_refused(made, tmp_path, name):
    content = bytearray((made.folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (made.folder / name).write_bytes(content)
    with pytest.raises(StoreUnavailable, match="not as it was written"):
        restore_backup(made.folder, tmp_path / "again", LAYERS)
    assert not (tmp_path / "again").exists()


def test_a_missing_file_and_a_folder_that_is_no_backup_are_refused(made, tmp_path):
    (made.folder / "layar.toml").unlink()
    with pytest.raises(StoreUnavailable, match=r"layar.toml is missing"):
        restore_backup(made.folder, tmp_path / "again", LAYERS)
    with pytest.raises(BadInput, match="is no backup"):
        restore_backup(tmp_path, tmp_path / "again", LAYERS)


def test_a_manifest_that_names_files_elsewhere_is_refused(made, tmp_path):
    path = made.folder / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"layar.toml"', b'"../../outside"'))
    with pytest.raises(BadInput, match="outside"):
        restore_backup(made.folder, tmp_path / "again", LAYERS)


def test_nothing_is_restored_over_what_is_there(made, city):
    with pytest.raises(BadInput, match="not empty"):
        restore_backup(made.folder, city, LAYERS)


def test_a_backup_inside_the_folder_itself_is_refused(city):
    with pytest.raises(BadInput, match="another disk"):
        make_backup(city, city / "backups", LAYERS, NOW, What())


def test_only_the_newest_backups_are_kept_and_nothing_else_is_touched(city, tmp_path):
    target = tmp_path / "backups"
    for number in range(3):
        make_backup(city, target, LAYERS, NOW + timedelta(seconds=number), What(is_folded=False))
    (target / "mine").mkdir()
    assert len(prune(target, 2)) == 1
    assert [path.name for path in backups_in(target)] == ["layar-20261122T111801Z", "layar-20261122T111802Z"]
    assert (target / "mine").is_dir()


def test_the_commands_say_what_was_proved_and_what_is_missing(city, tmp_path):
    said = CliRunner().invoke(backup, [str(tmp_path / "b"), "--data", str(city), "--keep", "1"])
    assert (said.exit_code, "50 events" in said.stderr, "0 differences" in said.stderr) == (0, True, True)
    assert "not included: callers.key" in said.stderr
    [folder] = backups_in(tmp_path / "b")
    back = CliRunner().invoke(restore, [str(folder), "--data", str(tmp_path / "again")])
    assert (back.exit_code, "layar serve" in back.stderr) == (0, True)
    assert [row.action for row in Audit(city).newest(1)] == ["backup"]
    assert [row.action for row in Audit(tmp_path / "again").newest(1)] == ["restore"]


def test_the_city_that_the_settings_name_is_the_one_that_counts(city, tmp_path):
    (city / "layar.toml").write_text('[city]\ncode = "64.72"\n', "utf-8")
    assert ground_of(city).city.code == "64.72"
    (city / "layar.toml").write_text('[city]\ncode = "00.00"\n', "utf-8")
    with pytest.raises(BadInput, match=r"00\.00"):
        make_backup(city, tmp_path / "backups", LAYERS, NOW, What())


def test_a_link_that_somebody_dropped_brings_no_secret_into_a_backup(city, tmp_path):
    drop = city / "feeds" / "kiriman" / "drop"
    drop.mkdir(parents=True)
    (drop / "a.json").symlink_to(city / "tokens.json")
    (drop / "b.json").write_text("{}", "utf-8")
    made = make_backup(city, tmp_path / "backups", LAYERS, NOW, What()).folder
    assert not any(b"PLANTED" in path.read_bytes() for path in made.rglob("*") if path.is_file())
    assert [path.name for path in (made / "feeds" / "kiriman" / "drop").iterdir()] == ["b.json"]


def test_the_room_that_a_backup_needs_counts_the_log(city, tmp_path, monkeypatch):
    free = (city / FILE_NAME).stat().st_size + 64_000_000 - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    with pytest.raises(StoreUnavailable, match="the backup needs"):
        make_backup(city, tmp_path / "backups", LAYERS, NOW, What())


def rewritten(made, **changes):
    path = made.folder / MANIFEST
    said = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps({**said, **changes}))


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ({"version": 99, "kinds": []}, "its log has version 99, this Layar"),
        ({"version": 1, "kinds": ["incident_reported", "ufo_landed"]}, "does not know: ufo_landed"),
        (7, "no readable"),
    ],
)
def test_a_backup_of_a_newer_program_is_refused_before_anything_is_changed(made, tmp_path, log, words):
    rewritten(made, log=log, version="9.1")
    with pytest.raises(BadInput, match=words):
        restore_backup(made.folder, tmp_path / "again", LAYERS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backups", "city"]


def test_a_newer_log_is_refused_also_where_the_list_of_files_says_nothing_of_it(made, tmp_path):
    rewritten(made, log={})
    with dbapi2.connect(made.folder / FILE_NAME) as log:
        log.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnavailable, match="the log has version 99"):
        restore_backup(made.folder, tmp_path / "again", LAYERS)
    assert not (tmp_path / "again").exists()


def test_news_without_a_layer_comes_back_anyway_when_that_is_asked_for(made, tmp_path):
    rewritten(made, log={"version": 1, "kinds": ["ufo_landed"]})
    done = CliRunner().invoke(restore, [str(made.folder), "--data", str(tmp_path / "again"), "--anyway", "--quick"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "again" / FILE_NAME).is_file()
