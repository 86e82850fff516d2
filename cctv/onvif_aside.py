"""ONVIF in a process of its own: see `cctv/onvif.py` and `cctv/onvif_discovery.py` for what is done there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from cctv.aside import newest_answer
from cctv.faults import Broken
from cctv.guard import Guard
from cctv.onvif_words import GROUP, PORT, Device, Found, Offer, Place

ASKED_WITHIN_S = 12.0
HEARD_WITHIN_S = 4.0
_SPARE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Whom to ask, or else where to look."""

    device: Device | None = None
    to: Place = (GROUP, PORT)
    networks: tuple[str, ...]
    own_ports: tuple[int, ...]

    def __repr__(self) -> str:
        return "Job(…)"


JOB = TypeAdapter(Job)
FOUND = TypeAdapter(tuple[Found, ...])
OFFER = TypeAdapter(Offer)


def discover(guard: Guard, to: Place = (GROUP, PORT)) -> tuple[Found, ...]:
    """Who answers within four seconds. Raises Broken with the fault."""
    said = _done(guard, HEARD_WITHIN_S + _SPARE_S, to=to)
    return FOUND.validate_python([dict(one) for one in said["found"]])


def ask(device: Device, guard: Guard) -> Offer:
    """Its profiles. Raises Broken with the fault."""
    return OFFER.validate_python(_done(guard, ASKED_WITHIN_S + _SPARE_S, device=device)["offer"])


def _done(guard: Guard, within_s: float, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401 — the rest of a Job
    job = Job(networks=tuple(map(str, guard.networks)), own_ports=tuple(guard.own_ports), **more)
    said = newest_answer("cctv.onvif_process", JOB.dump_json(job), within_s)
    if "fault" in said:
        raise Broken(said["fault"])
    return said
