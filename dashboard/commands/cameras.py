"""`layar cameras …`: the city's cameras, before and besides the screens."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from cctv.camera import Camera, discover_sources
from cctv.faults import Broken, fault_of, sentence
from cctv.fleet import reach_for, source_for
from cctv.inventory import Reading, import_cameras, load_cameras
from cctv.listing import csv_of, geojson_of
from cctv.onvif_aside import discover
from cctv.onvif_words import GROUP, PORT
from cctv.rungs import REASONS, RUNGS
from cctv.secrets import credentials_for, load_secrets
from cctv.shelf import Shelf
from cctv.trial import Trial, try_once
from cctv.truth_aim import FOLDER as AIM_FOLDER
from cctv.truth_aim import AimBook
from cctv.wire import resolve
from dashboard.audit import Audit, operator
from dashboard.config import guard_of, load_settings
from dashboard.options import data_option
from geodata.clock import utc_now
from geodata.errors import CameraLost, NotFound
from geodata.ground import load_ground
from geodata.places import place_or_none

_MOST_SHOWN = 50
_LOOKUP_S = 3.0
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


@click.group()
def cameras() -> None:
    """The street cameras of this city."""


@cameras.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--add", is_flag=True, help="Keep the cameras that FILE does not name; without it FILE is the whole list."
)
@data_option
def import_(file: Path, add: bool, data_dir: Path) -> None:  # noqa: FBT001 — click's way
    """Take the cameras in FILE (CSV or GeoJSON). Wrong lines are named and left out, right ones are taken."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    guard = guard_of(load_settings(data_dir))
    reading = import_cameras(file.read_bytes(), data_dir, discover_sources().found, is_addition=add, guard=guard)
    _note(data_dir, "camera.import", "add" if add else "whole", taken=len(reading.cameras))
    for refused in reading.refused[:_MOST_SHOWN]:
        click.echo(f"refused {refused}", err=True)
    if len(reading.refused) > _MOST_SHOWN:
        click.echo(f"… and {len(reading.refused) - _MOST_SHOWN} more", err=True)
    for line in _summary(reading, data_dir):
        click.echo(line)


def _summary(reading: Reading, data_dir: Path) -> Iterator[str]:
    yield f"{len(reading.cameras)} cameras taken, {len({one.where for one in reading.refused})} lines refused"
    if reading.credentials:
        yield f"{len(reading.credentials)} passwords moved to camera-secrets.toml; delete them from your own file"
    if reading.forgotten:
        yield f"passwords forgotten, listed no more or at another host: {', '.join(reading.forgotten[:_MOST_SHOWN])}"
    undirected = sum(camera.azimuth_deg is None for camera in reading.cameras)
    if undirected:
        yield f"{undirected} without a direction: they get no cone on the map until the column azimuth says it"
    city = load_ground(data_dir, load_settings(data_dir).city.code).city
    outside = [camera.id for camera in reading.cameras if place_or_none(city, camera.lon, camera.lat) is None]
    if outside:
        yield f"outside {city.name}, so not on the map: {', '.join(outside[:_MOST_SHOWN])}"


def _note(data_dir: Path, action: str, target: str, **details: int) -> None:
    Audit(data_dir, is_logged=False).note(operator(), action, target, **details)


@cameras.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def export(file: Path, data_dir: Path) -> None:
    """Write the list of cameras to FILE (.csv or .geojson), without passwords; `import` reads it back."""
    listed = load_cameras(data_dir)
    if not listed:
        raise NotFound("no cameras are listed yet: layar cameras import FILE")
    write = geojson_of if file.suffix.lower() in {".geojson", ".json"} else csv_of
    file.write_text(write(listed), "utf-8", newline="")
    _note(data_dir, "camera.export", file.suffix, cameras=len(listed))
    click.echo(f"{len(listed)} cameras written to {file}; passwords stay in camera-secrets.toml")


