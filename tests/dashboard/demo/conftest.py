"""A simulated city to test on: the ground that ships, its invented streets, its roster."""

from datetime import UTC, datetime

import pytest

from dashboard.demo.calls import Callers
from dashboard.demo.cast import roster
from dashboard.demo.city import City
from dashboard.demo.streets import street_graph
from geodata.ground import load_ground

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo_ground(tmp_path_factory):
    """Samarinda from the facts that ship."""
    return load_ground(tmp_path_factory.mktemp("ground"))


@pytest.fixture(scope="session")
def streets(demo_ground):
    """Its streets with seed 1."""
    return street_graph(demo_ground, 1)


@pytest.fixture(scope="session")
def units(demo_ground, streets):
    """Its vehicles and volunteers."""
    return roster(demo_ground, streets, 1)


@pytest.fixture
def new_city(demo_ground, streets, units):
    """`new_city(seed=1, speed=1.0)` → a City that starts at noon."""

    def make(seed=1, speed=1.0):
        callers = Callers(demo_ground, streets, seed)
        return City(streets=streets, units=units, callers=callers, start=NOON, speed=speed, seed=seed)

    return make


@pytest.fixture
def noon():
    """When the cities of `new_city` start: 12.00 WITA."""
    return NOON
