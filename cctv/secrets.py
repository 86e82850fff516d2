"""Camera credentials: kept apart from the list of cameras, given only to the source that needs them.

`DIR/camera-secrets.toml`, readable by its owner alone (0600), one table per camera id with `user` and
`password`; or the environment, `LAYAR_CAMERA_<ID>_USER` and `_PASSWORD` (the id in capitals, every other
character than A-Z and 0-9 as `_`), which wins. Nothing here ever shows a secret: not in repr, log or error.
"""

import json
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geodata.errors import BadInventory

FILE_NAME = "camera-secrets.toml"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """How to sign in at one camera."""

    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return "Credentials(…)"


def environment_name(camera_id: str) -> str:
    """What the variables of this camera begin with."""
    return "LAYAR_CAMERA_" + re.sub(r"[^A-Z0-9]", "_", camera_id.upper())


def from_environment(camera_id: str, environment: Mapping[str, str]) -> Credentials | None:
    """The credentials the environment holds for this camera."""
    name = environment_name(camera_id)
    user, password = environment.get(f"{name}_USER"), environment.get(f"{name}_PASSWORD")
    if user is None and password is None:
        return None
    return Credentials(user=user or "", password=password or "")


def load_secrets(data_dir: Path) -> Mapping[str, Credentials]:
    """All credentials on file. Raises BadInventory when others may read the file, or when it is not as it should be."""
    path = data_dir / FILE_NAME
    if not path.exists():
        return {}
    if path.stat().st_mode & _OTHERS:
        raise BadInventory(f"{path}: others may read the cameras' passwords; run: chmod 600 {path}", field=FILE_NAME)
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        tables = None
    if tables is None:  # out here: TOML errors quote the line they stumble over
        raise BadInventory(f"{path} is not readable TOML; each camera is a [table] with user and password")
    return {camera_id: _credentials(path, camera_id, table) for camera_id, table in tables.items()}


def _credentials(path: Path, camera_id: str, table: object) -> Credentials:
    if not isinstance(table, dict) or not set(table) <= {"user", "password"}:
        raise BadInventory(f"{path}: [{camera_id}] may hold only user and password", field=camera_id)
    if not all(isinstance(value, str) for value in table.values()):
        raise BadInventory(f"{path}: [{camera_id}]: user and password are text in quotes", field=camera_id)
    return Credentials(user=table.get("user", ""), password=table.get("password", ""))


def credentials_for(camera_id: str, on_file: Mapping[str, Credentials]) -> Credentials | None:
    """Those of the environment, else those on file."""
    return from_environment(camera_id, os.environ) or on_file.get(camera_id)


def is_keepable(credentials: Credentials) -> bool:
    """Whether they can be written down: no control characters."""
    return not _CONTROL.search(credentials.user + credentials.password)


def save_secrets(data_dir: Path, secrets: Mapping[str, Credentials]) -> None:
    """Replace the file as a whole, readable by its owner alone from its first byte on."""
    path = data_dir / FILE_NAME
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# Credentials of the cameras. Keep this file to yourself: chmod 600.\n")
        file.writelines(_table(camera_id, secrets[camera_id]) for camera_id in sorted(secrets))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _table(camera_id: str, credentials: Credentials) -> str:
    # a JSON string without control characters is a TOML basic string
    name, user, password = (
        json.dumps(value, ensure_ascii=False) for value in (camera_id, credentials.user, credentials.password)
    )
    return f"\n[{name}]\nuser = {user}\npassword = {password}\n"
