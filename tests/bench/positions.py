"""Positions measured: ten million in blocks, where all units were at any moment, and what sealing costs.

`python -m tests.bench positions` takes about two minutes; `--positions=1000000` is a tenth of it. The blocks are
written straight by the encoder of the product; that the log writes the same is what the tests are for. Two fleets are
made: one whose server sends all places once a second, and phones that each send every ten seconds when they like.
A third of the units move, which is more than in a real city on a bad day.
"""

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from dashboard.serve import collect_seldom
from geodata.city import load_city
from geodata.places import Ground
from layers.event import Event, stable_id
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.store.reading import head_of
from layers.store.sealing import Range, put_range, range_of_tracks
from layers.store.sqlite import SqliteStore, open_store
from layers.store.tracks import newest_at
from layers.store.transaction import Transaction
from layers.tracks import Speaker, Tracks, joined
from layers.unit_facts import UnitRegistered

UNITS = 1_000
START = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
START_US = int(START.timestamp()) * 1_000_000
_M_PER_DEGREE = 111_000.0
ASKED = 200
LOGGED = 30_000


class Nowhere:
    """A ground without places: positions need none."""

    is_approximate = True
    areas = {}  # noqa: RUF012 — nobody writes it


def opened(path: Path) -> SqliteStore:
    return open_store(path, discover_layers().found, Ground(city=load_city("64.72"), places=Nowhere()))


class Fleet:
    """Units on their ways; `minute` is what they say in one."""

    def __init__(self, every_s: int, *, is_one_server: bool) -> None:
        self.chance = np.random.default_rng(112)
        self.every_s, self.is_one_server = every_s, is_one_server
        self.is_moving = self.chance.random(UNITS) < 1 / 3
        self.place_m = self.chance.normal(0, 5_000, (2, UNITS))
        self.heading = self.chance.uniform(0, 2 * np.pi, UNITS)
        self.speed = np.where(self.is_moving, self.chance.uniform(4, 15, UNITS), 0.0)
        self.offset_us = self.chance.integers(0, every_s * 1_000_000, UNITS)
        self.accuracy = np.ceil(self.chance.uniform(3, 12, UNITS))
        feed = "dispatch/traccar" if is_one_server else "phones/osmand"
        self.speakers = tuple(Speaker(f"unit-{n:04}", feed, "live") for n in range(UNITS))

    def minute(self, number: int) -> Tracks:
        """A minute's positions, in the order of arrival."""
        steps = [self._step(number * 60 + at_s) for at_s in range(0, 60, self.every_s)]
        at, seen = (np.concatenate([step[which] for step in steps]) for which in (0, 1))
        measures = np.concatenate([step[2] for step in steps], axis=1)
        order = np.argsort(seen, kind="stable")
        who = np.tile(np.arange(UNITS), len(steps))
        return Tracks(
            speakers=self.speakers,
            who=who[order],
            at=at[order],
            seen=_no_two_at_once(seen[order]),
            measures=measures[:, order],
        )

    def _step(self, second: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        self.heading += self.chance.normal(0, 0.08 * self.every_s**0.5, UNITS) * self.is_moving
        self.speed = np.clip(self.speed + self.chance.normal(0, 0.4, UNITS), 0.5, 20) * self.is_moving
        self.place_m += self.speed * self.every_s * np.array([np.sin(self.heading), np.cos(self.heading)])
        seen_place = self.place_m + self.chance.normal(0, 0.7, (2, UNITS)) * self.is_moving
        sent = START_US + second * 1_000_000 + (0 if self.is_one_server else self.offset_us)
        late_ms = self.chance.integers(60, 400, 1 if self.is_one_server else UNITS)
        at = np.broadcast_to(sent - sent % 1_000_000, UNITS)
        seen = np.broadcast_to(sent - sent % 1_000 + late_ms * 1_000, UNITS)
        return at, seen, self._measures(seen_place)

    def _measures(self, place_m: np.ndarray) -> np.ndarray:
        lon, lat = place_m / _M_PER_DEGREE + np.array([[117.15], [-0.5]])
        heading = np.where(self.is_moving, np.rint(np.degrees(self.heading)) % 360, np.nan)
        jitter = self.chance.integers(0, 2, UNITS) * self.is_moving
        accuracy, battery = self.accuracy + jitter, np.full(UNITS, np.nan)
        speed = np.round(self.speed, 1)
        return np.array([np.round(lon, 6), np.round(lat, 6), heading, speed, accuracy, battery])


def _no_two_at_once(seen: np.ndarray) -> np.ndarray:
    """As the log has it: the last arrival and a microsecond, where the clock has not moved since."""
    numbers = np.arange(len(seen))
    return np.maximum.accumulate(seen - numbers) + numbers


def write(store: SqliteStore, fleet: Fleet, minutes: int) -> tuple[int, float]:
    """Positions and seconds it took to encode and write them; a range holds some sixty of a unit, as the sealer's."""
    with store._reading() as connection:
        cursor = first = head_of(connection)
    spent, sealed = 0.0, 0  # the first range reaches back over all that is no position
    for start in range(0, minutes, fleet.every_s):
        tracks = joined([fleet.minute(number) for number in range(start, min(minutes, start + fleet.every_s))])
        started = time.perf_counter()
        with store._reading() as connection:
            cursors = np.arange(cursor + 1, cursor + len(tracks) + 1)
            found = range_of_tracks(connection, sealed, cursor + len(tracks), tracks, cursors)
        store._writer.submit(partial(_put, found))
        spent += time.perf_counter() - started
        cursor = sealed = cursor + len(tracks)
    return cursor - first, spent


def _put(found: Range, transaction: Transaction) -> None:
    put_range(transaction.connection, found)


def _registered(number: int) -> Event:
    fact = UnitRegistered(unit=f"unit-{number:04}", name=f"Armada {number}", unit_kind="vehicle", agency="damkar")
    at = START - timedelta(minutes=5)
    return Event(id=stable_id("bench", number), at=at, seen=at, source="bench/units", fact=fact)


def used(store: SqliteStore) -> int:
    """Bytes of the file that hold anything."""
    with store._engine.connect() as connection:
        pages, free, size = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


def timed(work, moments) -> tuple[float, float, float]:
    """Median, p99 and longest milliseconds."""
    taken = []
    for moment in moments:
        started = time.perf_counter()
        work(moment)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    return statistics.median(taken), taken[int(len(taken) * 0.99)], taken[-1]


def print_asking(store: SqliteStore, minutes: int) -> None:
    chance = np.random.default_rng(7)
    moments = [START + timedelta(seconds=float(s)) for s in chance.uniform(60, minutes * 60, ASKED)]
    found = store.things("responders", moments[0], "shown")
    if len(found) != UNITS or any(one.position is None for one in found.values()):
        raise SystemExit(f"only {len(found)} units were found")

    def places(moment, sense):
        with store._reading() as connection:
            newest_at(connection, int(moment.timestamp() * 1e6), sense)

    works = {
        "where 1,000 units were, shown": lambda moment: places(moment, "shown"),
        "where 1,000 units were, known": lambda moment: places(moment, "known"),
        "the same as responders, with trail and roster": lambda moment: store.things("responders", moment, "shown"),
        "way of one unit through an hour": lambda moment: store.tracks(
            moment - timedelta(hours=1), moment, {"unit-0007"}
        ),
    }
    for name, work in works.items():
        median, p99, most = timed(work, moments)
        print(f"| {name} | p50 {median:.1f} ms, p99 {p99:.1f} ms, longest {most:.1f} ms |")


def print_fleet(name: str, fleet: Fleet, positions: int, row_bytes: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder) / "fleet.db")
        print_blocks(store, name, fleet, positions, row_bytes)
        store.close()


