"""Finding a place by its name: areas, facilities, cameras, shelters, units, open incidents, coordinates. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from geodata.places import Places, place_or_none
from layers.facilities import KIND_WORDS as FACILITY_WORDS
from layers.layer import Words
from layers.situation import Situation
from layers.statistics import listed_cameras

MOST_LETTERS = 80
MOST_FOUND = 12
Kind = Literal["kelurahan", "kecamatan", "facility", "camera", "shelter", "incident", "unit", "point"]
KIND_WORDS: dict[Kind, Words] = {
    "kelurahan": Words(id="kelurahan", en="kelurahan"),
    "kecamatan": Words(id="kecamatan", en="kecamatan"),
    "facility": Words(id="fasilitas", en="facility"),
    "camera": Words(id="kamera", en="camera"),
    "shelter": Words(id="pengungsian", en="shelter"),
    "incident": Words(id="kejadian", en="incident"),
    "unit": Words(id="armada", en="unit"),
    "point": Words(id="titik koordinat", en="coordinates"),
}
_FIRST: dict[Kind, int] = {kind: rank for rank, kind in enumerate(KIND_WORDS)}
_CLOSE: dict[Kind, float] = {"kecamatan": 12.8, "kelurahan": 14.2}
_CLOSEST = 15.2
_POINT = re.compile(r"\s*(-?\d{1,3}(?:[.]\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:[.]\d+)?)\s*")
_NOT_A_WORD = re.compile(r"[^0-9a-zà-ÿ]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One place. `also` are words it is found by beside its name; `note` says which one it is."""

    kind: Kind
    key: str
    name: str
    lon: float
    lat: float
    note: Words
    also: str = ""
    icon: str | None = None
    priority: int | None = None


def search(situation: Situation, now: datetime, said: str, most: int = MOST_FOUND) -> list[Found]:
    """What the words may mean, the likeliest first; `situation` must be what the asker may see."""
    point = _coordinates(situation, said)
    if point is not None:
        return [point]
    words = plain(said[:MOST_LETTERS]).split()
    if not words:
        return []
    ranked = [(rank, one) for one in _everything(situation, now) if (rank := _rank(one, words)) is not None]
    return [one for _, one in sorted(ranked, key=lambda pair: (pair[0], _order(pair[1])))][:most]


def found_said(found: Found) -> dict[str, Any]:
    """As JSON; `zoom` is how near a map should go."""
    kind = KIND_WORDS[found.kind]
    return {
        "kind": found.kind,
        "kind_words": {"id": kind.id, "en": kind.en},
        "key": found.key,
        "name": found.name,
        "note": {"id": found.note.id, "en": found.note.en},
        "lon": found.lon,
        "lat": found.lat,
        "zoom": _CLOSE.get(found.kind, _CLOSEST),
        "icon": found.icon,
        "priority": found.priority,
    }


def plain(said: str) -> str:
    """Small letters and single spaces, nothing else: as people type names."""
    return _NOT_A_WORD.sub(" ", said.casefold()).strip()


def _order(one: Found) -> tuple[int, int, str, str]:
    return _FIRST[one.kind], len(one.name), one.name, one.key


def _rank(one: Found, words: list[str]) -> int | None:
    """0: its name is said; 1: it begins so; 2: words of it begin so; 3: within it; 4: by another of its words."""
    name, asked = plain(one.name), " ".join(words)
    if name == asked or plain(one.key) == asked:
        return 0
    if name.startswith(asked):
        return 1
    parts = name.split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return 2
    if asked in name:
        return 3
    also = plain(f"{one.name} {one.also} {one.key} {KIND_WORDS[one.kind].id} {KIND_WORDS[one.kind].en}").split()
    return 4 if all(any(part.startswith(word) for part in also) for word in words) else None


def _coordinates(situation: Situation, said: str) -> Found | None:
    """`-0.5022, 117.1536` in either order, where only one of the two lies in the city."""
    match = _POINT.fullmatch(said)
    if not match:
        return None
    first, second = float(match[1]), float(match[2])
    for lon, lat in ((second, first), (first, second)):
        if place_or_none(situation.ground.city, lon, lat):
            where = _where(situation.ground.places, lon, lat)
            return Found(kind="point", key=f"{lon},{lat}", name=f"{lat:.5f}, {lon:.5f}", lon=lon, lat=lat, note=where)
    return None


