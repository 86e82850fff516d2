"""Nearest eyes: who sees a place, in which order, and why not."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from cctv.truth import PictureFault
from geodata.city import load_city
from geodata.obstacles import Obstacles
from geodata.places import Ground
from layers.cameras import CameraHealthChanged, CameraListed, CameraPictureJudged
from layers.event import Event
from layers.eyes import VERDICT_WORDS, coverage, distance_words, eyes, how_many_see
from layers.layer import discover_layers
from layers.situation import Situation, after_all
from tests.layers.conftest import NOW, TwoPlaces

METRE = 1 / 111_320
FIRE = (117.14, -0.5)
NOON = NOW.replace(hour=4)  # 12:00 in Samarinda
MIDNIGHT = NOW.replace(hour=16)
HOUSE = shapely.box(FIRE[0] - 60 * METRE, FIRE[1] - 5 * METRE, FIRE[0] - 50 * METRE, FIRE[1] + 5 * METRE)
GROUND = Ground(city=load_city("64.72"), places=TwoPlaces(), obstacles=Obstacles([HOUSE]))
LAYERS = discover_layers().found


def listed(camera, north=0.0, east=0.0, **said):
    said = {"fov_deg": 60.0, "range_m": 500.0, **said}
    return CameraListed(camera=camera, name=camera, lon=FIRE[0] + east * METRE, lat=FIRE[1] + north * METRE, **said)


def known(*facts, ground=GROUND, healthy=True):
    """A situation with these facts; every camera listed is healthy unless a fact says otherwise."""
    fine = [CameraHealthChanged(camera=f.camera, health="ok") for f in facts if isinstance(f, CameraListed)]
    told = [*(fine if healthy else ()), *facts]
    moments = [NOW + timedelta(seconds=n) for n in range(len(told))]
    events = [
        (n, Event(id=str(n), at=at, seen=at, source="t/t", fact=fact))
        for n, (at, fact) in enumerate(zip(moments, told, strict=True), 1)
    ]
    return after_all(Situation(ground=ground, layers=LAYERS), events)[0]


def reasons(situation, now=NOON):
    return [(eye.camera.id, eye.reason.id) for eye in eyes(situation, *FIRE, now)]


def test_each_camera_says_why_it_stands_where_it_stands():
    situation = known(
        listed("sees", north=180, azimuth_deg=180.0),
        listed("away", north=90, azimuth_deg=0.0),
        listed("unknown", north=420),
        listed("dead", north=60, azimuth_deg=180.0),
        listed("blocked", east=-200, azimuth_deg=90.0),
        listed("far", north=1234, azimuth_deg=180.0),
        listed("late", north=100, azimuth_deg=180.0),
        listed("new", north=10, azimuth_deg=180.0),
        CameraHealthChanged(camera="dead", health="lost"),
        CameraHealthChanged(camera="late", health="late"),
        CameraHealthChanged(camera="new", health="unknown"),
    )
    assert reasons(situation) == [
        ("sees", "melihat lokasi · 180 m"),
        ("late", "melihat lokasi, gambar lama · 100 m"),
        ("unknown", "arah kamera tidak diketahui · 420 m"),
        ("new", "belum ada gambar · 10 m"),
        ("dead", "kamera putus · 60 m"),
        ("away", "menghadap ke arah lain · 90 m"),
        ("blocked", "tertutup bangunan · 200 m"),
        ("far", "di luar jangkauan · 1,2 km"),
    ]
    found = eyes(situation, *FIRE, NOON)
    assert [eye.sees for eye in found] == [True, True, *[False] * 6]
    assert found[0].reason.en == "sees the place · 180 m"
    assert found[7].reason.en == "out of its range · 1.2 km"


def test_a_camera_that_may_see_stands_before_one_that_cannot_and_beyond_its_range_it_cannot():
    near = known(listed("unknown", north=400), listed("away", north=90, azimuth_deg=0.0))
    assert [eye.camera.id for eye in eyes(near, *FIRE, NOON)] == ["unknown", "away"]
    far = known(listed("unknown", north=600), listed("away", north=90, azimuth_deg=0.0))
    assert [eye.camera.id for eye in eyes(far, *FIRE, NOON)] == ["away", "unknown"]


def test_a_camera_that_is_no_use_at_night_does_not_see_by_night():
    situation = known(
        listed("day", north=50, azimuth_deg=180.0, night=False),
        listed("night", north=80, azimuth_deg=180.0, night=True),
        listed("nobody-said", north=90, azimuth_deg=180.0),
    )
    assert [eye.camera.id for eye in eyes(situation, *FIRE, NOON)] == ["day", "night", "nobody-said"]
    assert reasons(situation, MIDNIGHT) == [
        ("night", "melihat lokasi · 80 m"),
        ("nobody-said", "melihat lokasi · 90 m"),
        ("day", "terlalu gelap · 50 m"),
    ]


def test_a_camera_that_left_the_inventory_is_no_eye():
    assert eyes(known(CameraHealthChanged(camera="ghost", health="ok")), *FIRE, NOON) == []


@pytest.mark.parametrize(
    ("metres", "said"),
    [(0, "10 m"), (14, "10 m"), (184, "180 m"), (994, "990 m"), (995, "1,0 km"), (12_345, "12,3 km")],
)
def test_a_distance_is_said_as_a_person_would(metres, said):
    assert distance_words(metres).id == said


def test_the_sentence_above_the_cameras_counts_those_that_see():
    assert how_many_see(0).id == "tidak ada kamera yang melihat lokasi ini"
    assert [how_many_see(n).en for n in (0, 1, 2)] == [
        "no camera sees this place",
        "1 camera sees this place",
        "2 cameras see this place",
    ]


def test_every_verdict_has_words_but_the_one_that_never_is():
    assert "in_view" not in VERDICT_WORDS
    assert all(words.id and words.en for words in VERDICT_WORDS.values())


CAMERAS = st.lists(
    st.builds(
        listed,
        st.text("abcdefgh", min_size=1, max_size=3),
        north=st.integers(-600, 600),
        east=st.integers(-600, 600),
        azimuth_deg=st.none() | st.sampled_from([0.0, 90.0, 180.0, 270.0]),
        night=st.none() | st.booleans(),
    ),
    max_size=8,
    unique_by=lambda fact: fact.camera,
)
HEALTHS = st.lists(st.sampled_from(["unknown", "ok", "late", "lost"]), min_size=8, max_size=8)


@given(cameras=CAMERAS, healths=HEALTHS, at=st.sampled_from([NOON, MIDNIGHT]), swap=st.randoms(use_true_random=False))
def test_the_order_is_total_and_stable_and_no_dead_camera_stands_before_one_that_sees_or_may(
    cameras, healths, at, swap
):
    told = [CameraHealthChanged(camera=c.camera, health=h) for c, h in zip(cameras, healths, strict=False)]
    found = eyes(known(*cameras, *told, healthy=False), *FIRE, at)
    shuffled = list(cameras)
    swap.shuffle(shuffled)
    again = eyes(known(*shuffled, *told, healthy=False), *FIRE, at)
    assert [eye.camera.id for eye in found] == [eye.camera.id for eye in again]
    assert {eye.camera.id for eye in found} == {c.camera for c in cameras}
    assert not [eye for eye in found if eye.sees and eye.camera.health in {"lost", "unknown"}]
    assert [eye.sees for eye in found] == sorted((eye.sees for eye in found), reverse=True)
    first_dead = next((n for n, eye in enumerate(found) if eye.camera.health == "lost"), len(found))
    assert not [eye for eye in found[first_dead:] if eye.sees or eye.verdict == "too_dark"]
    assert all(eye.distance_m <= other.distance_m for eye, other in pairwise(found) if eye.tier == other.tier)


def test_dead_cameras_and_such_without_a_direction_cover_nothing():
    cameras = (listed("a", azimuth_deg=0.0), listed("b", azimuth_deg=180.0), listed("c"))
    one, both = (
        coverage(known(*cameras, *(CameraHealthChanged(camera=key, health="lost") for key in lost)))
        for lost in (["b"], [])
    )
    assert both.of_city == pytest.approx(2 * one.of_city, rel=1e-6)
    none = coverage(known(*cameras, *(CameraHealthChanged(camera=key, health="lost") for key in "ab")))
    assert (none.of_city, dict(none.shares)) == (0, {})
    assert coverage(known(listed("c"))).of_city is None


def test_two_cameras_with_one_view_cover_it_once():
    twice = known(listed("a", azimuth_deg=0.0), listed("b", azimuth_deg=0.0))
    assert coverage(twice).of_city == pytest.approx(coverage(known(listed("a", azimuth_deg=0.0))).of_city)


def test_a_building_leaves_less_in_view():
    camera = listed("a", east=-100, azimuth_deg=90.0)
    bare = replace(GROUND, obstacles=Obstacles())
    assert coverage(known(camera)).of_city < coverage(known(camera, ground=bare)).of_city


def test_the_same_cameras_in_the_same_health_are_measured_once():
    cameras = (listed("a", azimuth_deg=0.0), listed("b", azimuth_deg=180.0))
    first = coverage(known(*cameras))
    assert coverage(known(*reversed(cameras))) is first
    assert coverage(known(*cameras, CameraHealthChanged(camera="a", health="late"))) is first
    assert coverage(known(*cameras, CameraHealthChanged(camera="a", health="lost"))) is not first


@pytest.mark.parametrize(("kind", "verdict"), [("frozen", "blind"), ("turned", "blind"), ("blurred", "sees")])
def test_a_camera_whose_fresh_picture_is_not_of_the_place_does_not_see_it(kind, verdict):
    fault = PictureFault(kind=kind, value=0, threshold=1, since=NOON)
    told = CameraPictureJudged(camera="a", faults=(fault,))
    situation = known(listed("a", north=-100, azimuth_deg=0.0), told)
    assert [eye.verdict for eye in eyes(situation, *FIRE, NOON)] == [verdict]
    assert bool(coverage(situation).of_city) is (verdict == "sees")
