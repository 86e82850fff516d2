"""The visitors' tour: which scenes, in which order, with which words. `DIR/tour.yaml`, else the one that ships.

A file that cannot be read takes no screen down: the tour that ships is shown, and `layar check` and the log say why.
"""

import threading
from pathlib import Path
from typing import Annotated, Any, Literal

import structlog
import yaml
from pydantic import Field, StringConstraints, ValidationError, model_validator

from geodata.errors import BadSettings
from geodata.settings import Settings

FILE_NAME = "tour.yaml"
SHIPPED = Path(__file__).with_name("tour_default.yaml")
_MOST_BYTES = 65_536
_LOG = structlog.get_logger()

SceneKind = Literal["welcome", "call", "volunteers", "cameras", "past", "map"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Caption = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=260)]


class TourTitle(Settings):
    """A headline in both languages."""

    id: Line
    en: Line


class TourCaption(Settings):
    """A few sentences in both languages, short enough to be read while one stands."""

    id: Caption
    en: Caption


class TourScene(Settings):
    """One scene. `bookmark` and `speed` are for `past` only: without a bookmark the newest one marked for visitors."""

    shows: SceneKind
    title: TourTitle
    caption: TourCaption
    seconds: float = Field(default=25, ge=6, le=600)
    bookmark: str | None = Field(default=None, max_length=64)
    speed: float | None = Field(default=None, ge=1, le=120)

    @model_validator(mode="after")
    def _past_alone_has_a_bookmark(self) -> "TourScene":
        if self.shows != "past" and (self.bookmark is not None or self.speed is not None):
            raise ValueError("bookmark and speed are for a scene that shows: past")
        return self


class Tour(Settings):
    """All of it. After `idle_s` without a key it goes on by itself, from where it is."""

    idle_s: float = Field(default=90, ge=10, le=3600)
    scenes: tuple[TourScene, ...] = Field(min_length=1, max_length=24)


def load_tour(data_dir: Path) -> Tour:
    """The city's own tour or the one that ships. Raises BadSettings naming the file and the key."""
    path = data_dir / FILE_NAME
    return _read(path if path.is_file() else SHIPPED)


def shipped_tour() -> Tour:
    """The one that ships."""
    return _read(SHIPPED)


def scene_said(number: int, scene: TourScene) -> dict[str, Any]:
    """One scene as JSON, without what it plays."""
    return {
        "number": number,
        "shows": scene.shows,
        "title": scene.title.model_dump(),
        "caption": scene.caption.model_dump(),
        "seconds": scene.seconds,
    }


def _read(path: Path) -> Tour:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadSettings(f"{path.name} is larger than {_MOST_BYTES} bytes")
        return Tour.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path.name} cannot be read: {error}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadSettings(f"{path.name} is not YAML: {' '.join(str(error).split())[:200]}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "scenes"
        is_unknown = first["type"] == "extra_forbidden"
        said = "there is no such setting" if is_unknown else first["msg"].removeprefix("Value error, ")
        raise BadSettings(f"{path.name}: {key}: {said}", field=key) from error


class TourBook:
    """The tour of a running server, read again when its file changes. For several threads."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._read_at: tuple[int, int] | None = None
        self._tour: Tour | None = None

    def tour(self) -> Tour:
        """The city's own, else the one that ships; the last good one where the file is not fit to be shown."""
        with self._lock:
            stamp = _stamp(self._data_dir / FILE_NAME)
            if self._tour is None or stamp != self._read_at:
                self._tour, self._read_at = self._newest(), stamp
            return self._tour

    def _newest(self) -> Tour:
        try:
            return load_tour(self._data_dir)
        except BadSettings as error:
            _LOG.error("tour_not_shown", reason=str(error))
            return self._tour or shipped_tour()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
