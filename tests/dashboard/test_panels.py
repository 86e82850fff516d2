"""The shift, the order of the cameras, and the panels as the page gets them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest

from dashboard.degraded import Trouble
from dashboard.panels import cameras_in_order, panels, worst_placed
from layers.cameras import CameraHealthChanged, CameraListed
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import Words, discover_layers
from layers.situation import Situation, after_all
from layers.watches import watch_at

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
WITA = ZoneInfo("Asia/Makassar")


def situation(ground, *facts):
    events = [
        (i + 1, Event(id=str(i), at=NOW + timedelta(seconds=i), seen=NOW, source="cad/x", fact=fact))
        for i, fact in enumerate(facts)
    ]
    return after_all(Situation(ground=ground, layers=discover_layers().found), events)[0]


def call(incident, priority, minutes_ago=10, lon=117.15, category="banjir"):
    at = NOW - timedelta(minutes=minutes_ago)
    report = Report(category=category, reported_at=at, priority=priority, lon=lon, lat=-0.5)
    return IncidentReported(incident=incident, report=report)


def listed(camera, lon, name=None, **said):
    return CameraListed(camera=camera, name=name or camera, lon=lon, lat=-0.5, **said)


@pytest.mark.parametrize(
    ("clock", "name", "starts", "ends"),
    [
        ("07:00", "Pagi", (20, 7), (20, 15)),
        ("14:59", "Pagi", (20, 7), (20, 15)),
        ("15:00", "Siang", (20, 15), (20, 23)),
        ("23:00", "Malam", (20, 23), (21, 7)),
        ("00:30", "Malam", (19, 23), (20, 7)),
        ("06:59", "Malam", (19, 23), (20, 7)),
    ],
)
def test_the_shift_on_duty_runs_on_past_midnight(ground, clock, name, starts, ends):
    now = datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=WITA)
    watch = watch_at(ground.city, now.astimezone(UTC))
    assert watch.name == name
    assert (watch.starts.day, watch.starts.hour) == starts
    assert (watch.ends.day, watch.ends.hour) == ends


def test_a_city_with_one_shift_has_it_all_day(ground):
    city = ground.city.model_copy(update={"shifts": ground.city.shifts[:1]})
    watch = watch_at(city, NOW)
    assert watch.ends - watch.starts == timedelta(days=1)
    assert watch.starts <= NOW < watch.ends


def test_the_worst_is_the_gravest_then_the_newest_and_has_a_place(ground):
    known = situation(
        ground,
        call("grave-old", 1, minutes_ago=50),
        call("grave-new", 1, minutes_ago=5),
        call("lesser", 2, minutes_ago=1),
        call("nowhere", 1, minutes_ago=0, lon=0.0),
        call("prank", 1, minutes_ago=0, category="prank"),
    )
    assert worst_placed(known)[0].id == "grave-new"


def test_the_camera_that_faces_the_worst_incident_comes_first_although_another_is_nearer(ground):
    cameras = (
        listed("away", 117.151, azimuth_deg=90.0),
        listed("faces", 117.152, azimuth_deg=270.0),
        listed("unknown", 117.1505),
        listed("dead", 117.1501, azimuth_deg=270.0),
    )
    healths = [CameraHealthChanged(camera=key, health="ok") for key in ("away", "faces", "unknown")]
    lost = CameraHealthChanged(camera="dead", health="lost")
    order = cameras_in_order(situation(ground, call("INC-1", 1), *cameras, *healths, lost), NOW)
    assert [(one["key"], one["sees"], one["verdict"]) for one in order] == [
        ("faces", True, "sees"),
        ("unknown", False, "direction_unknown"),
        ("dead", False, "lost"),
        ("away", False, "turned_away"),
    ]
    assert {one["near"] for one in order} == {"INC-1"}
    assert order[0]["distance_m"] == pytest.approx(223, abs=2)
    assert (order[0]["reason"], order[0]["reason_en"]) == ("melihat lokasi · 220 m", "sees the place · 220 m")


def test_the_panel_says_how_many_cameras_see_the_worst_incident(ground):
    healthy = CameraHealthChanged(camera="C", health="ok")
    facing, away = (listed("C", 117.152, azimuth_deg=azimuth) for azimuth in (270.0, 90.0))
    seen = panels(situation(ground, call("INC-1", 1), facing, healthy), [], NOW)
    assert (seen["eyes"]["near"], seen["eyes"]["seen_by"]) == ("INC-1", 1)
    unseen = panels(situation(ground, call("INC-1", 1), away, healthy), [], NOW)
    assert (unseen["eyes"]["seen_by"], unseen["eyes"]["text"]) == (0, "tidak ada kamera yang melihat lokasi ini")
    assert panels(situation(ground, facing, healthy), [], NOW)["eyes"] is None


def test_the_share_of_the_city_in_view_is_of_working_cameras_and_none_where_no_direction_is_known(ground):
    facing = listed("C", 117.152, azimuth_deg=270.0)
    shares = [
        panels(situation(ground, facing, CameraHealthChanged(camera="C", health=health)), [], NOW)["figures"][
            "seen_share"
        ]
        for health in ("ok", "lost")
    ]
    assert 0 < shares[0] < 0.001
    assert shares[1] == 0
    assert panels(situation(ground, listed("C", 117.152)), [], NOW)["figures"]["seen_share"] is None


def test_when_the_incident_is_over_the_healthy_cameras_come_first_by_name(ground):
    known = situation(
        ground,
        call("INC-1", 1),
        IncidentStatusChanged(incident="INC-1", status="selesai"),
        *(
            listed(key, 117.1, name)
            for key, name in (("1", "Citra"), ("2", "Anggrek"), ("3", "Bambu"), ("4", "Dahlia"))
        ),
        CameraHealthChanged(camera="1", health="ok"),
        CameraHealthChanged(camera="2", health="lost"),
        CameraHealthChanged(camera="3", health="ok"),
        CameraHealthChanged(camera="4", health="late"),
    )
    order = cameras_in_order(known, NOW)
    assert [one["name"] for one in order] == ["Bambu", "Citra", "Dahlia", "Anggrek"]
    assert {(one["distance_m"], one["near"]) for one in order} == {(None, None)}


def test_the_age_from_which_a_picture_is_old_goes_with_the_pace_of_its_own_camera(ground):
    healths = [
        CameraHealthChanged(camera="hls", health="ok", late_s=16.5),
        CameraHealthChanged(camera="usual", health="ok", late_s=4.5),
        CameraHealthChanged(camera="unsaid", health="ok"),
    ]
    facts = [listed(one.camera, 117.15) for one in healths]
    said = {one["key"]: one["ages"] for one in cameras_in_order(situation(ground, *facts, *healths), NOW)}
    assert said["hls"] == {"late_s": 22.0, "lost_s": 44.0}
    assert said["usual"] == {"late_s": 6.0, "lost_s": 15.0}
    assert said["unsaid"] is None


def test_a_camera_only_heard_of_is_no_tile(ground):
    assert cameras_in_order(situation(ground, CameraHealthChanged(camera="ghost", health="ok")), NOW) == []


def test_the_panels_are_as_the_architecture_says(ground):
    trouble = Trouble(key="camera:X", text=Words(id="Kamera X putus", en="Camera X lost"), since=NOW)
    said = orjson.loads(orjson.dumps(panels(situation(ground, call("1", 1)), [trouble], NOW)))
    assert set(said) == {"figures", "degraded", "shift", "cameras", "eyes", "board"}
    assert said["degraded"] == [
        {"key": "camera:X", "text": "Kamera X putus", "text_en": "Camera X lost", "since": NOW.timestamp()}
    ]
    assert set(said["figures"]) == {
        "open", "critical", "units", "units_fresh", "cameras", "cameras_ok", "seen_share", "calls_today", "real_today",
        "response_median_s", "response_n", "response_without_time", "response_target_s", "observed_at",
    }  # fmt: skip
    assert said["figures"]["response_target_s"] == 900
    assert said["figures"]["observed_at"] == NOW.timestamp()


def test_a_figure_may_look_older_than_it_is_but_never_younger(ground):
    report = call("1", 1)
    seen = NOW + timedelta(seconds=7)
    event = Event(id="1", at=NOW, seen=seen, source="cad/x", fact=report)
    known = after_all(Situation(ground=ground, layers=discover_layers().found), [(1, event)])[0]
    observed = panels(known, [], seen)["figures"]["observed_at"]
    assert 0 <= seen.timestamp() - observed < 5


def test_while_the_camera_process_is_silent_no_camera_counts_as_well(ground):
    facts = CameraListed(camera="C1", name="x", lon=117.1, lat=-0.5), CameraHealthChanged(camera="C1", health="ok")
    known, silent = situation(ground, *facts), Words(id="a", en="b")
    assert panels(known, [], NOW)["figures"]["cameras_ok"] == 1
    trouble = Trouble(key="camera_process", text=silent, since=None)
    figures = panels(known, [trouble], NOW)["figures"]
    assert (figures["cameras"], figures["cameras_ok"]) == (1, 0)


def test_before_the_first_event_nothing_has_been_observed(ground):
    said = panels(situation(ground), [], NOW)
    assert said["figures"]["observed_at"] is None
    assert said["cameras"] == []
