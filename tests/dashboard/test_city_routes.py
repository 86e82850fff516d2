"""What the city is asked beside the map: complete, by role, with the field at fault named."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dashboard.history import History
from geodata.errors import StoreUnavailable
from layers.caller_seal import Caller
from layers.callers import CallerBlocked
from layers.calls import CallRecord, CallRecorded
from layers.cameras import CameraHealthChanged, CameraListed
from layers.disasters import DisasterDeclared
from layers.facilities import FacilityListed
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.lifelines import LifelineReported
from layers.monthly import Period
from layers.responders import PositionReported, UnitRegistered
from layers.shelters import ShelterReported
from layers.shifts import Person, ShiftAttended, ShiftHandedOver, ShiftRostered
from layers.water import GaugeListed, WaterLevelReported
from tests.dashboard.conftest import NOW, until

PLACE = "/api/v1/around?lon=117.15&lat=-0.5"
HASH = "a" * 32
ASKED = (
    PLACE, "/api/v1/statistics", "/api/v1/reports/monthly", "/api/v1/calls", "/api/v1/surge", "/api/v1/disasters",
    "/api/v1/shifts", "/api/v1/callers", "/api/v1/incidents/INC-1",
)  # fmt: skip


def minutes(count):
    return timedelta(minutes=count)


@pytest.fixture
def busy(city):
    """A city in which a little of everything has happened; gives it and the code of the kelurahan at the place."""
    code = city.services.ground.places.kelurahan_at(117.15, -0.5)
    kecamatan = code.rpartition(".")[0]
    report = Report(category="kebakaran", reported_at=NOW - minutes(30), lon=117.151, lat=-0.5, description="Bu Siti")
    caller = Caller(hash=HASH, last3="890")
    calls = [
        CallRecorded(
            call=f"T{n}",
            record=CallRecord(came_at=NOW - minutes(n), kind="prank", caller=caller, kelurahan=code,
                              answered_at=NOW - minutes(n) + timedelta(seconds=n), ended_at=NOW),
        )
        for n in range(1, 7)
    ]  # fmt: skip
    city.bring(
        IncidentReported(incident="INC-1", report=report),
        IncidentStatusChanged(incident="INC-1", status="di_lokasi", reached_at=NOW - minutes(20), agency="balakarcana"),
        UnitRegistered(unit="DMK", name="Damkar 1", unit_kind="vehicle", agency="damkar"),
        PositionReported(unit="DMK", lon=117.16, lat=-0.5, accuracy_m=10.0),
        UnitRegistered(unit="LOST", name="Damkar 2", unit_kind="vehicle", agency="damkar"),
        CameraListed(camera="FACES", name="Simpang", lon=117.152, lat=-0.5, azimuth_deg=270.0),
        CameraHealthChanged(camera="FACES", health="ok"),
        FacilityListed(facility="RS", facility_kind="hospital", name="RSUD", lon=117.14, lat=-0.5, is_usable=True),
        LifelineReported(lifeline="pln@x", provider="PLN", area=kecamatan, state="down"),
        GaugeListed(gauge="B", name="Benanga", lon=117.16, lat=-0.45),
        WaterLevelReported(gauge="B", level_m=7.9),
        DisasterDeclared(disaster="D", title="Banjir", hazard="banjir", areas=(code,), began_at=NOW - minutes(60)),
        ShelterReported(shelter="S", name="SDN", occupants=12, disaster="D", lon=117.149, lat=-0.5),
        ShiftRostered(shift="2026-11-20/Pagi", people=(Person(name="Ani", role="penerima"),), needed=2),
        ShiftAttended(shift="2026-11-20/Pagi", person=Person(name="Ani", role="penerima"), is_present=True),
        ShiftHandedOver(shift="2026-11-20/Pagi", note="pompa rusak"),
        CallerBlocked(caller=HASH, last3="890", starts_at=NOW - minutes(1), ends_at=NOW + minutes(60)),
        *calls,
    )
    return city, code


def test_around_a_place_everything_has_its_distance_age_and_source(busy):
    city, code = busy
    said = city.get(PLACE, "wall").json
    assert said["place"]["kelurahan_code"] == code
    assert [one["key"] for one in said["cameras"]] == ["FACES"]
    assert [(one["key"], one["distance_m"]) for one in said["incidents"]] == [("INC-1", 111)]
    (unit,) = said["responders"]["able"]
    assert unit["key"] == "DMK"
    assert 0 < unit["soonest_s"] < unit["latest_s"]
    assert said["responders"]["unfit"] == {"no_position": 1}
    assert [one["name"] for one in said["facilities"]] == ["RSUD"]
    assert [one["occupants"] for one in said["shelters"]] == [12]
    assert [one["level_m"] for one in said["water"]] == [7.9]
    assert [(one["provider"], one["state"]) for one in said["lifelines"]] == [("PLN", "down")]
    assert [one["key"] for one in said["disasters"]] == ["D"]
    told = [*said["incidents"], *said["facilities"], *said["shelters"], *said["water"], *said["lifelines"], unit]
    assert all(one["observed_at"] and one["source"] for one in told)
    assert (said["weather"], said["alerts"], said["air"], said["earthquakes"]) == (None, [], [], [])


@pytest.mark.parametrize(
    ("query", "field"), [("lon=x&lat=-0.5", "lon"), ("lat=-0.5", "lon"), ("lon=106.8&lat=-6.2", "lon")]
)
def test_a_place_that_is_none_is_refused_with_the_field(city, query, field):
    answer = city.get(f"/api/v1/around?{query}", "wall")
    assert (answer.status_code, answer.json["field"]) == (400, field)


def test_around_a_place_the_lifeline_that_is_down_comes_first(busy):
    city, code = busy
    city.bring(LifelineReported(lifeline="indosat@x", provider="Indosat", area=code, state="normal"))
    assert [one["state"] for one in city.get(PLACE, "wall").json["lifelines"]] == ["down", "normal"]


def test_around_a_place_in_an_empty_city_nothing_is_invented(city):
    said = city.get(PLACE, "wall").json
    assert {name for name, value in said.items() if value} == {"lon", "lat", "place", "responders"}
    responders = said["responders"]
    assert not any(responders[name] for name in ("able", "volunteers_here", "unfit"))
    assert responders["why_nobody"]["id"] == "Belum ada armada atau relawan yang dikenal"


def test_cameras_lost_together_are_told_beside_the_lifelines_of_their_area(busy):
    city, code = busy
    at_place = [CameraListed(camera=f"D{n}", name=f"Simpang {n}", lon=117.15, lat=-0.5, group="PJU-12") for n in (1, 2)]
    city.bring(*at_place, *(CameraHealthChanged(camera=one.camera, health="lost") for one in at_place))
    (sign,) = city.get(PLACE, "wall").json["signs"]
    assert (sign["text"], sign["areas"]) == ("2 kamera putus bersama · PJU-12", [code])
    (drawn,) = city.get("/api/v1/layers/lifelines.geojson", "wall").json["features"]
    told = drawn["properties"]
    assert (told["state"], told["hint"]) == ("down", f"dugaan gangguan: {sign['text']}")


def test_the_statistics_of_today_and_of_a_group(busy):
    city, _ = busy
    said = city.get("/api/v1/statistics?by=category", "wall").json
    assert (said["incidents"], said["calls"]["came"], said["calls"]["real"]) == (1, 6, 0)
    assert said["times"]["relawan_on_scene"]["median_s"] == 600
    assert said["times"]["opd_on_scene"]["left_out"] == {"not_there": ["INC-1"]}
    assert said["groups"]["kebakaran"]["times"]["first_on_scene"]["records"] == ["INC-1"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("by=mood", "by"),
        ("from=yesterday", "from"),
        ("to=2026-01-01T00:00:00Z", "to"),
        ("from=2000-01-01T00:00:00Z", "to"),
    ],
)
def test_a_period_that_is_none_is_refused_with_the_field(city, query, field):
    answer = city.get(f"/api/v1/statistics?{query}", "wall")
    assert (answer.status_code, answer.json["field"]) == (400, field)


def test_the_month_that_has_begun_and_another(busy):
    city, _ = busy
    said = city.get("/api/v1/reports/monthly", "wall").json
    assert (said["month"], said["incidents"], said["by_category"]) == ("2026-11", 1, {"kebakaran": 1})
    assert city.get("/api/v1/reports/monthly?month=2026-10", "wall").json["incidents"] == 0
    assert city.get("/api/v1/reports/monthly?month=11", "wall").status_code == 400


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1999-12", "2100-01", "2026-13", "10000-01"])
def test_a_month_that_is_none_or_of_another_century_is_refused_with_the_field(city, month):
    answer = city.get(f"/api/v1/reports/monthly?month={month}", "wall")
    assert (answer.status_code, answer.json["field"]) == (400, "month")


@pytest.mark.parametrize("month", ["2000-01", "2099-12"])
def test_the_first_and_the_last_month_that_may_be_asked_are_answered(city, month):
    assert city.get(f"/api/v1/reports/monthly?month={month}", "wall").json["month"] == month


def test_figures_of_years_ago_are_of_the_history_that_was_brought_in(city):
    then = NOW - timedelta(days=900)
    report = Report(category="kebakaran", reported_at=then, lon=117.151, lat=-0.5)
    city.bring(
        CallRecorded(call="H1", record=CallRecord(came_at=then, kind="prank")),
        CallRecorded(call="H2", record=CallRecord(came_at=then, kind="normal", incident="H2")),
        IncidentReported(incident="H2", report=report),
        IncidentStatusChanged(incident="H2", status="di_lokasi", reached_at=then + minutes(7)),
        source="history:import/cc112",
        at=then,
    )
    said = city.get(f"/api/v1/reports/monthly?month={then:%Y-%m}", "wall").json
    assert (said["incidents"], said["calls"]["came"], said["calls"]["real"]) == (1, 2, 1)
    assert said["times"]["first_on_scene"]["median_s"] == 420
    assert city.get("/api/v1/reports/monthly", "wall").json["calls"]["came"] == 0
    assert city.get("/live", "wall").json["panels"]["figures"]["open"] == 0


class SlowLog:
    """A log that is read only when the test lets it."""

    def __init__(self, clock):
        self.clock, self.store, self.may_end, self.readers = clock, self, threading.Event(), 0

    def told(self, _kinds, _since, _until):
        """As the store: what was told from since to until."""
        self.readers += 1
        assert self.may_end.wait(120)
        return []

    def past(self, _kinds, _since, _until):
        """Nothing was brought in."""
        return []


@pytest.fixture
def slow(city):
    log = SlowLog(city.watch)
    yield log
    log.may_end.set()


def day(number):
    return Period(since=NOW - timedelta(days=number + 1), until=NOW - timedelta(days=number))


def test_one_reads_three_wait_and_everybody_else_is_sent_away_at_once(slow):
    history = History(slow, None, slow.clock, patience_s=120)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(history.incidents, day(number)) for number in range(8)]
        until(lambda: sum(one.done() for one in asked) == 4, within_s=60)
        assert all(isinstance(one.exception(), StoreUnavailable) for one in asked if one.done())
        assert slow.readers == 1
        slow.may_end.set()
        assert sorted(one.exception() is None for one in asked) == [False] * 4 + [True] * 4
    assert history.incidents(day(99)) == []


def test_who_waited_long_enough_is_sent_away_and_gives_the_place_back(slow):
    history = History(slow, None, slow.clock, patience_s=0.01)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(history.incidents, day(0))
        until(lambda: slow.readers == 1, within_s=60)
        for _ in range(5):
            with pytest.raises(StoreUnavailable, match="ask again"):
                history.incidents(day(1))
        slow.may_end.set()
        assert reading.result(60) == []


def test_who_is_sent_away_is_told_when_to_ask_again(city, slow, monkeypatch):
    monkeypatch.setattr(city.services.store, "told", slow.told)
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(city.get, "/api/v1/reports/monthly", "wall") for _ in range(5)]
        until(lambda: any(one.done() for one in asked), within_s=60)
        answer = next(one.result() for one in asked if one.done())
        slow.may_end.set()
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert any(one.result(60).status_code == 200 for one in asked)


def test_what_is_asked_again_soon_is_answered_from_memory_and_then_read_anew(busy):
    city, _ = busy
    asked = "/api/v1/reports/monthly?month=2026-11"
    assert city.get(asked, "wall").json["incidents"] == 1
    city.bring(IncidentReported(incident="INC-2", report=Report(category="banjir", reported_at=NOW)))
    assert city.get(asked, "wall").json["incidents"] == 1
    city.watch.forward(31)
    assert city.get(asked, "wall").json["incidents"] == 2


def test_the_funnel_of_shift_day_month_and_year(busy):
    city, _ = busy
    said = city.get("/api/v1/calls", "wall").json
    assert [said[name]["came"] for name in ("shift", "day", "month", "year")] == [6] * 4
    assert said["day"]["answer"]["median_s"] == 3
    assert said["queue"]["pressure"] == "lancar"


def test_repeats_and_blocks_are_for_admins_and_show_three_digits(busy):
    city, code = busy
    said = city.get("/api/v1/callers", "admin").json
    assert [(one["last3"], one["calls_today"]) for one in said["repeat"]] == [("890", 6)]
    assert said["blocked"][0]["blocked_until"] == (NOW + minutes(60)).timestamp()
    assert [(one["kelurahan"], one["disasters"]) for one in said["blocked_in_disaster"]] == [(code, ["D"])]
    assert city.get("/api/v1/callers", "wall").status_code == 403


def test_names_and_notes_of_a_shift_are_for_admins(busy):
    city, _ = busy
    admin, wall = (city.get("/api/v1/shifts", role).json for role in ("admin", "wall"))
    assert wall["on_duty"] == admin["on_duty"]
    assert (wall["on_duty"]["present"], wall["on_duty"]["needed"], wall["on_duty"]["understaffed"]) == (1, 2, True)
    assert (admin["shifts"][0]["note"], admin["shifts"][0]["people"][0]["name"]) == ("pompa rusak", "Ani")
    assert "Ani" not in str(wall)
    assert wall["shifts"][0]["note"] is None


def test_a_disaster_and_the_pressure_it_makes(busy):
    city, _ = busy
    (one,) = city.get("/api/v1/disasters", "wall").json["disasters"]
    assert (one["key"], one["occupants"], one["calls_per_day"]) == ("D", 12, [{"day": "2026-11-20", "calls": 6}])
    said = city.get("/api/v1/surge", "wall").json
    assert said["calls"] == {"last_hour": 6, "expected": None, "days": 0, "chance": None, "surge": None}
    assert [one["open"] for one in said["kelurahan"]] == [1]


def test_how_one_incident_was_answered(busy):
    city, _ = busy
    said = city.get("/api/v1/incidents/INC-1", "wall").json
    assert said["by_agency"] == {"balakarcana": {"di_lokasi": (NOW - minutes(20)).timestamp()}}
    assert (said["relawan_at"], said["opd_at"], said["first"]) == ((NOW - minutes(20)).timestamp(), None, None)
    assert said["intervals"]["relawan_on_scene"] == 600
    assert said["intervals"]["opd_on_scene"] == "not_there"
    assert [(one["status"], one["flaw"]) for one in said["flaws"]] == [("diteruskan", "untold")]
    assert city.get("/api/v1/incidents/nothing", "wall").status_code == 404


@pytest.mark.parametrize("path", ASKED)
def test_strangers_visitors_and_bringers_are_told_nothing(city, path):
    assert city.get(path).status_code == 401
    assert city.get(path, "ingest").status_code == 403
    assert city.get(path, "visitor").status_code == 403


@pytest.mark.parametrize("path", ASKED)
def test_no_answer_is_kept_by_a_cache_or_names_a_person_to_the_wall(busy, path):
    city, _ = busy
    answer = city.get(path, "admin" if "callers" in path else "wall")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Bu Siti" not in answer.text
