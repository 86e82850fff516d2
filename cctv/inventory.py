"""The city's list of cameras: read from CSV, GeoJSON or JSON, line by line, kept in `DIR/cameras.json`.

A wrong line is named and left out, the right ones are taken. Credentials found in the list go to
`DIR/camera-secrets.toml`; the list itself never holds any.
"""

import csv
import fcntl
import io
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cctv.camera import Camera, Sources
from cctv.entry import OUTSIDE, Entry, Refused, Rules, read_entry
from cctv.form import Filled, leads_elsewhere, still_protected
from cctv.guard import Guard, guard_for
from cctv.listing import as_meant
from cctv.lookup import astray
from cctv.masks import read_masks
from cctv.secrets import Credentials, load_secrets, save_secrets
from cctv.spellings import field_of
from geodata.errors import BadInventory

FILE_NAME = "cameras.json"
MOST_CAMERAS = 1000
_MOST_BYTES = 10_000_000
_DELIMITERS = ",;\t|"
_LOCK = ".cameras.lock"
_LOCK_S, _LOCK_LOOK_S = 5.0, 0.02
_ADAPTER = TypeAdapter(tuple[Camera, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a list holds: the cameras that can be taken, their credentials by id, and what was refused.

    `unsaid`: by id, the protecting fields on which the list is silent. `forgotten`: cameras whose stored credentials
    were dropped, since they are listed no more, or at another host without new ones.
    """

    cameras: tuple[Camera, ...]
    credentials: Mapping[str, Credentials]
    refused: tuple[Refused, ...]
    unsaid: Mapping[str, frozenset[str]]
    forgotten: tuple[str, ...] = ()


def file_folders(data_dir: Path) -> tuple[Path, ...]:
    """The folders that `file:` cameras may show pictures from."""
    more = os.environ.get("LAYAR_CAMERA_FILES", "")
    return (data_dir.resolve(), *(Path(folder).resolve() for folder in more.split(os.pathsep) if folder))


def read_list(content: bytes, rules: Rules) -> Reading:
    """Read a whole list. Raises BadInventory when it is no list at all; single bad lines are in `refused`."""
    if len(content) > _MOST_BYTES:
        raise BadInventory(f"the camera list is larger than {_MOST_BYTES // 1_000_000} MB")
    text = _text(content)
    is_json = text.lstrip()[:1] in {"{", "["}
    rows = _json_rows(text) if is_json else _csv_rows(text)
    return _joined([read_entry(where, row, rules) for where, row in rows])


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what Excel saves on an older PC


def _csv_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        fields = [field_of(header) for header in next(lines, [])]
        if not {"name", "id"} & set(fields) or not {"url", "snapshot_url"} & set(fields):
            raise BadInventory("the first line must name the columns, among them id, name, lon, lat, url")
        for line in lines:
            if any(cell.strip() for cell in line):
                yield f"line {lines.line_num}", {f: as_meant(cell) for f, cell in zip(fields, line, strict=False) if f}
    except csv.Error as error:
        raise BadInventory(f"line {lines.line_num} is not CSV: {error}") from error


def _json_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInventory("the camera list is not JSON; is a comma or bracket missing?") from None
    if isinstance(document, dict):
        document = document.get("features", document.get("cameras", document.get("cctv")))
    if not isinstance(document, list):
        raise BadInventory("the JSON holds neither features nor a list of cameras")
    for number, one in enumerate(document, 1):
        yield f"feature {number}" if _is_feature(one) else f"entry {number}", _json_row(one)


def _is_feature(one: object) -> bool:
    return isinstance(one, dict) and one.get("type") == "Feature"


def _json_row(one: object) -> Mapping[str, Any]:
    if not isinstance(one, dict):
        return {}
    said = one.get("properties") if _is_feature(one) else one
    items = said.items() if isinstance(said, dict) else ()
    row = {field: value for name, value in items if (field := field_of(str(name)))}
    if _is_feature(one) and one.get("id") is not None:
        row.setdefault("id", one["id"])
    return row | _place(one)


def _place(one: Mapping[str, Any]) -> dict[str, Any]:
    """GeoJSON says longitude first; the lists of web maps say `coords: [lat, lng]`."""
    geometry = one.get("geometry")
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else one.get("coordinates")
    if isinstance(coordinates, list) and len(coordinates) >= 2:  # noqa: PLR2004 — a point
        return {"lon": coordinates[0], "lat": coordinates[1]}
    pair = one.get("coords")
    if isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004
        return {"lat": pair[0], "lon": pair[1]}
    return {}


def _joined(entries: Sequence[Entry | tuple[Refused, ...]]) -> Reading:
    taken: dict[str, Entry] = {}
    refused: list[Refused] = []
    for entry in entries:
        if isinstance(entry, tuple):
            refused += entry
        elif entry.camera.id in taken:
            where = taken[entry.camera.id].where
            refused.append(Refused(where=entry.where, field="id", why=f"{entry.camera.id} is taken by {where}"))
        elif len(taken) >= MOST_CAMERAS:
            refused.append(Refused(where=entry.where, field="id", why=f"more than {MOST_CAMERAS} cameras"))
        else:
            taken[entry.camera.id] = entry
    return Reading(
        cameras=tuple(entry.camera for entry in taken.values()),
        credentials={id_: entry.credentials for id_, entry in taken.items() if entry.credentials},
        refused=tuple(refused),
        unsaid={id_: entry.unsaid for id_, entry in taken.items()},
    )


def load_cameras(data_dir: Path) -> tuple[Camera, ...]:
    """The inventory; empty when nothing was ever imported. Raises BadInventory when it is damaged."""
    try:
        cameras = _ADAPTER.validate_json((data_dir / FILE_NAME).read_bytes())[:MOST_CAMERAS]
    except FileNotFoundError:
        return ()
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        said = f"{FILE_NAME}: {field}: {first['msg']}; import the camera list again"
    else:
        return tuple(map(_with_sound_masks, cameras))
    raise BadInventory(said, field=field)


def _with_sound_masks(camera: Camera) -> Camera:
    """The camera, if all its masks can be painted: the file may have been edited by hand."""
    try:
        return replace(camera, masks=read_masks(camera.masks))
    except ValueError as error:
        raise BadInventory(f"{FILE_NAME}: masks of {camera.id}: {error}", field="masks") from None


def save_cameras(data_dir: Path, cameras: Sequence[Camera]) -> None:
    """Replace the inventory, atomically."""
    path = data_dir / FILE_NAME
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(_ADAPTER.dump_json(tuple(sorted(cameras, key=lambda camera: camera.id)), indent=1))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def import_cameras(
    content: bytes, data_dir: Path, sources: Sources, *, is_addition: bool = False, guard: Guard | None = None
) -> Reading:
    """Take a list as the city's inventory, or add to it. Raises BadInventory, leaving all as it was.

    A camera whose line is refused stays as it was known before, if it was. Masks and audience stay where the list
    has no such column.
    """
    guard = guard or guard_for()
    reading = read_list(content, Rules(sources=sources, folders=file_folders(data_dir), guard=guard))
    reading = _without(reading, astray(reading.cameras, guard))
    if not reading.cameras:
        first = f"; {reading.refused[0]}" if reading.refused else ""
        raise BadInventory(f"no line of the camera list can be taken{first}")
    refused_ids = {refused.camera for refused in reading.refused if refused.camera}
    with alone(data_dir):
        before = {camera.id: camera for camera in load_cameras(data_dir)}
        kept = {id_: camera for id_, camera in before.items() if is_addition or id_ in refused_ids}
        taken = {one.id: still_protected(one, before.get(one.id), reading.unsaid[one.id]) for one in reading.cameras}
        if len(kept | taken) > MOST_CAMERAS:
            raise BadInventory(f"more than {MOST_CAMERAS} cameras")
        forgotten = _sign_in(data_dir, reading.credentials, before, kept | taken)
        save_cameras(data_dir, tuple((kept | taken).values()))
    return replace(reading, forgotten=forgotten)


def _without(reading: Reading, ids: frozenset[str]) -> Reading:
    """What is left of it when these cameras are refused for where they lead."""
    refused = tuple(Refused(where=f"camera {id_}", field="url", why=OUTSIDE, camera=id_) for id_ in sorted(ids))
    return replace(
        reading,
        cameras=tuple(camera for camera in reading.cameras if camera.id not in ids),
        credentials={id_: one for id_, one in reading.credentials.items() if id_ not in ids},
        refused=(*reading.refused, *refused),
    )


def _sign_in(
    data_dir: Path, said: Mapping[str, Credentials], before: Mapping[str, Camera], after: Mapping[str, Camera]
) -> tuple[str, ...]:
    """Keep the list's credentials; gives the cameras whose own are forgotten: they were meant for where it was."""
    secrets = load_secrets(data_dir)
    moved = {id_ for id_, camera in before.items() if id_ not in after or leads_elsewhere(after[id_], camera)}
    newest = {id_: one for id_, one in secrets.items() if id_ not in moved} | dict(said)
    if newest != secrets:
        save_secrets(data_dir, newest)
    return tuple(sorted(secrets.keys() - newest.keys()))


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """Nobody else changes the list or its credentials meanwhile. Raises BadInventory when somebody does for long."""
    until_s = time.monotonic() + _LOCK_S
    with (data_dir / _LOCK).open("wb") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until_s:
                    raise BadInventory("somebody else is changing the camera list; try again") from None
                time.sleep(_LOCK_LOOK_S)
        yield


def put_camera(data_dir: Path, filled: Filled) -> None:
    """List the camera, or what it is from now on. The caller holds the list `alone`."""
    cameras = {camera.id: camera for camera in load_cameras(data_dir)} | {filled.camera.id: filled.camera}
    if len(cameras) > MOST_CAMERAS:
        raise BadInventory(f"more than {MOST_CAMERAS} cameras", field="id")
    keep_credentials(data_dir, {filled.camera.id: filled.credentials})
    save_cameras(data_dir, tuple(cameras.values()))


def drop_camera(data_dir: Path, camera_id: str) -> None:
    """Take it off the list, and its credentials with it. The caller holds the list `alone`."""
    save_cameras(data_dir, tuple(camera for camera in load_cameras(data_dir) if camera.id != camera_id))
    keep_credentials(data_dir, {camera_id: None})


def keep_credentials(data_dir: Path, said: Mapping[str, Credentials | None]) -> None:
    """The credentials of these cameras from now on; None takes them away. The caller holds the list `alone`."""
    before = load_secrets(data_dir)
    newest = {id_: one for id_, one in {**before, **said}.items() if one is not None}
    if newest != before:
        save_secrets(data_dir, newest)
