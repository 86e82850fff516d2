"""The scene as the wall is told it: why, its clock, who comes, who sees it; and what visitors are told instead."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from dashboard.director_said import scene_said, scenes, visitor_scenes
from geodata.clock import epoch_s
from layers.assignments import UnitAssigned
from layers.cameras import CameraHealthChanged, CameraListed
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.scenes import SceneShown
from layers.situation import Situation, after_all
from layers.unit_facts import UnitRegistered

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def known(ground):
    def fold(*facts):
        events = [
            (number, Event(id=str(number), at=NOW, seen=NOW, source="cad/x", fact=fact))
            for number, fact in enumerate(facts, 1)
        ]
        return after_all(Situation(ground=ground, layers=discover_layers().found), events)[0]

    return fold


def reported(incident="A", priority=1, lon: float | None = 117.15):
    lat = None if lon is None else -0.5
    at = NOW - timedelta(minutes=6)
    report = Report(category="kebakaran", reported_at=at, priority=priority, lon=lon, lat=lat, description="rumah Budi")
    return IncidentReported(incident=incident, report=report)


def shown(incident="A", reason="worst", **more):
    kind = "incident" if incident else "overview"
    return SceneShown(wall="utama", scene=kind, incident=incident, since=NOW, reason=reason, **more)


UNIT = (
    UnitRegistered(unit="D1", name="Damkar 06", unit_kind="vehicle", agency="damkar"),
    PositionReported(unit="D1", lon=117.16, lat=-0.5, accuracy_m=5),
)
CAMERA = (
    CameraListed(camera="FACES", name="Simpang", lon=117.152, lat=-0.5, azimuth_deg=270.0),
    CameraHealthChanged(camera="FACES", health="ok"),
)


def test_a_scene_of_an_incident_tells_all_that_the_card_shows(known):
    said = scene_said(shown(score=12.0, factors={"priority": 8.0}), known(reported(), *UNIT, *CAMERA), NOW)
    assert said["what"]["title"]["id"] == "Kebakaran"
    assert (said["what"]["priority"], said["what"]["is_exact"]) == (1, True)
    assert said["clock"] == {"since": epoch_s(NOW) - 360, "target_s": 900, "reached_at": None}
    assert [(step["status"], step["at"] is not None) for step in said["steps"]] == [
        ("diterima", True), ("diteruskan", False), ("menuju_lokasi", False), ("di_lokasi", False),
        ("tertangani", False),
    ]  # fmt: skip
    [unit] = said["reach"]
    assert (unit["name"], unit["is_sent"]) == ("Damkar 06", False)
    assert unit["soonest_min"] < unit["latest_min"]
    assert (said["eyes"], said["cameras"][0]["key"]) == (["FACES"], "FACES")
    assert (said["reason"], said["factors"]) == ("worst", {"priority": 8.0})


def test_it_holds_no_free_text_of_a_report(known):
    said = orjson.dumps(scene_said(shown(), known(reported(), *UNIT), NOW))
    assert b"Budi" not in said


def test_who_was_sent_comes_first_and_is_marked(known):
    nearer = (
        UnitRegistered(unit="D2", name="Damkar 07", unit_kind="vehicle"),
        PositionReported(unit="D2", lon=117.151, lat=-0.5, accuracy_m=5),
    )
    facts = (reported(), *UNIT, *nearer, UnitAssigned(unit="D1", incident="A"))
    said = scene_said(shown(), known(*facts), NOW)
    assert [(one["unit"], one["is_sent"]) for one in said["reach"]] == [("D1", True), ("D2", False)]


def test_where_nobody_can_come_the_reason_is_told(known):
    said = scene_said(shown(), known(reported()), NOW)
    assert said["reach"] == []
    assert said["reach_none"]["id"]


@pytest.mark.parametrize(("more", "facts", "words"), [
    ({}, (), "kritis · belum ada petugas"),
    ({"reason": "preempted"}, (), "lebih gawat · kritis · belum ada petugas"),
    ({"reason": "sent"}, (), "dikirim dari meja operator · kritis · belum ada petugas"),
    ({}, (IncidentStatusChanged(incident="A", status="di_lokasi", reached_at=NOW),), "kritis · petugas di lokasi"),
    ({}, (IncidentStatusChanged(incident="A", status="selesai", reached_at=NOW),), "kritis · kejadian selesai"),
])  # fmt: skip
def test_the_chip_says_why_in_one_short_line(known, more, facts, words):
    assert scene_said(shown(**more), known(reported(), *facts), NOW)["why"]["id"] == words


def test_a_place_that_is_not_certain_and_reports_of_one_thing_are_said(known):
    assert "lokasi belum pasti" in scene_said(shown(), known(reported(lon=None)), NOW)["why"]["id"]
    two = known(reported(), reported("B", lon=117.1502))
    assert "2 laporan" in scene_said(shown(), two, NOW)["why"]["id"]


def test_a_quiet_scene_says_whether_the_city_is_calm_or_its_incidents_were_shown_already(known):
    calm, seen = shown(None, "quiet"), shown(None, "quiet", rests={"A": NOW + timedelta(minutes=1)})
    assert scene_said(calm, known(), NOW)["why"]["id"] == "tenang: tidak ada kejadian terbuka"
    assert scene_said(seen, known(reported()), NOW)["why"]["id"].startswith("kejadian sudah disorot")


def test_a_quiet_scene_never_calls_a_city_calm_in_which_incidents_are_open(known):
    alone, attended = known(reported()), known(reported(), IncidentStatusChanged(incident="A", status="di_lokasi"))
    words = [scene_said(shown(None, "quiet"), one, NOW)["why"] for one in (alone, attended)]
    assert [one["id"] for one in words] == [
        "1 kejadian terbuka, 1 belum ada petugas", "1 kejadian terbuka, semua sudah ada petugas",
    ]  # fmt: skip
    assert words[0]["en"] == "1 open, 1 with nobody on it yet"


def test_other_critical_incidents_that_nobody_is_on_are_counted(known):
    facts = (reported(), reported("B", lon=117.19), reported("C", priority=2, lon=117.22))
    assert scene_said(shown(), known(*facts), NOW)["waiting"] == 1


def test_every_wall_has_its_scene_and_all_of_them_say_when_the_director_stands_still(known):
    both = known(reported(), shown(), SceneShown(wall="hall", scene="weather", since=NOW, reason="quiet"))
    said = scenes(both, NOW, NOW)
    assert {name: (one["kind"], one["stuck_since"]) for name, one in said.items()} == {
        "utama": ("incident", epoch_s(NOW)),
        "hall": ("weather", epoch_s(NOW)),
    }


def test_a_scene_whose_incident_is_no_longer_known_has_no_card_and_breaks_nothing(known):
    said = scene_said(shown("gone"), known(), NOW)
    assert (said["what"], said["clock"], said["reach"]) == (None, None, [])


def test_visitors_are_told_a_scene_by_the_clock_alone_and_never_an_incident():
    found = [visitor_scenes(NOW + timedelta(seconds=30 * turn))["*"] for turn in range(6)]
    assert {one["kind"] for one in found} == {"overview", "centre", "cameras"}
    assert all(one["incident"] is None and not one["eyes"] and not one["reach"] for one in found)
