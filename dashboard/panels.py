"""The panels beside the map: figures, what is not working, the shift, the cameras in order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cctv.camera import Health
from cctv.truth import PictureFault
from dashboard.board import board
from dashboard.board_response import response_cards
from dashboard.degraded import CAMERA_PROCESS, Trouble
from dashboard.picture_ages import picture_ages
from geodata.clock import epoch_s
from layers.cameras import FAULT_WORDS, StreetCamera
from layers.event import Mode
from layers.eyes import Eye, coverage, eyes, how_many_see
from layers.incidents import Incident, order_of, position_of
from layers.situation import Situation
from layers.statistics import figures, listed_cameras, open_incidents
from layers.warnings import Warned, warnings
from layers.watches import watch_at

_AGE_STEP_S = 5
_SHARE_DECIMALS = 5
_HEALTH_ORDER: tuple[Health, ...] = ("ok", "late", "unknown", "lost")


def worst_placed(situation: Situation) -> tuple[Incident, float, float] | None:
    """The open incident to look at, and its lon, lat: the first in the order of the list that has a place."""
    city = situation.ground.city
    placed = [(i, where) for i in open_incidents(situation) if (where := position_of(i, situation.ground))]
    if not placed:
        return None
    incident, (lon, lat, _) = min(placed, key=lambda one: (order_of(one[0], city), one[0].id))
    return incident, lon, lat


def cameras_in_order(situation: Situation, now: datetime) -> list[dict[str, Any]]:
    """Every camera, that which best shows the worst open incident first; without one the healthy first, by name."""
    worst = worst_placed(situation)
    if worst is None:
        return quiet_cameras(situation)
    incident, lon, lat = worst
    return [{**eye_said(eye), "near": incident.id} for eye in eyes(situation, lon, lat, now)]


def quiet_cameras(situation: Situation) -> list[dict[str, Any]]:
    """Every camera, the healthy first, by name."""
    return [_camera(camera) for camera in sorted(listed_cameras(situation), key=_quiet_order)]


def eye_said(eye: Eye) -> dict[str, Any]:
    """How a camera stands to a place, as JSON has it."""
    reason = eye.reason
    return {
        **_camera(eye.camera),
        "distance_m": round(eye.distance_m),
        "sees": eye.sees,
        "verdict": eye.verdict,
        "reason": reason.id,
        "reason_en": reason.en,
    }


def _camera(camera: StreetCamera) -> dict[str, Any]:
    return {
        "key": camera.id,
        "name": _name(camera),
        "group": camera.listed.group if camera.listed else None,
        "kelurahan": camera.listed.kelurahan if camera.listed else None,
        "health": camera.health,
        "faults": [_fault(fault) for fault in camera.untruths],
        "notes": [_fault(fault) for fault in camera.faults if fault not in camera.untruths],
        "distance_m": None,
        "near": None,
        "sees": None,
        "verdict": None,
        "reason": None,
        "reason_en": None,
        "last_picture_at": _epoch(camera.last_picture_at),
        "ages": None if camera.late_s is None else asdict(picture_ages(camera.late_s)),
    }


def _fault(fault: PictureFault) -> dict[str, Any]:
    words = FAULT_WORDS[fault.kind]
    return {"kind": fault.kind, "text": words.id, "text_en": words.en, "since": epoch_s(fault.since)}


def _quiet_order(camera: StreetCamera) -> tuple[bool, int, str, str]:
    return bool(camera.untruths), _HEALTH_ORDER.index(camera.health), _name(camera), camera.id


def _name(camera: StreetCamera) -> str:
    return camera.listed.name if camera.listed else camera.id


def _eyes_panel(cameras: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """How many of these cameras see the incident they are near to; None without one."""
    if not cameras or cameras[0]["near"] is None:
        return None
    seen_by = sum(camera["sees"] for camera in cameras)
    words = how_many_see(seen_by)
    return {"near": cameras[0]["near"], "seen_by": seen_by, "text": words.id, "text_en": words.en}


def _epoch(moment: datetime | None) -> float | None:
    return None if moment is None else epoch_s(moment)


def panels(
    situation: Situation,
    not_working: Sequence[Trouble],
    now: datetime,
    mode: Mode = "live",
    campaigns: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """All panels as the live message carries them (docs/architecture.md).

    What is not working comes before what the room must know of the city; both are sentences of the status bar.
    """
    cameras = cameras_in_order(situation, now)
    return {
        "figures": _figures(situation, now, mode) | _without_camera_process(not_working),
        "degraded": [_sentence(t) for t in not_working] + [_sentence(w) for w in warnings(situation, now, mode)],
        "shift": shift_said(situation, now),
        "cameras": cameras,
        "eyes": _eyes_panel(cameras),
        "board": [
            *campaigns,
            *board(situation, now, mode),
            *response_cards(situation, now, figures_at(situation), mode),
        ],
    }


def _sentence(said: Trouble | Warned) -> dict[str, Any]:
    return {"key": said.key, "text": said.text.id, "text_en": said.text.en, "since": _epoch(said.since)}


def shift_said(situation: Situation, now: datetime) -> dict[str, Any]:
    """The shift on duty, as JSON has it."""
    watch = watch_at(situation.ground.city, now)
    return {"name": watch.name, "starts": epoch_s(watch.starts), "ends": epoch_s(watch.ends)}


def _without_camera_process(not_working: Sequence[Trouble]) -> dict[str, int]:
    """Nobody looks at the cameras then, so none is known to be well."""
    return {"cameras_ok": 0} if any(trouble.key == CAMERA_PROCESS for trouble in not_working) else {}


def _figures(situation: Situation, now: datetime, mode: Mode) -> dict[str, Any]:
    counted = figures(situation, now, mode)
    return {
        "open": counted.open,
        "critical": counted.critical,
        "units": counted.units,
        "units_fresh": counted.units_fresh,
        "cameras": counted.cameras,
        "cameras_ok": counted.cameras_ok,
        "seen_share": _share(coverage(situation).of_city),
        "calls_today": counted.calls_today,
        "real_today": counted.real_today,
        "response_median_s": counted.response.median_s,
        "response_n": counted.response.n,
        "response_without_time": counted.response.without_time,
        "response_target_s": situation.ground.city.response_target_min * 60,
        "observed_at": figures_at(situation),
    }


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, _SHARE_DECIMALS)


def figures_at(situation: Situation) -> float | None:
    """When we last learned anything, rounded down to five seconds: a figure may look older, never younger.

    Without the rounding every position of every unit would make new panels.
    """
    if situation.seen is None:
        return None
    return float(int(epoch_s(situation.seen)) // _AGE_STEP_S * _AGE_STEP_S)
