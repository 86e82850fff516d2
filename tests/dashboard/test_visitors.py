"""What visitors are shown: late, by kelurahan, of what the city made public, and drawn only while one of them looks."""

from datetime import timedelta

import pytest

from dashboard.config import VisitorSettings
from dashboard.looks import FORGOTTEN_S
from layers.cameras import CameraListed
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.responders import PositionReported, UnitRegistered
from tests.dashboard.conftest import NOW, until

DELAY = timedelta(minutes=15)
PUBLIC = VisitorSettings(categories=("kebakaran",), delay_min=15)


@pytest.fixture
def city(make_city):
    return make_city(visitor=PUBLIC)


def reported(incident="INC-1", category="kebakaran", at=NOW):
    report = Report(
        category=category, reported_at=at, lon=117.1536, lat=-0.5022, description="rumah Pak Budi", agency="damkar"
    )
    return IncidentReported(incident=incident, report=report)


def listed(camera, audience):
    return CameraListed(camera=camera, name=f"nama {camera}", lon=117.15, lat=-0.5, audience=audience, owner="Dishub")


def incidents(said):
    return [one["properties"] for one in said["layers"].get("incidents", {}).get("set", [])]


def shown_later(city, seconds):
    city.watch.forward(seconds)
    cursor = city.live("visitor")["cursor"]
    city.watch.forward(6)
    until(lambda: city.live("visitor")["cursor"] != cursor or city.watch.forward(1))
    return city.live("visitor")


def test_an_incident_is_shown_to_visitors_late_by_kelurahan_and_without_a_word_on_people(city):
    city.bring(reported())
    assert incidents(city.live("visitor")) == []
    assert city.live("visitor")["panels"]["figures"]["open"] == 0
    [shown] = incidents(shown_later(city, DELAY.total_seconds()))
    assert (shown["category"], shown["place"], shown["status"]) == ("kebakaran", "kelurahan", "diterima")
    assert shown["kelurahan"] is not None
    assert (shown["agency"], shown["description"], shown["source"]) == (None, None, "")
    assert shown["key"].startswith("P-")


def test_it_stands_where_its_kelurahan_does_and_not_where_it_happened(city):
    city.bring(reported())
    city.watch.forward(DELAY.total_seconds())
    [feature] = city.live("visitor")["layers"]["incidents"]["set"]
    lon, lat = feature["geometry"]["coordinates"]
    places = city.services.ground.places
    area = places.areas[places.kelurahan_at(117.1536, -0.5022)]
    assert (lon, lat) == pytest.approx((area.lon, area.lat))
    assert (lon, lat) != pytest.approx((117.1536, -0.5022), abs=1e-6)


def test_a_step_of_the_answer_is_shown_as_late_as_the_incident(city):
    city.bring(reported())
    city.watch.forward(DELAY.total_seconds())
    city.bring(IncidentStatusChanged(incident="INC-1", status="di_lokasi", reached_at=city.watch.now))
    assert [one["status"] for one in incidents(city.live("visitor"))] == ["diterima"]
    assert [one["status"] for one in incidents(shown_later(city, DELAY.total_seconds()))] == ["di_lokasi"]


def test_what_the_city_did_not_make_public_is_not_there_at_all(city):
    city.bring(reported("INC-2", category="kecelakaan"))
    city.watch.forward(3 * DELAY.total_seconds())
    said = city.live("visitor")
    assert incidents(said) == []
    assert said["panels"]["figures"]["open"] == 0


def test_without_public_categories_no_count_is_pretended(make_city):
    city = make_city()
    city.bring(reported())
    city.watch.forward(3 * DELAY.total_seconds())
    figures = city.live("visitor")["panels"]["figures"]
    assert (figures["open"], figures["critical"], figures["units"], figures["calls_today"]) == (None, None, None, None)


def test_neither_vehicles_nor_volunteers_nor_sources_are_shown_or_counted(city):
    city.bring(
        UnitRegistered(unit="relawan-7", name="Siti", unit_kind="volunteer"),
        PositionReported(unit="relawan-7", lon=117.15, lat=-0.5),
    )
    said = city.live("visitor")
    assert set(said["layers"]) <= {"incidents", "cameras", "kelurahan"}
    assert said["panels"]["degraded"] is None
    assert "Siti" not in city.get("/live", "visitor").text


