"""A file of one secret, written by hand and readable by its owner alone; the environment may say it instead."""

import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from geodata.errors import BadSettings

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def secret_in(path: Path, key: str, environment: Mapping[str, str], variable: str) -> str | None:
    """What `variable` says, else `key` of the TOML file at `path`; None when neither is there. Raises BadSettings."""
    said = environment.get(variable)
    if said or not path.exists():
        return said or None
    if path.stat().st_mode & _OTHERS:
        raise BadSettings(f"{path.name}: others may read it; run: chmod 600 {path.name}", field=path.name)
    try:
        found = tomllib.loads(path.read_text("utf-8")).get(key)
    except (OSError, ValueError):
        found = None
    if not isinstance(found, str) or not found.isprintable():  # TOML errors quote the line they stumble over
        raise BadSettings(f'{path.name} holds one line: {key} = "…"', field=path.name)
    return found
