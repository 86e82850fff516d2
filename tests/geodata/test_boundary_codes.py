"""Codes and the columns they stand in."""

import math

import pytest

from geodata.boundary_codes import DIALECTS, city_code, coded, dialect_of, kecamatan_code
from geodata.errors import BadBoundaries
from geodata.raw_areas import RawArea
from tests.geodata.conftest import square


def area(**values):
    return RawArea(where="feature 1", values=values, shape=square(110, -7))


def read(kemendagri=None, **values):
    return coded([area(**values)], dialect_of([area(**values)]), kemendagri or {})


@pytest.mark.parametrize(
    "values",
    [
        {"kode": "33.75.01.1002", "nama": "Medono", "kecamatan": "Pekalongan Barat", "kabkota": "Kota Pekalongan"},
        {"KDEPUM": "33.75.01.1002", "WADMKD": "Medono", "WADMKC": "Pekalongan Barat", "WADMKK": "Kota Pekalongan"},
        {"kdepum": "33.75.01.1002", "NAMOBJ": "Medono", "wadmkc": "Pekalongan Barat", "wadmkk": "Kota Pekalongan"},
        {"iddesa": "3375011002", "nmdesa": "Medono", "nmkec": "Pekalongan Barat", "nmkab": "Kota Pekalongan"},
        {"code": "33.75.01.1002", "name": "Medono", "kecamatan": "Pekalongan Barat", "city": "Kota Pekalongan"},
    ],
    ids=["kode", "BIG", "BIG with NAMOBJ", "BPS", "ours"],
)
def test_every_published_dialect_is_understood(values):
    (found,), refused = read(**values)
    assert not refused
    assert (found.code, found.name) == ("33.75.01.1002", "Medono")
    assert (found.kecamatan, found.city) == ("Pekalongan Barat", "Kota Pekalongan")


@pytest.mark.parametrize("said", ["6472011001", 6472011001, 6472011001.0, " 64.72.01.1001 "])
def test_a_code_may_be_bare_a_number_or_padded(said):
    assert read(kode=said, nama="Rawa Makmur")[0][0].code == "64.72.01.1001"


@pytest.mark.parametrize(
    "said", [None, "", math.nan, "x", "64.72", "64.72.01", "64.72.01.10011", "6472", True, "64.72.01.0001"]
)
def test_what_is_no_code_is_refused_with_its_number(said):
    known, (refusal,) = read(kode=said, nama="Rawa Makmur")
    assert not known
    assert refusal.where == "feature 1"
    assert "code" in refusal.why


def test_codes_of_bps_ask_for_a_table():
    assert "--codes" in read(iddesa="6472010001", nmdesa="Rawa Makmur")[1][0].why


def test_a_table_turns_codes_of_bps_into_those_of_kemendagri():
    (found,), refused = read({"6472010001": "64.72.01.1001"}, iddesa="6472010001", nmdesa="Rawa Makmur")
    assert found.code == "64.72.01.1001"
    assert not refused


def test_an_area_without_a_name_is_called_by_its_code():
    assert read(kode="33.75.01.1002", nama=None)[0][0].name == "33.75.01.1002"


def test_columns_that_nobody_knows_are_named_beside_those_we_know():
    with pytest.raises(BadBoundaries, match=r"fid, label.*KDEPUM|kdepum"):
        dialect_of([area(FID=1, Label="x")])


def test_every_dialect_has_all_its_columns_in_lower_case():
    for dialect in DIALECTS:
        columns = (*dialect.code, *dialect.area, *dialect.kecamatan, *dialect.city)
        assert list(columns) == [column.lower() for column in columns]


def test_a_code_tells_its_city_and_its_kecamatan():
    assert city_code("64.72.01.1001") == "64.72"
    assert kecamatan_code("64.72.01.1001") == "64.72.01"
