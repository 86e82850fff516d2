"""Backups at the desk: one is made by a process of its own, proved, told while it runs, and brought back as said."""

from datetime import timedelta

import pytest

from dashboard.backup import restore_backup
from dashboard.backup_now import FILE_NAME, Run, Wish, _save, load_run, run
from dashboard.config import BackupSettings
from layers.incidents import IncidentReported, Report
from layers.layer import discover_layers
from tests.dashboard.conftest import NOW, until
from tests.dashboard.test_operate import rows, send

ROOM = "backup"


def head(city):
    return {line["label"]["en"]: line["value"] for line in city.get("/api/v1/desk/backup", "admin").json["head"]}


@pytest.fixture
def kept(make_city, tmp_path):
    """A city with an incident, whose backups go to another folder."""
    city = make_city(backup=BackupSettings(to=str(tmp_path / "disk"), keep=2))
    city.bring(IncidentReported(incident="INC-1", report=Report(category="banjir", reported_at=NOW)))
    return city, tmp_path


def test_a_backup_is_made_by_a_process_of_its_own_and_can_be_brought_back(kept):
    city, folder = kept
    assert send(city, "backup/make", "admin").status_code == 200
    assert rows(city, ROOM, "admin")["run"]["state"]["en"] == "copying"
    until(lambda: load_run(city.folder).state != "running", 120)
    assert load_run(city.folder).reason is None
    [row] = rows(city, ROOM, "admin").values()
    assert row["state"]["en"] == "whole and folded anew"
    assert f"layar restore {folder}/disk/{row['key']}" in str(row["lines"])
    assert [noted.who for noted in city.services.audit.newest(1)] == ["admin-2"]
    back = restore_backup(folder / "disk" / row["key"], folder / "again", discover_layers().found)
    assert back.examined.cursor == 1


def test_only_as_many_are_kept_as_the_settings_say(kept):
    city, folder = kept
    for second in range(3):
        done = run(city.folder, Wish(to=folder / "disk", keep=2), "ani", lambda: NOW + timedelta(seconds=second))  # noqa: B023 — called within
        assert done.state == "done"
    assert len(rows(city, ROOM, "admin")) == 2


def test_one_that_cannot_be_made_says_why(kept):
    city, _ = kept
    done = run(city.folder, Wish(to=city.folder / "inside", keep=2), "ani", city.watch)
    assert done.state == "failed"
    row = rows(city, ROOM, "admin")["run"]
    assert (row["mood"], row["state"]["en"]) == ("grave", "failed")
    assert "a backup belongs on another disk" in str(row["lines"])


def test_a_second_one_is_not_begun_while_one_goes_on_and_one_that_fell_silent_has_died(kept):
    city, _ = kept
    _save(city.folder, Run(who="ani", state="running", began_at=NOW, said_at=NOW))
    assert send(city, "backup/make", "admin").status_code == 400
    city.watch.forward(120)
    assert rows(city, ROOM, "admin")["run"]["state"]["en"] == "failed"


def test_a_city_without_a_place_for_backups_says_where_to_set_it_up(city):
    assert send(city, "backup/make", "admin").status_code == 400
    assert not (city.folder / FILE_NAME).exists()
    assert head(city)["last backup"]["en"] == "none yet"
    assert any("not set up" in str(value) for value in head(city).values())


def test_only_an_admin_makes_or_sees_one(city):
    for role in ("operator", "supervisor", "head", "wall", "visitor", "ingest"):
        assert city.get("/api/v1/desk/backup", role).status_code == 403
