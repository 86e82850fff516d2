"""The published SQL layout, read without executing a word of it."""

import pytest
import shapely

from geodata.boundary_sql import looks_like_sql, read_sql
from geodata.errors import BadBoundaries
from tests.geodata.conftest import as_sql, square

RING = "[[-7,110],[-7,110.02],[-6.98,110.02],[-6.98,110],[-7,110]]"


def insert(*tuples: str, columns: str = "(kode,nama,lat,lng,path)") -> str:
    return f"INSERT INTO wilayah_boundaries{columns} VALUES\n" + ",\n".join(tuples) + ";\n"


def one(path: str, name: str = "'Barat'") -> str:
    return f"('33.99.01.1001',{name},-6.99,110.01,'{path}')"


def test_a_row_becomes_an_area_with_longitude_first(frame):
    areas = read_sql(as_sql(frame)).areas
    assert [area.values["nama"] for area in areas] == ["Barat", "Timur"]
    assert areas[0].shape.equals(shapely.multipolygons([square(110.0, -7.0)]))


def test_rings_may_be_three_or_four_deep():
    polygon = read_sql(insert(one(f"[{RING}]"))).areas[0].shape
    polygons = read_sql(insert(one(f"[[{RING}]]"))).areas[0].shape
    assert polygon.equals(polygons)
    assert polygon.area == pytest.approx(0.0004)


def test_a_second_ring_is_a_hole():
    hole = "[[-6.995,110.005],[-6.995,110.01],[-6.99,110.01],[-6.995,110.005]]"
    assert len(read_sql(insert(one(f"[{RING},{hole}]"))).areas[0].shape.geoms[0].interiors) == 1


def test_several_inserts_comments_and_other_statements_are_read_past():
    text = (
        "/* INSERT INTO nothing */ -- INSERT INTO nothing\nDELETE FROM t WHERE kode LIKE '64.%';\n"
        + insert(one(f"[{RING}]"))
        + "# a remark\n"
        + insert(one(f"[{RING}]").replace("1001", "1002"))
    )
    assert [area.values["kode"] for area in read_sql(text).areas] == ["33.99.01.1001", "33.99.01.1002"]


def test_columns_are_taken_by_name_in_any_order():
    text = f"insert into x (`path`, \"NAMA\", kode) values ('[{RING}]', 'Barat', '33.99.01.1001')  ;"  # noqa: S608 — nobody executes it
    (area,) = read_sql(text).areas
    assert (area.values["nama"], area.values["kode"]) == ("Barat", "33.99.01.1001")


def test_an_insert_without_columns_has_those_of_the_layout():
    assert read_sql(insert(one(f"[{RING}]"), columns="")).areas[0].values["nama"] == "Barat"


@pytest.mark.parametrize(
    ("written", "meant"), [("'Ma''ruf'", "Ma'ruf"), (r"'Ma\'ruf'", "Ma'ruf"), ("'a); --'", "a); --")]
)
def test_quotes_and_brackets_in_a_name_are_only_text(written, meant):
    assert read_sql(insert(one(f"[{RING}]", written))).areas[0].values["nama"] == meant


@pytest.mark.parametrize(
    "path",
    [
        "",
        "[",
        "null",
        "[]",
        "[[]]",
        "[[[]]]",
        "7",
        '"text"',
        "[[1,2],[3,4]]",
        "[[[1],[2],[3]]]",
        '[[["a","b"]]]',
        "[" * 5000,
    ],
)
def test_a_path_that_is_no_polygon_is_refused_with_its_line(path):
    raw = read_sql(insert(one(f"[{RING}]"), one(path)))
    assert len(raw.areas) == 1
    assert [refusal.where for refusal in raw.refusals] == ["line 3"]


def test_a_row_with_too_few_values_is_refused_with_its_line():
    (refusal,) = read_sql(insert("('33.99.01.1001','Barat')")).refusals
    assert str(refusal) == "line 2: 2 values for 5 columns"


def test_a_row_without_a_path_is_refused():
    assert read_sql(insert("('33.99.01.1001','Barat',1,2,NULL)")).refusals


def test_latitude_and_longitude_the_wrong_way_round_are_seen():
    turned = "[[110,-7],[110.02,-7],[110.02,-6.98],[110,-7]]"
    assert "swapped" in read_sql(insert(one(f"[{turned}]"))).refusals[0].why


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused_with_the_line(frame, keep):
    text = as_sql(frame)
    with pytest.raises(BadBoundaries, match=r"line [123]"):
        read_sql(text[: int(len(text) * keep) - 1])


def test_an_expression_is_no_value():
    with pytest.raises(BadBoundaries, match="line 2"):
        read_sql(insert("('a', 1 + 1, 2, 3, 'x')"))


def test_an_insert_from_a_select_is_refused():
    with pytest.raises(BadBoundaries, match="INSERT without VALUES"):
        read_sql("INSERT INTO t SELECT * FROM users;")


def test_the_copyright_line_is_kept():
    text = "/*\ncopyright notice and permission\ncopyright (c) 2025 by somebody; a@example.id\n*/\n"
    assert read_sql(text + insert(one(f"[{RING}]"))).notice == "copyright (c) 2025 by somebody"


def test_text_without_an_insert_is_no_sql():
    assert looks_like_sql("insert  into a values (1)")
    assert not looks_like_sql("hello")


def test_the_published_file_has_59_areas(published):
    raw = read_sql(published("wilayah_boundaries_kel_64.72.sql").read_text("utf-8"))
    assert len(raw.areas) == 59
    assert not raw.refusals
    assert raw.areas[0].where == "line 35"
    assert raw.notice == "copyright (c) 2025 by cahya dsn"
