"""Which shift of the city a moment belongs to. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from geodata.city import City
from layers.layer import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One shift of one day, aware."""

    name: str
    starts: datetime
    ends: datetime

    @property
    def id(self) -> str:
        """The local day on which it begins, and its name: "2026-11-22/Malam"."""
        return f"{self.starts:%Y-%m-%d}/{self.name}"


_ENGLISH = {"Pagi": "Morning", "Siang": "Day", "Sore": "Evening", "Malam": "Night"}


def shift_words(name: str) -> Words:
    """The shift as people call it; one of another name keeps the one the city gave it."""
    return Words(id=f"Sif {name}", en=f"{_ENGLISH.get(name, name)} shift")


def watch_at(city: City, now: datetime) -> Watch:
    """The shift on duty at `now`; the last one of a day runs on past midnight."""
    today = now.astimezone(city.zone).date()
    days = (today - timedelta(days=1), today, today + timedelta(days=1))
    starts = sorted(
        (datetime.combine(day, time.fromisoformat(shift.starts), city.zone), shift.name)
        for day in days
        for shift in city.shifts
    )
    index = max(i for i, (start, _) in enumerate(starts) if start <= now)
    return Watch(name=starts[index][1], starts=starts[index][0], ends=starts[index + 1][0])
