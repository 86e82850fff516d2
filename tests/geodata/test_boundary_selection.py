"""Of all that a file holds, the areas of one city."""

import pytest

from geodata.boundary_selection import selected
from geodata.errors import BadBoundaries
from geodata.raw_areas import RawArea, RawFile, Refusal
from tests.geodata.conftest import square


def area(code, name="Barat", where="feature 1", lon=110.0):
    return RawArea(where=where, values={"kode": code, "nama": name}, shape=square(lon, -7))


def pick(*areas, refusals=(), **wish):
    wish = {"code": None, "fallback": "64.72", "kemendagri": {}, "without_bad": False} | wish
    return selected(RawFile(areas=areas, refusals=refusals), **wish)


HERE, THERE = area("33.99.01.1001"), area("64.72.01.1001")
BAD = Refusal(where="feature 7", why="it has no shape")


def test_the_only_city_of_a_file_needs_no_code():
    assert pick(HERE).code == "33.99"


def test_of_several_cities_the_one_asked_for_is_taken_else_the_one_in_use():
    assert [a.code for a in pick(HERE, THERE, code="33.99").areas] == ["33.99.01.1001"]
    assert pick(HERE, THERE).code == "64.72"


def test_of_several_cities_none_of_them_in_use_one_must_be_asked_for():
    with pytest.raises(BadBoundaries, match=r"2 cities \(33\.99, 64\.72\): say which with --code"):
        pick(HERE, THERE, fallback="11.11")


def test_a_file_about_another_city_is_refused():
    with pytest.raises(BadBoundaries, match=r"nothing of city 17\.71; it holds 33\.99"):
        pick(HERE, code="17.71")


def test_one_bad_area_refuses_all_and_is_named():
    with pytest.raises(BadBoundaries, match="1 of 2 areas cannot be read: feature 7: it has no shape") as refused:
        pick(HERE, refusals=(BAD,))
    assert refused.value.field == "feature 7"
    assert "--without-bad" in str(refused.value)


def test_many_bad_areas_are_counted_and_the_first_named():
    with pytest.raises(BadBoundaries, match=r"9 of 10 .* and 4 more"):
        pick(HERE, refusals=(BAD,) * 9)


def test_bad_areas_are_left_out_on_demand_and_told():
    chosen = pick(HERE, area("??", where="feature 2"), refusals=(BAD,), without_bad=True)
    assert [a.code for a in chosen.areas] == ["33.99.01.1001"]
    assert [refusal.where for refusal in chosen.left_out] == ["feature 7", "feature 2"]


@pytest.mark.parametrize("refusals", [(), (BAD,)])
def test_a_file_without_any_area_is_refused_even_then(refusals):
    with pytest.raises(BadBoundaries):
        pick(refusals=refusals, without_bad=True)


def test_parts_of_one_area_are_joined_by_code():
    chosen = pick(area("33.99.01.1001"), area("33.99.01.1001", where="feature 2", lon=110.5))
    assert chosen.parts == 2
    assert chosen.areas[0].raw.shape.geom_type == "MultiPolygon"


def test_two_names_under_one_code_are_refused_with_both_places():
    with pytest.raises(BadBoundaries, match=r"feature 1 \(Barat\) and feature 2 \(Timur\) have the same code"):
        pick(area("33.99.01.1001"), area("33.99.01.1001", "Timur", "feature 2"))


def test_the_same_name_under_two_codes_is_two_areas():
    chosen = pick(area("33.99.02.1001", "Sungai Pinang"), area("33.99.01.1001", "Sungai Pinang"))
    assert [a.code for a in chosen.areas] == ["33.99.01.1001", "33.99.02.1001"]
