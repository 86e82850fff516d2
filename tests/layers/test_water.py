"""Water: thresholds are data with a source, a gauge without a reading has no level, and late readings fill in."""

from datetime import timedelta

import pytest

from layers.situation import after_all
from layers.water import GaugeListed, Threshold, WaterLevelReported, draw, rise_m_per_h, state_of

BENANGA = GaugeListed(
    gauge="B",
    name="Benanga",
    lon=117.2,
    lat=-0.42,
    thresholds=(
        Threshold(name="Normal", from_m=7.2, rank=0),
        Threshold(name="Siaga", from_m=7.75, rank=2),
        Threshold(name="Awas", from_m=8.25, rank=3),
    ),
    thresholds_source="BPBD, 21 Mar 2022",
)


@pytest.fixture
def read(nothing, happened):
    """The situation after the gauge was listed and read, each (level, minutes)."""

    def fold(*levels):
        facts = [happened(BENANGA), *(happened(WaterLevelReported(gauge="B", level_m=m), 60 * at) for m, at in levels)]
        return after_all(nothing, enumerate(facts, 1))[0]

    return fold


def gauge(situation):
    return situation.of("water")["B"]


@pytest.mark.parametrize(
    ("level", "name"), [(7.0, None), (7.2, "Normal"), (7.72, "Normal"), (8.05, "Siaga"), (9, "Awas")]
)
def test_the_state_is_the_highest_threshold_reached(read, level, name):
    state = state_of(gauge(read((level, 1))))
    assert (state.name if state else None) == name


def test_a_gauge_without_a_reading_has_no_level_and_no_state(read, now):
    (drawn,) = draw(read(), now, None)
    said = drawn["properties"]
    assert (said["level_m"], said["state"], said["observed_at"]) == (None, None, None)
    assert said["thresholds_source"] == "BPBD, 21 Mar 2022"


def test_a_late_reading_does_not_lower_the_water_but_tells_how_fast_it_rose(read):
    known = gauge(read((8.0, 120), (7.4, 60)))
    assert known.newest.level_m == 8.0
    assert rise_m_per_h(known) == pytest.approx(0.6)


def test_one_reading_has_no_trend(read):
    assert rise_m_per_h(gauge(read((8.0, 1)))) is None
    assert rise_m_per_h(gauge(read())) is None


def test_an_old_trend_is_not_counted(read):
    known = gauge(read((7.0, 0), (8.0, 600), (8.1, 660)))
    assert rise_m_per_h(known) == pytest.approx(0.1)
    assert known.newest.at - known.readings[0].at == timedelta(minutes=660)
