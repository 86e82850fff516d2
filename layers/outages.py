"""Shared causes: cameras that were lost together and have a pole, a switch, an owner or a kelurahan in common. Pure.

One cut cable is one outage, not five. That they share something is a hint where to look first, never a proof. An
outage lasts as long as enough of its cameras are lost, and is gone by itself once they are back.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from geodata.places import Ground, place_or_none
from layers.cameras import StreetCamera
from layers.situation import Situation

Shared = Literal["group", "kelurahan", "owner"]
SHARED: tuple[Shared, ...] = ("group", "kelurahan", "owner")
"""The narrowest first: of two causes that explain as much, the narrower one says more."""

TOGETHER = timedelta(seconds=60)
"""A camera counts as lost five to thirty seconds after its last picture; so cameras lost at once are told apart."""

_LEAST = {"group": 2, "kelurahan": 3, "owner": 3}
_BETWEEN_GROUPS = re.compile(r"\s*;\s*")

AreaOf = Callable[[StreetCamera], str | None]
"""The code of the kelurahan a camera stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Cameras lost together. `value` is what they share, `of` how many listed cameras share it.

    `areas`: the kelurahan they stand in, by code; empty where the ground is not known.
    """

    shared: Shared
    value: str
    cameras: tuple[StreetCamera, ...]
    of: int
    areas: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same while it lasts."""
        return f"{self.shared}:{self.value}"

    @property
    def since(self) -> datetime | None:
        """When the first of them was lost."""
        return min((camera.since for camera in self.cameras if camera.since), default=None)


def outages_in(situation: Situation) -> tuple[Outage, ...]:
    """The outages among the listed cameras, with the areas they are in.

    For whatever takes them as a sign of something: power or network of a kelurahan, a provider.
    """
    ground = situation.ground
    listed = [camera for camera in situation.of("cameras").values() if camera.listed is not None]
    return outages(listed, area_of=lambda camera: _area(camera, ground), name_of=lambda code: _name(code, ground))


def _area(camera: StreetCamera, ground: Ground) -> str | None:
    listed = camera.listed
    if listed is None or place_or_none(ground.city, listed.lon, listed.lat) is None:
        return None
    return ground.places.kelurahan_at(listed.lon, listed.lat)


def _name(code: str, ground: Ground) -> str:
    area = ground.places.areas.get(code)
    return area.name if area else code


def _nowhere(_camera: StreetCamera) -> None:
    """No area."""


def outages(
    cameras: Sequence[StreetCamera],
    together: timedelta = TOGETHER,
    *,
    area_of: AreaOf = _nowhere,
    name_of: Callable[[str], str] = str,
) -> tuple[Outage, ...]:
    """The outages that explain most lost cameras first; each lost camera belongs to one at most.

    A camera of which no kelurahan is listed shares the one it stands in.
    """
    areas = {camera.id: area_of(camera) for camera in cameras}
    shared = _Sharing(cameras, {id_: name_of(code) for id_, code in areas.items() if code})
    left = {camera.id: camera for camera in cameras if camera.health == "lost" and camera.since}
    found: list[Outage] = []
    while best := max(shared.candidates(list(left.values()), together), key=_worth, default=None):
        found.append(best)
        for camera in best.cameras:
            del left[camera.id]
    return tuple(_placed(outage, areas) for outage in found)


def _placed(outage: Outage, areas: dict[str, str | None]) -> Outage:
    codes = {code for camera in outage.cameras if (code := areas[camera.id])}
    return Outage(
        shared=outage.shared, value=outage.value, cameras=outage.cameras, of=outage.of, areas=tuple(sorted(codes))
    )


def _worth(outage: Outage) -> tuple[int, int, float, str]:
    share = len(outage.cameras) / outage.of
    return len(outage.cameras), -SHARED.index(outage.shared), share, outage.value


class _Sharing:
    """Who shares what."""

    def __init__(self, cameras: Sequence[StreetCamera], kelurahan: dict[str, str]) -> None:
        self._kelurahan = kelurahan
        self._count: dict[tuple[Shared, str], int] = defaultdict(int)
        for camera in cameras:
            for shared in SHARED:
                for value in self._values(camera, shared):
                    self._count[shared, value] += 1

    def candidates(self, lost: Sequence[StreetCamera], together: timedelta) -> Iterator[Outage]:
        """Every outage there may be, those that tell of the same cameras too."""
        for shared in SHARED:
            by_value: dict[str, list[StreetCamera]] = defaultdict(list)
            for camera in lost:
                for value in self._values(camera, shared):
                    by_value[value].append(camera)
            for value, some in by_value.items():
                for run in _runs(some, together):
                    if len(run) >= _LEAST[shared]:
                        yield Outage(shared=shared, value=value, cameras=tuple(run), of=self._count[shared, value])

    def _values(self, camera: StreetCamera, shared: Shared) -> set[str]:
        """A camera may hang on a pole, at a switch and with a provider at once."""
        listed = camera.listed
        if listed is None:
            return set()
        if shared == "group":
            return {one for one in _BETWEEN_GROUPS.split(listed.group or "") if one}
        value = listed.owner if shared == "owner" else listed.kelurahan or self._kelurahan.get(camera.id)
        return {value} if value else set()


def _runs(cameras: Sequence[StreetCamera], together: timedelta) -> Iterator[list[StreetCamera]]:
    """The cameras cut wherever more time than `together` passed between one loss and the next."""
    run: list[StreetCamera] = []
    for since, _, camera in sorted((c.since, c.id, c) for c in cameras if c.since):
        if run and run[-1].since and since - run[-1].since > together:
            yield run
            run = []
        run.append(camera)
    yield run
