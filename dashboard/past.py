"""Pictures of the past, for the routes: the index of kept stills and the place where they lie."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cctv.archive import ArchiveSettings
from cctv.archive_place import ArchivePlace, place_for
from cctv.shelf import Picture
from layers.store.stills import FILE_NAME, Pinned, Stills


class Past:
    """Every method raises ArchiveUnavailable or StoreUnavailable when it cannot look.

    The index is opened when first asked: without it there are no old pictures, but there is a wall.
    """

    def __init__(self, open_index: Callable[[], Stills], place: ArchivePlace, tolerance: timedelta) -> None:
        self.tolerance = tolerance
        self._place = place
        self._open_index = open_index
        self._opening = threading.Lock()
        self._opened: Stills | None = None

    def picture(self, camera_id: str, at: datetime) -> Picture | None:
        """The newest still at or before `at`, as long as it is near enough and still whole."""
        still = self._index().newest(camera_id, at - self.tolerance, at)
        jpeg = self._place.get(still.key) if still else None
        if still is None or jpeg is None:
            return None
        return Picture(jpeg=jpeg, captured_at=still.captured_at, etag=f'"{still.key.rpartition("-")[2][:-4]}"')

    def of_incident(self, incident_id: str) -> tuple[Pinned, ...]:
        """Its stills, oldest first."""
        return self._index().of_incident(incident_id)

    def close(self) -> None:
        """Let go of the index."""
        if self._opened is not None:
            self._opened.close()

    def _index(self) -> Stills:
        with self._opening:
            if self._opened is None:
                self._opened = self._open_index()
            return self._opened


def open_past(settings: ArchiveSettings, data_dir: Path) -> Past:
    """The stills of the city kept in that folder. Asks neither disk nor bucket yet."""
    tolerance = timedelta(seconds=settings.tolerance_s)
    return Past(lambda: Stills(data_dir / FILE_NAME), place_for(settings, data_dir), tolerance)