@cameras.command("discover")
@click.option("--host", default=None, help="Ask this host alone, not the whole network.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65_535), help="UDP port of discovery.")
@data_option
def discover_(host: str | None, port: int, data_dir: Path) -> None:
    """Look for ONVIF cameras on the network for four seconds."""
    guard = guard_of(load_settings(data_dir))
    _note(data_dir, "camera.discover", host or "network")
    try:
        place = (resolve(host, port, _LOOKUP_S, guard), port) if host else (GROUP, PORT)
        found = discover(guard, place)
    except (OSError, Broken) as error:
        raise CameraLost(sentence(error.fault if isinstance(error, Broken) else fault_of(error)).en) from None
    for one in found:
        about = "  ".join(word for word in (one.name, one.hardware, one.location) if word)
        click.echo(f"{one.host:<15}  port {one.port:<5}  {about}")
    click.echo(f"{len(found)} cameras answered. Their streams: /operate/cameras, or the camera's own page")


@cameras.command("list")
@data_option
def list_(data_dir: Path) -> None:
    """Every camera with the age of its newest picture."""
    listed, shelf, now = load_cameras(data_dir), Shelf(data_dir / "shelf"), utc_now()
    if not listed:
        raise NotFound("no cameras are listed yet: layar cameras import FILE")
    secrets = load_secrets(data_dir)
    width = max(len(camera.id) for camera in listed)
    for camera in listed:
        key = "with password" if credentials_for(camera.id, secrets) else "no password"
        click.echo(
            f"{camera.id:<{width}}  {_age_of(shelf, camera, now):>10}  {camera.kind:<10} {key:<13}  {camera.name}"
        )
    click.echo(_heart(shelf, now))


def _age_of(shelf: Shelf, camera: Camera, now: datetime) -> str:
    label = shelf.label(camera.id, "full")
    return words_for(now - label.captured_at) if label else "no picture"


def _heart(shelf: Shelf, now: datetime) -> str:
    beat_at = shelf.heartbeat_at()
    if beat_at is None:
        return "The camera process has never run here: layar serve starts it."
    return f"The camera process was alive {words_for(now - beat_at)} ago."


def words_for(age: timedelta) -> str:
    """An age in its largest unit."""
    seconds = max(0.0, age.total_seconds())
    for unit_s, unit in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if seconds >= 2 * unit_s:
            return f"{seconds / unit_s:.0f} {unit}"
    return f"{seconds:.0f} s"


@cameras.command()
@click.argument("camera_id", metavar="ID")
@data_option
def test(camera_id: str, data_dir: Path) -> None:
    """Open camera ID once: its first picture, or the reason why there is none."""
    camera = next((camera for camera in load_cameras(data_dir) if camera.id == camera_id), None)
    if camera is None:
        raise NotFound(f"no camera {camera_id!r} is listed: layar cameras list")
    credentials = credentials_for(camera_id, load_secrets(data_dir))
    settings = load_settings(data_dir)
    reach = reach_for(
        camera,
        credentials,
        data_dir,
        settings.cameras.period_s,
        is_live=settings.mode == "live",
        guard=guard_of(settings),
    )
    _note(data_dir, "camera.test", camera_id)
    trial = try_once(source_for(camera.kind, discover_sources().found), reach)
    pictures = trial.pictures
    click.echo(
        f"{camera_id}: {pictures.width}x{pictures.height}, {trial.codec}, "
        f"first picture after {trial.first_picture_s:.2f} s, {len(pictures.full) / 1000:.0f} kB as JPEG"
    )
    for line in _stream(trial):
        click.echo(f"{camera_id}: {line}")


def _stream(trial: Trial) -> Iterator[str]:
    """What a second picture told of a stream."""
    if trial.rung:
        yield f"read by {trial.rung.name} ({RUNGS[trial.rung.name].en}): {REASONS[trial.rung.reason].en}"
    if trial.keyframe_spacing_s is not None:
        yield f"a keyframe every {trial.keyframe_spacing_s:.1f} s"
    if trial.clock_error_s is not None:
        yield f"its clock differs by {trial.clock_error_s:+.1f} s from ours"


@cameras.command()
@click.argument("camera_id", metavar="ID")
@data_option
def teach(camera_id: str, data_dir: Path) -> None:
    """Let camera ID learn anew how it looks: after it was aimed elsewhere, cleaned, or its street was rebuilt."""
    if camera_id not in {camera.id for camera in load_cameras(data_dir)}:
        raise NotFound(f"no camera {camera_id!r} is listed: layar cameras list")
    has_forgotten = AimBook(data_dir / AIM_FOLDER).forget(camera_id)
    _note(data_dir, "camera.teach", camera_id)
    if has_forgotten:
        click.echo(
            f"{camera_id} forgot how it looked and learns it anew within some minutes of a clear, still picture."
        )
    else:
        click.echo(f"{camera_id} has not learnt yet how it looks; it will by itself, by day and by night.")
