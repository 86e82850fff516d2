"""The briefing over a year: cold, as the first who asks waits; warm, as everybody after; and its report on paper.

    python -m tests.bench briefing [--incidents=22000]

The year is filled as in `history.py`: 60 incidents a day in five steps each. The answer is all that the page gets.
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
WARM = 20
_NEWS = itertools.count()


class Desk:
    """What of the services the briefing asks for, over a log in a folder."""

    def __init__(self, folder, now):
        self.ground, self.mode, self.clock = load_ground(folder), "live", lambda: now
        self.store = open_store(folder / FILE_NAME, past.LAYERS, self.ground)
        self.hub = self
        self.history = History(self.store, self.situation, self.clock)
        self.cache = Cache(Flask("bench"), config={"CACHE_TYPE": "SimpleCache"})
        self._situation = self.store.live().situation

    def situation(self):
        """As the hub has it."""
        return self._situation


def asked_ms(desk, briefing, asked):
    started = time.perf_counter()
    answer = briefing.answer(asked, "id", lambda told: rendered(told, desk.ground, ("id", 1, "night")))
    size = len(orjson.dumps(answer[3:12], default=PlotlyJSONEncoder().default))
    return (time.perf_counter() - started) * 1_000, size


def while_news_comes(desk, briefing, asked):
    """How long a warm answer takes right after an incident with its five steps has come in."""
    key = f"NEWS-{next(_NEWS)}"
    desk.store.append(past.events_of(key, desk.clock(), random.Random(key)))  # noqa: S311 — a benchmark
    return asked_ms(desk, briefing, asked)[0]


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
            cold, size = asked_ms(desk, briefing, Asked(span=span))
            warm = sorted(asked_ms(desk, briefing, Asked(span=span))[0] for _ in range(WARM))
            busy = sorted(while_news_comes(desk, briefing, Asked(span=span)) for _ in range(WARM))
            print(f"| {span}: warm while news comes, median, worst | {busy[WARM // 2]:.1f} ms, {busy[-1]:.1f} ms |")
            print(f"| {span}: cold, warm, figures | {cold:,.0f} ms, {warm[WARM // 2]:.1f} ms, {size / 1e3:,.0f} kB |")
        narrowed, _ = asked_ms(desk, briefing, Asked(span="year", only={"category": "kebakaran"}))
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
