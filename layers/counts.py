"""Counts of incidents in a period: how many there were, and how many of them were called off. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from geodata.places import Ground
from layers.incident_facts import Status

CountBy = Literal["kelurahan", "kecamatan", "category", "class", "day", "month"]
COUNTED_BY: tuple[CountBy, ...] = get_args(CountBy)
CALLED_OFF: frozenset[Status] = frozenset({"batal", "dialihkan", "laporan_palsu"})
"""Ends after which an incident was none of ours, or none at all; it is counted, and said beside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """`incidents` are all real ones, the next three of them called off; `other`: prank, silence, a question."""

    incidents: int = 0
    batal: int = 0
    dialihkan: int = 0
    laporan_palsu: int = 0
    other: int = 0

    @property
    def standing(self) -> int:
        """Incidents that were not called off."""
        return self.incidents - self.batal - self.dialihkan - self.laporan_palsu

    def plus(self, incidents: int, *, is_real: bool, ending: str) -> "Count":
        """With so many more."""
        if not is_real:
            return replace(self, other=self.other + incidents)
        ended = {ending: getattr(self, ending) + incidents} if ending else {}
        return replace(self, incidents=self.incidents + incidents, **ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`groups` by name: a code, an id, a day or a month; "tanpa lokasi" where no place is known."""

    by: CountBy
    groups: Mapping[str, Count]
    total: Count


def total_of(counts: Iterable[Count]) -> Count:
    """All together."""
    names = ("incidents", "batal", "dialihkan", "laporan_palsu", "other")
    some = list(counts)
    return Count(**{name: sum(getattr(count, name) for count in some) for name in names})


def mark_of(ground: Ground) -> str | None:
    """What incidents are counted by: other boundaries or categories count otherwise. None without any boundaries."""
    if not ground.places.areas:
        return None
    city = ground.city
    areas = [repr(area) for _, area in sorted(ground.places.areas.items())]
    said = (city.code, str(city.zone), repr(city.extent), repr(city.categories), *areas)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def counts_said(counts: Counts, ground: Ground) -> dict[str, Any]:
    """As JSON: each group with its name in words."""
    groups = [{"key": key, "name": _words(key, counts.by, ground), **_said(one)} for key, one in counts.groups.items()]
    return {"by": counts.by, "groups": groups, "total": _said(counts.total)}


def _said(count: Count) -> dict[str, int]:
    return {
        "incidents": count.incidents,
        "standing": count.standing,
        "batal": count.batal,
        "dialihkan": count.dialihkan,
        "laporan_palsu": count.laporan_palsu,
        "other": count.other,
    }


def _words(key: str, by: CountBy, ground: Ground) -> str:
    if by == "kelurahan":
        area = ground.places.areas.get(key)
        return area.name if area else key
    return ground.city.category(key).id_name if by == "category" else key
