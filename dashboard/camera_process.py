"""The camera process: all cameras of the city, their pictures to shelf and archive, their health to the log.

`python -m dashboard.camera_process --data DIR`, started by the supervisor. It knows neither Dash nor Flask: it
starts fast and stays small. It ends on SIGTERM, or when the process that started it is gone.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import Any

import click
import structlog
from shapely.geometry.base import BaseGeometry

from cctv.conductor import Conductor
from cctv.fleet import Fleet, Listener
from cctv.heap import keep_heap_small
from cctv.pace import Tempo
from dashboard.archive_watch import Watch
from dashboard.camera_archive import archive_for
from dashboard.camera_log import CameraLog
from dashboard.config import CameraSettings, guard_of, load_settings
from dashboard.logs import log_as_json
from dashboard.options import config_option, data_option, mode_option
from dashboard.supervisor import WRONG_SETTINGS
from geodata.city import code_in_use, load_city
from geodata.errors import BadInput
from geodata.obstacles import load_obstacles
from geodata.places import Ground, Kelurahan
from layers.event import Mode
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.sqlite import open_store
from layers.store.store import Store

_LOG = structlog.get_logger()
_LOOK_S = 1.0
_END_S = 3.0
_HUNG_LOOKS = 30
_HUNG = 70


class Unsurveyed:
    """Places nobody asks for: this process appends to the log and draws nothing.

    The real ones would double its memory.
    """

    areas: Mapping[str, Kelurahan] = MappingProxyType({})
    is_approximate = True

    def kelurahan_at(self, _lon: float, _lat: float) -> str | None:
        """No place."""
        return None

    def kelurahan_at_many(self, lons: Sequence[float], _lats: Sequence[float]) -> list[str | None]:
        """No places."""
        return [None] * len(lons)

    def shares_within(self, _shape: BaseGeometry) -> Mapping[str, float]:
        """Nothing."""
        return {}

    def boundaries_geojson(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def labels_geojson(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def river_geojson(self) -> dict[str, Any]:
        """Nothing."""
        return {}


def watch_parent(stopping: threading.Event, parent_pid: int) -> None:
    """Set `stopping` once the process that started us is gone."""
    while not stopping.wait(_LOOK_S):
        if os.getppid() != parent_pid:
            stopping.set()


def end_hard() -> None:
    """End without asking anybody, so that the supervisor starts us anew."""
    sys.stderr.flush()
    os._exit(_HUNG)


def watch_turns(
    turns: Callable[[], int], ended: threading.Event, *, look_s: float = _LOOK_S, end: Callable[[], None] = end_hard
) -> None:
    """Until `ended`: once `turns` stands still for half a minute, `end` it all.

    It counts its own looks, not the time: a machine that slept, or a process that was halted, is not hung.
    """
    before, same = turns(), 0
    while not ended.wait(look_s):
        now = turns()
        same = same + 1 if now == before else 0
        before = now
        if same >= _HUNG_LOOKS:
            _LOG.error("cameras_hung", turns=now)
            end()
            return


def tempo_of(settings: CameraSettings) -> Tempo:
    """How often the city wants pictures."""
    return Tempo(period_s=settings.period_s, near_period_s=settings.near_period_s, most_stretch=settings.most_stretch)


def run_cameras(data_dir: Path, stopping: threading.Event, config_file: Path | None, mode: Mode | None) -> None:
    """Run until `stopping` is set. Raises BadInput when the settings are wrong."""
    settings = load_settings(data_dir, config_file)
    layers = discover_layers().found
    city = load_city(settings.city.code or code_in_use(data_dir), data_dir / "cities")
    ground = Ground(city=city, places=Unsurveyed(), obstacles=load_obstacles(data_dir))

    def open_log() -> Store:
        return open_store(data_dir / LOG_FILE, layers, ground)

    mode = mode or settings.mode
    log = CameraLog(open_log, mode)
    watch = Watch(open_log, settings.archive)
    archive = archive_for(settings.archive, data_dir, watch)
    listener = Listener(health=log.health, listed=log.listed, judged=log.judged)
    fleet = Fleet(
        data_dir,
        listener,
        conductor=Conductor(tempo_of(settings.cameras), lambda: watch.near),
        is_live=mode == "live",
        visitor_delay_s=settings.cameras.visitor_delay_s,
        guard=guard_of(settings),
    )
    writing = threading.Thread(target=log.run, args=(stopping,), name="camera log")
    keeping = threading.Thread(target=archive.run, args=(stopping,), name="camera archive", daemon=True)
    threading.Thread(target=watch.follow, args=(stopping,), name="incident watch", daemon=True).start()
    ended = threading.Event()
    threading.Thread(target=watch_turns, args=(lambda: fleet.turns, ended), name="watchdog", daemon=True).start()
    writing.start()
    keeping.start()
    _LOG.info("cameras_started", pid=os.getpid())
    try:
        fleet.run(stopping)
    finally:
        stopping.set()
        writing.join(_END_S)
        keeping.join(_END_S)
        ended.set()


def _stop_on_signal(stopping: threading.Event) -> None:
    def order(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, order)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@data_option
@config_option
@mode_option
def main(data_dir: Path, config_file: Path | None, mode: Mode | None) -> None:
    """Watch the cameras of the city kept in DIR; started by `layar serve`."""
    parent_pid = os.getppid()
    log_as_json()
    keep_heap_small()
    stopping = threading.Event()
    _stop_on_signal(stopping)
    threading.Thread(target=watch_parent, args=(stopping, parent_pid), name="parent", daemon=True).start()
    try:
        run_cameras(data_dir, stopping, config_file, mode)
    except BadInput as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_SETTINGS)
    sys.stderr.flush()
    os._exit(0)  # a thread may still be inside FFmpeg, which does not like to be torn down under it


if __name__ == "__main__":
    main()
