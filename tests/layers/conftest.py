"""A tiny ground, a store on a fresh file, and short ways to say what happened."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import shapely

from geodata.city import load_city
from geodata.places import Ground, Kelurahan
from layers.event import Event, stable_id
from layers.layer import discover_layers
from layers.situation import Situation
from layers.store.sqlite import FILE_NAME, open_store

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)


class TwoPlaces:
    """Two kelurahan: everything west of 117.15 is the first."""

    is_approximate = True

    def __init__(self):
        named = (("64.72.09.1003", "Pasar Pagi", 117.14), ("64.72.09.1004", "Bugis", 117.16))
        self.areas = {
            code: Kelurahan(code=code, name=name, kecamatan="Samarinda Kota", lon=lon, lat=-0.5, area_km2=2.0)
            for code, name, lon in named
        }

    def kelurahan_at(self, lon, _lat):
        """Never None: the tests that need that stay outside the city's extent."""
        return "64.72.09.1003" if lon < 117.15 else "64.72.09.1004"

    def shares_within(self, shape):
        """As if each were a square of 0.02 degrees."""
        boxes = {code: shapely.box(a.lon - 0.01, -0.51, a.lon + 0.01, -0.49) for code, a in self.areas.items()}
        shares = {code: shape.intersection(box).area / box.area for code, box in boxes.items()}
        return {code: share for code, share in shares.items() if share}


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture(scope="session")
def ground():
    return Ground(city=load_city("64.72"), places=TwoPlaces())


@pytest.fixture(scope="session")
def layers():
    return discover_layers().found


@pytest.fixture
def nothing(ground, layers):
    return Situation(ground=ground, layers=layers)


@pytest.fixture(scope="session")
def happened() -> Callable[..., Event]:
    """`happened(fact, after_s, …)`: an event so many seconds after NOW, seen when it happened."""

    def event(fact, after_s=0.0, *, source="test/feed", mode="live", seen_s=None):
        at = NOW + timedelta(seconds=after_s)
        seen = at if seen_s is None else NOW + timedelta(seconds=seen_s)
        return Event(id=stable_id(str(fact), after_s, source, mode), at=at, seen=seen, source=source,
                     fact=fact, mode=mode)  # fmt: skip

    return event


@pytest.fixture
def open_log(tmp_path, layers, ground):
    """Opens the same file as often as asked, as another process would; closes all at the end."""
    opened = []

    def another():
        opened.append(open_store(tmp_path / FILE_NAME, layers, ground))
        return opened[-1]

    yield another
    for store in opened:
        store.close()


@pytest.fixture
def store(open_log):
    return open_log()
