"""Cameras: the inventory and the health each win by their own time; a cone only where the direction is known."""

from datetime import UTC, datetime, timedelta

import pytest

from cctv.truth import FAULT_KINDS, PictureFault
from layers.audience import visible
from layers.cameras import (
    FAULT_WORDS,
    CameraDelisted,
    CameraHealthChanged,
    CameraListed,
    CameraPictureJudged,
    draw,
    keep,
)
from layers.situation import after_all


def listed(name="Simpang Lembuswana", **said):
    return CameraListed(camera="C", name=name, lon=said.pop("lon", 117.14), lat=-0.49, **said)


@pytest.fixture
def situation_after(nothing, happened):
    def fold(*facts):
        return after_all(nothing, [(n, happened(fact, after_s)) for n, (fact, after_s) in enumerate(facts, 1)])[0]

    return fold


def test_a_late_health_does_not_bring_a_lost_camera_back(situation_after):
    lost, ok = (
        CameraHealthChanged(camera="C", health="lost", reason="no answer"),
        CameraHealthChanged(camera="C", health="ok"),
    )
    camera = situation_after((lost, 60), (ok, 0)).of("cameras")["C"]
    assert (camera.health, camera.reason) == ("lost", "no answer")


def test_what_is_told_after_the_clock_was_set_back_an_hour_holds(nothing, happened, now):
    frozen = PictureFault(kind="frozen", value=0.0, threshold=0.6, since=now)
    told = [
        (listed(), 0, 1),
        (CameraHealthChanged(camera="C", health="ok"), 0, 2),
        (CameraPictureJudged(camera="C", faults=(frozen,)), 1, 3),
        (CameraPictureJudged(camera="C"), -3590, 4),
        (CameraHealthChanged(camera="C", health="lost", reason="no answer"), -3580, 5),
        (CameraDelisted(camera="C"), -3570, 6),
    ]
    events = [happened(fact, at_s, seen_s=seen_s) for fact, at_s, seen_s in told]
    camera = after_all(nothing, enumerate(events, 1))[0].of("cameras")["C"]
    assert (camera.health, camera.faults, camera.listed) == ("lost", (), None)
    assert after_all(nothing, enumerate(reversed(events), 1))[0].of("cameras")["C"] == camera


def test_a_camera_taken_off_the_list_stays_off_when_its_listing_comes_late(situation_after, now):
    for facts in ([(listed(), 0), (CameraDelisted(camera="C"), 60)], [(CameraDelisted(camera="C"), 60), (listed(), 0)]):
        situation = situation_after(*facts)
        assert situation.of("cameras")["C"].listed is None
        assert draw(situation, now, None) == []


def test_health_is_known_before_the_inventory_is(situation_after):
    ok = CameraHealthChanged(camera="C", health="ok")
    assert situation_after((ok, 5), (listed(), 9)).of("cameras") == situation_after((listed(), 9), (ok, 5)).of(
        "cameras"
    )


def test_a_camera_that_is_not_listed_is_forgotten_after_a_day(situation_after, now):
    gone = situation_after((CameraDelisted(camera="C"), 0)).of("cameras")["C"]
    assert keep(gone, now + timedelta(hours=23))
    assert not keep(gone, now + timedelta(hours=25))
    assert keep(situation_after((listed(), 0)).of("cameras")["C"], now + timedelta(days=900))


def test_a_cone_is_drawn_only_where_the_direction_is_known(situation_after, now):
    assert [one["properties"]["part"] for one in draw(situation_after((listed(), 0)), now, None)] == ["marker"]
    drawn = draw(situation_after((listed(azimuth_deg=0.0), 0)), now, ["C"])
    assert [one["properties"]["part"] for one in drawn] == ["marker", "cone"]
    assert drawn[1]["geometry"]["type"] == "Polygon"


def test_a_camera_outside_the_city_is_not_drawn(situation_after, now):
    assert draw(situation_after((listed(lon=106.8), 0)), now, None) == []


def untrue(*kinds):
    since = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
    faults = tuple(PictureFault(kind=kind, value=0.0, threshold=0.6, since=since) for kind in kinds)
    return CameraPictureJudged(camera="C", faults=faults)


def test_a_fresh_picture_that_is_frozen_is_neither_true_nor_drawn_as_new(situation_after, now):
    ok = CameraHealthChanged(camera="C", health="ok")
    situation = situation_after((listed(), 0), (ok, 1), (untrue("frozen", "moved"), 2))
    camera = situation.of("cameras")["C"]
    assert (camera.health, camera.is_true, camera.is_blind) == ("ok", False, True)
    (marker,) = draw(situation, now, None)
    said = marker["properties"]
    assert (said["health"], said["shown_as"], said["faults"]) == ("ok", "late", "gambar beku, kamera bergeser")
    healed = situation_after((listed(), 0), (ok, 1), (untrue("frozen"), 2), (untrue(), 3))
    assert healed.of("cameras")["C"].is_true
    assert draw(healed, now, None)[0]["properties"]["faults"] is None


def test_a_wrong_clock_is_told_but_says_nothing_against_the_picture(situation_after, now):
    ok = CameraHealthChanged(camera="C", health="ok")
    situation = situation_after((listed(), 0), (ok, 1), (untrue("clock"), 2))
    camera = situation.of("cameras")["C"]
    assert (camera.is_true, camera.is_blind, camera.untruths) == (True, False, ())
    said = draw(situation, now, None)[0]["properties"]
    assert (said["shown_as"], said["faults"]) == ("ok", "jam kamera salah")


def test_a_late_verdict_does_not_bring_a_fault_back(situation_after):
    camera = situation_after((untrue(), 60), (untrue("black"), 0)).of("cameras")["C"]
    assert camera.faults == ()


def test_every_fault_has_its_words():
    assert FAULT_WORDS.keys() == set(FAULT_KINDS)


@pytest.mark.parametrize(("audience", "roles"), [("operator", {"admin"}), ("wall", {"wall", "admin"})])
def test_a_camera_is_known_only_to_its_audience(situation_after, nothing, audience, roles):
    situation = situation_after((listed(audience=audience), 0))
    seen = {role for role in ("wall", "admin") if visible(situation, nothing.layers, role).of("cameras")}
    assert seen == roles
