"""The key that seals callers' numbers: a file of its own beside the log, readable by its owner only.

Whoever has the log and not the key cannot find out a number by trying them all. Lost, nothing else is lost: numbers
heard before are then other numbers than the same ones heard after.
"""

import secrets
from pathlib import Path

from dashboard.secret_book import write_secret
from geodata.errors import BadSettings

FILE_NAME = "callers.key"
_BYTES = 32


def load_caller_key(data_dir: Path) -> bytes:
    """The installation's key; made on the first start. Raises BadSettings when it is damaged."""
    path = data_dir / FILE_NAME
    if not path.exists():
        write_secret(path, secrets.token_bytes(_BYTES))
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise BadSettings(f"{path.name} is damaged; restore it from a backup, or delete it to begin with new hashes")
    return key
