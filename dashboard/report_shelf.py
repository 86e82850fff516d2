"""Reports that were made: files in DIR/reports with a note beside each, for a week; then they are gone."""

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from dashboard.report_wanted import FORMATS, Format

FOLDER = "reports"
KEPT_FOR = timedelta(days=7)
MOST_KEPT = 200
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One report that is done. `who` asked for it; `name` is what a browser saves it as."""

    id: str
    who: str
    made_at: datetime
    title: str
    name: str
    format: Format
    fingerprint: str
    bytes: int


class ReportShelf:
    """Files that nobody but this server reads; a name that somebody asks for never becomes a path."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER

    def new_id(self) -> str:
        """An id that nobody guesses."""
        return secrets.token_hex(8)

    def partial(self, job: str) -> Path:
        """Where a report is written while it is being made."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.folder / f".{job}.partial"

    def keep(self, kept: Kept) -> None:
        """The file that lies at `partial` is whole."""
        self.partial(kept.id).replace(self._file(kept))
        note = self.folder / f".{kept.id}.json"
        note.write_bytes(orjson.dumps(asdict(kept)))
        note.replace(self.folder / f"{kept.id}.json")

    def get(self, job: str) -> Kept | None:
        """None for one that there is not, or no longer."""
        if not _ID.fullmatch(job):
            return None
        return _read(self.folder / f"{job}.json")

    def path(self, kept: Kept) -> Path:
        """Its file."""
        return self._file(kept)

    def all(self) -> tuple[Kept, ...]:
        """The newest first."""
        found = [kept for path in self.folder.glob("[0-9a-f]*.json") if (kept := _read(path)) is not None]
        return tuple(sorted(found, key=lambda one: (one.made_at, one.id), reverse=True))

    def tidy(self, now: datetime) -> None:
        """What is too old, or too much, goes; what was left half made by a process that died, too."""
        for number, kept in enumerate(self.all()):
            if number >= MOST_KEPT or now - kept.made_at > KEPT_FOR:
                self._file(kept).unlink(missing_ok=True)
                (self.folder / f"{kept.id}.json").unlink(missing_ok=True)

    def clear_partials(self) -> None:
        """Called when nothing is being made."""
        for path in self.folder.glob(".*.partial"):
            path.unlink(missing_ok=True)

    def _file(self, kept: Kept) -> Path:
        return self.folder / f"{kept.id}.{kept.format}"


def _read(path: Path) -> Kept | None:
    try:
        said = orjson.loads(path.read_bytes())
        form = next(one for one in FORMATS if one == said["format"])
        return Kept(**{**said, "made_at": datetime.fromisoformat(said["made_at"]), "format": form})
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return None
