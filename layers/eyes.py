"""Nearest eyes: which cameras see a place, which might, and which do not and why. Pure; not a layer.

A camera sees a place when it lies in its cone, no listed building stands between, its picture is alive and it is not
too dark for it. `docs/cameras.md` has the order in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import shapely

from geodata.obstacles import Obstacles
from geodata.places import Places, place_or_none
from geodata.sun import is_dark
from geodata.view import Looking, Sight, distance_m, look, view_of
from layers.cameras import CameraListed, StreetCamera
from layers.layer import Words
from layers.numbers import decimal_words
from layers.situation import Situation
from layers.statistics import listed_cameras

Verdict = Literal["sees", "sees_late", "too_dark", "blind", "no_picture", "lost"] | Looking
"""`in_view` never is one: a camera that has the place in view sees it, or cannot for a reason of its own."""

VERDICT_WORDS: Mapping[Verdict, Words] = MappingProxyType(
    {
        "sees": Words(id="melihat lokasi", en="sees the place"),
        "sees_late": Words(id="melihat lokasi, gambar lama", en="sees the place, stale picture"),
        "too_dark": Words(id="terlalu gelap", en="too dark for it"),
        "direction_unknown": Words(id="arah kamera tidak diketahui", en="direction not known"),
        "hidden": Words(id="tertutup bangunan", en="behind a building"),
        "turned_away": Words(id="menghadap ke arah lain", en="looks elsewhere"),
        "too_far": Words(id="di luar jangkauan", en="out of its range"),
        "blind": Words(id="gambar tidak dapat dipercaya", en="its picture cannot be trusted"),
        "no_picture": Words(id="belum ada gambar", en="no picture yet"),
        "lost": Words(id="kamera putus", en="camera lost"),
    }
)
_SEEING: frozenset[Verdict] = frozenset({"sees", "sees_late"})
_TIERS: Mapping[Verdict, int] = MappingProxyType({"sees": 0, "sees_late": 1, "too_dark": 2})
_MAY_SEE, _SEES_NOT = 3, 4
_WORKING = frozenset({"ok", "late"})
_ROUND_M, _KILOMETRE_FROM_M = 10, 995
_KEPT_SETS, _KEPT_CAMERAS = 8, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Eye:
    """One camera as it stands to a place. A lower `tier` is more use to whoever wants to look."""

    camera: StreetCamera
    verdict: Verdict
    tier: int
    distance_m: float

    @property
    def sees(self) -> bool:
        """Whether the place is in its picture."""
        return self.verdict in _SEEING

    @property
    def reason(self) -> Words:
        """Why it stands where it stands, with the distance, for a tile."""
        said, far = VERDICT_WORDS[self.verdict], distance_words(self.distance_m)
        return Words(id=f"{said.id} · {far.id}", en=f"{said.en} · {far.en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What working cameras see. `shares`: of each kelurahan's area, 0 to 1, those not seen at all left out.

    `of_city` is None where no camera's direction is known: then nothing can be said.
    """

    shares: Mapping[str, float]
    of_city: float | None


def eyes(situation: Situation, lon: float, lat: float, now: datetime) -> list[Eye]:
    """Every listed camera, the one that shows the place best first; equals by distance, then by id."""
    night, obstacles = is_dark(lon, lat, now), situation.ground.obstacles
    found = [
        _eye(camera, camera.listed, (lon, lat), obstacles, is_night=night)
        for camera in listed_cameras(situation)
        if camera.listed is not None
    ]
    return sorted(found, key=lambda eye: (eye.tier, eye.distance_m, eye.camera.id))


def _eye(
    camera: StreetCamera, listed: CameraListed, place: tuple[float, float], obstacles: Obstacles, *, is_night: bool
) -> Eye:
    metres = distance_m((listed.lon, listed.lat), place)
    verdict = _verdict(camera, look(listed.sight, *place, obstacles), is_too_dark=is_night and listed.night is False)
    may_see = verdict == "direction_unknown" and metres <= listed.range_m
    tier = _MAY_SEE if may_see else _TIERS.get(verdict, _SEES_NOT)
    return Eye(camera=camera, verdict=verdict, tier=tier, distance_m=metres)


def _verdict(camera: StreetCamera, looking: Looking, *, is_too_dark: bool) -> Verdict:
    if camera.health == "lost":
        return "lost"
    if camera.health == "unknown":
        return "no_picture"
    if camera.is_blind:
        return "blind"
    if looking != "in_view":
        return looking
    if is_too_dark:
        return "too_dark"
    return "sees" if camera.health == "ok" else "sees_late"


def how_many_see(seen_by: int) -> Words:
    """The one sentence above the cameras of a place."""
    if seen_by == 0:
        return Words(id="tidak ada kamera yang melihat lokasi ini", en="no camera sees this place")
    plural = "" if seen_by == 1 else "s"
    verb = "s" if seen_by == 1 else ""
    return Words(id=f"{seen_by} kamera melihat lokasi ini", en=f"{seen_by} camera{plural} see{verb} this place")


def distance_words(metres: float) -> Words:
    """Rounded as a person would say it: "180 m", "1,2 km"."""
    if metres < _KILOMETRE_FROM_M:
        said = f"{max(_ROUND_M, round(metres / _ROUND_M) * _ROUND_M)} m"
        return Words(id=said, en=said)
    return decimal_words(metres / 1000, 1, "km")


def coverage(situation: Situation) -> Coverage:
    """What the cameras with a picture see now. Computed anew only when those, or their cones, change."""
    aimed = aimed_cameras(situation)
    working = frozenset(sight for camera, sight in aimed if is_working(camera))
    if not aimed:
        return Coverage(shares=MappingProxyType({}), of_city=None)
    return _coverage(working, situation.ground.places, situation.ground.obstacles)


def aimed_cameras(situation: Situation) -> list[tuple[StreetCamera, Sight]]:
    """Listed cameras with a place in the city and a known direction, whatever their health."""
    city = situation.ground.city
    return [
        (camera, camera.listed.sight)
        for camera in listed_cameras(situation)
        if camera.listed is not None
        and camera.listed.azimuth_deg is not None
        and place_or_none(city, camera.listed.lon, camera.listed.lat) is not None
    ]


def is_working(camera: StreetCamera) -> bool:
    """Whether there is a picture that is of use: not too old, and of the place."""
    return camera.health in _WORKING and not camera.is_blind


@lru_cache(maxsize=_KEPT_SETS)
def _coverage(sights: frozenset[Sight], places: Places, obstacles: Obstacles) -> Coverage:
    views = [view for sight in sights if (view := view_of(sight, obstacles)) is not None]
    shares = places.shares_within(shapely.union_all(views))
    whole_km2 = sum(area.area_km2 for area in places.areas.values())
    seen_km2 = sum(places.areas[code].area_km2 * share for code, share in shares.items())
    return Coverage(shares=MappingProxyType(dict(shares)), of_city=seen_km2 / whole_km2 if whole_km2 else None)


@lru_cache(maxsize=_KEPT_CAMERAS)
def areas_in_view(sight: Sight, places: Places, obstacles: Obstacles) -> frozenset[str]:
    """Codes of the kelurahan into which a camera looks."""
    view = view_of(sight, obstacles)
    return frozenset() if view is None else frozenset(places.shares_within(view))
