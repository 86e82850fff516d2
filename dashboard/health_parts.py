"""How each part of this installation is doing, in words a volunteer understands. Pure: what was seen in, parts out.

What is wrong with cameras, feeds and disks is said by `dashboard/degraded.py`, for the wall and for this alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard import health_well
from dashboard.degraded import Trouble
from dashboard.health_part import Line, Mood, Part, Seen
from dashboard.health_words import remedy
from dashboard.supervisor import ChildState
from layers.layer import Words
from layers.numbers import count_words, joined

GRAVE = frozenset({"store", "spool", "disk", "camera_process", "feed_process", "clock", "process"})
_LATELY = timedelta(minutes=10)
_WORST_FIRST: tuple[Mood, ...] = ("grave", "warn", "lost", "good", "off")
_DOWN = Words(id="Berhenti; sedang dimulai lagi", en="Stopped; is being started again")
_AGAIN = Words(id="Baru saja berhenti mendadak; sudah berjalan lagi", en="Stopped suddenly just now; runs again")
_WATCH_IT = Words(
    id="Tidak perlu apa-apa. Bila berulang, beri tahu petugas TI.",
    en="Nothing to do. If it comes back, tell the technician.",
)
_FALLS = Words(id="Berhenti sejak layanan dimulai", en="Stops since the service began")
_ALSO = Words(id="Juga", en="Also")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a part is when all is well, the kinds of troubles that are its own, and its process."""

    well: Callable[[Seen], Part]
    kinds: frozenset[str] = frozenset()
    child: str | None = None


_OF_CAMERAS = frozenset({"camera_process", "outage", "cameras", "camera", "pictures", "picture", "clocks", "archive"})
_PLANS = (
    _Plan(health_well.web, frozenset({"layer"}), "web"),
    _Plan(health_well.log, frozenset({"store", "disk"})),
    _Plan(health_well.spool, frozenset({"spool"})),
    _Plan(health_well.cameras, _OF_CAMERAS, "cameras"),
    _Plan(health_well.live, child="live"),
    _Plan(health_well.feeds, frozenset({"feed_process", "line", "source", "quarantine", "hook"}), "feeds"),
    _Plan(health_well.backups, frozenset({"backup"}), "backups"),
    _Plan(health_well.reports, frozenset({"report"}), "reports"),
    _Plan(health_well.clock, frozenset({"clock"})),
    _Plan(health_well.memory),
)


def parts(seen: Seen) -> tuple[Part, ...]:
    """Every part, in the order of the page: it does not move when something breaks."""
    return tuple(_part(plan, seen) for plan in _PLANS)


def worst(found: Sequence[Part]) -> Mood:
    """The mood of the whole."""
    return min((part.mood for part in found), key=_WORST_FIRST.index, default="lost")


def summary(found: Sequence[Part]) -> Words:
    """One sentence for the whole."""
    grave = sum(part.mood == "grave" for part in found)
    doubtful = sum(part.mood in {"warn", "lost"} for part in found)
    if grave:
        return joined(count_words(grave), Words(id=" bagian rusak", en=" broken"))
    if doubtful:
        return joined(count_words(doubtful), Words(id=" bagian perlu dilihat", en=" to be looked at"))
    return Words(id="Semua bagian bekerja", en="Everything works")


def _part(plan: _Plan, seen: Seen) -> Part:
    """The worst that is known of it; else how it is when all is well."""
    well, state = plan.well(seen), seen.child(plan.child) if plan.child else None
    if state is not None and state.pid is None:
        return _broken(well, "process", _DOWN, state.died_at or state.since)
    if own := [trouble for trouble in seen.troubles if _kind(trouble) in plan.kinds]:
        return _with_troubles(well, own)
    if well.mood == "good" and state is not None and _fell_lately(state, seen.now):
        falls = Line(label=_FALLS, value=count_words(state.deaths))
        return replace(
            well, mood="warn", said=_AGAIN, since=state.died_at, remedy=_WATCH_IT, lines=(falls, *well.lines)
        )
    return well


def _broken(well: Part, kind: str, said: Words, since: datetime | None) -> Part:
    return replace(well, mood="grave" if kind in GRAVE else "warn", said=said, since=since, remedy=remedy(kind))


def _with_troubles(well: Part, own: Sequence[Trouble]) -> Part:
    """The gravest is said, the others are details: they come in that order."""
    first, *others = own
    lines = tuple(Line(label=_ALSO, value=trouble.text) for trouble in others)
    return replace(_broken(well, _kind(first), first.text, first.since), lines=(*lines, *well.lines))


def _kind(trouble: Trouble) -> str:
    return trouble.key.partition(":")[0]


def _fell_lately(state: ChildState, now: datetime) -> bool:
    return state.died_at is not None and now - state.died_at < _LATELY
