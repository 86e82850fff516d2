"""For `GET /metrics`: the parts of the health page, processes, feeds, backups, reports, walls and their director."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import get_args

from flask import Flask
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from dashboard.health_part import Seen
from dashboard.health_parts import parts
from dashboard.health_routes import look
from dashboard.report_desk import EXTENSION, ReportDesk, State
from dashboard.services import Services
from dashboard.walls import walls_of
from geodata.errors import StoreUnavailable


class Installation:
    """A collector of prometheus_client: looks when it is asked."""

    def __init__(self, server: Flask, services: Services, data_dir: Path) -> None:
        self._server = server
        self._services = services
        self._data_dir = data_dir

    def collect(self) -> Iterator[Metric]:
        """Every value there is just now."""
        seen = look(self._services, self._data_dir)
        yield _of_parts(seen)
        yield from _of_processes(seen)
        yield from _of_machine(seen)
        yield from _of_feeds(seen)
        yield from _of_backups(seen)
        yield from self._of_reports()
        yield from self._of_walls(seen.now)

    def _of_reports(self) -> Iterator[Metric]:
        desk: ReportDesk | None = self._server.extensions.get(EXTENSION)
        if desk is not None:
            states = [job.state for job in desk.jobs()]
            found = GaugeMetricFamily("layar_reports", "Reports asked for, by state", labels=["state"])
            for state in get_args(State):
                found.add_metric([state], states.count(state))
            yield found

    def _of_walls(self, now: datetime) -> Iterator[Metric]:
        services = self._services
        beats = GaugeMetricFamily(
            "layar_screen_silent_seconds", "Since a wall's screen last said it lives", labels=["wall", "screen"]
        )
        walls = walls_of(services.settings.walls)
        for wall in walls:
            for screen in wall.screens:
                beat = services.beats.newest(wall.name, screen.name)
                if beat is not None:
                    beats.add_metric([wall.name, screen.name], (now - beat.at).total_seconds())
        yield beats
        yield self._of_scenes(now)
        made = CounterMetricFamily("layar_director_decisions", "Decisions of the director", labels=["wall"])
        for name, count in services.director.decisions.items():
            made.add_metric([name], count)
        yield made

    def _of_scenes(self, now: datetime) -> Metric:
        found = GaugeMetricFamily("layar_scene_seconds", "How long a wall shows its scene", labels=["wall"])
        with suppress(StoreUnavailable):
            for scene in self._services.hub.situation().of("scenes").values():
                if scene.shown is not None:
                    found.add_metric([scene.id], (now - scene.shown.since).total_seconds())
        return found


def _of_parts(seen: Seen) -> Metric:
    """As one word of each part: an alarm needs no table of numbers."""
    found = GaugeMetricFamily("layar_part", "1 for the state a part of /health is in", labels=["part", "state"])
    for part in parts(seen):
        found.add_metric([part.key, part.mood], 1)
    return found


def _of_processes(seen: Seen) -> Iterator[Metric]:
    up = GaugeMetricFamily("layar_process_up", "Whether a process runs", labels=["process"])
    deaths = CounterMetricFamily("layar_process_deaths", "Its deaths since the service began", labels=["process"])
    memory = GaugeMetricFamily("layar_process_memory_bytes", "Its memory", labels=["process"])
    for state in seen.processes or ():
        up.add_metric([state.name], float(state.pid is not None))
        deaths.add_metric([state.name], state.deaths)
        used = seen.machine.memory_of.get(state.pid or 0)
        if used is not None:
            memory.add_metric([state.name], used)
    yield from (up, deaths, memory)


def _of_machine(seen: Seen) -> Iterator[Metric]:
    machine = seen.machine
    yield from _known("layar_memory_free_bytes", "Memory that programs may still have", machine.memory_free_bytes)
    yield from _known("layar_load_per_core", "Mean load of five minutes", machine.load_per_core)
    yield from _known("layar_disk_bytes", "Size of the disk of the city's folder", machine.disk_bytes)


def _of_feeds(seen: Seen) -> Iterator[Metric]:
    silent = GaugeMetricFamily("layar_feed_silent_seconds", "Since a feed last answered well", labels=["feed"])
    for line in seen.signs.lines.lines if seen.signs.lines else ():
        silent.add_metric([line.name], (seen.now - (line.well_at or line.since)).total_seconds())
    yield silent


def _of_backups(seen: Seen) -> Iterator[Metric]:
    backups = seen.signs.backups
    if backups is not None:
        age_s = None if backups.made_at is None else (seen.now - backups.made_at).total_seconds()
        yield from _known("layar_backup_age_seconds", "Since the newest backup by the clock", age_s)
        yield from _known("layar_backup_failing", "Whether the last one failed", float(backups.failed_at is not None))


def _known(name: str, help_: str, value: float | None) -> Iterator[Metric]:
    if value is not None:
        yield GaugeMetricFamily(name, help_, value=value)
