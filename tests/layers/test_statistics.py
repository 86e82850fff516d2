"""Figures of the day: what has no time is counted, never taken as zero."""

from datetime import UTC, datetime, timedelta

import pytest

from geodata.ground import load_ground
from layers.cameras import CameraHealthChanged, CameraListed
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.responders import PositionReported, UnitRegistered
from layers.situation import Situation, after_all
from layers.statistics import day_start, figures

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 11.00 WITA
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    return load_ground(tmp_path_factory.mktemp("ground"))


def situation(ground, *facts, at=NOW):
    events = [(i + 1, Event(id=str(i), at=at, seen=at, source="cad/x", fact=fact)) for i, fact in enumerate(facts)]
    return after_all(Situation(ground=ground, layers=discover_layers().found), events)[0]


def call(incident, category="kebakaran", at=NOW - 30 * MINUTE):
    report = Report(category=category, reported_at=at, lon=117.15, lat=-0.5)
    return IncidentReported(incident=incident, report=report)


def step(incident, status, at=None):
    return IncidentStatusChanged(incident=incident, status=status, reached_at=at)


def test_pranks_are_calls_but_neither_real_nor_open(ground):
    known = figures(situation(ground, call("1"), call("2", "banjir"), call("3", "prank")), NOW)
    assert (known.calls_today, known.real_today, known.open, known.critical) == (3, 2, 2, 1)


def test_who_asks_for_information_is_a_call_but_no_real_incident(ground):
    facts = (call("A"), call("B", "layanan kota"), step("B", "selesai"))
    known = figures(situation(ground, *facts), NOW)
    assert (known.calls_today, known.real_today) == (2, 1)
    assert (known.response.n, known.response.without_time) == (0, 0)


def test_today_begins_at_local_midnight(ground):
    midnight = day_start(ground.city, NOW)
    assert midnight.astimezone(UTC) == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    known = figures(situation(ground, call("1", at=midnight), call("2", at=midnight - MINUTE)), NOW)
    assert (known.calls_today, known.open) == (1, 2)


def test_response_is_the_median_from_report_to_first_on_scene(ground):
    began = NOW - 60 * MINUTE
    facts = [fact for i, minutes in enumerate((5, 7, 30)) for fact in (
        call(f"{i}", at=began), step(f"{i}", "di_lokasi", began + minutes * MINUTE), step(f"{i}", "selesai")
    )]  # fmt: skip
    known = figures(situation(ground, *facts), NOW).response
    assert (known.median_s, known.n, known.without_time) == (7 * 60, 3, 0)


def test_who_is_still_waiting_is_not_counted_and_who_was_reached_without_a_time_is(ground):
    facts = (
        call("waits"),
        step("waits", "menuju_lokasi", NOW),
        call("untold"),
        step("untold", "tertangani"),
        call("before"),
        step("before", "di_lokasi", NOW - 99 * MINUTE),
        call("false"),
        step("false", "batal"),
    )
    known = figures(situation(ground, *facts), NOW).response
    assert (known.median_s, known.n, known.without_time) == (None, 0, 2)


def test_a_unit_is_fresh_for_a_minute_and_one_never_heard_of_is_not(ground):
    facts = (
        PositionReported(unit="a", lon=117.1, lat=-0.5),
        UnitRegistered(unit="b", name="Damkar 2", unit_kind="vehicle"),
    )
    known = situation(ground, *facts)
    assert (figures(known, NOW).units, figures(known, NOW).units_fresh) == (2, 1)
    assert figures(known, NOW + 2 * MINUTE).units_fresh == 0


def test_only_cameras_of_the_inventory_are_counted(ground):
    facts = (
        CameraListed(camera="A", name="A", lon=117.1, lat=-0.5),
        CameraListed(camera="B", name="B", lon=117.1, lat=-0.5),
        CameraHealthChanged(camera="A", health="ok"),
        CameraHealthChanged(camera="gone", health="ok"),
    )
    known = figures(situation(ground, *facts), NOW)
    assert (known.cameras, known.cameras_ok) == (2, 1)
