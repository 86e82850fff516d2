"""The health page's words: what is well, what is not, since when, what to do, and who is told how much."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from dashboard.backup_status import BackupStatus, save_backup_status
from dashboard.degraded import Signs, Trouble
from dashboard.health_machine import Machine, look_at_machine
from dashboard.health_part import Seen
from dashboard.health_parts import parts, summary, worst
from dashboard.health_processes import load_processes, save_processes
from dashboard.health_words import REMEDIES, remedy
from dashboard.supervisor import ChildState
from layers.cameras import CameraHealthChanged, CameraListed
from layers.layer import Words
from layers.situation import Situation

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=2)
ROOMY = Machine(memory_bytes=8_000, memory_free_bytes=4_000, load_per_core=0.3, disk_bytes=10, disk_free_bytes=5)
BACKED_UP = BackupStatus(every_h=6, begun_at=LONG_AGO, made_at=NOW)


RUNNING = tuple(ChildState(name=name, pid=10, since=LONG_AGO) for name in ("web", "cameras", "live"))


@pytest.fixture
def seen(ground):
    """All is well, but for what a test says."""
    well = Seen(
        now=NOW,
        situation=Situation(ground=ground, layers={}),
        signs=Signs(backups=BACKED_UP),
        troubles=(),
        processes=RUNNING,
        machine=ROOMY,
        behind_s=0.2,
    )
    return lambda **wrong: replace(well, **wrong)


def of(found, key):
    return next(part for part in found if part.key == key)


def test_when_all_is_well_one_sentence_says_so_and_nothing_is_to_be_done(seen):
    found = parts(seen())
    assert worst(found) == "good"
    assert summary(found).id == "Semua bagian bekerja"
    assert not [part.key for part in found if part.remedy is not None]


def test_what_a_city_does_not_use_is_neither_good_nor_bad(seen):
    found = parts(seen())
    assert {part.key for part in found if part.mood == "off"} == {"cameras", "feeds", "reports"}


def test_a_process_that_is_down_makes_its_part_broken_since_it_died(seen):
    died = NOW - timedelta(seconds=20)
    down = ChildState(name="live", pid=None, since=died, deaths=1, died_at=died, code=-9)
    part = of(parts(seen(processes=[down])), "live")
    assert (part.mood, part.since) == ("grave", died)
    assert part.remedy == remedy("process")


def test_a_process_that_came_back_is_told_for_ten_minutes(seen):
    died = NOW - timedelta(minutes=9)
    back = ChildState(name="live", pid=11, since=died, deaths=3, died_at=died, code=-9)
    part = of(parts(seen(processes=[back])), "live")
    assert (part.mood, part.lines[0].value.id) == ("warn", "3")
    later = ChildState(name="live", pid=11, since=died, deaths=3, died_at=NOW - timedelta(minutes=11))
    assert of(parts(seen(processes=[later])), "live").mood == "good"


def test_where_no_supervisor_tells_live_video_is_not_known(seen):
    assert of(parts(seen(processes=[])), "live").mood == "lost"


def test_the_gravest_of_a_parts_troubles_is_said_and_the_others_are_details(seen):
    lost = Trouble(key="camera:A", text=Words(id="Kamera A putus", en="Camera A lost"), since=LONG_AGO)
    doubt = Trouble(key="picture:B", text=Words(id="Kamera B beku", en="Camera B frozen"), since=None)
    part = of(parts(seen(troubles=[lost, doubt])), "cameras")
    assert (part.mood, part.said.id, part.since) == ("warn", "Kamera A putus", LONG_AGO)
    assert part.lines[0].value.id == "Kamera B beku"
    assert part.remedy == REMEDIES["camera"]


def test_every_trouble_of_the_wall_belongs_to_a_part(seen):
    for kind in set(REMEDIES) - {"behind", "process", "memory", "load"}:
        trouble = Trouble(key=f"{kind}:x", text=Words(id="rusak sekali", en="very broken"), since=None)
        assert [part for part in parts(seen(troubles=[trouble])) if part.said.id == "rusak sekali"], kind


def test_screens_that_do_not_follow_the_log_and_a_log_nobody_read_are_broken(seen):
    assert of(parts(seen(behind_s=9)), "web").mood == "grave"
    assert of(parts(seen(behind_s=None)), "web").mood == "grave"
    assert of(parts(seen(situation=None)), "log").mood == "grave"


@pytest.mark.parametrize(
    ("machine", "mood"),
    [
        (Machine(memory_bytes=100, memory_free_bytes=3), "grave"),
        (Machine(memory_bytes=100, memory_free_bytes=9), "warn"),
        (Machine(memory_bytes=100, memory_free_bytes=50, load_per_core=3.5), "warn"),
        (Machine(), "lost"),
    ],
)
def test_little_memory_and_a_busy_processor_are_told(seen, machine, mood):
    assert of(parts(seen(machine=machine)), "memory").mood == mood


def test_a_city_without_backups_is_told_so(seen):
    assert of(parts(seen(signs=Signs())), "backups").mood == "warn"


def test_what_cannot_be_read_of_the_machine_is_left_out(tmp_path):
    (tmp_path / "meminfo").write_text("MemTotal: 8 kB\nMemAvailable: 2 kB\n")
    (tmp_path / "timesync").mkdir()
    machine = look_at_machine(tmp_path, [1], proc=tmp_path, timesync=tmp_path / "timesync")
    assert (machine.memory_bytes, machine.memory_free_bytes) == (8192, 2048)
    assert (machine.load_per_core, machine.memory_of, machine.is_clock_kept) == (None, {}, False)
    (tmp_path / "timesync" / "synchronized").touch()
    assert look_at_machine(tmp_path, [], timesync=tmp_path / "timesync").is_clock_kept
    mine = look_at_machine(tmp_path, [os.getpid()]).memory_of
    assert mine[os.getpid()] > 1_000_000


def test_a_disk_that_takes_nothing_does_not_end_the_supervisor(tmp_path):
    states = (ChildState(name="web", pid=1, since=NOW),)
    save_processes(tmp_path / "nowhere", states)
    assert load_processes(tmp_path / "nowhere") is None
    save_processes(tmp_path, states)
    assert load_processes(tmp_path) == states


def test_operators_are_told_what_to_do_and_a_wall_gets_the_summary(city):
    city.bring(
        CameraListed(camera="C", name="Jembatan", lon=117.1, lat=-0.5), CameraHealthChanged(camera="C", health="lost")
    )
    city.beat()
    save_backup_status(city.folder, BACKED_UP)
    whole, short = (orjson.loads(city.get("/api/v1/health", role).data) for role in ("operator", "wall"))
    said = next(part for part in whole["parts"] if part["key"] == "cameras")
    assert said["said"]["id"] == "Kamera Jembatan putus"
    assert said["remedy"]["id"].startswith("Hubungi pemilik kamera")
    assert whole["is_whole"]
    assert not short["is_whole"]
    assert [set(part) for part in short["parts"]] == [{"key", "title", "mood", "said", "since"}] * len(short["parts"])