def print_blocks(store: SqliteStore, name: str, fleet: Fleet, positions: int, row_bytes: float) -> None:
    minutes = max(2, round(positions / (UNITS * 60 / fleet.every_s)))
    store.append([_registered(n) for n in range(UNITS)])
    before = used(store)
    count, spent = write(store, fleet, minutes)
    blocks = used(store) - before
    print(f"| **{name}**, {count:,} positions of {UNITS:,} units in {minutes:,} minutes | |")
    print(f"| blocks, indexes and all | {blocks / 1e6:.1f} MB, **{blocks / count:.2f} bytes a position** |")
    print(f"| beside rows of the log | 1/{row_bytes * count / blocks:.0f} |")
    print(f"| encode and write | {count / spent:,.0f} positions/s |")
    print_asking(store, minutes)


def print_log(folder: Path) -> float:
    """The whole way: appended as events, then sealed while its steps are timed; gives the bytes a row that it freed."""
    store, fleet = opened(folder / "log.db"), Fleet(1, is_one_server=True)
    empty = used(store)
    events = [
        Event(
            id=stable_id("bench", at, who), source="dispatch/traccar", fact=fact,
            at=datetime.fromtimestamp(at / 1e6, UTC), seen=datetime.fromtimestamp(seen / 1e6, UTC),
        )
        for tracks in [fleet.minute(0)]
        for who, at, seen, place in zip(
            tracks.who.tolist(), tracks.at.tolist(), tracks.seen.tolist(), tracks.measures.T.tolist(), strict=True
        )
        for fact in [PositionReported(unit=f"unit-{who:04}", lon=place[0], lat=place[1], speed_mps=place[3])]
    ][:LOGGED]  # fmt: skip
    started = time.perf_counter()
    for start in range(0, len(events), UNITS):
        store.append(events[start : start + UNITS])
    print(
        f"| **the log**: append {len(events):,} as events | {len(events) / (time.perf_counter() - started):,.0f} /s |"
    )
    before = used(store) - empty
    held = []
    submit = store._writer.submit

    def timed_submit(work, **options):
        def timing(transaction):
            began = time.perf_counter()
            result = work(transaction)
            held.append((time.perf_counter() - began) * 1000)
            return result

        return submit(timing, **options)

    store._writer.submit = timed_submit
    started = time.perf_counter()
    while store.seal(START + timedelta(hours=2)):
        pass
    taken = time.perf_counter() - started
    after = used(store) - empty
    held.sort()
    print(f"| seal them | {len(events) / taken:,.0f} /s in {len(held)} steps |")
    p99 = held[int(len(held) * 0.99)]
    longest = f"p50 {statistics.median(held):.1f} ms, p99 {p99:.1f} ms, longest {held[-1]:.1f} ms"
    print(f"| a step holds the writer | {longest} |")
    print(f"| room that it freed | {(before - after) / len(events):.0f} bytes a position |")
    store.close()
    return (before - after) / len(events)


def main() -> None:
    positions = next((int(word[12:]) for word in sys.argv if word.startswith("--positions=")), 10_000_000)
    collect_seldom()  # as the server does; else the longest is a walk of the collector, not of ours
    print("| what | figure |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        row_bytes = print_log(Path(folder))
    print_fleet("one server, once a second", Fleet(1, is_one_server=True), positions, row_bytes)
    print_fleet("phones, every ten seconds", Fleet(10, is_one_server=False), positions // 10, row_bytes)


if __name__ == "__main__":
    main()
