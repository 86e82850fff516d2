"""The ground with the kinds of calls as the desk has them now: what is changed there holds without a restart.

Boundaries, agencies and shifts stay as they were at the start; only the taxonomy beside the city's file is read again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from geodata.city import Category, City, load_city, own_taxonomy
from geodata.errors import BadSettings
from geodata.places import Ground

LOOK_S = 1.0


class GroundNow:
    """Looks at the file at most once a second. Thread-safe; one per process is enough.

    `complain` hears why the file cannot be read; until it can, what held before holds on.
    """

    def __init__(
        self,
        first: Ground,
        folder: Path,
        complain: Callable[[str], None] = lambda _reason: None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ground, self._folder = first, folder
        self._path = own_taxonomy(folder, first.city.code)
        self._complain, self._seconds = complain, seconds
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._look_at_s = seconds()

    def now(self) -> Ground:
        """As it was when last looked at, within a second."""
        return self.renew() if self._seconds() >= self._look_at_s else self._ground

    def city(self) -> City:
        """Of that ground."""
        return self.now().city

    def renew(self) -> Ground:
        """As it is; the same object while nothing of it is another."""
        with self._lock:
            self._look_at_s = self._seconds() + LOOK_S
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._stamp = stamp
                self._read()
            return self._ground

    def _read(self) -> None:
        try:
            categories = load_city(self._ground.city.code, self._folder).categories
        except (BadSettings, OSError) as error:
            self._complain(str(error))
            return
        if categories != self._ground.city.categories:
            self._ground = replace(self._ground, city=with_categories(self._ground.city, categories))


def with_categories(city: City, categories: tuple[Category, ...]) -> City:
    """The same city with another taxonomy."""
    said = {name: getattr(city, name) for name in City.model_fields}
    return City.model_validate(said | {"categories": categories})


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        said = path.stat()
    except FileNotFoundError:
        return None
    return said.st_mtime_ns, said.st_size, said.st_ino
