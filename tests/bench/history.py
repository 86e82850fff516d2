"""The past measured: incidents as of a moment among 2.5 million versions, a delta of 200 events, a start after a year.

The versions are put into the tables in bulk, with the spans that the log would have given them: 137 incidents a day in
five steps, each forgotten two days after the last. Their bodies are those of 200 incidents that were folded, under
other ids. The year is 50,000 such incidents with their events, and 30 cameras; positions are in `positions.py`.

    python -m tests.bench history [--incidents=500000]
"""

import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pysqlite3 import dbapi2

from dashboard.picture import first_picture, next_picture, told
from dashboard.serve import collect_seldom
from geodata.ground import load_ground
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import codec_for, discover_layers
from layers.situation import after_all
from layers.store.rows import micros
from layers.store.sqlite import FILE_NAME, open_store
from layers.store.versions import _INSERT, _INSERT_SPAN, OPEN, _box

INCIDENTS, A_YEAR = 500_000, 50_000
A_DAY = 137
STEPS = (("diteruskan", 60), ("menuju_lokasi", 240), ("di_lokasi", 900), ("selesai", 3_600))
ASKED, DELTA, TEMPLATES, CHUNK = 1_000, 200, 200, 20_000
REMEMBERED = timedelta(hours=48)
LAYERS = discover_layers().found
CODEC = codec_for(LAYERS)
START = datetime(2016, 11, 22, tzinfo=UTC)


def events_of(key, at, chance):
    """One incident: its report and four steps."""
    report = Report(category="kebakaran", reported_at=at, lon=117.1 + chance.random() / 10,
                    lat=-0.55 + chance.random() / 10, priority=chance.randint(1, 4))  # fmt: skip
    facts = [(at, IncidentReported(incident=key, report=report))]
    for status, after_s in STEPS:
        reached = at + timedelta(seconds=after_s)
        fact = IncidentStatusChanged(incident=key, status=status, agency="damkar", reached_at=reached)
        facts.append((reached, fact))
    return [
        Event(id=f"{key}-{number}", at=when, seen=when, source="cad/incidents", fact=fact)
        for number, (when, fact) in enumerate(facts)
    ]


def templates():
    """(what was stored of each state, of each event) for some incidents named TEMPLATE."""
    chance, found = random.Random(112), []  # noqa: S311 — a benchmark
    for _ in range(TEMPLATES):
        things, states, events = {}, [], events_of("TEMPLATE", START, chance)
        for event in events:
            things = things | dict(LAYERS["incidents"].fold(things, event))
            states.append(CODEC.dump(things["TEMPLATE"]))
        found.append((states, [(event.fact.kind, CODEC.dump(event.fact)) for event in events]))
    return found


def fill(path, incidents, *, with_events):
    """A log of so many incidents, written in bulk; gives its end."""
    open_store(path, LAYERS, load_ground(path.parent)).close()
    log = dbapi2.connect(str(path))
    for pragma in ("synchronous = OFF", "cache_size = -300000", "journal_size_limit = 0"):
        log.execute(f"PRAGMA {pragma}")
    known, every_us = templates(), 86_400_000_000 // A_DAY
    steps_us = [0, *(after_s * 1_000_000 for _, after_s in STEPS)]
    gone_us = steps_us[-1] + micros(datetime(1970, 1, 1, tzinfo=UTC) + REMEMBERED)
    number = 0
    for begin in range(0, incidents, CHUNK):
        versions, boxes, events = [], [], []
        for one in range(begin, min(incidents, begin + CHUNK)):
            at, key, (states, said) = micros(START) + one * every_us, f"INC-{one:07}", known[one % TEMPLATES]
            name = key.encode()
            for state, start_us, end_us in zip(states, steps_us, [*steps_us[1:], gone_us], strict=True):
                number += 1
                span = (at + start_us, at + end_us)
                versions.append(("incidents", key, *span, *span, state.replace(b"TEMPLATE", name)))
                boxes.append((number, *_box(*span), *_box(*span)))
            for step, (kind, body) in enumerate(said if with_events else ()):
                when = at + steps_us[step]
                events.append((when, f"{key}-{step}", kind, body.replace(b"TEMPLATE", name), key))
        with log:
            log.executemany(_INSERT, versions)
            log.executemany(_INSERT_SPAN, boxes)
            log.executemany(
                "INSERT INTO event (at, seen, id, kind, body, subject, source, mode) "
                "VALUES (?1, ?1 + random() % 400 + 400, ?2, ?3, ?4, ?5, 'cad/incidents', 'live')",
                sorted(events),
            )
    log.close()
    return START + timedelta(microseconds=incidents * every_us)


