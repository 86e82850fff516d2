"""Buildings before cameras: what hides, what does not, and files that cannot be read."""

import json

import pytest
import shapely

from geodata.errors import BadObstacles
from geodata.ground import load_ground
from geodata.obstacles import FILE_NAME, NO_OBSTACLES, Obstacles, load_obstacles

METRE = 1 / 111_320
CAMERA = (117.15, -0.5)


def north(metres):
    return CAMERA[0], CAMERA[1] + metres * METRE


def house(metres_north, depth_m=10, width_m=20):
    (lon, south), (_, top) = north(metres_north), north(metres_north + depth_m)
    return shapely.box(lon - width_m / 2 * METRE, south, lon + width_m / 2 * METRE, top)


def collection(*geometries):
    features = [{"type": "Feature", "properties": {}, "geometry": geometry} for geometry in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features})


SQUARE = {"type": "Polygon", "coordinates": [[[117.1, -0.5], [117.2, -0.5], [117.2, -0.4], [117.1, -0.5]]]}


def test_a_house_hides_what_is_behind_it_and_neither_what_is_before_it_nor_itself():
    city = Obstacles([house(100)])
    assert city.is_between(CAMERA, north(150))
    assert not city.is_between(CAMERA, north(90))
    assert not city.is_between(CAMERA, north(105))
    assert not city.is_between(CAMERA, (CAMERA[0] + 100 * METRE, CAMERA[1]))


def test_the_house_a_camera_hangs_on_hides_nothing():
    assert not Obstacles([house(-10)]).is_between(CAMERA, north(50))
    assert not Obstacles([house(-5)]).is_between(CAMERA, north(50))


def test_a_second_house_hides_the_first():
    assert Obstacles([house(50), house(100)]).is_between(CAMERA, north(105))


def test_without_a_file_nothing_stands_in_the_way(tmp_path):
    assert load_obstacles(tmp_path) is NO_OBSTACLES
    assert not NO_OBSTACLES.is_between(CAMERA, north(50))


def test_the_ground_of_a_city_holds_its_own_obstacles(tmp_path):
    bow_tie = {"type": "Polygon", "coordinates": [[[117.1, 0], [117.2, 0.1], [117.2, 0], [117.1, 0.1], [117.1, 0]]]}
    (tmp_path / FILE_NAME).write_text(collection(SQUARE, bow_tie))
    assert len(load_ground(tmp_path).obstacles) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no GeoJSON"),
        ("null", "no GeoJSON"),
        ("[1]", "no GeoJSON"),
        ("[" * 100_000, "no GeoJSON"),
        ('{"type": "FeatureCollection", "features": 3}', "not a list"),
        ('{"features": [null]}', "feature 1 is no shape"),
        (collection(SQUARE, {"type": "Point", "coordinates": [117, 0]}), "feature 2 is Point"),
        (collection({"type": "Polygon", "coordinates": [[[117.1]]]}), "no polygon"),
        (collection({"type": "Polygon", "coordinates": "x"}), "no polygon"),
        (collection({"type": "Polygon", "coordinates": []}), "empty"),
        (collection({"type": "Polygon", "coordinates": [[[5e5, 9e6], [6e5, 9e6], [6e5, 8e6], [5e5, 9e6]]]}), "degrees"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_feature(tmp_path, content, said):
    (tmp_path / FILE_NAME).write_text(content)
    with pytest.raises(BadObstacles, match=said):
        load_obstacles(tmp_path)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    with (tmp_path / FILE_NAME).open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(BadObstacles, match="larger"):
        load_obstacles(tmp_path)
