"""How the backups by the clock are doing: a small file that their process writes and the wall reads."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

FILE_NAME = "backup-status.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupStatus:
    """`made_at`: when the newest backup was made, None for never. `failed_at`: since when they fail, and `reason`."""

    every_h: float
    begun_at: datetime
    made_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str | None = None


def load_backup_status(data_dir: Path) -> BackupStatus | None:
    """None where no backups are made by the clock."""
    try:
        said = orjson.loads((data_dir / FILE_NAME).read_bytes())
        return BackupStatus(
            every_h=float(said["every_h"]),
            begun_at=datetime.fromisoformat(said["begun_at"]),
            made_at=_moment(said["made_at"]),
            failed_at=_moment(said["failed_at"]),
            reason=said["reason"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _moment(said: str | None) -> datetime | None:
    return None if said is None else datetime.fromisoformat(said)


def save_backup_status(data_dir: Path, status: BackupStatus) -> None:
    """Replace the file whole."""
    partial = data_dir / f".{FILE_NAME}"
    partial.write_bytes(orjson.dumps(status))
    partial.replace(data_dir / FILE_NAME)