def percentiles(taken_s):
    """Median and 99th percentile in milliseconds."""
    taken = sorted(taken_s)
    return taken[len(taken) // 2] * 1_000, taken[int(len(taken) * 0.99)] * 1_000


def timed(work, times):
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return taken


def print_as_of(folder, incidents):
    """Incidents of random moments, in both senses; nothing of the answer is kept between two questions."""
    path = folder / FILE_NAME
    started = time.perf_counter()
    end = fill(path, incidents, with_events=False)
    filled_s = time.perf_counter() - started
    store, chance = open_store(path, LAYERS, load_ground(folder)), random.Random(7)  # noqa: S311 — a benchmark
    for sense in ("shown", "known"):
        found = []

        def ask(sense=sense, found=found):
            moment = START + (end - START) * (0.01 + 0.98 * chance.random())
            found.append(len(store.things("incidents", moment, sense)))

        median, p99 = percentiles(timed(ask, ASKED))
        here = sum(found) / len(found)
        what = f"{here:.0f} incidents as of t, {sense}, among {incidents * 5:,} versions"
        print(f"| {what} | {median:.1f} ms, p99 {p99:.1f} ms |")
    store.close()
    size_mb = path.stat().st_size / 1e6
    print(f"| the same on the disk | {size_mb:,.0f} MB, written in {filled_s:.0f} s |")
    path.unlink()


def print_delta(folder):
    """200 events: read from the log, folded, drawn for a wall, encoded as a delta; 400 incidents stand on the map."""
    store, chance = open_store(folder / "delta.db", LAYERS, load_ground(folder)), random.Random(3)  # noqa: S311 — a benchmark
    at = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
    standing = [events_of(f"INC-{n}", at, chance)[:3] for n in range(400)]
    store.append(sorted((event for events in standing for event in events[:2]), key=lambda event: event.at))
    before = store.live().situation
    picture = first_picture(before, LAYERS, "wall", "bench", at)
    store.append([events[2] for events in standing[:DELTA]])

    def delta():
        events = store.since(before.cursor, DELTA).events
        situation, touched = after_all(before, events)
        after = next_picture(picture, situation, LAYERS, touched, at)
        return told(after, LAYERS, (before.cursor, ""), at)

    events = store.since(before.cursor, DELTA).events
    situation, touched = after_all(before, events)
    drawn = next_picture(picture, situation, LAYERS, touched, at)
    for what, work, times in (
        ("since()", lambda: store.since(before.cursor, DELTA), 200),
        (
            "the delta of the picture that leads a wall over them",
            lambda: told(drawn, LAYERS, (before.cursor, ""), at),
            200,
        ),
        ("both, and folded and drawn in between, as the hub does once for all walls", delta, 40),
    ):
        median, p99 = percentiles(timed(work, times))
        print(f"| {DELTA} events: {what} | {median:.1f} ms, p99 {p99:.1f} ms |")
    store.close()


def print_start(folder, incidents):
    """A log that was closed after a year, opened again, until its situation is there."""
    path = folder / "year.db"
    fill(path, incidents, with_events=True)
    log = dbapi2.connect(str(path))
    head = log.execute("SELECT max(cursor) FROM event").fetchone()[0]
    with log:  # what the projection of the last two days holds
        log.execute(
            "INSERT OR REPLACE INTO thing SELECT layer, key, ?, body FROM version WHERE at_to > "
            "(SELECT max(at) FROM event)", (head,)
        )  # fmt: skip
        log.execute("UPDATE version SET at_to = ?1, seen_to = ?1 WHERE at_to > (SELECT max(at) FROM event)", (OPEN,))
    log.close()

    def start():
        store = open_store(path, LAYERS, load_ground(folder))
        found = len(store.live().situation.of("incidents"))
        store.close()
        return found

    found = start()
    median, p99 = percentiles(timed(start, 9))
    what = f"open_store and live() after a year of {head:,} events, {found} incidents"
    print(f"| {what} | {median:.0f} ms, at most {p99:.0f} ms |")


def main():
    said = next((word.partition("=")[2] for word in sys.argv if word.startswith("--incidents=")), None)
    incidents = int(said or INCIDENTS)
    collect_seldom()  # as the server does; else the longest is a walk of the collector, not of ours
    print("| what | figure |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        print_as_of(Path(folder), incidents)
        print_delta(Path(folder))
        print_start(Path(folder), min(A_YEAR, incidents))


if __name__ == "__main__":
    main()
