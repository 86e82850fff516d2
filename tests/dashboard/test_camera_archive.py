"""Which stills are kept, pinned and deleted; what happens when disk, bucket or index refuse, or we are killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from cctv.archive import ArchiveSettings, still_of
from cctv.archive_place import ArchivePlace, place_for
from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from cctv.shelf import SIZES, Renditions, Shelf
from dashboard.archive_watch import Watch as CityWatch
from dashboard.audit import Audit
from dashboard.camera_archive import CameraArchive
from geodata.clock import utc_now
from geodata.errors import ArchiveUnavailable
from layers.cameras import CameraListed
from layers.event import Event, stable_id
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME as LOG
from layers.store.sqlite import open_store
from layers.store.stills import FILE_NAME as INDEX
from layers.store.stills import Stills
from tests.dashboard.conftest import NOW, SaidLog, Watch, until
from tests.s3_server import BUCKET, CREDENTIALS, S3Server

NEAR, FAR = 117.1540, 117.2000
LAT = -0.5000


def jpeg(size, camera, at):
    return b"\xff\xd8" + f"{size} {camera} {at.isoformat()}".encode() + b"\xff\xd9"


class Room:
    """A log with two cameras, a shelf that tests fill, and an archive that they step by hand."""

    def __init__(self, folder, ground, **settings):
        self.folder, self.watch = folder, Watch()
        self.settings = ArchiveSettings(**{"least_free_percent": 0, **settings})
        self.shelf = Shelf(folder / "shelf")
        self.audit = Audit(folder, self.watch)
        self.open_log = lambda: open_store(folder / LOG, discover_layers().found, ground)
        self.store = self.open_log()
        self.place = place_for(self.settings, folder)
        self.index = Stills(folder / INDEX)
        self.archive = self.make_archive()
        for camera, lon in (("NEAR", NEAR), ("FAR", FAR)):
            self.bring(CameraListed(camera=camera, name=camera, lon=lon, lat=LAT))

    def make_archive(self, place=None):
        """A new one, as after a restart."""
        return CameraArchive(
            settings=self.settings,
            shelf=self.shelf,
            place=place or self.place,
            open_index=lambda: Stills(self.folder / INDEX),
            watch=CityWatch(self.open_log, self.settings),
            heartbeat=self.folder / "archive.heartbeat",
            audit=self.audit,
            clock=self.watch,
        )

    def bring(self, fact):
        """Into the log, now."""
        now = self.watch.now
        self.store.append([Event(id=stable_id(fact, now), at=now, seen=now, source="cad/incidents", fact=fact)])

    def report(self, reported_at=None, lon=NEAR):
        """A fire."""
        report = Report(category="kebakaran", reported_at=reported_at or self.watch.now, lon=lon, lat=LAT)
        self.bring(IncidentReported(incident="INC-1", report=report))

    def show(self, *cameras):
        """A new picture on the shelf."""
        for camera in cameras or ("NEAR", "FAR"):
            sizes = {size: jpeg(size, camera, self.watch.now) for size in SIZES}
            pictures = Renditions(**sizes, width=8, height=8)
            self.shelf.put(camera, pictures, self.watch.now)

    def run(self, seconds, *cameras, every_s=2):
        """Pictures come and the archive looks, for so long."""
        for _ in range(0, seconds, every_s):
            self.show(*cameras)
            self.archive.step()
            self.watch.forward(every_s)

    def set(self):
        """{(milestone, phase): (size, seconds since NOW)} of the incident."""
        return {
            (one.slot.milestone, one.slot.phase): (
                self.place.get(one.still.key)[2:].split()[0].decode(),
                (one.still.captured_at - NOW).total_seconds(),
            )
            for one in self.index.of_incident("INC-1")
        }

    def kept(self, camera):
        """Seconds since NOW of what lies in the archive."""
        return sorted((read.captured_at - NOW).total_seconds() for read in self.stills(camera))

    def stills(self, camera):
        """What lies in the archive."""
        return [still for _, still in self.place.stills(camera)]

    def deleted(self):
        """(camera or number of cameras, why, how many stills) of each deletion in the audit, oldest first."""
        rows = [row for row in reversed(self.audit.newest(100)) if row.action == "stills.delete"]
        assert {row.who for row in rows} <= {"retensi"}
        return [(row.target, row.details["why"], row.details["stills"]) for row in rows]

    def close(self):
        """Let go of the log."""
        self.archive._watch.close()
        self.store.close()
        self.index.close()


@pytest.fixture
def room(tmp_path, ground):
    made = []

    def make(**settings):
        made.append(Room(tmp_path / "data", ground, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_without_an_incident_a_fresh_installation_keeps_nothing(room):
    city = room()
    city.run(200)
    assert city.place.folders() == ()
    assert city.index.keys("NEAR") == frozenset()


def test_an_incident_gets_stills_before_at_and_after_each_milestone_from_near_cameras_only(room):
    city = room()
    city.run(100)
    city.report()
    city.run(100)
    city.bring(IncidentStatusChanged(incident="INC-1", status="menuju_lokasi", reached_at=city.watch.now))
    city.run(130)
    city.bring(IncidentStatusChanged(incident="INC-1", status="di_lokasi", reached_at=city.watch.now))
    city.run(130)
    assert city.set() == {
        ("call", "before"): ("medium", 90), ("call", "at"): ("full", 100), ("call", "after"): ("full", 160),
        ("dispatch", "before"): ("medium", 180), ("dispatch", "at"): ("full", 200),
        ("dispatch", "after"): ("full", 260),
        ("arrival", "before"): ("medium", 300), ("arrival", "at"): ("full", 330), ("arrival", "after"): ("full", 390),
    }  # fmt: skip
    assert city.place.folders() == ("NEAR",)


def test_a_call_that_is_known_a_minute_late_still_gets_its_set_from_memory(room):
    city = room()
    city.run(100)
    city.report(reported_at=NOW + timedelta(seconds=40))
    city.run(20)
    assert city.set() == {
        ("call", "before"): ("medium", 30),
        ("call", "at"): ("medium", 60),
        ("call", "after"): ("full", 100),
    }


def test_a_place_far_from_every_camera_or_unknown_has_no_stills(room):
    city = room()
    city.report(lon=117.18)
    city.run(20)
    assert city.set() == {}


def test_a_dead_camera_gives_no_false_picture_of_the_moment(room):
    city = room()
    city.run(10)
    city.watch.forward(1000)
    city.report()
    for _ in range(100):
        city.archive.step()
        city.watch.forward(2)
    assert city.set() == {}


def test_keep_all_takes_one_each_minute_and_near_an_open_incident_every_one_in_full(room):
    city = room(keep="all", every_s=60, size="thumb")
    city.run(180)
    for camera in ("FAR", "NEAR"):
        first, *others = city.kept(camera)
        assert first == 0
        assert len(others) == 3
        assert {later - earlier for earlier, later in pairwise(others)} == {60}
    assert city.kept("FAR") != city.kept("NEAR")
    city.report()
    city.run(60)
    near = [second for second in city.kept("NEAR") if second >= 180]
    assert near[:30] == [float(s) for s in range(180, 240, 2)]
    full = city.index.newest("NEAR", NOW, city.watch.now)
    assert city.place.get(full.key).startswith(b"\xff\xd8full")
    first = city.index.oldest("FAR", NOW, city.watch.now)
    assert city.place.get(first.key).startswith(b"\xff\xd8thumb")
    city.bring(IncidentStatusChanged(incident="INC-1", status="selesai", reached_at=city.watch.now))
    before = len(city.kept("NEAR"))
    city.run(50)
    assert len(city.kept("NEAR")) <= before + 2


def test_keep_nothing_pins_nothing_but_still_deletes(room):
    city = room(keep="nothing", days=1)
    picture = jpeg("full", "NEAR", NOW)
    still = still_of("NEAR", NOW - timedelta(days=2), picture)
    city.place.put(still.key, picture)
    city.index.add(still, "routine")
    city.report()
    city.run(10)
    assert city.index.keys("NEAR") == frozenset()
    assert city.place.folders() == ()


def test_stills_go_when_their_time_is_over_those_of_incidents_later_and_the_log_says_how_many(room, said):
    city = room(keep="all", every_s=10, days=1, incident_days=2)
    city.run(60)
    city.report()
    city.run(100)
    city.watch.forward(86_400)
    city.archive.step()
    assert city.kept("FAR") == []
    assert min(city.kept("NEAR")) >= 30
    assert "stills_deleted" in said
    ((target, why, stills),) = city.deleted()
    assert (target, why) == ("2 cameras", "age")
    assert stills >= 2
    assert city.audit.newest(1)[0].details["cameras"].startswith(("NEAR:", "FAR:"))
    city.watch.forward(86_400)
    city.archive.step()
    assert city.place.folders() == ()
    assert city.index.of_incident("INC-1") == ()


def test_a_camera_never_holds_more_than_it_may(room, monkeypatch):
    city = room(keep="all", every_s=1)
    monkeypatch.setattr(ArchiveSettings, "camera_bytes", 500)
    city.run(130)
    city.watch.forward(60)
    city.archive.step()
    for camera in ("NEAR", "FAR"):
        held = sum(still.bytes for still in city.stills(camera))
        assert 300 < held <= 500
    assert {why for _, why, _ in city.deleted()} == {"size"}
    assert city.audit.verify().wrong is None
    for camera in ("NEAR", "FAR"):
        assert max(city.kept(camera)) == 128


def test_a_picture_whose_row_was_never_written_is_found_and_a_broken_one_deleted(room):
    city = room()
    picture = jpeg("full", "NEAR", NOW)
    stray, torn = (still_of("NEAR", NOW - timedelta(seconds=s), picture) for s in (30, 60))
    city.place.put(stray.key, picture)
    city.place.put(torn.key, picture[:-4])
    city.place.put("cam/NEAR/note.txt", b"x")
    city.archive.step()
    assert city.index.keys("NEAR") == {stray.key}
    assert [key for key, _ in city.place.stills("NEAR")] == [stray.key]
    assert ("NEAR", "broken", 1) in city.deleted()


def test_the_sets_of_before_a_restart_are_not_made_again(room):
    city = room()
    city.run(30)
    city.report()
    city.run(40)
    before = city.set()
    city.archive._watch.close()
    city.archive = city.make_archive()
    city.run(40)
    assert {phase: city.set()[phase] for phase in before} == before
    assert ("call", "after") in city.set()


@pytest.fixture
def said(monkeypatch):
    """The events of the archive's log lines."""
    log = SaidLog()
    monkeypatch.setattr("dashboard.camera_archive._LOG", log)
    return log.events


