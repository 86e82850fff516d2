"""A log that is always the same, and the scenes that the director makes of it.

Half an hour of a city: reports of every gravity, answered late or soon, two reports of one thing, a place that is not
known, a critical incident of which somebody takes note, a hand at the wall, a scene sent from the desk.
`python -m tests.dashboard.director_log` writes the list anew, where the rules of the director are meant to change.
"""

import random
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from dashboard.director import direct
from dashboard.director_facts import facts_of
from dashboard.director_run import decided
from dashboard.director_settings import DirectorSettings
from geodata.ground import load_ground
from geodata.places import Ground
from layers.cameras import CameraListed
from layers.event import Event, Fact, stable_id
from layers.incident_facts import Status
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.lifelines import LifelineReported
from layers.scenes import SceneAsked, SceneShown, WallScene
from layers.situation import Situation, after_all

BEGIN = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
LENGTH_S, LOOK_S = 1800, 2
GOLDEN = Path(__file__).with_name("director_scenes.json")
WALL = "utama"
_STEPS: tuple[Status, ...] = ("diteruskan", "diterima_opd", "menuju_lokasi", "di_lokasi", "tertangani", "selesai")
_KINDS = ("kebakaran", "banjir", "kecelakaan", "darurat_medis", "pohon_tumbang")


def events() -> list[Event]:
    """In the order in which they were heard."""
    told = [*_standing(), *_incidents(), *_asked()]
    return [_event(fact, at, number) for number, (at, fact) in enumerate(sorted(told, key=lambda one: one[0]))]


def _event(fact: Fact, at: datetime, number: int) -> Event:
    source = "desk/budi" if isinstance(fact, SceneAsked) else "cad/incidents"
    return Event(id=stable_id("golden", number), at=at, seen=at, source=source, fact=fact)


def _standing() -> Iterator[tuple[datetime, Fact]]:
    yield BEGIN, CameraListed(camera="CAM-1", name="Jembatan", lon=117.15, lat=-0.5)
    yield BEGIN, LifelineReported(lifeline="pln/64.72", provider="PLN", area="64.72", state="normal")


def _incidents() -> Iterator[tuple[datetime, Fact]]:
    chance, at_s = random.Random(112), 100.0  # noqa: S311 — the same every time, for no secret
    for number in range(8):
        at = BEGIN + timedelta(seconds=round(at_s))
        yield from _incident(f"INC-{number}", at, chance)
        at_s += chance.uniform(30, 260)


def _incident(key: str, at: datetime, chance: random.Random) -> Iterator[tuple[datetime, Fact]]:
    has_place = chance.random() < 0.85
    report = Report(
        category=chance.choice(_KINDS),
        reported_at=at,
        priority=chance.choice((1, 2, 2, 3, 4)),
        lon=round(117.12 + 0.06 * chance.random(), 5) if has_place else None,
        lat=round(-0.52 + 0.05 * chance.random(), 5) if has_place else None,
    )
    yield at, IncidentReported(incident=key, report=report)
    if chance.random() < 0.3:
        again = Report(
            category=report.category, reported_at=at, priority=report.priority, lon=report.lon, lat=report.lat
        )
        yield at + timedelta(seconds=40), IncidentReported(incident=f"{key}-B", report=again)
    for status in _STEPS[: chance.randint(1, len(_STEPS))]:
        at += timedelta(seconds=chance.randint(40, 400))
        yield at, IncidentStatusChanged(incident=key, status=status, reached_at=at)


def _asked() -> Iterator[tuple[datetime, Fact]]:
    for after_s, ask in (
        (1200, SceneAsked(wall=WALL, deed="lock", is_hand=True)),
        (1371, SceneAsked(wall=WALL, deed="acknowledge")),
        (1500, SceneAsked(wall=WALL, deed="send", scene="lifelines", until=BEGIN + timedelta(seconds=1620))),
        (1561, SceneAsked(wall=WALL, deed="release")),
    ):
        yield BEGIN + timedelta(seconds=after_s), ask


def decisions(ground: Ground, log: list[Event], rules: DirectorSettings | None = None) -> list[SceneShown]:
    """What the director decides while it hears this log, as the runner makes it, with its own words in the log too."""
    known, waiting, found = Situation(ground=ground, layers=discover_layers().found), list(log), []
    shown: SceneShown | None = None
    for second in range(0, LENGTH_S, LOOK_S):
        now = BEGIN + timedelta(seconds=second)
        heard = [waiting.pop(0) for _ in range(len(waiting)) if waiting[0].seen <= now]
        known, _ = after_all(known, enumerate(heard, known.cursor + 1))
        scene: WallScene = known.of("scenes").get(WALL) or WallScene(id=WALL)
        rules = rules or DirectorSettings()
        after = direct(WALL, facts_of(known, now, rules), shown, scene.asked, now, rules)
        if after != shown:
            found.append(after)
            known, _ = after_all(known, [(known.cursor + 1, decided(after, now, "live"))])
        shown = after
    return found


def told(found: list[SceneShown]) -> list[dict[str, Any]]:
    """As the golden file has it."""
    said: list[dict[str, Any]] = orjson.loads(orjson.dumps([asdict(one) for one in found]))
    return said


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = told(decisions(load_ground(Path(folder)), events()))
    GOLDEN.write_bytes(b"[\n" + b",\n".join(map(orjson.dumps, made)) + b"\n]\n")
