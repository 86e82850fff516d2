"""How we sign in at the other side of a line: kept apart from `layar.toml`, given only to the transport that needs it.

`DIR/feed-secrets.toml`, readable by its owner alone (0600), one table per line with `user`, `password` or `token`; or
the environment, `LAYAR_FEED_<NAME>_USER`, `_PASSWORD`, `_TOKEN` (the name in capitals, - as _), which wins.
"""

import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from geodata.errors import BadSettings
from layers.transport import Secret

FILE_NAME = "feed-secrets.toml"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_KEYS = ("user", "password", "token")


def secret_of(name: str, data_dir: Path, environment: Mapping[str, str]) -> Secret:
    """That of one line. Raises BadSettings when others may read the file, or when it is not as it should be."""
    variables = "LAYAR_FEED_" + re.sub(r"[^A-Z0-9]", "_", name.upper())
    on_file = _on_file(data_dir).get(name, {})
    said = {key: environment.get(f"{variables}_{key.upper()}") or on_file.get(key) for key in _KEYS}
    return Secret(user=said["user"], password=said["password"], token=said["token"])


def _on_file(data_dir: Path) -> Mapping[str, Mapping[str, str]]:
    path = data_dir / FILE_NAME
    if not path.exists():
        return {}
    if path.stat().st_mode & _OTHERS:
        raise BadSettings(f"{path.name}: others may read it; run: chmod 600 {path.name}", field=FILE_NAME)
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        tables = None
    if tables is None:  # out here: TOML errors quote the line they stumble over
        raise BadSettings(f"{path.name} is not readable TOML; each feed is a [table] with user, password or token")
    for name, table in tables.items():
        _refuse_other_keys(name, table)
    return tables


def _refuse_other_keys(name: str, table: object) -> None:
    if not isinstance(table, dict) or not set(table) <= set(_KEYS):
        raise BadSettings(f"{FILE_NAME}: [{name}] may hold only user, password and token", field=name)
    if not all(isinstance(value, str) and value.isprintable() for value in table.values()):
        raise BadSettings(f"{FILE_NAME}: [{name}]: user, password and token are text in quotes", field=name)
