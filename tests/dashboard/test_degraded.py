"""What is not working, in sentences an operator understands."""

from datetime import UTC, datetime, timedelta

from cctv.truth import PictureFault
from dashboard.degraded import Signs, troubles
from layers.aside import Waiting
from layers.cameras import CameraHealthChanged, CameraListed, CameraPictureJudged
from layers.event import Event
from layers.feed import Feed
from layers.layer import Words, discover_layers
from layers.line_status import LineSigns, LineStatus
from layers.responders import PositionReported
from layers.situation import Situation, after_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
FEEDS = {
    "osmand": Feed(title=Words(id="Pelacak", en="Trackers"), parse=lambda _p, _r: iter(()), silent_s=60),
    "quiet": Feed(title=Words(id="Lain", en="Other"), parse=lambda _p, _r: iter(())),
}


def said(ground, *facts, signs=None, source="gps-1/osmand", now=NOW):
    events = [(i + 1, Event(id=str(i), at=NOW, seen=NOW, source=source, fact=f)) for i, f in enumerate(facts)]
    known = after_all(Situation(ground=ground, layers=discover_layers().found), events)[0]
    return {one.key: one for one in troubles(known, signs or Signs(heartbeat_at=now), FEEDS, 10, now)}


def cameras(count, health="lost"):
    for i in range(count):
        yield CameraListed(camera=f"C{i}", name=f"Simpang {i}", lon=117.1, lat=-0.5, kelurahan=f"K{i}")
        yield CameraHealthChanged(camera=f"C{i}", health=health)


def test_when_all_is_well_nothing_is_said(ground):
    assert said(ground, *cameras(5, "ok")) == {}


def test_three_lost_cameras_are_named_and_four_are_counted(ground):
    three = said(ground, *cameras(3))
    assert [one.text.id for one in three.values()] == [f"Kamera Simpang {i} putus" for i in range(3)]
    assert three["camera:C0"].since == NOW
    four = said(ground, *cameras(4))
    assert [one.text.id for one in four.values()] == ["4 kamera putus"]


def test_a_silent_camera_process_is_said_when_there_are_cameras(ground):
    old = Signs(heartbeat_at=NOW - timedelta(seconds=11))
    assert said(ground, *cameras(1, "ok"), signs=old)["camera_process"].since == NOW - timedelta(seconds=11)
    assert "camera_process" in said(ground, *cameras(1, "ok"), signs=Signs())
    assert said(ground, signs=Signs()) == {}


def test_a_sign_of_life_from_the_future_is_none(ground):
    """After the clock was set back an hour a dead process must not look alive for an hour."""
    future = Signs(heartbeat_at=NOW + timedelta(hours=1))
    assert "camera_process" in said(ground, *cameras(1, "ok"), signs=future)
    assert said(ground, *cameras(1, "ok"), signs=Signs(heartbeat_at=NOW + timedelta(seconds=1))) == {}
    assert "archive" in said(ground, signs=Signs(heartbeat_at=NOW, archive_at=NOW + timedelta(hours=1)))


def test_an_archive_that_stopped_is_said_with_its_last_sign_of_life(ground):
    old = NOW - timedelta(seconds=61)
    assert said(ground, signs=Signs(heartbeat_at=NOW, archive_at=old))["archive"].since == old
    assert said(ground, signs=Signs(heartbeat_at=NOW, archive_at=NOW - timedelta(seconds=59))) == {}
    assert said(ground, signs=Signs(heartbeat_at=NOW, archive_at=None)) == {}
    dead = said(ground, *cameras(1, "ok"), signs=Signs(heartbeat_at=old, archive_at=old))
    assert list(dead) == ["camera_process"]


def test_a_source_that_fell_silent_is_named_and_one_that_may_be_silent_is_not(ground):
    moved = PositionReported(unit="u", lon=117.1, lat=-0.5)
    later = NOW + timedelta(seconds=61)
    assert said(ground, moved, now=NOW + timedelta(seconds=59)) == {}
    trouble = said(ground, moved, now=later)["source:gps-1/osmand"]
    assert trouble.text.id == "Tidak ada kabar dari gps-1 (Pelacak)"
    assert trouble.since == NOW
    assert said(ground, moved, source="x/quiet", now=later) == {}
    assert said(ground, moved, source="x/gone", now=later) == {}


def test_many_cameras_outweigh_a_silent_source_and_that_a_single_camera(ground):
    moved, later = PositionReported(unit="u", lon=117.1, lat=-0.5), NOW + timedelta(seconds=61)
    signs = Signs(heartbeat_at=later, quarantined=7)
    one = list(said(ground, moved, *cameras(1), signs=signs, now=later))
    assert one == ["source:gps-1/osmand", "camera:C0", "quarantine"]
    assert next(iter(said(ground, moved, *cameras(4), signs=signs, now=later))) == "cameras"


def test_the_machines_own_troubles_come_first(ground):
    signs = Signs(store_failed_at=NOW, is_disk_full=True, quarantined=7, quarantined_at=NOW, broken_layers=("bad",))
    found = said(ground, *cameras(1), signs=signs)
    assert list(found) == ["store", "disk", "layer:bad", "camera_process", "camera:C0", "quarantine"]
    assert found["quarantine"].text.id.startswith("7 kiriman")
    assert all(one.text.en and one.text.en != one.text.id for one in found.values())


