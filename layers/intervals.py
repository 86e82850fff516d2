"""How long the answer to an incident took, step by step, and the figures over many. Pure.

An interval has a value or a reason why it has none; a reason is never counted as zero. Percentiles are by nearest
rank: every one is the time of a record that can be named.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from geodata.city import City
from geodata.places import Ground
from layers.incident_answer import arrivals, flaws, has_passed, time_of, was_reached
from layers.incident_facts import CLOSED, Incident, Status
from layers.incident_reading import category_of, kelurahan_of
from layers.layer import Words
from layers.watches import watch_at

Interval = Literal["dispatch", "first_on_scene", "relawan_on_scene", "opd_on_scene", "close"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)
Dimension = Literal["shift", "category", "agency", "kelurahan", "kecamatan", "day"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
Reason = Literal["pending", "called_off", "not_there", "untold", "impossible", "unreported"]
REASON_WORDS: Mapping[Reason, Words] = {
    "pending": Words(id="belum sampai langkah ini", en="not there yet"),
    "called_off": Words(id="batal, dialihkan, atau laporan palsu", en="called off, transferred or false"),
    "not_there": Words(id="pihak ini tidak datang", en="that side did not come"),
    "untold": Words(id="tanpa waktu", en="no time said"),
    "impossible": Words(id="waktu bertentangan", en="times contradict each other"),
    "unreported": Words(id="tanpa laporan", en="no report"),
}
NOWHERE, NOBODY = "tanpa lokasi", "tanpa OPD"
REAL = frozenset({"darurat", "tidak_darurat"})
"""Who asks for information, or has nothing to report, has no incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """One interval over many incidents. `records` are those it is made of, the fastest first.

    `left_out` maps each reason to the incidents without a value. `within` counts those within the target, of which
    there may be more than one (by category); both are None where the city has none.
    """

    interval: Interval
    n: int
    median_s: float | None
    p90_s: float | None
    within: int | None
    share_within: float | None
    records: tuple[str, ...]
    left_out: Mapping[Reason, tuple[str, ...]]


def nearest_rank(ordered: Sequence[float], percent: float) -> float | None:
    """The smallest value that at least so many percent do not exceed; None of nothing."""
    return ordered[max(math.ceil(percent / 100 * len(ordered)), 1) - 1] if ordered else None


def interval_of(incident: Incident, interval: Interval, city: City) -> float | Reason:
    """Seconds since the report, or why there is no value."""
    if incident.report is None:
        return "unreported"
    moment = _moment_of(incident, interval, city)
    if moment is None:
        return _reason(incident, interval)
    seconds = (moment - incident.report.reported_at).total_seconds()
    return seconds if seconds >= 0 else "impossible"


def _moment_of(incident: Incident, interval: Interval, city: City) -> datetime | None:
    if interval == "relawan_on_scene":
        return arrivals(incident, city).relawan
    return arrivals(incident, city).opd if interval == "opd_on_scene" else time_of(incident, _STEP[interval])


_STEP: Mapping[Interval, Status] = {
    "dispatch": "diteruskan",
    "first_on_scene": "di_lokasi",
    "relawan_on_scene": "di_lokasi",
    "opd_on_scene": "di_lokasi",
    "close": "selesai",
}


def _reason(incident: Incident, interval: Interval) -> Reason:
    step = _STEP[interval]
    if any(flawed.status == step and flawed.flaw != "untold" for flawed in flaws(incident)):
        return "impossible"
    if incident.status in CLOSED - {"selesai"}:
        return "called_off"
    is_past = was_reached(incident) if step == "di_lokasi" else has_passed(incident, step)
    if not is_past:
        return "pending"
    is_of_one_side = interval in {"relawan_on_scene", "opd_on_scene"}
    return "not_there" if is_of_one_side and _others_alone(incident) else "untold"


def _others_alone(incident: Incident) -> bool:
    """Whether everybody who came said when, so that the side that is missing was not there."""
    came = [steps["di_lokasi"] for steps in incident.reached_by.values() if "di_lokasi" in steps]
    return bool(came) and all(at is not None for at in came)


def target_s(incident: Incident, interval: Interval, city: City) -> float | None:
    """What the city wants of this interval and category; None where it has said nothing."""
    if interval == "dispatch":
        return city.dispatch_target_s
    if interval == "close":
        return None if city.close_target_min is None else city.close_target_min * 60
    return (category_of(incident, city).response_target_min or city.response_target_min) * 60


def times(incidents: Iterable[Incident], interval: Interval, city: City) -> Times:
    """The figures of one interval."""
    left: dict[Reason, list[str]] = defaultdict(list)
    told: list[tuple[float, str, float | None]] = []
    for incident in incidents:
        value = interval_of(incident, interval, city)
        if isinstance(value, str):
            left[value].append(incident.id)
        else:
            told.append((value, incident.id, target_s(incident, interval, city)))
    told.sort(key=lambda one: one[:2])
    aimed = [(value, target) for value, _, target in told if target is not None]
    within = sum(value <= target for value, target in aimed)
    values = [value for value, _, _ in told]
    return Times(
        interval=interval,
        n=len(told),
        median_s=nearest_rank(values, 50),
        p90_s=nearest_rank(values, 90),
        within=within if aimed else None,
        share_within=within / len(aimed) if aimed else None,
        records=tuple(id_ for _, id_, _ in told),
        left_out={reason: tuple(sorted(ids)) for reason, ids in sorted(left.items())},
    )


def real_ones(incidents: Iterable[Incident], city: City) -> list[Incident]:
    """Those about something that happened; what has no report yet is counted, its times are not."""
    return [i for i in incidents if i.report is None or category_of(i, city).service_class in REAL]


def grouped(incidents: Iterable[Incident], by: Dimension, ground: Ground) -> dict[str, list[Incident]]:
    """The incidents by shift, category, agency, kelurahan, kecamatan or local day, in the order of the names."""
    name_of: Callable[[Incident], str] = {
        "shift": lambda i: _moment(i, lambda at: watch_at(ground.city, at).name),
        "category": lambda i: category_of(i, ground.city).id,
        "agency": lambda i: i.agency or NOBODY,
        "kelurahan": lambda i: kelurahan_of(i, ground) or NOWHERE,
        "kecamatan": lambda i: _kecamatan(i, ground),
        "day": lambda i: _moment(i, lambda at: f"{at.astimezone(ground.city.zone):%Y-%m-%d}"),
    }[by]
    groups: dict[str, list[Incident]] = defaultdict(list)
    for incident in incidents:
        groups[name_of(incident)].append(incident)
    return dict(sorted(groups.items()))


def _moment(incident: Incident, name: Callable[[datetime], str]) -> str:
    return name(incident.report.reported_at) if incident.report else "tanpa laporan"


def _kecamatan(incident: Incident, ground: Ground) -> str:
    area = ground.places.areas.get(kelurahan_of(incident, ground) or "")
    return area.kecamatan if area else NOWHERE
