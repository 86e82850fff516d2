"""`layar import` and `layar map-columns`: from a file to figures, guessed, cut off, repeated, and told row by row."""

import json
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from dashboard.cli import main
from dashboard.commands.importing import FOLDER
from geodata.ground import load_ground
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME, open_store

HEADER = "UID;WAKTU LAPOR;TIPE LAPORAN;KATEGORI;KECAMATAN;KELURAHAN;LATITUDE;LONGITUDE;DURASI PENGERJAAN;AGENT L1"
FIRE = "17;01/02/2024 13:45:00;normal;KEBAKARAN;Samarinda Kota;Pasar Pagi;-0,5022;117,1536"
ROW = f"{FIRE};0 Hari : 1 Jam : 0 Menit : 0 Detik;Siti"
DISPATCH = "Incident Number,Received DtTm,Call Type,Unit,Dispatch DtTm,On Scene DtTm,Lat,Long\n"


@pytest.fixture
def layar(tmp_path):
    """`layar("import", …)`: what a command says and with which code it ends."""

    def run(*words):
        return CliRunner().invoke(main, [*map(str, words), "--data", str(tmp_path / "city")])

    return run


@pytest.fixture
def file(tmp_path):
    def write(text, name="year.csv"):
        path = tmp_path / name
        path.write_text(text, "utf-8-sig")
        return path

    return write


@pytest.fixture
def cursor(tmp_path):
    def read():
        folder = tmp_path / "city"
        store = open_store(folder / FILE_NAME, discover_layers().found, load_ground(folder))
        try:
            return store.since(0, 100_000).cursor
        finally:
            store.close()

    return read


def told(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_workbook_is_recognised_and_that_is_said(layar, file):
    result = layar("import", file(f"LAPORAN\n\n{HEADER}\n{ROW}\n"))
    assert "read as: cc112, because row 3" in result.stderr
    assert "1 incidents, 1 calls, 3 events" in result.stdout


def test_the_workbook_itself_is_read_as_its_csv_is(layar, file, tmp_path, cursor):
    book = openpyxl.Workbook()
    for line in (HEADER, ROW):
        book.active.append([cell.replace(",", ".") if cell[:1] in "-1" else cell for cell in line.split(";")])
    book.save(tmp_path / "year.xlsx")
    assert told(layar("import", tmp_path / "year.xlsx", "--json"))["events"] == 3
    assert told(layar("import", file(f"{HEADER}\n{ROW}\n"), "--json"))["events"] == 0
    assert cursor() == 3


def test_a_dry_run_writes_nothing(layar, file, tmp_path):
    result = layar("import", file(f"{HEADER}\n{ROW}\n"), "--dry-run")
    assert "nothing was written" in result.stdout
    assert not (tmp_path / "city" / FILE_NAME).exists()


def test_rows_that_were_refused_or_doubted_are_named(layar, file):
    rows = [ROW, ROW.replace("01/02/2024 13:45:00", "-"), ROW.replace("Pasar Pagi", "Antah"), ROW.replace("17;", "18;")]
    result = layar("import", file("\n".join([HEADER, *rows])))
    assert "refused, WAKTU LAPOR: 1 (baris / rows year!3)" in result.stdout
    assert "no kelurahan of this city has that name; taken without it: 1 (baris / rows year!4)" in result.stdout
    assert "Antah, Samarinda Kota (1x)" in result.stdout
    assert "Siti" not in result.stdout
    assert layar("quarantine", "list").stdout.count("WAKTU LAPOR") >= 1


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [("apa;ini\n1;2\n", "x.csv", "layar map-columns x.csv"), ("{}", "x.json", "no feed can read it"),
     ("", "x.csv", "nobody knows")],
)  # fmt: skip
def test_what_nobody_understands_is_not_guessed(layar, file, text, name, sentence):
    result = layar("import", file(text, name))
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_mapping_is_proposed_that_can_be_imported_with_as_it_is(layar, file, tmp_path):
    rows = "F1,02/13/2024 10:00:00 AM,Structure Fire,E1,02/13/2024 10:01:00 AM,02/13/2024 10:07:00 AM,117.15,-0.5\n" * 2
    path, out = file(DISPATCH + rows + rows.replace("E1", "E2"), "units.csv"), tmp_path / "map.toml"
    assert layar("map-columns", path, "--out", out).exit_code == 0
    text = out.read_text("utf-8")
    said = tomllib.loads(text)
    assert (said["rows"], said["dates"]) == ("unit", "mdy")
    assert said["columns"] == {
        "id": "Incident Number", "time": "Received DtTm", "category": "Call Type", "unit": "Unit",
        "lon": "Lat", "lat": "Long"}  # fmt: skip
    assert said["milestones"] == {"diteruskan": "Dispatch DtTm", "di_lokasi": "On Scene DtTm"}
    assert "hold each other's values" in text
    assert '# "Structure Fire" = ""' in text
    summary = told(layar("import", path, "--as", "table", "--mapping", out, "--json"))
    assert (summary["rows"], summary["incidents"], summary["refused"]) == (4, 1, 0)
    assert layar("map-columns", path, "--out", out).exit_code == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [('rows = "x"\n[columns]\ntime = "a"', "rows"), ('[columns]\ntime = "a"\nfoo = "b"', "columns.foo"),
     ("[columns", "not TOML"), ('rows = "unit"\n[columns]\ntime = "a"', "columns.id"),
     ('zone = "Mars/Base"\n[columns]\ntime = "a"', "zone")],
)  # fmt: skip
def test_a_wrong_mapping_is_said_with_its_field(layar, file, text, sentence):
    result = layar("import", file("a\n1\n"), "--mapping", file(text, "map.toml"))
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_file_of_another_feed_is_read_item_by_item(layar, file, cursor):
    items = [
        {"id": "A", "category": "banjir", "time": "2024-02-01T10:00:00+08:00", "lon": 117.15, "lat": -0.5},
        {"id": "B", "category": "banjir", "time": "bad"},
    ]
    result = layar("import", file(json.dumps(items), "old.json"), "--json")
    assert "read as: incidents" in result.stderr
    summary = told(result)
    assert (summary["taken"], summary["refused_by"]["time"]["rows"]) == (1, ["2"])
    assert told(layar("import", file(json.dumps(items), "old.json"), "--as", "incidents", "--json"))["events"] == 0
    assert cursor() == 1


