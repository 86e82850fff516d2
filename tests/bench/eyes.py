"""Nearest eyes and blind spots with 300 cameras: one question for a point, and a new measure when a camera dies.

CPU time of this process alone, so that a busy machine does not count; medians over many questions.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from immutables import Map

from geodata.ground import load_ground
from layers.blind_spots import draw
from layers.cameras import CameraListed, StreetCamera
from layers.eyes import eyes
from layers.layer import discover_layers
from layers.situation import Situation

COUNT = 300
QUESTIONS = 200
DEATHS = 20
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def city_with(count: int, folder: Path) -> Situation:
    """The demo city's ground with so many cameras spread over it, all of them working."""
    ground, dice = load_ground(folder), np.random.default_rng(112)
    labels = [(area.lon, area.lat) for area in ground.places.areas.values()]
    cameras = {}
    for number in range(count):
        lon, lat = labels[number % len(labels)]
        east, north = dice.normal(0, 0.006, 2)
        id_ = f"CAM-{number:03d}"
        listed = CameraListed(
            camera=id_, name=id_, lon=lon + east, lat=lat + north, azimuth_deg=float(dice.uniform(0, 360))
        )
        cameras[id_] = StreetCamera(id=id_, listed=listed, health="ok", since=NOW, source="bench", mode="demo")
    return Situation(ground=ground, layers=discover_layers().found, things=Map({"cameras": Map(cameras)}))


def cpu_ms(work: Callable[[], object]) -> float:
    """What it costs."""
    began_s = time.process_time()
    work()
    return (time.process_time() - began_s) * 1000


def question_ms(situation: Situation) -> float:
    """The median of asking which cameras see a place."""
    dice, extent = np.random.default_rng(7), situation.ground.city.extent
    places = zip(
        dice.uniform(extent.west, extent.east, QUESTIONS),
        dice.uniform(extent.south, extent.north, QUESTIONS),
        strict=True,
    )
    costs = [cpu_ms(lambda lon=lon, lat=lat: eyes(situation, lon, lat, NOW)) for lon, lat in places]
    return statistics.median(costs)


def with_dead(situation: Situation, id_: str) -> Situation:
    """The same, but that camera is lost."""
    camera = situation.things["cameras"][id_]
    dead = StreetCamera(id=id_, listed=camera.listed, health="lost", since=NOW, source="bench", mode="demo")
    cameras = situation.things["cameras"].set(id_, dead)
    return Situation(ground=situation.ground, layers=situation.layers, things=situation.things.set("cameras", cameras))


def death_ms(situation: Situation) -> float:
    """The median of measuring the blind spots anew after one more camera has died."""
    costs = []
    for number in range(DEATHS):
        situation = with_dead(situation, f"CAM-{number:03d}")
        costs.append(cpu_ms(lambda now=situation: draw(now, NOW, None)))
    return statistics.median(costs)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        situation = city_with(COUNT, Path(folder))
        first = cpu_ms(lambda: draw(situation, NOW, None))
        print(f"| {COUNT} cameras | CPU, ms |\n|---|---|")
        print(f"| which cameras see a place (median of {QUESTIONS}) | {question_ms(situation):.2f} |")
        print(f"| blind spots, the first time | {first:.0f} |")
        print(f"| blind spots, after one more camera died (median of {DEATHS}) | {death_ms(situation):.0f} |")


if __name__ == "__main__":
    main()