def test_cameras_that_went_together_are_one_sentence_and_the_others_keep_theirs(ground):
    def facts():
        for i in range(6):
            yield CameraListed(
                camera=f"C{i}",
                name=f"Simpang {i}",
                lon=117.1,
                lat=-0.5,
                owner="Dishub" if i else None,
                kelurahan=f"K{i}",
            )
            yield CameraHealthChanged(camera=f"C{i}", health="lost")

    found = said(ground, *facts())
    assert [one.text.id for one in found.values()] == ["5 kamera putus bersama · Dishub", "Kamera Simpang 0 putus"]
    assert found["outage:owner:Dishub"].since == NOW


def untrue(count, *kinds):
    for i in range(count):
        faults = tuple(PictureFault(kind=kind, value=0, threshold=1, since=NOW) for kind in kinds)
        yield CameraPictureJudged(camera=f"C{i}", faults=faults)


def test_a_picture_that_is_not_what_it_seems_is_said(ground):
    found = said(ground, *cameras(2, "ok"), *untrue(1, "frozen", "moved"))
    assert found["picture:C0"].text.id == "Kamera Simpang 0: gambar beku, kamera bergeser"
    assert found["picture:C0"].since == NOW
    many = said(ground, *cameras(4, "ok"), *untrue(4, "black"))
    assert [one.text.id for one in many.values()] == ["4 gambar kamera tidak dapat dipercaya"]


def test_wrong_clocks_are_one_line_and_no_doubt_about_the_pictures(ground):
    found = said(ground, *cameras(5, "ok"), *untrue(5, "clock"))
    assert {key: one.text.id for key, one in found.items()} == {"clocks": "Jam 5 kamera salah; setel NTP di kamera"}


def test_what_waits_for_the_log_is_said_with_the_reason_and_its_beginning(ground):
    waiting = Waiting(count=132, since=NOW - timedelta(minutes=2))
    full_disk = said(ground, signs=Signs(heartbeat_at=NOW, waiting=waiting, is_disk_full=True))
    assert "disk" not in full_disk
    full = full_disk["spool"]
    assert full.text.id == "Ruang simpan penuh: 132 kabar ditampung, menyusul sendiri"
    assert full.since == NOW - timedelta(minutes=2)
    locked = said(ground, signs=Signs(heartbeat_at=NOW, waiting=waiting))["spool"]
    assert locked.text.id == "Catatan kejadian tidak dapat ditulis: 132 kabar ditampung, menyusul sendiri"
    over = said(ground, signs=Signs(heartbeat_at=NOW, waiting=Waiting(count=132, is_refusing=True)))["spool"]
    assert "kabar baru ditolak" in over.text.id
    assert "spool" not in said(ground, signs=Signs(heartbeat_at=NOW))


def test_a_log_written_in_the_future_by_a_wrong_clock_is_said(ground):
    moved = PositionReported(unit="U", lon=117.1, lat=-0.5)
    assert "layar clock" in said(ground, moved, now=NOW - timedelta(days=400))["clock"].text.id
    assert "clock" not in said(ground, moved, now=NOW - timedelta(seconds=30))


def line(**said):
    return LineStatus(
        **{"name": "gempa", "feed": "osmand", "transport": "poll", "title": "Gempa BMKG", "since": NOW} | said
    )


def lines(*known, ago_s=0.0):
    signs = LineSigns(lines=known, said_at=NOW - timedelta(seconds=ago_s))
    return Signs(heartbeat_at=NOW, lines=signs)


def test_a_feed_that_does_not_answer_is_named_with_the_reason_once_it_may(ground):
    wrong = {
        "silent_s": 60,
        "error": "server sedang rusak (500)",
        "error_en": "the server has an error of its own (500)",
    }
    late, in_time = (line(well_at=NOW - timedelta(seconds=s), **wrong) for s in (61, 59))
    told = said(ground, signs=lines(late))["line:gempa"]
    assert told.text.id == "Tidak ada kabar dari Gempa BMKG: server sedang rusak (500)"
    assert told.text.en == "No news from Gempa BMKG: the server has an error of its own (500)"
    assert told.since == NOW - timedelta(seconds=61)
    assert said(ground, signs=lines(in_time)) == {}


def test_a_feed_that_never_answered_is_named_from_when_it_was_first_asked(ground):
    told = said(ground, signs=lines(line(silent_s=60, since=NOW - timedelta(seconds=99))))["line:gempa"]
    assert told.text.id == "Tidak ada kabar dari Gempa BMKG"
    assert told.since == NOW - timedelta(seconds=99)


def test_when_the_process_of_the_feeds_has_stopped_that_alone_is_said_of_them(ground):
    late = line(silent_s=60, well_at=NOW - timedelta(seconds=99))
    assert list(said(ground, signs=lines(late, ago_s=16))) == ["feed_process"]
    assert list(said(ground, signs=Signs(heartbeat_at=NOW, lines=LineSigns()))) == ["feed_process"]
    assert said(ground, signs=Signs(heartbeat_at=NOW)) == {}


def test_a_source_whose_feed_is_named_is_not_named_again(ground):
    late = line(silent_s=60, well_at=NOW - timedelta(seconds=99))
    position = PositionReported(unit="U", lon=117.1, lat=-0.5)
    later = NOW + timedelta(seconds=90)
    signs = Signs(heartbeat_at=later, lines=LineSigns(lines=(late,), said_at=later))
    assert list(said(ground, position, signs=signs, source="gempa/osmand", now=later)) == ["line:gempa"]
