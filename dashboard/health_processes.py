"""How the processes of this city's screens are doing, told by the supervisor to whoever shows it: `DIR/processes.json`.

The supervisor alone writes it, at every change; a disk that takes nothing must not end it.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from dashboard.supervisor import ChildState

FILE_NAME = "processes.json"
_ADAPTER = TypeAdapter(tuple[ChildState, ...])


def save_processes(data_dir: Path, states: Sequence[ChildState]) -> None:
    """Replace the file whole; left as it was where the disk refuses."""
    partial = data_dir / f".{FILE_NAME}"
    with suppress(OSError):
        partial.write_bytes(_ADAPTER.dump_json(tuple(states)))
        partial.replace(data_dir / FILE_NAME)


def load_processes(data_dir: Path) -> tuple[ChildState, ...] | None:
    """None where no supervisor tells: then nothing is known of the processes."""
    try:
        return _ADAPTER.validate_json((data_dir / FILE_NAME).read_bytes())
    except (OSError, ValidationError):
        return None
