"""Files with tables are read row by row whatever wrote them, and what cannot be read is said in a sentence."""

import zipfile
from datetime import timedelta

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadPayload
from layers import table_source
from layers.table_source import about_rows, rows_of, rows_of_bytes


@pytest.fixture
def book(tmp_path):
    def write(sheets, name="a.xlsx"):
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for title, cells in sheets.items():
            sheet = workbook.create_sheet(title)
            for place, value in cells.items():
                sheet[place] = value
        workbook.save(tmp_path / name)
        return tmp_path / name

    return write


def read(path):
    return [(row.sheet, row.number, row.cells) for row in rows_of(path)]


def test_rows_of_all_sheets_come_with_their_numbers_as_a_spreadsheet_counts(book):
    path = book({"Jan": {"A1": "x", "B3": 2}, "Kosong": {}, "Feb": {"A2": True, "B2": timedelta(hours=30)}})
    assert read(path) == [("Jan", 1, ["x", ""]), ("Jan", 3, ["", 2.0]), ("Feb", 2, [True, "30:00:00"])]
    assert about_rows(path) >= 4


def test_a_formula_without_a_stored_value_is_an_empty_cell(book):
    assert read(book({"S": {"A1": "x", "B1": "=1+1"}})) == [("S", 1, ["x"])]


def test_a_cell_at_the_far_end_ends_the_reader_and_nothing_else(book):
    with pytest.raises(BadPayload, match="within the memory"):
        read(book({"S": {"A1": "x", "XFD1048576": "y"}}))


def test_a_workbook_that_unpacks_to_very_much_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(table_source, "MOST_UNPACKED", 10_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 10_000_001)
    assert path.stat().st_size < 100_000
    with pytest.raises(BadPayload, match="unpacks to 0"):
        read(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "save it as .xlsx or CSV"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\x00\x01\x02", "neither text nor a workbook"),
        (b'"never closed;' + b"x" * 200_000, "cannot be read as CSV|is a quotation mark missing"),
        (b"a;" * 2_000, "columns"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_do(tmp_path, content, sentence):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadPayload, match=sentence):
        read(path)


def test_a_zip_that_is_no_workbook_is_said_to_be_none(tmp_path):
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("hello.txt", "hello")
    with pytest.raises(BadPayload, match=r"no workbook|damaged"):
        read(path)


TEXT = 'UID;WAKTU LAPOR\r\n1;"1 Mei 2024\r\nsiang"\r\n\r\n2;kafé\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_csv_is_read_whatever_its_letters_and_its_delimiter(encoding, delimiter):
    rows = list(rows_of_bytes(TEXT.replace(";", delimiter).encode(encoding)))
    assert [row.cells for row in rows] == [["UID", "WAKTU LAPOR"], ["1", "1 Mei 2024\r\nsiang"], ["2", "kafé"]]
    assert [row.number for row in rows] == [1, 3, 5]


def test_a_workbook_is_not_read_over_the_network(book):
    with pytest.raises(BadPayload, match="layar import"):
        list(rows_of_bytes(book({"S": {"A1": 1}}).read_bytes()))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_rows_or_a_declared_error(content):
    try:
        for row in rows_of_bytes(content):
            assert row.number >= 1
    except BadPayload:
        pass


def test_one_long_text_in_many_cells_of_a_small_workbook_is_refused(book):
    path = book({"S": {f"A{number}": "A" * 32_000 for number in range(1, 4)}})
    assert len(read(path)) == 3
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, said in parts.items():
            packed.writestr(name, said.replace(b"A" * 32_000, b"A" * 2_000_000))
    assert path.stat().st_size < 50_000
    with pytest.raises(BadPayload, match="a cell of 2000000 characters"):
        read(path)


def test_a_line_without_an_end_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(table_source, "MOST_LINE_CHARS", 10_000)
    path = tmp_path / "a.csv"
    path.write_text("a;b\n" + "x" * 1_000_000, "utf-8")
    with pytest.raises(BadPayload, match="more than 10000 characters"):
        read(path)