def test_only_cameras_listed_for_visitors_are_there_and_in_no_order_that_tells_of_an_incident(city):
    city.bring(
        listed("far", "visitor"), listed("wall", "wall"), listed("desk", "operator"), listed("a near", "visitor")
    )
    city.bring(reported())
    said = city.live("visitor")
    assert [camera["name"] for camera in said["panels"]["cameras"]] == ["nama a near", "nama far"]
    assert {camera["near"] for camera in said["panels"]["cameras"]} == {None}
    assert said["panels"]["eyes"] is None
    assert "Dishub" not in city.get("/live", "visitor").text


def test_one_that_is_gone_is_dropped_by_the_name_visitors_know_it_by(city):
    city.bring(reported())
    city.watch.forward(DELAY.total_seconds())
    whole = city.live("visitor")
    [shown] = incidents(whole)
    city.bring(IncidentStatusChanged(incident="INC-1", status="selesai", reached_at=city.watch.now))
    city.watch.forward(6)
    until(lambda: city.get(f"/live?cursor={whole['cursor']}", "visitor").status_code == 200)
    assert city.live("visitor", whole["cursor"])["layers"]["incidents"]["drop"] == [shown["key"]]


def test_the_screen_says_that_it_is_the_visitors(city):
    assert city.live("visitor")["panels"]["audience"] == "visitor"
    assert "audience" not in city.live("wall")["panels"]


def drawn(city, monkeypatch):
    """Counts how often each role's picture is drawn from now on."""
    counts = dict.fromkeys(("wall", "admin", "visitor"), 0)

    def counted(name):
        before = getattr(city.services.hub, name)

        def count(picture, *rest):
            counts[picture.role] += 1
            return before(picture, *rest)

        monkeypatch.setattr(city.services.hub, name, count)

    counted("_next_picture")
    return counts


def test_a_picture_is_drawn_only_while_somebody_of_its_role_looks(city, monkeypatch):
    counts = drawn(city, monkeypatch)
    city.bring(reported("INC-1"))
    assert counts == {"wall": 0, "admin": 0, "visitor": 0}
    city.live("wall")
    city.bring(reported("INC-2"))
    assert counts["wall"] > 0
    assert counts["admin"] == 0
    city.watch.forward(FORGOTTEN_S + 1)
    city.bring(reported("INC-3"))
    looked = counts["wall"]
    city.bring(reported("INC-4"))
    assert counts["wall"] == looked


def test_who_comes_back_after_a_pause_gets_the_whole_picture_and_goes_on_from_there(city):
    city.bring(reported("INC-1"))
    before = city.live("wall")["cursor"]
    city.watch.forward(FORGOTTEN_S + 1)
    city.bring(reported("INC-2"))
    until(lambda: "wall" not in city.services.hub._frame.pictures)
    back = city.live("wall", before)
    assert back["from"] is None
    assert {one["key"] for one in incidents(back)} == {"INC-1", "INC-2"}
    city.bring(reported("INC-3"))
    assert [one["key"] for one in incidents(city.live("wall", back["cursor"]))] == ["INC-3"]


def test_a_stream_keeps_its_role_awake_however_quiet_it_is(city):
    hub = city.services.hub
    with hub.streaming("admin"):
        hub.picture("admin")
        city.watch.forward(10 * FORGOTTEN_S)
        city.bring(reported())
        assert "admin" in hub._frame.pictures
    city.watch.forward(FORGOTTEN_S + 1)
    city.bring(reported("INC-2"))
    until(lambda: "admin" not in hub._frame.pictures)


def test_anybody_may_be_a_visitor_where_the_city_says_so(make_city):
    city = make_city(anonymous="visitor")
    city.bring(listed("V", "visitor"), listed("W", "wall"))
    assert [camera["key"] for camera in city.live(None)["panels"]["cameras"]] == ["V"]
    assert city.get("/cameras/W.jpg").status_code == 404
    assert city.get("/api/v1/layers/incidents.geojson").status_code == 401
