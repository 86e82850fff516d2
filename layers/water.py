"""Water levels: gauges with their thresholds as data, each with its source; no value without when it was read."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.clock import epoch_s
from geodata.places import place_or_none
from layers.event import Event
from layers.feature import Feature, feature, point
from layers.layer import Ages, Layer, Mark, Words, left_as_redacted
from layers.numbers import decimal_words, joined
from layers.situation import Changes, Situation, Things
from layers.told import Told, told_by

TRAIL = 24
_OVER = timedelta(hours=3)
_LEAST = timedelta(minutes=10)
_REMEMBER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From this level on, the state has that name. `rank` 0 is normal; the higher the worse."""

    name: str
    from_m: float
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GaugeListed:
    """What a gauge is. Levels are metres above its own `zero`, which differs from gauge to gauge and year to year."""

    kind: ClassVar[str] = "gauge_listed"
    gauge: str
    name: str
    lon: float | None = None
    lat: float | None = None
    thresholds: tuple[Threshold, ...] = ()
    thresholds_source: str | None = None
    zero: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterLevelReported:
    """The level at a gauge at one moment."""

    kind: ClassVar[str] = "water_level_reported"
    gauge: str
    level_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One level and when it was read."""

    at: datetime
    level_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One gauge as known now. `readings` are the newest, oldest first; none is "no data", never a usual value."""

    id: str
    listed: GaugeListed | None = None
    listed_told: Told | None = None
    readings: tuple[Reading, ...] = field(default=())
    told: Told

    @property
    def newest(self) -> Reading | None:
        """The newest level, however old."""
        return self.readings[-1] if self.readings else None


def state_of(gauge: Gauge) -> Threshold | None:
    """The threshold that the newest level has reached; None without a level or without thresholds."""
    newest = gauge.newest
    reached = [t for t in (gauge.listed.thresholds if gauge.listed else ()) if newest and newest.level_m >= t.from_m]
    return max(reached, key=lambda threshold: threshold.from_m, default=None)


def rise_m_per_h(gauge: Gauge) -> float | None:
    """How fast it rose over the last three hours of readings; None while there are too few."""
    newest = gauge.newest
    if newest is None:
        return None
    first = next(reading for reading in gauge.readings if newest.at - reading.at <= _OVER)
    hours = (newest.at - first.at) / timedelta(hours=1)
    return (newest.level_m - first.level_m) / hours if newest.at - first.at >= _LEAST else None


def fold(things: Things, event: Event) -> Changes:
    """A late reading fills the trail; a late list renames nothing back."""
    fact = event.fact
    if not isinstance(fact, GaugeListed | WaterLevelReported):
        return {}
    before = things.get(fact.gauge)
    known = before or Gauge(id=fact.gauge, told=told_by(event))
    told = _listed(known, fact, event) if isinstance(fact, GaugeListed) else _read(known, fact, event)
    return {} if told == before else {fact.gauge: told}


def _listed(before: Gauge, fact: GaugeListed, event: Event) -> Gauge:
    known = before.listed_told
    if known is not None and (known.at, known.seen, str(before.listed)) >= (event.at, event.seen, str(fact)):
        return before
    return replace(before, listed=fact, listed_told=told_by(event))


def _read(before: Gauge, fact: WaterLevelReported, event: Event) -> Gauge:
    """Of two levels of one moment the higher one holds."""
    readings = {reading.at: reading for reading in before.readings}
    same = readings.get(event.at)
    if same is not None and same.level_m >= fact.level_m:
        return before
    readings[event.at] = Reading(at=event.at, level_m=fact.level_m)
    newest = tuple(readings[at] for at in sorted(readings)[-TRAIL:])
    is_newest = newest[-1].at == event.at
    return replace(before, readings=newest, told=told_by(event) if is_newest else before.told)


def keep(gauge: Gauge, now: datetime) -> bool:
    """Listed ones always; a gauge nobody listed for a month after its last level."""
    return gauge.listed is not None or now - gauge.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point for every listed gauge; one without a reading says so."""
    things = situation.of("water")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [_draw(gauge, situation) for gauge in chosen]


def _draw(gauge: Gauge, situation: Situation) -> Feature:
    listed, newest, state, rise = gauge.listed, gauge.newest, state_of(gauge), rise_m_per_h(gauge)
    where = place_or_none(situation.ground.city, listed.lon, listed.lat) if listed else None
    return feature(
        gauge.id,
        point(*where) if where else None,
        name=listed.name if listed else gauge.id,
        level_m=newest.level_m if newest else None,
        state=state.name if state else None,
        rank=state.rank if state else None,
        rise_m_per_h=None if rise is None else round(rise, 3),
        label=(words := _label(listed.name if listed else gauge.id, newest)).id,
        label_en=words.en,
        thresholds=[[t.name, t.from_m] for t in listed.thresholds] if listed else [],
        thresholds_source=listed.thresholds_source if listed else None,
        observed_at=epoch_s(newest.at) if newest else None,
        source=gauge.told.source,
        mode=gauge.told.mode,
    )


def _label(name: str, newest: Reading | None) -> Words:
    level = Words(id="tidak ada data", en="no data") if newest is None else decimal_words(newest.level_m, 2, "m")
    return joined(f"{name}\n", level)


LAYER = Layer(
    title=Words(id="Tinggi muka air", en="Water levels"),
    facts=(GaugeListed, WaterLevelReported),
    thing=Gauge,
    hears=(GaugeListed, WaterLevelReported),
    fold=fold,
    history=True,
    keep=keep,
    for_visitor=left_as_redacted,
    draw=draw,
    ages=Ages(late_s=1800, lost_s=7200),
    style=(
        {
            "id": "water",
            "type": "circle",
            "paint": {
                "circle-radius": 9,
                "circle-color": [
                    "match", ["coalesce", ["get", "rank"], -1],
                    0, "var(--river-label)", 1, "var(--priority-3)", 2, "var(--priority-2)", 3, "var(--priority-1)",
                    "var(--lost)",
                ],
                "circle-stroke-color": "var(--icon-ring)",
                "circle-stroke-width": 3,
            },
        },
        {
            "id": "water-label",
            "type": "symbol",
            "layout": {
                "text-field": ["get", "label"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 20,
                "text-anchor": "top",
                "text-offset": [0, 0.7],
            },
            "paint": {"text-color": "var(--text)", "text-halo-color": "var(--label-halo)", "text-halo-width": 2},
        },
    ),
    legend=(
        Mark(words=Words(id="TMA normal", en="Water level normal"), token="--river-label"),  # noqa: S106 — a colour
        Mark(words=Words(id="TMA awas", en="Water level danger"), token="--priority-1"),  # noqa: S106
    ),
)  # fmt: skip
