"""Positions of many units as columns: what they are kept as, and the newest of each unit. Pure.

`at` and `seen` are whole microseconds since 1970 UTC. A measure that was not said is NaN, never 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from layers.event import Mode

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

MEASURES = ("lon", "lat", "heading_deg", "speed_mps", "accuracy_m", "battery_pct")
"""The rows of `Tracks.measures`, named as a position names them; the first two are always said."""

NEWEST = 12
"""How many places of a unit its trail holds."""


class Speaker(NamedTuple):
    """Who said a position, of which unit."""

    unit: str
    source: str
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracks:
    """One position per column of `measures`; `who[i]` is its place in `speakers`."""

    speakers: tuple[Speaker, ...]
    who: Ints
    at: Ints
    seen: Ints
    measures: Floats

    def __len__(self) -> int:
        """How many positions."""
        return len(self.who)

    def take(self, chosen: Mask | Ints) -> "Tracks":
        """Only those."""
        return Tracks(
            speakers=self.speakers,
            who=self.who[chosen],
            at=self.at[chosen],
            seen=self.seen[chosen],
            measures=self.measures[:, chosen],
        )

    def of(self, is_chosen: Callable[[Speaker], bool]) -> "Tracks":
        """Only those of such speakers."""
        chosen = np.array([is_chosen(speaker) for speaker in self.speakers], dtype=np.bool_)
        return self if chosen.all() else self.take(chosen[self.who])

    def by_unit(self) -> tuple[tuple[str, ...], Ints]:
        """The units that were ever spoken of, and for each position the place of its unit among them."""
        units = tuple(dict.fromkeys(speaker.unit for speaker in self.speakers))
        places = {unit: place for place, unit in enumerate(units)}
        of_speaker = np.array([places[speaker.unit] for speaker in self.speakers], dtype=np.int64)
        return units, of_speaker[self.who] if len(self) else self.who


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Positions by their own time, oldest first; `until` (µs): from when on there may be more than these."""

    tracks: Tracks
    until: int


def none() -> Tracks:
    """No position at all."""
    empty = np.zeros(0, dtype=np.int64)
    return Tracks(speakers=(), who=empty, at=empty, seen=empty, measures=np.zeros((len(MEASURES), 0)))


def joined(parts: Sequence[Tracks]) -> Tracks:
    """All of them, one after the other."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return none()
    places: dict[Speaker, int] = {}
    who = []
    for part in parts:
        own = np.array([places.setdefault(speaker, len(places)) for speaker in part.speakers], dtype=np.int64)
        who.append(own[part.who])
    return Tracks(
        speakers=tuple(places),
        who=np.concatenate(who),
        at=np.concatenate([part.at for part in parts]),
        seen=np.concatenate([part.seen for part in parts]),
        measures=np.concatenate([part.measures for part in parts], axis=1),
    )


def placed(tracks: Tracks) -> Tracks:
    """Without those of a receiver that has no fix: it says 0, 0."""
    lon, lat = tracks.measures[:2]
    return tracks.take((lon != 0) | (lat != 0))


def newest(tracks: Tracks, most: int = NEWEST) -> Tracks:
    """By unit and time, the newest `most` different places of each; those said twice are there twice."""
    if not len(tracks):
        return tracks
    ordered, number, ends = _numbered(tracks)
    lasts = np.repeat(number[ends], np.diff(ends, prepend=-1))
    return ordered.take(lasts - number < most)


def counted(tracks: Tracks) -> dict[str, int]:
    """How many different places there are of each unit."""
    if not len(tracks):
        return {}
    ordered, number, ends = _numbered(tracks)
    units = [ordered.speakers[who].unit for who in ordered.who[ends].tolist()]
    return dict(zip(units, np.diff(number[ends], prepend=0).tolist(), strict=True))


def _numbered(tracks: Tracks) -> tuple[Tracks, Ints, Ints]:
    """By unit and time; the running number of each different place; where each unit ends."""
    _, unit = tracks.by_unit()
    lon, lat = tracks.measures[:2]
    order = np.lexsort((tracks.at, unit))
    if ((np.diff(tracks.at[order]) == 0) & (np.diff(unit[order]) == 0)).any():
        order = np.lexsort((tracks.seen, lat, lon, tracks.at, unit))
    ordered, unit = tracks.take(order), unit[order]
    is_same = unit[1:] == unit[:-1]
    ends = np.append(np.flatnonzero(~is_same), len(unit) - 1)
    for row in (ordered.at, *ordered.measures[:2]):
        is_same = is_same & (row[1:] == row[:-1])
    return ordered, np.cumsum(np.append([True], ~is_same)), ends


def latest_rows(tracks: Tracks, rows: Ints, most: int = NEWEST) -> Tracks:
    """Of these rows, by speaker and arrival, those that `newest` may want: the last ones, where each is later."""
    if not len(rows):
        return tracks.take(rows)
    who, at = tracks.who[rows], tracks.at[rows]
    is_same = who[1:] == who[:-1]
    if (is_same & (at[1:] <= at[:-1])).any():
        return tracks.take(rows)
    ends = np.append(np.flatnonzero(~is_same), len(rows) - 1)
    left = np.repeat(ends, np.diff(ends, prepend=-1)) - np.arange(len(rows))
    return tracks.take(rows[left < most])
