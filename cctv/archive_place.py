"""Where kept stills lie: a folder or an S3 bucket, both through fsspec. No clock, no index, no retries."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from cctv.archive import ROOT, ArchiveSettings, Still, is_whole, read_key
from geodata.errors import ArchiveUnavailable

FOLDER = "archive"
_PROBE = "layar-probe"
_CONNECT_S = 3
_READ_S = 5


class ArchivePlace:
    """Every method raises ArchiveUnavailable when the disk or the bucket refuses. Making one touches neither."""

    def __init__(self, url: str, s3_endpoint: str | None = None, least_free_percent: float = 0) -> None:
        self.url = url
        self._least_free_share = least_free_percent / 100
        self._files, self._root = url_to_fs(url, skip_instance_cache=True, **_options(url, s3_endpoint))
        self._is_local = isinstance(self._files, LocalFileSystem)
        if not self._is_local:
            self._files.retries = 1  # the next still is the retry

    def put(self, key: str, jpeg: bytes) -> None:
        """Keep it; returns once it is on the disk or in the bucket."""
        path = self._path(key)
        with self._reached():
            if not self._is_local:
                self._files.pipe_file(path, jpeg)
                return
            self._refuse_full_disk(len(jpeg))
            self._write(Path(path), jpeg)

    def get(self, key: str) -> bytes | None:
        """The picture; None when it is gone or not what its name says."""
        with self._reached():
            try:
                jpeg: bytes = self._files.cat_file(self._path(key))
            except FileNotFoundError:
                return None
        return jpeg if is_whole(key, jpeg) else None

    def remove(self, key: str) -> None:
        """Delete it; one that is gone already is fine."""
        path = self._path(key)
        with self._reached():
            with suppress(FileNotFoundError):
                self._files.rm_file(path)
            if self._is_local:
                self._remove_empty(Path(path))

    def check(self) -> None:
        """Try to write and to delete."""
        self.put(_PROBE, b"layar")
        self.remove(_PROBE)

    def folders(self) -> tuple[str, ...]:
        """One for every camera that has stills."""
        with self._reached():
            try:
                found = self._files.ls(f"{self._root}/{ROOT}", detail=False)
            except FileNotFoundError:
                return ()
        return tuple(sorted(PurePosixPath(path).name for path in found))

    def stills(self, folder: str) -> tuple[tuple[str, Still | None], ...]:
        """(name, what it tells) of every file in a camera's folder; None for what is no still."""
        with self._reached():
            found = self._files.find(f"{self._root}/{ROOT}/{folder}", detail=True)
        return tuple(self._named(path, int(info["size"])) for path, info in found.items())

    def _named(self, path: str, size: int) -> tuple[str, Still | None]:
        key = path.removeprefix(self._root).lstrip("/")
        return key, read_key(key, size)

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"

    def _write(self, path: Path, jpeg: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with self._files.open(str(path), "wb") as file:
                file.write(jpeg)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise

    def _refuse_full_disk(self, wanted: int) -> None:
        root = Path(self._root)
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        usage = shutil.disk_usage(root)
        if usage.free - wanted < usage.total * self._least_free_share:
            least = f"{self._least_free_share:.0%}"
            raise ArchiveUnavailable(f"a still would leave less than {least} of the disk of {self.url}; make room")

    def _remove_empty(self, path: Path) -> None:
        """Day, month and year that hold nothing more."""
        with suppress(OSError):
            for folder in path.parents:
                if str(folder) == self._root:
                    return
                folder.rmdir()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except ArchiveUnavailable:
            raise
        except Exception as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise ArchiveUnavailable(f"{self.url} refuses stills: {reason}; check the disk or the way to S3") from error


def place_for(settings: ArchiveSettings, data_dir: Path) -> ArchivePlace:
    """The place the settings name, else DIR/archive."""
    url = settings.url or f"file://{(data_dir / FOLDER).resolve()}"
    return ArchivePlace(url, settings.s3_endpoint, settings.least_free_percent)


def _options(url: str, s3_endpoint: str | None) -> dict[str, Any]:
    if not url.startswith("s3:"):
        return {}
    bounds = {"connect_timeout": _CONNECT_S, "read_timeout": _READ_S, "retries": {"max_attempts": 1}}
    return {"endpoint_url": s3_endpoint, "config_kwargs": bounds, "use_listings_cache": False}
