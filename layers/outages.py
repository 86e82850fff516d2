"""Shared causes: cameras that were lost together and have a pole, a switch, an owner or a kelurahan in common. Pure.

One cut cable is one outage, not five. That they share something is a hint where to look first, never a proof.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from layers.cameras import StreetCamera

Shared = Literal["group", "kelurahan", "owner"]
SHARED: tuple[Shared, ...] = ("group", "kelurahan", "owner")
"""The narrowest first: of two causes that explain as much, the narrower one says more."""

TOGETHER = timedelta(seconds=60)
"""A camera counts as lost six to thirty seconds after its last picture; so cameras lost at once are told apart."""

_LEAST = {"group": 2, "kelurahan": 3, "owner": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Cameras lost together. `value` is what they share, `of` how many listed cameras share it."""

    shared: Shared
    value: str
    cameras: tuple[StreetCamera, ...]
    of: int

    @property
    def since(self) -> datetime | None:
        """When the first of them was lost."""
        return min((camera.since for camera in self.cameras if camera.since), default=None)


def outages(cameras: Sequence[StreetCamera], together: timedelta = TOGETHER) -> tuple[Outage, ...]:
    """The outages that explain most lost cameras first; each lost camera belongs to one at most."""
    left = {camera.id: camera for camera in cameras if camera.health == "lost" and camera.since}
    found: list[Outage] = []
    while best := max(_candidates(cameras, list(left.values()), together), key=_worth, default=None):
        found.append(best)
        for camera in best.cameras:
            del left[camera.id]
    return tuple(found)


def _worth(outage: Outage) -> tuple[int, int, float, str]:
    share = len(outage.cameras) / outage.of
    return len(outage.cameras), -SHARED.index(outage.shared), share, outage.value


def _candidates(all_: Sequence[StreetCamera], lost: Sequence[StreetCamera], together: timedelta) -> Iterator[Outage]:
    for shared in SHARED:
        by_value: dict[str, list[StreetCamera]] = defaultdict(list)
        for camera in lost:
            if value := _value(camera, shared):
                by_value[value].append(camera)
        for value, some in by_value.items():
            of = sum(_value(camera, shared) == value for camera in all_)
            for run in _runs(some, together):
                if len(run) >= _LEAST[shared]:
                    yield Outage(shared=shared, value=value, cameras=tuple(run), of=of)


def _value(camera: StreetCamera, shared: Shared) -> str | None:
    listed = camera.listed
    if listed is None:
        return None
    return {"group": listed.group, "kelurahan": listed.kelurahan, "owner": listed.owner}[shared]


def _runs(cameras: Sequence[StreetCamera], together: timedelta) -> Iterator[list[StreetCamera]]:
    """The cameras cut wherever more time than `together` passed between one loss and the next."""
    run: list[StreetCamera] = []
    for since, _, camera in sorted((c.since, c.id, c) for c in cameras if c.since):
        if run and run[-1].since and since - run[-1].since > together:
            yield run
            run = []
        run.append(camera)
    yield run
