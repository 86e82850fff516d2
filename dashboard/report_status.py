"""How the reports by the clock are doing: a small file that their process writes and the wall reads."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from dashboard.report_due import Standing

FILE_NAME = "report-status.json"
_MOMENTS = ("delivered_at", "failed_at", "not_before")


def load_standings(data_dir: Path) -> dict[str, Standing]:
    """By the name of the line; empty where none are made by the clock."""
    try:
        said = orjson.loads((data_dir / FILE_NAME).read_bytes())
        return {one["name"]: _standing(one) for one in said["reports"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _standing(said: dict[str, Any]) -> Standing:
    moments = {name: datetime.fromisoformat(said[name]) if said[name] else None for name in _MOMENTS}
    return Standing(**{**said, **moments})


def save_standings(data_dir: Path, standings: dict[str, Standing]) -> None:
    """Replace the file whole."""
    partial = data_dir / f".{FILE_NAME}"
    partial.write_bytes(orjson.dumps({"reports": [asdict(one) for one in standings.values()]}))
    partial.replace(data_dir / FILE_NAME)
