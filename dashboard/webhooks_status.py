"""How many messages could not be told, by hook: written by the sender, read by whoever shows what does not work."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

FILE_NAME = "hooks-status.json"
_FILE = TypeAdapter(dict[str, int])


def save_dead(data_dir: Path, dead: Mapping[str, int]) -> None:
    """Show these from now on. Raises OSError when the disk refuses."""
    path = data_dir / FILE_NAME
    part = path.with_suffix(".part")
    part.write_bytes(_FILE.dump_json(dict(dead)))
    part.replace(path)


def load_dead(data_dir: Path) -> Mapping[str, int]:
    """Hook → how many are dead; nothing where none ever was, or the file is damaged."""
    try:
        return MappingProxyType(_FILE.validate_json((data_dir / FILE_NAME).read_bytes()))
    except (OSError, ValidationError):
        return MappingProxyType({})