class Refusing(ArchivePlace):
    """A disk that is full until it is not."""

    is_full = True

    def put(self, key, picture):
        """Refused."""
        if self.is_full:
            raise ArchiveUnavailable("full")
        super().put(key, picture)


def test_a_full_disk_ends_the_sign_of_life_and_it_goes_on_by_itself(room):
    city = room()
    place = Refusing(city.place.url)
    city.archive._watch.close()
    city.archive = city.make_archive(place)
    with pytest.raises(ArchiveUnavailable):
        city.run(2)
    assert not (city.folder / "archive.heartbeat").exists()
    assert city.shelf.get("NEAR", "full") is not None
    place.is_full = False
    city.report()
    city.run(2)
    assert (city.folder / "archive.heartbeat").exists()
    assert ("call", "at") in city.set()


def test_a_loop_that_is_refused_says_so_in_the_log_and_ends_when_told(room, said):
    city = room()
    city.archive._watch.close()
    city.archive = city.make_archive(Refusing(city.place.url))
    stopping = threading.Event()
    thread = threading.Thread(target=city.archive.run, args=(stopping,))
    thread.start()
    time.sleep(0.3)
    stopping.set()
    thread.join(5)
    assert not thread.is_alive()
    assert said.count("archive_stopped") == 1


def test_a_set_goes_to_a_bucket_too_and_a_bucket_out_of_reach_does_no_harm_to_the_shelf(room, monkeypatch):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with S3Server() as server:
        city = room(url=f"s3://{BUCKET}/samarinda", s3_endpoint=server.endpoint)
        city.report()
        city.run(4)
        assert city.set() == {("call", "at"): ("full", 0)}
        server.stop()
        city.watch.forward(60)
        with pytest.raises(ArchiveUnavailable):
            city.run(4)
    assert city.shelf.get("NEAR", "full").captured_at == city.watch.now


