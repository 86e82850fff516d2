"""Bringing a year in, measured: rows a second of the workbook and of its CSV, end to end into the log.

`--rows=20000` makes it smaller. Beside it: what only reading the workbook with openpyxl costs.
"""

import csv
import random
import resource
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from openpyxl import Workbook, load_workbook

from geodata.clock import utc_now
from geodata.ground import load_ground
from layers.bulk import Import
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME, open_store
from layers.table_ahead import Job, read
from layers.table_read import Reading

ROWS = 100_000
HEADER = ("UID", " WAKTU LAPOR", "Tipe Laporan", "KATEGORI", "KECAMATAN", "KELURAHAN ", "LATITUDE", "LONGITUDE",
          "DURASI PENGERJAAN", "AGENT L1")  # fmt: skip
CATEGORIES = ("KEBAKARAN", "LAKA LANTAS", "POHON", "BANJIR", "DARURAT MEDIS", "ODGJ", "PJU", "KABEL")
START = datetime(2024, 1, 1)  # noqa: DTZ001 — the workbook's clock has no zone


def asked_rows():
    return next((int(word.split("=")[1]) for word in sys.argv if word.startswith("--rows=")), ROWS)


def year(count, real_share):
    """A year of a center's calls, the same every time: most of them pranks, or all of them real."""
    dice, places = random.Random(112), list(load_ground(Path("nowhere")).places.areas.values())  # noqa: S311 — no secrets
    for number in range(count):
        at = START + timedelta(seconds=number * (365 * 86_400 // count))
        if dice.random() >= real_share:
            yield number, at, dice.choice(("prank", "ghost", "information")), "-", "-", "-", 0, 0, "-", "Siti"
            continue
        area, seconds = dice.choice(places), dice.randrange(60, 90_000)
        spent = (f"{seconds // 86_400} Hari : {seconds // 3_600 % 24} Jam : {seconds // 60 % 60} Menit : "
                 f"{seconds % 60} Detik")  # fmt: skip
        where = (0, 0) if dice.random() < 0.2 else (area.lat, area.lon)
        yield number, at, "normal", dice.choice(CATEGORIES), area.kecamatan, area.name, *where, spent, "Budi"


def write_workbook(path, rows):
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Laporan")
    sheet.append(["LAPORAN INSIDEN CALL CENTER 112 TAHUN 2024"])
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    workbook.save(path)


def write_csv(path, rows):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for number, at, *rest in rows:
            writer.writerow((number, f"{at:%d/%m/%Y %H:%M:%S}", *rest))


def brought_in(path, folder):
    """(rows, seconds, CPU seconds, events) of a whole import into a new log."""
    ground, received = load_ground(folder), utc_now()
    job = Job(
        path=path, data_dir=folder, code=ground.city.code, feed="cc112", mapping=None, received=received, key=b"k" * 32
    )
    with closing(open_store(folder / FILE_NAME, discover_layers().found, ground)) as store:
        work = Import(store, "cc112", received)
        before, started = cpu_s(), time.perf_counter()
        for _ in work.take(one for one in read(job) if isinstance(one, Reading)):
            pass
        seconds = time.perf_counter() - started
    told = work.summary()
    return told.rows, seconds, cpu_s() - before, told.events


def cpu_s():
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def read_with_openpyxl(path):
    started = time.perf_counter()
    workbook = load_workbook(path, read_only=True)
    for sheet in workbook:
        for _ in sheet.iter_rows(values_only=True):
            pass
    workbook.close()
    return time.perf_counter() - started


def main():
    count = asked_rows()
    print("| a year | rows | rows/s | CPU µs a row | events | beside reading with openpyxl |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        for words, share in (("one call in five is real", 0.2), ("every call is real", 1.0)):
            folder = Path(name) / f"{share}"
            folder.mkdir()
            book, text = folder / "year.xlsx", folder / "year.csv"
            write_workbook(book, year(count, share))
            write_csv(text, year(count, share))
            plain_s = read_with_openpyxl(book)
            for path in (book, text):
                home = folder / path.suffix[1:]
                home.mkdir()
                rows, seconds, cpu, events = brought_in(path, home)
                beside = f"{seconds / plain_s:.2f} times as long" if path is book else "-"
                print(f"| {words}, {path.suffix[1:]} | {rows:,} | {rows / seconds:,.0f} | {cpu / rows * 1e6:.0f} "
                      f"| {events:,} | {beside} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
