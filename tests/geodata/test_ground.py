"""Which city, and which boundaries: the one function the server calls."""

import shutil

import pytest
import shapely

from geodata.boundaries import Wish, import_boundaries
from geodata.city import SHIPPED
from geodata.errors import BadBoundaries, BadSettings
from geodata.facts import read_facts
from geodata.ground import code_in_use, load_ground, use
from tests.geodata.conftest import TWO


@pytest.fixture
def contoh(tmp_path, write):
    """A folder that holds a city of two squares."""
    import_boundaries(tmp_path, write(*TWO), Wish(name="Kota Contoh"))
    return tmp_path


def test_nothing_said_means_samarinda_with_approximate_boundaries(tmp_path):
    ground = load_ground(tmp_path)
    assert (ground.city.code, len(ground.places.areas), ground.places.is_approximate) == ("64.72", 59, True)


def test_the_city_in_use_is_loaded_from_its_own_boundaries(contoh):
    use(contoh, "33.99")
    ground = load_ground(contoh)
    assert ground.city.name == "Contoh"
    assert not ground.places.is_approximate
    assert ground.places.kelurahan_at(110.03, -6.99) == "33.99.01.1002"
    assert (contoh / "city").read_text() == "33.99\n"


def test_a_code_in_the_settings_wins_over_the_city_in_use(contoh):
    use(contoh, "33.99")
    assert load_ground(contoh, "64.72").city.code == "64.72"


def test_a_city_without_boundaries_says_which_command_to_run(tmp_path):
    (tmp_path / "cities").mkdir()
    text = (SHIPPED / "64.72.toml").read_text("utf-8").replace('"64.72"', '"33.99"')
    (tmp_path / "cities" / "33.99.toml").write_text(text, "utf-8")
    with pytest.raises(BadSettings, match=r"layar city import FILE --code 33\.99"):
        load_ground(tmp_path, "33.99")


def test_an_unknown_city_says_how_to_make_it(tmp_path):
    with pytest.raises(BadSettings, match=r"layar city import FILE --code 99\.99"):
        load_ground(tmp_path, "99.99")


@pytest.mark.parametrize("code", ["../../etc", "64.72/..", "6472", "64.72.01", " "])
def test_a_code_that_is_none_never_becomes_a_path(tmp_path, code):
    with pytest.raises(BadSettings, match="no code of a kota"):
        load_ground(tmp_path, code)


def test_a_city_that_cannot_be_loaded_cannot_be_used(tmp_path):
    with pytest.raises(BadSettings):
        use(tmp_path, "99.99")
    assert code_in_use(tmp_path) == "64.72"


def test_a_damaged_boundary_file_is_named(contoh):
    (contoh / "cities" / "33.99.boundaries.gpkg").write_bytes(b"SQLite format 3\0 and then nothing")
    with pytest.raises(BadBoundaries, match="damaged; import the boundaries again"):
        load_ground(contoh, "33.99")


def test_real_boundaries_of_samarinda_bring_a_river_that_follows_them(tmp_path, published):
    import_boundaries(tmp_path, published("samarinda_kelurahan.geojson"), Wish())
    places = load_ground(tmp_path).places
    assert not places.is_approximate
    (river,) = (shapely.geometry.shape(f["geometry"]) for f in places.river_geojson()["features"])
    assert not [fact.name for fact in read_facts("64.72") if river.contains(shapely.Point(fact.lon, fact.lat))]
    assert river.bounds[0] < 117.05
    assert river.bounds[2] > 117.3


def test_the_default_city_needs_nothing_on_disk(tmp_path):
    folder = tmp_path / "gone"
    assert load_ground(folder).city.code == "64.72"
    assert not folder.exists()
    shutil.rmtree(tmp_path)
