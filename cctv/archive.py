"""Stills that are kept: what one is, what it is called, and which settings say for how long.

A name tells camera, time and content, `cam/<id>/<yyyy>/<mm>/<dd>/<hhmmss>-<sha256[:12]>.jpg` (UTC): a picture that was
cut short gives itself away, and a lost index can be made again from the names.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, model_validator

from cctv.shelf import Size, folder_name
from geodata.settings import Settings

Reason = Literal["routine", "near", "pinned"]
"""Why a still is kept: its time had come, an open incident is near, or it is one of an incident's set."""

ROOT = "cam"
HEARTBEAT = "archive.heartbeat"
"""File in DIR, touched whenever the archive has looked at everything; also when the disk is full."""

_DIGEST_CHARS = 12
_WHEN = "%Y/%m/%d/%H%M%S"
_MEGABYTE = 1_000_000


class ArchiveSettings(Settings):
    """[archive] which camera stills are kept, where, and for how long."""

    keep: Literal["nothing", "incidents", "all"] = Field(
        default="incidents",
        description="nothing; incidents: before, at and after call, dispatch and arrival; "
        "all: also one still of every camera each every_s, and each one near an open incident",
    )
    url: str | None = Field(
        default=None, description="folder or bucket, file:///srv/stills or s3://bucket/prefix; else DIR/archive"
    )
    s3_endpoint: str | None = Field(
        default=None, description="address of an S3 service of one's own, as https://s3.example:9000"
    )
    every_s: float = Field(default=60, ge=1, le=86_400, description="keep all: seconds between two stills of a camera")
    size: Size = Field(default="medium", description="keep all: size of those stills: tiny, thumb, medium or full")
    near_m: float = Field(default=500, gt=0, le=20_000, description="how near to an incident a camera counts, metres")
    near_cameras: int = Field(default=4, ge=1, le=30, description="at most so many cameras for one incident")
    before_s: float = Field(
        default=120, ge=0, le=600, description="seconds of pictures held in memory, for the time before a call"
    )
    after_s: float = Field(default=60, ge=1, le=3600, description="the still after a milestone comes so much later")
    days: float = Field(default=3, gt=0, le=3650, description="days after which a still is deleted")
    incident_days: float = Field(default=7, gt=0, le=3650, description="the same for stills of and near incidents")
    camera_mb: float = Field(
        default=500, ge=1, le=10_000_000, description="megabytes for one camera; its oldest stills make room"
    )
    least_free_percent: float = Field(
        default=10, ge=0, le=90, description="no still is kept while less of the disk is free"
    )
    tolerance_s: float = Field(
        default=300, ge=1, le=86_400, description="a picture asked for by time may be so much older"
    )

    @model_validator(mode="after")
    def _is_reachable(self) -> Self:
        scheme, userinfo = _taken_apart(self.url)
        if scheme not in {"file", "s3"}:
            raise ValueError("url: begins with file:/// or s3://")
        if userinfo:
            raise ValueError("url: holds credentials; give them to S3 in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        if scheme == "s3" and find_spec("s3fs") is None:
            raise ValueError("url: s3:// needs a library more: pip install 'layar112[s3]'")
        return self

    def lifetime(self, reason: Reason) -> timedelta:
        """How old such a still may become."""
        return timedelta(days=self.days if reason == "routine" else self.incident_days)

    @property
    def camera_bytes(self) -> int:
        """All stills of one camera together."""
        return int(self.camera_mb * _MEGABYTE)


def _taken_apart(url: str | None) -> tuple[str, str]:
    """(scheme, user and password)."""
    parts = urlsplit(url or "file:///")
    return parts.scheme, parts.netloc.rpartition("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One kept picture. `key` is its name in the archive, `bytes` its size."""

    key: str
    camera: str
    captured_at: datetime
    bytes: int


def still_of(camera_id: str, captured_at: datetime, jpeg: bytes) -> Still:
    """What this picture is called. Raises ValueError for what can be no camera's id."""
    folder = folder_name(camera_id)
    if folder is None:
        raise ValueError(f"no camera can be called {camera_id!r}")
    when = captured_at.astimezone(UTC).strftime(_WHEN)
    key = f"{ROOT}/{folder}/{when}-{digest(jpeg)}.jpg"
    return Still(key=key, camera=camera_id, captured_at=captured_at, bytes=len(jpeg))


def digest(jpeg: bytes) -> str:
    """The part of a name that stands for the content."""
    return hashlib.sha256(jpeg).hexdigest()[:_DIGEST_CHARS]


def is_whole(key: str, jpeg: bytes) -> bool:
    """Whether these bytes are what the name says."""
    return key.endswith(f"-{digest(jpeg)}.jpg")


def read_key(key: str, size: int) -> Still | None:
    """What a name tells, to the second; None for a name that is not ours."""
    root, _, rest = key.partition("/")
    folder, _, when = rest.partition("/")
    try:
        captured_at = datetime.strptime(when.rpartition("-")[0], _WHEN).replace(tzinfo=UTC)
    except ValueError:
        return None
    if root != ROOT or not when.endswith(".jpg"):
        return None
    return Still(key=key, camera=unquote(folder), captured_at=captured_at, bytes=size)
