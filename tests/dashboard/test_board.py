"""The cards beside the map: what each says, when there is none, and which of them press."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.board import board
from layers.air import AirQualityReported
from layers.audience import visible
from layers.calls import CallRecord, CallRecorded
from layers.disasters import DisasterDeclared
from layers.enquiries import EnquiryRecorded
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import Visit, discover_layers
from layers.lifelines import LifelineReported, lifeline_id
from layers.responders import PositionReported, UnitRegistered
from layers.shelters import ShelterReported
from layers.situation import Situation, after_all
from layers.tides import TideForecast, TideLevel
from layers.water import GaugeListed, Threshold, WaterLevelReported
from layers.weather import Sky, WeatherReported

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LAYERS = discover_layers().found


@pytest.fixture
def cards(ground):
    def told(*facts, role="wall", at=NOW):
        events = [
            (n, Event(id=str(n), at=at, seen=at, source="test/feed", fact=fact)) for n, fact in enumerate(facts, 1)
        ]
        situation = after_all(Situation(ground=ground, layers=LAYERS), events)[0]
        visit = Visit(ground=ground, now=NOW, delay=timedelta(0), categories=frozenset(), alias=str)
        return {card["key"]: card for card in board(visible(situation, LAYERS, role, visit), NOW)}

    return told


def call(id_, kind=None, **said):
    return CallRecorded(call=id_, record=CallRecord(came_at=NOW - timedelta(minutes=5), kind=kind, **said))


def unit(id_, agency):
    register = UnitRegistered(unit=id_, name=id_, unit_kind="vehicle", agency=agency)
    return register, PositionReported(unit=id_, lon=117.15, lat=-0.5)


def in_id(value):
    """A value in Indonesian; one that is the same in both languages is a plain text."""
    return value["id"] if isinstance(value, dict) else value


def values(card):
    return {row["label"]["id"]: (in_id(row["value"]), row["mood"]) for row in card["rows"]}


def test_nothing_was_told_so_there_is_no_card_and_no_zero(cards):
    assert cards() == {}


def test_the_funnel_of_the_day_says_how_many_were_answered_and_how_many_real(cards):
    card = cards(
        call("1", "normal", answered_at=NOW - timedelta(minutes=4)), call("2", "prank"), call("3", "prank"), call("4")
    )["calls"]
    assert in_id(card["lead"]) == "4"
    assert [row["label"]["id"] for row in card["rows"]] == ["Dijawab", "Kejadian", "Iseng", "Belum dinilai"]
    assert values(card)["Kejadian"] == ("1", "good")
    assert next(row["note"]["id"] for row in card["rows"] if row["label"]["id"] == "Kejadian") == "33,3 % nyata"


def test_an_agency_is_free_with_a_fresh_unit_and_no_open_incident(cards):
    report = Report(category="kebakaran", reported_at=NOW, lon=117.15, lat=-0.5)
    card = cards(
        *unit("A", "damkar"),
        *unit("B", "polresta"),
        IncidentReported(incident="I", report=report),
        IncidentStatusChanged(incident="I", status="diteruskan", agency="damkar"),
    )["agencies"]
    assert (in_id(card["lead"]), in_id(card["lead_label"])) == ("1", "dari 2 instansi siap, tanpa tugas")
    every, first, second = card["rows"]
    assert every["value"] == "2/2", "the units of the header, not the agencies"
    assert (first["note"]["id"], first["mood"]) == ("1 kejadian", None)
    assert (second["note"]["id"], second["mood"]) == ("tanpa tugas", "good")


def test_units_whose_positions_are_old_are_not_ready(cards):
    card = cards(*unit("A", "damkar"), at=NOW - timedelta(minutes=20))["agencies"]
    assert in_id(card["lead"]) == "0"
    assert values(card) == {"Unit berposisi baru": ("0/1", None), card["rows"][1]["label"]["id"]: ("0/1", "late")}
    assert card["ages"]["lost_s"] == 300


def test_what_is_down_comes_first_with_its_source_and_presses(cards):
    def line(provider, state):
        area = "64.72"
        return LifelineReported(
            lifeline=lifeline_id(provider, area), provider=provider, area=area, state=state, since=NOW
        )

    card = cards(line("XL", "normal"), line("PLN", "jammed"), line("Telkomsel", "down"))["lifelines"]
    assert [(row["label"]["id"], row["mood"]) for row in card["rows"]] == [
        ("Telkomsel", "grave"), ("PLN", "late"), ("XL", "good")
    ]  # fmt: skip
    assert in_id(card["lead"]) == "2"
    assert card["is_pressing"]
    assert card["source"] == "test"
    assert card["rows"][0]["since"] == NOW.timestamp()
    assert not cards(line("XL", "normal"))["lifelines"]["is_pressing"]


def test_a_gauge_without_a_reading_says_no_data(cards):
    steps = (Threshold(name="Normal", from_m=0, rank=0), Threshold(name="Awas", from_m=2, rank=3))
    dry = GaugeListed(gauge="G1", name="Kering", thresholds=steps)
    wet = GaugeListed(gauge="G2", name="Basah", thresholds=steps)
    card = cards(dry, wet, WaterLevelReported(gauge="G2", level_m=2.345))["water"]
    assert values(card) == {"Basah": ("2,35 m", "grave"), "Kering": ("\N{EN DASH}", "late")}
    assert card["is_pressing"]
    assert cards(dry)["water"]["observed_at"] is None


def test_a_forecast_is_called_a_forecast(cards):
    forecast = WeatherReported(area="64.72", forecast=(Sky(at=NOW, words="Hujan", temperature_c=27.6),))
    air = AirQualityReported(station="S", name="Kota", ispu=72)
    first, second = cards(forecast, air)["sky"]["rows"]
    assert (in_id(first["value"]), first["note"]["id"]) == ("28 °C", "prakiraan: Hujan")
    assert (in_id(second["value"]), second["note"]["id"]) == ("72", "Sedang")
    observed = WeatherReported(area="64.72", now=Sky(at=NOW, words="Cerah"))
    (row,) = cards(observed)["sky"]["rows"]
    assert (in_id(row["value"]), row["note"]["id"]) == ("\N{EN DASH}", "Cerah")


def test_air_and_tide_have_their_rows_however_many_forecasts_there_are(cards):
    skies = (Sky(at=NOW, words="Cerah", temperature_c=31),)
    forecasts = [WeatherReported(area=f"64.72.09.{n}", forecast=skies) for n in range(1001, 1010)]
    air = AirQualityReported(station="S", name="Samarinda", ispu=78, lon=117.15, lat=-0.5)
    far = AirQualityReported(station="B", name="Berau", ispu=31, lon=117.49, lat=2.15)
    levels = (TideLevel(at=NOW + timedelta(hours=2), level_m=1.12), TideLevel(at=NOW + timedelta(hours=9), level_m=0.4))
    tide = TideForecast(tide="P/1", station="P", zero="muka laut rata-rata", levels=levels)
    rows = cards(*forecasts, air, far, tide)["sky"]["rows"]
    assert len(rows) == 6
    assert (rows[4]["label"]["id"], in_id(rows[4]["value"]), rows[4]["note"]["id"]) == (
        "ISPU Samarinda",
        "78",
        "Sedang",
    )
    assert in_id(rows[5]["value"]) == "+1,1 m"
    assert rows[5]["note"]["id"] == "prakiraan 13.00 WITA, dari muka laut rata-rata"


def test_a_disaster_shows_evacuees_families_and_the_calls_of_each_day(cards):
    began_at = NOW - timedelta(days=2)
    flood = DisasterDeclared(disaster="D", title="Banjir", hazard="banjir", areas=("64.72",), began_at=began_at)
    card = cards(
        flood,
        ShelterReported(shelter="P1", name="Posko 1", occupants=1200, capacity=1500, home=30, disaster="D"),
        EnquiryRecorded(enquiry="K", asked_at=NOW, disaster="D"),
        call("1"),
    )["disaster:D"]
    assert (in_id(card["lead"]), card["is_pressing"]) == ("1.200", True)
    assert values(card) == {
        "Posko terisi": ("1/1", None),
        "Sudah pulang": ("30", None),
        "Keluarga mencari": ("1", "late"),
        "Posko 1": ("1.200/1.500", None),
    }
    assert [bar["value"] for bar in card["bars"]] == [0, 0, 1]


def test_visitors_have_no_card_of_calls_or_agencies_and_no_name_of_who_told(cards):
    weather = WeatherReported(area="64.72", now=Sky(at=NOW, words="Cerah"))
    shown = cards(call("1", "normal"), *unit("A", "damkar"), weather, role="visitor")
    assert list(shown) == ["sky"]
    assert "test" not in shown["sky"]["source"]
