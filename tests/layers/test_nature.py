"""What agencies say of nature counts where it touches the city, while it holds, and as far as it was said."""

from datetime import timedelta

import pytest

from layers.alerts import AlertIssued
from layers.around import around
from layers.earthquakes import EarthquakeReported
from layers.floods import FloodedArea, FloodsListed
from layers.public_reports import PublicReportMade
from layers.situation import after_all
from layers.tides import TideForecast, TideLevel, next_high
from layers.warnings import warnings

HERE = ((117.13, -0.51), (117.15, -0.51), (117.15, -0.49), (117.13, -0.49), (117.13, -0.51))
FAR = ((106.0, -6.0), (106.1, -6.0), (106.1, -6.1), (106.0, -6.0))
POINT = ((117.14, -0.5), (117.14, -0.5), (117.14, -0.5), (117.14, -0.5))


@pytest.fixture
def told(nothing, happened):
    return lambda *facts: after_all(nothing, [(n, happened(fact, n)) for n, fact in enumerate(facts, 1)])[0]


def warned(situation, now):
    return [one.text.id for one in warnings(situation, now)]


def quake(now, magnitude, lon, lat, *, ago_h=0.0, **said):
    return EarthquakeReported(
        quake=f"{magnitude}{lon}{ago_h}",
        quaked_at=now - timedelta(hours=ago_h),
        magnitude=magnitude,
        lon=lon,
        lat=lat,
        **said,
    )


def alert(now, *, polygons=(), circles=(), areas=(), **said):
    return AlertIssued(
        alert="A", title="Hujan lebat", hazard="hujan", issuer="BMKG", severity="moderate", areas=areas,
        polygons=polygons, circles=circles, starts_at=now, expires_at=now + timedelta(hours=1), **said,
    )  # fmt: skip


def test_a_quake_nearby_is_named_with_its_strength_distance_and_where_it_was_felt(told, now):
    near = quake(now, 5.1, 117.38, -0.62, felt="III-IV Samarinda")
    assert warned(told(near), now) == ["Gempa M 5,1 · 28 km dari kota · dirasakan III-IV Samarinda"]


def test_a_weak_quake_far_away_is_not_named_a_strong_one_is(told, now):
    assert warned(told(quake(now, 4.9, 115.0, -8.5)), now) == []
    assert len(warned(told(quake(now, 7.2, 115.0, -8.5)), now)) == 1


def test_a_far_quake_felt_in_the_city_or_with_a_tsunami_is_named(told, now):
    assert len(warned(told(quake(now, 4.9, 115.0, -8.5, felt="II Denpasar, II Samarinda")), now)) == 1
    assert "BERPOTENSI TSUNAMI" in warned(told(quake(now, 4.9, 115.0, -8.5, may_raise_tsunami=True)), now)[0]


def test_after_six_hours_a_quake_is_no_news(told, now):
    assert warned(told(quake(now, 5.1, 117.38, -0.62, ago_h=6.5)), now) == []


def test_where_it_shook_is_named_on_the_map_in_both_languages(told, now, layers):
    drawn = layers["earthquakes"].draw(told(quake(now, 5.1, 117.38, -0.62, depth_km=10.4)), now, None)[0]["properties"]
    assert (drawn["label"], drawn["label_en"]) == ("Gempa M 5,1\n10 km dalamnya", "Earthquake M 5.1\n10 km deep")
    shallow = layers["earthquakes"].draw(told(quake(now, 5.1, 117.38, -0.62)), now, None)[0]["properties"]
    assert shallow["label"] == "Gempa M 5,1"


def test_a_list_that_leaves_out_where_it_was_felt_does_not_take_it_back(told, now):
    one, other = (quake(now, 5.1, 117.38, -0.62, felt=felt) for felt in ("III Samarinda", None))
    for facts in ((one, other), (other, one)):
        assert "dirasakan III Samarinda" in warned(told(*facts), now)[0]


@pytest.mark.parametrize(
    ("where", "is_ours"),
    [
        ({"polygons": (HERE,)}, True),
        ({"polygons": (FAR, HERE)}, True),
        ({"polygons": (FAR,)}, False),
        ({"polygons": (POINT,)}, False),
        ({"circles": ((117.0, -0.5, 30.0),)}, True),
        ({"circles": ((110.0, -0.5, 30.0),)}, False),
        ({"areas": ("64",)}, True),
        ({"areas": ("64.72.09.1003",)}, True),
        ({"areas": ("33.26",)}, False),
        ({}, True),
    ],
)
def test_a_warning_counts_where_it_touches_the_city(told, now, layers, where, is_ours):
    situation = told(alert(now, **where))
    assert bool(warned(situation, now + timedelta(minutes=1))) is is_ours
    assert bool(layers["alerts"].draw(situation, now, None)) is is_ours


def test_a_warning_ends_by_the_clock(told, now):
    assert warned(told(alert(now, polygons=(HERE,))), now + timedelta(hours=2)) == []


def test_the_area_of_a_warning_is_drawn_and_known_of_its_places(told, now, layers):
    situation = told(alert(now, polygons=(HERE,)))
    drawn, words = layers["alerts"].draw(situation, now, None)
    assert drawn["geometry"]["type"] == "Polygon"
    assert words["properties"]["label"] == "hujan\nsampai 20.18"
    assert words["properties"]["label_en"] == "rain\nuntil 20.18"
    lon, lat = words["geometry"]["coordinates"]
    assert 117.13 < lon < 117.15
    assert -0.51 < lat < -0.49
    assert [one["key"] for one in around(situation, 117.14, -0.5, now + timedelta(minutes=1))["alerts"]] == ["A"]


def test_a_report_outside_the_city_is_kept_but_not_drawn(told, now, layers):
    ours, theirs = (
        PublicReportMade(report=name, title="Banjir 40 cm", publisher="PetaBencana", lon=lon, lat=-0.5)
        for name, lon in (("a", 117.14), ("b", 106.8))
    )
    drawn = {one["id"]: one for one in layers["public_reports"].draw(told(ours, theirs), now, None)}
    assert drawn["a"]["geometry"]["coordinates"] == [117.14, -0.5]
    assert drawn["a"]["properties"]["label"].startswith("Banjir 40 cm\nPetaBencana 19.18")
    assert drawn["a"]["properties"]["label_en"].startswith("Flood 40 cm\nPetaBencana 19.18")
    assert drawn["b"]["geometry"] is None


def test_what_is_no_longer_listed_as_flooded_is_dry(told, now, layers):
    area = FloodedArea(id="5", name="RT 09", rank=2, depth="31-70 cm", polygons=(HERE,))
    listed, dry = (FloodsListed(publisher="PetaBencana", areas=areas) for areas in ((area,), ()))
    assert len(layers["floods"].draw(told(listed), now, None)) == 1
    assert layers["floods"].draw(told(listed, dry), now, None) == []


def test_the_next_high_water_is_the_highest_of_the_coming_day(told, now):
    levels = tuple(
        TideLevel(at=now + timedelta(hours=h), level_m=m) for h, m in ((-1, 2.0), (3, 0.8), (9, 1.1), (30, 1.9))
    )
    high = next_high(told(TideForecast(tide="P/1", station="P", zero="MSL", levels=levels)), now)
    assert high is not None
    assert high[1] == levels[2]