def _where(places: Places, lon: float, lat: float) -> Words:
    area = places.areas.get(places.kelurahan_at(lon, lat) or "")
    return Words(id=area.name, en=area.name) if area else Words(id="di luar batas kota", en="outside the city")


def _everything(situation: Situation, now: datetime) -> Iterator[Found]:
    yield from _areas(situation.ground.places)
    yield from _facilities(situation, now)
    yield from _cameras(situation)
    yield from _drawn(situation, now, "shelters", "shelter")
    yield from _units(situation)
    yield from _incidents(situation, now)


def _areas(places: Places) -> Iterator[Found]:
    of_kecamatan = defaultdict(list)
    for area in places.areas.values():
        of_kecamatan[area.kecamatan].append(area)
        note = Words(id=f"Kec. {area.kecamatan}", en=f"Kec. {area.kecamatan}")
        yield Found(
            kind="kelurahan", key=area.code, name=area.name, lon=area.lon, lat=area.lat, note=note, also=area.kecamatan
        )
    for name, areas in of_kecamatan.items():
        lon, lat = (sum(getattr(one, axis) for one in areas) / len(areas) for axis in ("lon", "lat"))
        note = Words(id=f"{len(areas)} kelurahan", en=f"{len(areas)} kelurahan")
        yield Found(kind="kecamatan", key=areas[0].code[:8], name=name, lon=lon, lat=lat, note=note)


def _facilities(situation: Situation, now: datetime) -> Iterator[Found]:
    part = situation.layers.get("facilities")
    for one in _placed(part.draw(situation, now, None) if part else ()):
        said, (lon, lat) = one["properties"], one["geometry"]["coordinates"]
        kind = FACILITY_WORDS[said["kind"]]
        yield Found(kind="facility", key=said["key"], name=said["name"], lon=lon, lat=lat, note=kind, also=kind.id)


def _cameras(situation: Situation) -> Iterator[Found]:
    for camera in listed_cameras(situation):
        listed = camera.listed
        if listed is None or place_or_none(situation.ground.city, listed.lon, listed.lat) is None:
            continue
        note = _where(situation.ground.places, listed.lon, listed.lat)
        yield Found(
            kind="camera", key=camera.id, name=listed.name, lon=listed.lon, lat=listed.lat, note=note, also=note.id
        )


def _units(situation: Situation) -> Iterator[Found]:
    for unit in situation.of("responders").values():
        place = unit.position and place_or_none(situation.ground.city, unit.position.lon, unit.position.lat)
        if place:
            note = Words(id=unit.agency or "armada", en=unit.agency or "unit")
            yield Found(kind="unit", key=unit.id, name=unit.name, lon=place[0], lat=place[1], note=note, also=note.id)


def _drawn(situation: Situation, now: datetime, layer: str, kind: Kind) -> Iterator[Found]:
    part = situation.layers.get(layer)
    for one in _placed(part.draw(situation, now, None) if part else ()):
        said = one["properties"]
        lon, lat = one["geometry"]["coordinates"]
        note = KIND_WORDS[kind]
        yield Found(kind=kind, key=said["key"], name=str(said.get("name") or said["key"]), lon=lon, lat=lat, note=note)


def _incidents(situation: Situation, now: datetime) -> Iterator[Found]:
    part = situation.layers.get("incidents")
    for one in _placed(part.draw(situation, now, None) if part else ()):
        said = one["properties"]
        lon, lat = one["geometry"]["coordinates"]
        place = str(said.get("kelurahan") or "")
        yield Found(
            kind="incident", key=said["key"], name=said["title"], lon=lon, lat=lat,
            note=Words(id=f"{place} · {said['status_words']}", en=f"{place} · {said['status']}"),
            also=f"{place} {said['category']} {said['title_en']}", icon=said["icon"], priority=said["priority"],
        )  # fmt: skip


def _placed(features: Iterable[Any]) -> Iterator[Any]:
    return (one for one in features if one["geometry"] and one["geometry"]["type"] == "Point")
