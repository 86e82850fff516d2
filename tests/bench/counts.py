"""Counts per kelurahan of a month and of three years, beside the same by folding; `--per-day=456` incidents a day.

The newest month is told to the log event by event. The years before are laid into its counts as the log would have
them, so that the bench takes a minute and not an hour: summing them up is the same work.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pysqlite3 import dbapi2

from geodata.ground import load_ground
from geodata.places import Ground
from layers.event import Event, stable_id
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.intervals import grouped
from layers.layer import discover_layers
from layers.monthly import Period, incidents_of, month_of
from layers.store.rollup import SUMS
from layers.store.sqlite import FILE_NAME, SqliteStore, open_store

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
MONTH = (date(2026, 12, 1), LAST)
PER_DAY = 456
STEPS = ("diteruskan", "menuju_lokasi", "di_lokasi", "selesai")
ASKED = 20
MONTH_LIMIT_MS, YEARS_LIMIT_MS = 20.0, 500.0


def per_day() -> int:
    """From the command line."""
    said = [word.partition("=")[2] for word in sys.argv if word.startswith("--per-day=")]
    return int(said[0]) if said else PER_DAY


def tell_month(store: SqliteStore, ground: Ground, count: int, chance: random.Random) -> None:
    """Five events of every incident of the newest month."""
    midnight = datetime(MONTH[0].year, MONTH[0].month, MONTH[0].day, tzinfo=ground.city.zone).astimezone(UTC)
    for day in range((MONTH[1] - MONTH[0]).days + 1):
        events: list[Event] = []
        for number in range(count):
            at = midnight + timedelta(days=day, seconds=number * 86_000 / count)
            events += events_of(f"INC-{day}-{number}", at, ground, chance)
        store.append(sorted(events, key=lambda event: event.at))


def events_of(incident: str, at: datetime, ground: Ground, chance: random.Random) -> list[Event]:
    """Its report and four steps."""
    area = chance.choice(list(ground.places.areas.values()))
    category = chance.choice(ground.city.categories).id
    report = Report(category=category, reported_at=at, lon=area.lon, lat=area.lat)
    said = [(at, IncidentReported(incident=incident, report=report))]
    for number, status in enumerate(STEPS, 1):
        later = at + timedelta(seconds=60 * number)
        said.append((later, IncidentStatusChanged(incident=incident, status=status, reached_at=later)))
    return [
        Event(id=stable_id(incident, n), at=t, seen=t, source="bench", fact=fact) for n, (t, fact) in enumerate(said)
    ]


def lay_years(path: Path, ground: Ground, count: int, chance: random.Random) -> int:
    """The years before the month, as rows of the counts; gives how many incidents."""
    rows, areas, categories = [], list(ground.places.areas), ground.city.categories
    for day in range((MONTH[0] - FIRST).days):
        said = FIRST + timedelta(days=day)
        number = said.year * 10_000 + said.month * 100 + said.day
        for one in range(count):
            category = chance.choice(categories)
            ending = chance.choice(("", "", "", "", "", "", "", "batal", "laporan_palsu"))
            where = (chance.choice(areas), category.id, category.service_class, ending)
            rows.append((f"OLD-{day}-{one}", "live", number, *where))
    columns = "mode, day, kelurahan, category, service, ending"
    with closing(dbapi2.connect(path)) as log, log:
        log.executemany(f"INSERT INTO counted (incident, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608
        for table, summed in SUMS.items():
            log.execute(f"DELETE FROM {table}")  # noqa: S608 — our names
            log.execute(f"INSERT INTO {table} {summed}")
    return len(rows)


def timed_ms(work: Callable[[], object], times: int = ASKED) -> tuple[float, float]:
    """Median and worst."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), max(took)


def fold_month(store: SqliteStore, ground: Ground) -> dict[str, int]:
    """The same without the counts: every event of the month read and folded."""
    whole = month_of(ground.city, MONTH[0].year, MONTH[0].month)
    period = Period(since=whole.since, until=whole.until)
    events = store.told(
        ("incident_reported", "incident_status_changed"), period.since, period.until + timedelta(days=3)
    )
    return {name: len(some) for name, some in grouped(incidents_of(events, period), "kelurahan", ground).items()}


def measure(store: SqliteStore, ground: Ground) -> bool:
    """Print the table; whether both limits hold."""
    month = timed_ms(lambda: store.counts(*MONTH, "kelurahan"))
    years = timed_ms(lambda: store.counts(FIRST, LAST, "kelurahan"))
    print("| what | median | worst |\n|---|---|---|")
    print(f"| a month per kelurahan | {month[0]:.1f} ms | {month[1]:.1f} ms |")
    print(f"| three years per kelurahan | {years[0]:.0f} ms | {years[1]:.0f} ms |")
    for by in ("category", "day", "month"):
        other = timed_ms(lambda by=by: store.counts(FIRST, LAST, by), 5)
        print(f"| three years per {by} | {other[0]:.0f} ms | {other[1]:.0f} ms |")
    folded = timed_ms(lambda: fold_month(store, ground), 2)
    print(f"| the month by folding its events | {folded[0]:.0f} ms | {folded[1]:.0f} ms |")
    groups = store.counts(*MONTH, "kelurahan").groups
    if fold_month(store, ground) != {name: one.incidents + one.other for name, one in groups.items()}:
        sys.exit("the counts are not what folding gives")
    return month[0] < MONTH_LIMIT_MS and years[0] < YEARS_LIMIT_MS


def main() -> None:
    """Fill a log, ask, print; ends in failure when a median is above its limit."""
    chance, count = random.Random(112), per_day()  # noqa: S311 — a bench
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ground = load_ground(folder)
        with closing(open_store(folder / FILE_NAME, discover_layers().found, ground)) as store:
            tell_month(store, ground, count, chance)
            laid = lay_years(folder / FILE_NAME, ground, count, chance)
            print(f"{laid + count * 31:,} incidents, {count} a day\n")
            if not measure(store, ground):
                sys.exit(f"more than {MONTH_LIMIT_MS:.0f} or {YEARS_LIMIT_MS:.0f} ms")


if __name__ == "__main__":
    main()
