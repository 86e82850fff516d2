"""A large table is read in a process of its own, and whatever happens to that process is said."""

import multiprocessing

import pytest

from geodata.errors import BadPayload
from layers import table_ahead
from layers.table_ahead import Job, read
from layers.table_read import Reading

HEADER = "UID;WAKTU LAPOR;TIPE LAPORAN;KATEGORI;DURASI PENGERJAAN"
KINDS = ("prank", "normal", "ghost")


@pytest.fixture
def job(tmp_path, now):
    path = tmp_path / "year.csv"
    rows = (f"{n};{'-' if n == 7 else '01/02/2024 13:45:00'};{KINDS[n % 3]};api;-" for n in range(12_000))
    path.write_text("\n".join([HEADER, *rows]), "utf-8")
    return Job(path=path, data_dir=tmp_path, code="64.72", feed="cc112", mapping=None, received=now, key=b"k" * 32)


def until_it_ends(job):
    """(what was read, the error it ended with)."""
    told = []
    try:
        for one in read(job):
            told.append(one)  # noqa: PERF402 — those before the error count
    except BadPayload as error:
        return told, str(error)
    return told, None


def test_another_process_reads_what_this_one_would_and_says_what_it_cannot_read(job, monkeypatch):
    text = job.path.read_text("utf-8")
    job.path.write_text("\n".join([*text.split("\n")[:600], '"' + "x" * 400_000]), "utf-8")
    ahead, there = until_it_ends(job)
    monkeypatch.setattr(table_ahead, "WORTH_BYTES", 10**9)
    told, here = until_it_ends(job)
    assert there == here
    assert "row 601 cannot be read" in str(here)
    assert len(told) == 600
    assert ahead == told[: len(ahead)]
    assert len(ahead) >= 400


def test_a_reader_that_dies_is_not_taken_for_the_end_of_the_file(job):
    readings = read(job)
    next(one for one in readings if isinstance(one, Reading))
    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(BadPayload, match="ended before its end"):
        list(readings)
    assert not multiprocessing.active_children()