def test_an_import_that_is_killed_goes_on_with_the_same_command_and_ends_the_same(layar, file, tmp_path, cursor):
    rows = (
        ROW.replace("17;", f"{n};").replace("01/02", f"{n % 28 + 1:02}/{n // 28 % 12 + 1:02}") for n in range(6_000)
    )
    path, folder = file("\n".join([HEADER, *rows])), tmp_path / "city"
    command = [sys.executable, "-m", "dashboard.cli", "import", str(path), "--data", str(folder), "--json"]
    command[1:3] = ["-c", "from dashboard.cli import main; main()"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as importing:  # noqa: S603 — our own
        deadline = time.monotonic() + 60
        while not list(folder.glob(f"{FOLDER}/*.json")) and importing.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        importing.send_signal(signal.SIGKILL)
    (kept,) = folder.glob(f"{FOLDER}/*.json")
    assert 0 < json.loads(kept.read_text())["counts"]["rows"] < 6_000
    result = layar("import", path, "--json")
    assert "going on after" in result.stderr
    assert (told(result)["rows"], told(result)["refused"]) == (6_000, 0)
    assert cursor() == 18_000
    assert not kept.exists()
    assert told(layar("import", path, "--json"))["events"] == 0


def test_a_program_beside_the_workbook_is_not_run(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["ID", "Kategori", "Waktu"])
    workbook.save(tmp_path / "a.xlsx")
    (tmp_path / "orjson.py").write_text("open('run', 'w')", "utf-8")
    program = Path(sys.executable).with_name("layar")
    command = (program, "import", "a.xlsx", "--data", tmp_path / "city", "--dry-run")
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603 — our own program
    assert "memory" not in ended.stderr, ended.stderr
    assert not (tmp_path / "run").exists()