def test_an_archive_that_stopped_is_told_on_the_wall_and_no_longer_once_it_works(city):
    heartbeat = city.folder / "archive.heartbeat"

    def told(seconds_ago):
        city.services.shelf.beat()
        heartbeat.touch()
        now = city.watch.now.timestamp()
        os.utime(city.services.shelf.root / "heartbeat", (now, now))
        os.utime(heartbeat, (now - seconds_ago, now - seconds_ago))
        city.watch.forward(2)
        return lambda: [one["text"] for one in city.live()["panels"]["degraded"] if one["key"] == "archive"]

    look = told(61)
    until(lambda: look() == ["Arsip gambar kamera berhenti; periksa ruang simpan atau jalan ke S3"])
    told(0)
    until(lambda: look() == [])


CAMERAS = b"id,name,lon,lat,url\nA,Satu,117.1540,-0.5,sim:rain\n"
COMMAND = (sys.executable, "-m", "dashboard.camera_process")


def test_killed_at_any_moment_it_leaves_no_row_without_its_picture(tmp_path):
    import_cameras(CAMERAS, tmp_path, discover_sources().found)
    (tmp_path / "layar.toml").write_text(
        "[cameras]\nperiod_s = 0.2\n[archive]\nkeep = 'all'\nevery_s = 1\nleast_free_percent = 0\n"
    )
    place, kept = place_for(ArchiveSettings(), tmp_path), 0
    for _ in range(2):
        with (tmp_path / "process.log").open("ab") as log:
            line = [*COMMAND, "--data", str(tmp_path)]
            process = subprocess.Popen(line, stderr=log)  # noqa: S603 — ours
        try:
            until(lambda: len(place.stills("A")) > kept + 1, 20)  # noqa: B023 — called at once
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(5)
        kept = len(place.stills("A"))
        index = Stills(tmp_path / INDEX)
        newest = index.newest("A", utc_now() - timedelta(hours=1), utc_now())
        assert newest is not None
        assert all(place.get(key) for key in index.keys("A"))
        index.close()
    assert (tmp_path / "archive.heartbeat").exists()
