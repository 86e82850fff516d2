"""A file comes into the log once, wherever it is cut off, and every row that was not taken is told by its number."""

import csv
import io
from datetime import UTC, datetime

import pytest

from layers.bulk import Import
from layers.call_tally import tallies_told
from layers.calls import CallRecorded
from layers.feed import at_home, discover_feeds
from layers.ingest import Door
from layers.layer import discover_layers
from layers.monthly import AFTER, BEFORE, FACTS, incidents_of, month_of, monthly_report
from layers.table_read import How, Reading, readings_of
from layers.table_source import rows_of_bytes
from layers.table_words import mapping_of_112

HEADER = ["UID", "WAKTU LAPOR", "TIPE LAPORAN", "KATEGORI", "KECAMATAN", "KELURAHAN", "LATITUDE", "LONGITUDE",
          "DURASI PENGERJAAN"]  # fmt: skip
KINDS = ("normal", "prank", "ghost", "normal")


def year(rows=40):
    """A CSV of the workbook: a call a day, half of them real, one of them without a time, one far away."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    for n in range(rows):
        kind = KINDS[n % 4]
        at = "-" if n == 8 else f"{n % 28 + 1:02}/{n // 28 + 1:02}/2024 10:00:00"
        lat, lon = (-6.2, 106.8) if n == 11 else (0, 0)
        real = ("KEBAKARAN", "Samarinda Kota", "Pasar Pagi", lat, lon, "0 Hari : 0 Jam : 30 Menit : 0 Detik")
        writer.writerow((n, at, kind, *(real if kind == "normal" else ("-", "-", "-", 0, 0, "-"))))
    return text.getvalue().encode()


@pytest.fixture
def bring(store, ground, now):
    """`bring(payload)`: the summary of an import; `most` batches only, as if it were cut off then."""

    def in_(payload, kept=None, most=None, target=store):
        how = How(feed="cc112", mapper=mapping_of_112, ground=ground, received=now, key=b"k" * 32, is_dated=True)
        work = Import(target, "cc112", now)
        if kept is not None:
            work.go_on(kept)
        readings = (one for one in readings_of(rows_of_bytes(payload), how) if isinstance(one, Reading))
        batches = work.take(readings, at_once=20)
        for number, _ in enumerate(batches, 1):
            if number == most:
                break
        return work

    return in_


def test_a_year_comes_in_with_every_row_accounted_for(bring, store):
    told = bring(year()).summary()
    assert (told.rows, told.taken, told.folded, told.rows_refused) == (40, 39, 0, 1)
    assert (told.calls, told.incidents, told.events) == (39, 19, 39 + 19 + 19)
    assert told.refused["WAKTU LAPOR"].numbers == ("10",)
    assert told.doubts["outside"].numbers == ("13",)
    assert store.since(0, 500).cursor == told.events


def test_the_same_file_again_changes_nothing(bring, store):
    first = bring(year()).summary()
    again = bring(year()).summary()
    assert (again.events, again.taken, again.folded) == (0, 0, first.taken)
    assert store.since(0, 500).cursor == first.events
    assert store.quarantined_count() == 1


def test_an_import_that_was_cut_off_goes_on_where_it_was(bring, store):
    cut = bring(year(), most=2)
    kept = cut.progress()
    done = cut.summary().rows
    assert 0 < done < 40
    whole = bring(year(), kept=kept).summary()
    assert (whole.rows, whole.taken, whole.folded, whole.rows_refused) == (40, 39, 0, 1)
    assert store.since(0, 500).cursor == whole.events
    assert store.quarantined_count() == 1


def test_what_was_durable_and_not_yet_noted_is_only_read_once_more(bring, store):
    bring(year(), most=2)
    whole = bring(year()).summary()
    assert whole.taken + whole.folded == 39
    assert store.since(0, 500).cursor == 39 + 19 + 19


def test_a_dry_run_counts_and_writes_nothing(bring, store):
    told = bring(year(), target=None).summary()
    assert (told.taken, told.rows_refused, told.quarantined) == (39, 1, ())
    assert store.since(0).cursor == 0


def test_the_past_is_on_no_wall_and_in_the_figures_of_its_month(bring, store, ground):
    bring(year())
    situation = store.live().situation
    assert not any(situation.things.values())
    period = month_of(ground.city, 2024, 1)
    kinds = [fact.kind for fact in FACTS]
    incidents = incidents_of(store.told(kinds, period.since - BEFORE, period.until + AFTER), period)
    calls = store.past([CallRecorded.kind], period.since, period.until)
    report = monthly_report(ground, incidents, tallies_told(calls), period)
    assert report["incidents"] == 13
    assert (report["times"]["close"]["n"], report["times"]["close"]["median_s"]) == (13, 1800)
    assert report["calls"]["came"] == 27
    assert (report["calls"]["answered"], report["calls"]["answer"]["left_out"]["untold"]) == (27, 27)
    assert report["calls"]["by_kind"]["prank"] == 7
    assert report["calls_by_day"]["2024-01-01"] == {"came": 1, "answered": 1, "real": 1}
    assert report["by_kelurahan"] == {"64.72.09.1003": 13}
    day = datetime(2024, 1, 1, tzinfo=UTC).date()
    assert store.counts(day, day.replace(day=31), "month").total.incidents == 13
    assert not store.rebuild().differences


def test_a_refused_row_is_read_again_from_the_quarantine(bring, store, ground, now):
    told = bring(year()).summary()
    (number,) = told.quarantined
    kept = store.refused(number).refusal
    assert kept.reason.startswith("10: WAKTU LAPOR")
    mended = kept.original.replace(b'["8","-"', b'["8","09/01/2024 10:00:00"')
    assert mended != kept.original
    door = Door(store, at_home(discover_feeds().found, ground))
    assert door.retry(number).quarantined == (number,)
    receipt = door.accept(mended, feed="cc112", client="import", received=now)
    assert [item.outcome for item in receipt.items] == ["created"]
    assert not store.live().situation.of("incidents")
    assert bring(year().replace(b"8;-;", b"8;09/01/2024 10:00:00;")).summary().events == 0


def test_only_layers_that_hear_of_everything_could_have_heard_of_history(bring, store):
    bring(year())
    assert set(discover_layers().found) >= {"incidents", "calls", "call_tally", "callers", "sources"}
    live = store.live().situation
    for name in ("incidents", "calls", "call_tally", "callers", "sources"):
        assert not live.of(name)
