"""One camera as the desk's API tells it: what is listed, and how it is doing. Never a query, never a credential."""

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson

from cctv.camera import Camera
from cctv.faults import Sentence, sentence
from cctv.form import shown_address
from cctv.rungs import REASONS, RUNGS
from cctv.status import CameraStatus

Json = dict[str, Any]
_ADDRESSES = frozenset({"url", "snapshot_url"})


def etag_of(camera: Camera, *, has_password: bool) -> str:
    """Changes whenever anything does that an admin can change."""
    listed = orjson.dumps([asdict(camera), has_password])
    return hashlib.blake2s(listed, digest_size=8).hexdigest()


def said_of(camera: Camera, status: CameraStatus, *, has_password: bool) -> Json:
    """The camera with all that is known of it."""
    listed = {name: value for name, value in asdict(camera).items() if name not in _ADDRESSES}
    return {
        **listed,
        "address": shown_address(camera.url),
        "snapshot_address": shown_address(camera.snapshot_url) if camera.snapshot_url else None,
        "has_password": has_password,
        "etag": etag_of(camera, has_password=has_password),
        "status": status_of(status),
    }


def status_of(status: CameraStatus) -> Json:
    """How it is doing, with a sentence for each key that people should not have to look up."""
    said = asdict(status)
    said.pop("id")
    return {
        **_dated(said),
        "signs": [_dated(sign) for sign in said["signs"]],
        "sentence": fault_words(status.fault),
        **rung_words(status.rung, status.rung_reason),
    }


def fault_words(fault: str | None) -> Json | None:
    """What is wrong and what to try; None where nothing is."""
    return _words(sentence(fault)) if fault else None


def rung_words(rung: str | None, reason: str | None) -> Json:
    """How a camera is read, and why so."""
    return {
        "rung_sentence": _words(RUNGS.get(rung or "")),
        "rung_reason_sentence": _words(REASONS.get(reason or "")),
    }


def _dated(said: Json) -> Json:
    return {name: _iso(value) if isinstance(value, datetime) else value for name, value in said.items()}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _words(said: Sentence | None) -> Json | None:
    return {"id": said.id, "en": said.en} if said else None
