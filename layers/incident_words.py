"""Priorities and statuses of incidents as other systems call them. Pure."""

import re
from collections.abc import Mapping

from layers.fields import number, shown
from layers.incident_facts import STATUSES, Status

PRIORITIES: Mapping[str, int] = {
    "kritis": 1, "berat": 2, "sedang": 3, "ringan": 4,
    "critical": 1, "severe": 2, "moderate": 3, "minor": 4,
}  # fmt: skip
SYNONYMS: Mapping[str, Status] = {
    "baru": "diterima", "new": "diterima", "received": "diterima", "open": "diterima",
    "verified": "diverifikasi",
    "forwarded": "diteruskan", "dispatched": "diteruskan", "assigned": "diteruskan", "ditugaskan": "diteruskan",
    "accepted": "diterima_opd", "acknowledged": "diterima_opd",
    "en_route": "menuju_lokasi", "enroute": "menuju_lokasi",
    "on_scene": "di_lokasi", "onscene": "di_lokasi", "arrived": "di_lokasi", "tiba": "di_lokasi",
    "handled": "tertangani", "resolved": "tertangani", "ditangani": "tertangani",
    "closed": "selesai", "done": "selesai", "finished": "selesai", "completed": "selesai", "ditutup": "selesai",
    "cancelled": "batal", "canceled": "batal",
    "transferred": "dialihkan",
    "false_report": "laporan_palsu", "false_alarm": "laporan_palsu",
}  # fmt: skip


def priority_said(said: object) -> int:
    """1 (worst) to 4, by number or word. Raises ValueError."""
    if isinstance(said, str) and said.casefold() in PRIORITIES:
        return PRIORITIES[said.casefold()]
    try:
        value = number(said)
    except ValueError:
        value = 0
    if value not in (1, 2, 3, 4):
        raise ValueError(f"{shown(said)} is no priority; send 1 (worst) to 4, or one of: {', '.join(PRIORITIES)}")
    return int(value)


def status_said(said: object) -> str:
    """One of our statuses; case, spaces and dashes aside. Raises ValueError."""
    plain = re.sub(r"[\s_-]+", "_", said.casefold()) if isinstance(said, str) else ""
    status = plain if plain in STATUSES else SYNONYMS.get(plain)
    if status is None:
        raise ValueError(f"{shown(said)} is no status; send one of: {', '.join(STATUSES)}")
    return status
