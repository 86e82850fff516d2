"""Finding a place by name, and what is at one: for those who may see the wall, never for visitors."""

import pytest

from dashboard.here import NEAR_M
from layers.cameras import CameraHealthChanged, CameraListed
from layers.facilities import FacilityListed
from layers.floods import FloodedArea, FloodsListed
from layers.incidents import IncidentReported, Report
from layers.responders import PositionReported
from layers.unit_facts import UnitRegistered

HERE = "/api/v1/here?lon=117.15&lat=-0.5"


def reported(watch, id_, lon, lat, category="kebakaran"):
    return IncidentReported(
        incident=id_, report=Report(reported_at=watch.now, category=category, lon=lon, lat=lat, priority=1)
    )


@pytest.fixture
def told(city):
    """A city of which something is known."""
    city.bring(
        reported(city.watch, "INC-7", 117.152, -0.5),
        reported(city.watch, "INC-8", 117.19, -0.5, "banjir"),
        FacilityListed(facility="RS-1", facility_kind="hospital", name="RSUD A.W. Sjahranie", lon=117.14, lat=-0.47),
        FacilityListed(facility="RS-2", facility_kind="hospital", name="RS Dirgahayu", lon=117.149, lat=-0.499),
        FacilityListed(facility="POS-1", facility_kind="fire_post", name="Posko 1", lon=117.16, lat=-0.5),
        CameraListed(camera="CAM-1", name="Simpang Air Putih", lon=117.152, lat=-0.5, azimuth_deg=270.0),
        CameraHealthChanged(camera="CAM-1", health="ok"),
        UnitRegistered(unit="DMK-01", name="Damkar 01", unit_kind="vehicle"),
        PositionReported(unit="DMK-01", lon=117.155, lat=-0.5, accuracy_m=5),
        FloodsListed(
            publisher="pb",
            areas=(
                FloodedArea(
                    id="F", name="RT 3", rank=2, depth="71 to 150 cm",
                    polygons=(((117.14, -0.51), (117.16, -0.51), (117.16, -0.49), (117.14, -0.49)),),
                ),
            ),
        ),
    )  # fmt: skip
    return city


def names(told, words, role="wall"):
    return [one["name"] for one in told.get(f"/api/v1/search?q={words}", role).json["found"]]


def test_a_kelurahan_is_found_by_the_beginning_of_its_name(told):
    assert names(told, "sungai pinang l")[0] == "Sungai Pinang Luar"
    assert names(told, "SUNGAI  pinang-luar")[0] == "Sungai Pinang Luar"


def test_the_nearest_meaning_comes_first_and_a_kecamatan_after_its_kelurahan_of_the_same_name(told):
    found = told.get("/api/v1/search?q=sambutan", "wall").json["found"]
    assert [(one["kind"], one["name"]) for one in found[:2]] == [("kelurahan", "Sambutan"), ("kecamatan", "Sambutan")]


@pytest.mark.parametrize(
    ("words", "kind", "key"),
    [
        ("dirgahayu", "facility", "RS-2"),
        ("rumah sakit", "facility", "RS-2"),
        ("simpang air", "camera", "CAM-1"),
        ("inc-7", "incident", "INC-7"),
        ("banjir", "incident", "INC-8"),
        ("flood", "incident", "INC-8"),
        ("damkar 01", "unit", "DMK-01"),
        ("-0.5, 117.15", "point", "117.15,-0.5"),
        ("117.15,-0.5", "point", "117.15,-0.5"),
    ],
)
def test_everything_that_has_a_place_is_found_by_its_name_or_its_kind(told, words, kind, key):
    found = told.get(f"/api/v1/search?q={words}", "wall").json["found"]
    assert (kind, key) in [(one["kind"], one["key"]) for one in found]


def test_nothing_is_found_by_nothing_and_too_much_is_refused(told):
    assert names(told, "") == names(told, "zzz") == names(told, "...") == []
    answer = told.get(f"/api/v1/search?q={'a' * 81}", "wall")
    assert (answer.status_code, answer.json["field"]) == (400, "q")
    assert len(names(told, "s")) <= 12


def test_what_is_here_names_the_nearest_of_each_kind_and_only_what_is_near(told):
    said = told.get(HERE, "wall").json
    assert said["place"]["kelurahan"]
    assert [(one["kind"], one["name"]) for one in said["facilities"]] == [
        ("hospital", "RS Dirgahayu"), ("fire_post", "Posko 1"),
    ]  # fmt: skip
    assert [one["key"] for one in said["incidents"]] == ["INC-7"]
    assert said["incidents"][0]["distance_m"] < NEAR_M
    assert [one["key"] for one in said["cameras"]] == ["CAM-1"]


def test_what_is_here_says_who_could_come_in_which_time_and_how_far_a_vehicle_gets(told):
    said = told.get(HERE, "wall").json
    assert said["responder"]["name"] == "Damkar 01"
    assert said["responder"]["soonest_s"] < said["responder"]["latest_s"]
    assert [(one["minutes"], one["sure_m"], one["best_m"]) for one in said["rings"]] == [
        (5, 833, 3545), (10, 1667, 7091),
    ]  # fmt: skip


def test_what_is_here_says_whether_the_place_is_under_water(told):
    assert [one["name"] for one in told.get(HERE, "wall").json["flooded"]] == ["RT 3"]
    assert told.get("/api/v1/here?lon=117.2&lat=-0.6", "wall").json["flooded"] == []


def test_where_nothing_is_known_nothing_is_made_up(city):
    said = city.get(HERE, "wall").json
    assert (said["responder"], said["water"], said["facilities"], said["cameras"]) == (None, None, [], [])
    assert said["why_nobody"]["id"] == "Belum ada armada atau relawan yang dikenal"


@pytest.mark.parametrize("path", [HERE, "/api/v1/search?q=air"])
def test_visitors_and_strangers_are_told_nothing_of_places(told, path):
    assert told.get(path, "visitor").status_code == 403
    assert told.get(path, "ingest").status_code == 403
    assert told.get(path).status_code == 401
    assert told.get(path, "operator").status_code == 200
