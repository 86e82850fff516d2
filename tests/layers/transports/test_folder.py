"""A folder that takes each dropped file once, whole, and says beside it what could not be read."""

import json
import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from layers.transports.folder import TRANSPORT, FolderSettings
from tests.layers.transports.a_line import running, until

NOW = datetime.now(UTC)


def incident(number, **said):
    return {"id": f"D-{number}", "category": "kebakaran", "time": (NOW - timedelta(hours=1)).isoformat()} | said


def settings(**more):
    return FolderSettings(
        **{"name": "kiriman", "feed": "incidents", "transport": "folder", "every_s": 0.1, "still_s": 0} | more
    )


def dropped(folder, name, said):
    """As careful senders do it: under another name first."""
    part = folder / f"{name}.part"
    part.write_bytes(said if isinstance(said, bytes) else json.dumps(said).encode())
    part.rename(folder / name)


@pytest.fixture
def drop(tmp_path):
    (tmp_path / "drop").mkdir()
    return tmp_path / "drop"


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def incidents(line):
    return set(line.store.live().situation.of("incidents"))


def test_what_is_read_is_put_away_and_what_is_not_says_why(drop, store, tmp_path):
    with running(TRANSPORT, settings(), store, tmp_path) as line:
        dropped(drop, "a.json", [incident(1), incident(2)])
        dropped(drop, "b.json", b"this is no JSON")
        until(lambda: names(drop / "done") == ["a.json"] and len(names(drop / "refused")) == 2)
        assert incidents(line) == {"D-1", "D-2"}
    assert names(drop / "refused") == ["b.json", "b.json.why.txt"]
    assert "not JSON" in (drop / "refused" / "b.json.why.txt").read_text("utf-8")
    assert names(drop) == [".taking", "done", "refused"]


def test_one_bad_item_is_named_and_the_others_are_taken(drop, store, tmp_path):
    with running(TRANSPORT, settings(), store, tmp_path) as line:
        dropped(drop, "a.json", [incident(1), {"id": "D-2", "category": "banjir", "time": "kemarin"}, incident(3)])
        until(lambda: names(drop / "refused"))
        assert incidents(line) == {"D-1", "D-3"}
    said = (drop / "refused" / "a.json.why.txt").read_text("utf-8")
    assert "item 2: time" in said
    assert "2 taken, 1 refused" in said


def test_a_name_that_was_there_before_is_kept_beside_it(drop, store, tmp_path):
    with running(TRANSPORT, settings(), store, tmp_path):
        dropped(drop, "a.json", incident(1))
        until(lambda: names(drop / "done") == ["a.json"])
        dropped(drop, "a.json", incident(2))
        until(lambda: names(drop / "done") == ["a.json", "a~2.json"])


def test_what_is_unfinished_hidden_or_no_plain_file_is_left_alone(drop, store, tmp_path):
    (drop / "x.json.part").write_text("{")
    (drop / ".hidden.json").write_text("{")
    (drop / "folder.json").mkdir()
    secret = tmp_path / "tokens.json"
    secret.write_text(json.dumps(incident(9)))
    (drop / "link.json").symlink_to(secret)
    with running(TRANSPORT, settings(), store, tmp_path) as line:
        dropped(drop, "a.json", incident(1))
        until(lambda: names(drop / "done") == ["a.json"])
        assert incidents(line) == {"D-1"}
    assert {"x.json.part", ".hidden.json", "folder.json", "link.json"} <= set(names(drop))


def test_a_file_that_still_grows_is_not_taken(drop, store, tmp_path):
    with running(TRANSPORT, settings(still_s=600), store, tmp_path) as line:
        dropped(drop, "young.json", incident(1))
        dropped(drop, "old.json", incident(2))
        os.utime(drop / "old.json", (time.time() - 7200, time.time() - 7200))
        until(lambda: names(drop / "done") == ["old.json"])
        assert incidents(line) == {"D-2"}


def test_what_was_taken_when_the_machine_died_or_the_log_was_shut_is_taken_up_again(drop, store, tmp_path):
    (drop / ".taking").mkdir()
    (drop / ".taking" / "left.json").write_text(json.dumps(incident(1)))
    with running(TRANSPORT, settings(), store, tmp_path) as line:
        until(lambda: incidents(line) == {"D-1"})
        line.taking.is_shut = True
        dropped(drop, "late.json", incident(2))
        until(lambda: any("log takes nothing" in wrong for wrong in line.told.wrong))
        assert names(drop / ".taking") == ["late.json"]
        line.taking.is_shut = False
        until(lambda: incidents(line) == {"D-1", "D-2"})
    assert names(drop / "done") == ["late.json", "left.json"]


def test_a_file_too_large_is_refused_unread(drop, store, tmp_path):
    with running(TRANSPORT, settings(), store, tmp_path) as line:
        dropped(drop, "big.json", b" " * 4_000_001)
        until(lambda: len(names(drop / "refused")) == 2)
        assert line.taking.payloads == []
    assert "split it" in (drop / "refused" / "big.json.why.txt").read_text("utf-8")


def test_a_folder_that_cannot_be_used_is_said(store, tmp_path):
    (tmp_path / "file").write_text("x")
    with running(TRANSPORT, settings(folder=str(tmp_path / "file")), store, tmp_path) as line:
        until(lambda: line.told.wrong)
        assert "cannot be read or written" in line.told.wrong[0]


def test_what_was_put_away_long_ago_is_deleted(drop, store, tmp_path):
    (drop / "done").mkdir()
    for name, days in (("old.json", 40), ("new.json", 20)):
        (drop / "done" / name).write_text("{}")
        os.utime(drop / "done" / name, (time.time() - days * 86_400,) * 2)
    with running(TRANSPORT, settings(), store, tmp_path):
        until(lambda: names(drop / "done") == ["new.json"])


def test_links_pipes_and_folders_in_its_own_folders_are_put_away_and_never_followed(drop, store, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("PLANTED", "utf-8")
    (drop / ".taking" / "folder").mkdir(parents=True)
    (drop / ".taking" / "a.json").symlink_to(secret)
    os.mkfifo(drop / ".taking" / "b.json")
    (drop / "refused").mkdir()
    (drop / "refused" / "c.json.why.txt").symlink_to(secret)
    with running(TRANSPORT, settings(), store, tmp_path) as line:
        dropped(drop, "c.json", b"this is no JSON")
        dropped(drop, "d.json", incident(1))
        until(lambda: incidents(line) == {"D-1"} and names(drop / ".taking") == ["folder"])
        assert not any(b"PLANTED" in said for said in line.taking.payloads)
    assert secret.read_text("utf-8") == "PLANTED"
    assert "link" in (drop / "refused" / "a.json.why.txt").read_text("utf-8")
