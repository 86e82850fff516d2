"""Exports as files and over HTTP: the same rows in every format, no secret in any, noted, few at a time."""

import csv
import io
import re
import zipfile
from datetime import date
from itertools import product

import geopandas
import orjson
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from dashboard.caller_key import load_caller_key
from dashboard.commands.export import export as command
from dashboard.export import Wanted, export, frame_of
from dashboard.export_files import FORMATS, harmless, write
from geodata.errors import BadInput
from layers.export import Column, Table, Word
from layers.export_tables import TABLES
from tests.dashboard.conftest import NOW
from tests.layers.test_export import SECRET, planted_events

DAYS = {"first": date(2026, 11, 22), "last": date(2026, 11, 22)}


@pytest.fixture
def full(city):
    """A city whose every free field holds a secret."""
    city.services.store.append(planted_events())
    return city


def text_of(format_, content):
    """Everything that can be read in a file."""
    if format_ == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    if format_ == "geoparquet":
        table = pyarrow.parquet.read_table(io.BytesIO(content))
        return f"{table.to_pydict()}{table.schema}"
    return content.decode("utf-8-sig")


def test_no_file_holds_a_secret_and_every_file_holds_rows(full):
    services = full.services
    frame = frame_of(services.ground, dict(services.feeds), load_caller_key(full.folder))
    for kind, format_ in product(TABLES, FORMATS):
        file = io.BytesIO()
        assert export(services.store, Wanted(kind=kind, **DAYS), frame, format_, file) > 0, (kind, format_)
        said = text_of(format_, file.getvalue())
        assert SECRET not in said, (kind, format_)
        assert "received_at" in said, (kind, format_)


def written(format_, *rows):
    names = {"name": "text", "lon": "number", "lat": "number", "at": "time", "flag": "flag"}
    columns = tuple(Column(name=name, kind=kind, words=name) for name, kind in names.items())
    file = io.BytesIO()
    table = Table(title="T", columns=columns, kinds=(), rows=lambda *_: iter(()))
    write(table, rows, format_, file)
    return file.getvalue()


ROWS = ((Word("a"), 117.15, -0.5, NOW, True), (Word("=1+1"), None, None, None, None))


def test_csv_opens_in_a_spreadsheet_and_holds_no_formula():
    content = written("csv", *ROWS)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == {"name": "a", "lon": "117.15", "lat": "-0.5", "at": "2026-11-20T03:00:00Z", "flag": "true"}
    assert rows[1]["name"] == "'=1+1"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_what_a_spreadsheet_would_compute_is_made_a_text(text):
    assert harmless(text) == f"'{text}"
    assert harmless("kebakaran") == "kebakaran"


def test_xlsx_has_the_rows_real_dates_no_formula_and_a_sheet_that_explains():
    said = text_of("xlsx", written("xlsx", *ROWS))
    assert "<f>" not in said
    assert re.search(r"46346\.125", said)  # 2026-11-20 03:00 as spreadsheets count
    assert "Keterangan" in said


def test_geojson_has_a_point_where_there_is_a_place():
    features = orjson.loads(written("geojson", *ROWS))["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [117.15, -0.5]}
    assert features[1]["geometry"] is None
    assert features[0]["properties"]["at"] == "2026-11-20T03:00:00Z"


def test_geoparquet_is_read_as_such(tmp_path):
    (tmp_path / "t.parquet").write_bytes(written("geoparquet", *ROWS))
    frame = geopandas.read_parquet(tmp_path / "t.parquet")
    assert (frame.geometry[0].x, frame.geometry[0].y, frame.geometry[1]) == (117.15, -0.5, None)
    assert (frame.crs.to_epsg() or frame.crs.to_authority()[1]) in {4326, "CRS84"}


def test_a_format_there_is_none_of_is_named():
    with pytest.raises(BadInput, match="docx"):
        written("docx")


def asked(city, path, role="admin", days="since=2026-11-22&until=2026-11-22"):
    return city.get(f"/api/v1/export/{path}?{days}", role)


def test_an_admin_gets_a_file_and_the_audit_has_a_row(full):
    answer = asked(full, "incidents.csv")
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="incidents-2026-11-22-2026-11-22.csv"'
    assert answer.data.count(b"\n") == 2
    row = full.services.audit.newest(1)[0]
    assert (row.action, row.target, row.details["rows"], row.details["format"]) == ("export", "incidents", 1, "csv")


def test_nobody_else_gets_one(full):
    said = [asked(full, "incidents.csv", role).status_code for role in ("wall", "visitor", "ingest", None)]
    assert said == [403, 403, 403, 401]


def test_what_cannot_be_exported_is_said(full):
    good, wrong = "since=2026-11-22&until=2026-11-22", ("since=x&until=2026-11-22", "since=2026-11-22")
    assert [asked(full, path, days=good).status_code for path in ("nonsense.csv", "incidents.docx")] == [404, 404]
    backwards, too_long = "since=2026-11-22&until=2026-11-21", "since=2024-11-22&until=2026-11-22"
    at_the_end = "since=9999-12-31&until=9999-12-31"
    said = [asked(full, "incidents.csv", days=days) for days in (*wrong, backwards, too_long, at_the_end)]
    assert [(answer.status_code, answer.json["field"]) for answer in said] == [
        (400, "since"), (400, "until"), (400, "until"), (400, "until"), (400, "since"),
    ]  # fmt: skip


def test_the_seventh_in_a_minute_has_to_wait(full):
    said = [asked(full, "water.csv").status_code for _ in range(7)]
    assert said == [200] * 6 + [429]
    full.watch.forward(61)
    assert asked(full, "water.csv").status_code == 200


def test_the_command_writes_the_file_whole_and_notes_it(full, tmp_path):
    out = tmp_path / "calls.parquet"
    days = ["--since", "2026-11-22", "--until", "2026-11-22"]
    said = CliRunner().invoke(command, ["calls", *days, "--out", str(out), "--data", str(full.folder)])
    assert (said.exit_code, "1 rows" in said.stderr) == (0, True)
    assert pyarrow.parquet.read_table(out).num_rows == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".partial")] == []
    assert full.services.audit.newest(1)[0].action == "export"
