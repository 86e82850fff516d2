"""The facts that ship."""

import pytest

from geodata.city import load_city
from geodata.facts import has_facts, read_facts

FACTS = read_facts("64.72")


def test_samarinda_has_59_kelurahan_in_10_kecamatan():
    assert len({fact.code for fact in FACTS}) == 59
    assert len({fact.kecamatan for fact in FACTS}) == 10
    assert sum(fact.area_km2 for fact in FACTS) == pytest.approx(716.2, abs=0.1)


def test_three_kecamatan_lie_south_of_the_river():
    south = {fact.kecamatan for fact in FACTS if fact.bank == "selatan"}
    assert south == {"Palaran", "Samarinda Seberang", "Loa Janan Ilir"}
    assert {fact.bank for fact in FACTS} == {"utara", "selatan"}


def test_every_point_lies_in_the_extent_of_the_city():
    extent = load_city("64.72").extent
    assert all(extent.holds(fact.lon, fact.lat) for fact in FACTS)


def test_facts_come_by_code():
    assert [fact.code for fact in FACTS] == sorted(fact.code for fact in FACTS)


def test_only_samarinda_has_facts():
    assert has_facts("64.72")
    assert not has_facts("33.75")
