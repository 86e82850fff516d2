"""The briefing over a year: cold, as the first who asks waits; warm, as everybody after; and its report on paper.

    python -m tests.bench briefing [--incidents=22000]

The year is filled as in `history.py`: 60 incidents a day in five steps each. The answer is all that the page gets.
Under news: between two requests an incident with its five steps comes in and half a minute goes by, so that nearly
every answer has expired; it is given at once and counted again behind the reader's back, on the same core.
"""

import itertools
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import history as past
import orjson
from flask import Flask
from flask_caching import Cache
from plotly.utils import PlotlyJSONEncoder

from cctv.archive import ArchiveSettings
from dashboard.briefing import Asked
from dashboard.briefing_desk import BriefingDesk
from dashboard.briefing_shown import rendered
from dashboard.history import History
from dashboard.past import open_past
from dashboard.report_making import Room, make
from dashboard.report_wanted import Wanted
from geodata.ground import load_ground
from layers.store.sqlite import FILE_NAME, open_store

INCIDENTS = 22_000
WARM, NEWS = 100, 100
STEP, PAUSE_S = timedelta(seconds=30), 0.2
_NEWS = itertools.count()


class Desk:
    """What of the services the briefing asks for, over a log in a folder."""

    def __init__(self, folder, now):
        self.ground, self.mode, self.clock = load_ground(folder), "live", Clock(now)
        self.store = open_store(folder / FILE_NAME, past.LAYERS, self.ground)
        self.hub = self
        self.history = History(self.store, self.situation, self.clock)
        self.cache = Cache(Flask("bench"), config={"CACHE_TYPE": "SimpleCache"})
        self._situation = self.store.live().situation

    def situation(self):
        """As the hub has it."""
        return self._situation


class Clock:
    """The time, which goes on when it is told to."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        """What time it is."""
        return self.now


def asked_ms(desk, briefing, asked, lang="id"):
    """How long one request takes, the size of its figures, and how old they are."""
    started = time.perf_counter()
    answer = briefing.answer(asked, lang, lambda told: rendered(told, desk.ground, (lang, 1, "night")))
    size = len(orjson.dumps(answer.shown[3:12], default=PlotlyJSONEncoder().default))
    return (time.perf_counter() - started) * 1_000, size, (desk.clock() - answer.counted_at).total_seconds()


def under_news(desk, briefing, asked):
    """Of each request how long it took, and the greatest age of an answer."""
    took, oldest_s = [], 0.0
    for _ in range(NEWS):
        key = f"NEWS-{next(_NEWS)}"
        desk.store.append(past.events_of(key, desk.clock(), random.Random(key)))  # noqa: S311 — a benchmark
        desk.clock.now += STEP
        ms, _, age_s = asked_ms(desk, briefing, asked)
        took.append(ms)
        oldest_s = max(oldest_s, age_s)
        time.sleep(PAUSE_S)
    return sorted(took), oldest_s


def percentile(ordered, percent):
    """By nearest rank."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def main():
    """Print the table."""
    wished = [word.split("=")[1] for word in sys.argv if word.startswith("--incidents=")]
    count = int(wished[0]) if wished else INCIDENTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        past.A_DAY = max(1, count // 365)
        end = past.fill(folder / FILE_NAME, count, with_events=True)
        desk = Desk(folder, end + timedelta(minutes=1))
        briefing = BriefingDesk(desk)
        for span in ("today", "week", "month", "year"):
            cold, size, _ = asked_ms(desk, briefing, Asked(span=span))
            other, _, _ = asked_ms(desk, briefing, Asked(span=span), "en")
            warm = sorted(asked_ms(desk, briefing, Asked(span=span))[0] for _ in range(WARM))
            news, oldest_s = under_news(desk, briefing, Asked(span=span))
            print(f"| {span}: cold, then in English, figures | {cold:,.0f} ms, {other:,.0f} ms, {size / 1e3:,.0f} kB |")
            print(f"| {span}: warm, p50, p99 | {percentile(warm, 50):.1f} ms, {percentile(warm, 99):.1f} ms |")
            said = f"{percentile(news, 50):.1f} ms, {percentile(news, 99):.1f} ms, {oldest_s:.0f} s"
            print(f"| {span}: under news, p50, p99, oldest | {said} |")
        narrowed, _, _ = asked_ms(desk, briefing, Asked(span="year", only={"category": "kebakaran"}))
        print(f"| year, then one kind of it | {narrowed:,.0f} ms |")
        stills = open_past(ArchiveSettings(), folder)
        room = Room(ground=desk.ground, store=desk.store, history=desk.history, past=stills,
                    clock=desk.clock, mode="live")  # fmt: skip
        for kind in ("day", "month"):
            started = time.perf_counter()
            made = make(room, Wanted(kind=kind), lambda _done, _step: None)
            print(f"| report of a {kind} | {time.perf_counter() - started:.2f} s, {len(made.data) / 1e3:,.0f} kB |")
        desk.store.close()


if __name__ == "__main__":
    main()
