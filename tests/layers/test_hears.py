"""What a layer says it does not hear must not matter to it."""

import pytest
from immutables import Map

from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.responders import PositionReported, UnitRegistered

LAYERS = discover_layers().found
CHOOSY = [name for name, layer in LAYERS.items() if layer.hears is not None]


@pytest.fixture
def one_of_each(happened, now):
    """An event of every fact that the choosy layers own."""
    report = Report(category="kebakaran", reported_at=now, lon=117.15, lat=-0.5)
    facts = (
        IncidentReported(incident="A", report=report),
        IncidentStatusChanged(incident="A", status="selesai"),
        UnitRegistered(unit="U", name="Damkar 1", unit_kind="vehicle"),
        PositionReported(unit="U", lon=117.15, lat=-0.5),
    )
    return [happened(fact) for fact in facts]


@pytest.mark.parametrize("name", CHOOSY)
def test_a_layer_hears_all_of_its_own_facts(name):
    assert set(LAYERS[name].facts) <= set(LAYERS[name].hears or ())


@pytest.mark.parametrize("name", CHOOSY)
def test_what_a_layer_does_not_hear_would_change_nothing_in_it(name, one_of_each):
    layer = LAYERS[name]
    unheard = [event for event in one_of_each if type(event.fact) not in (layer.hears or ())]
    assert unheard
    assert all(not layer.fold(Map(), event) for event in unheard)
