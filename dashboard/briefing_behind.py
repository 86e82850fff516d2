"""Which incidents stand behind a bar, a cell or an area that somebody touched. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dashboard.briefing import Brief, is_one_day, name_of
from dashboard.briefing_city import LEAD_STEPS_MIN
from dashboard.briefing_words import WEEKDAY_WORDS, WEEKDAY_WORDS_EN, both_said, day_words
from geodata.places import Ground
from layers.incident_answer import arrivals
from layers.incident_facts import Incident
from layers.intervals import Dimension, grouped
from layers.layer import Words

_MINUTE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The incidents, and what they have in common."""

    title: Words
    incidents: tuple[Incident, ...]


def behind(brief: Brief, figure: str, key: Sequence[Any], ground: Ground) -> Behind | None:
    """`key` is what the figure tells of the touched part; None for what it cannot have told."""
    finders = {"groups": _of_group, "slots": _of_slot, "heat": _of_cell, "map": _of_area, "leads": _of_lead}
    if figure not in finders or not key:
        return None
    return finders[figure](brief, key, ground)


def _of_group(brief: Brief, key: Sequence[Any], ground: Ground) -> Behind:
    name = str(key[0])
    found = grouped(brief.incidents, brief.by, ground).get(name, [])
    return Behind(title=_named(brief.by, name, ground), incidents=tuple(found))


def _named(by: Dimension, name: str, ground: Ground) -> Words:
    return Words(id=name_of(by, name, ground), en=name_of(by, name, ground, "en"))


def _of_area(brief: Brief, key: Sequence[Any], ground: Ground) -> Behind | None:
    code = str(key[0])
    if code not in ground.places.areas:
        return None
    found = grouped(brief.incidents, "kelurahan", ground).get(code, [])
    return Behind(title=_same(ground.places.areas[code].name), incidents=tuple(found))


def _of_slot(brief: Brief, key: Sequence[Any], _ground: Ground) -> Behind | None:
    place = key[0]
    if not isinstance(place, int) or not 0 <= place < len(brief.per_slot):
        return None
    at = brief.per_slot[place][0]
    is_hour = is_one_day(brief.period)
    until = at + (timedelta(hours=1) if is_hour else timedelta(days=1))
    found = [one for one in brief.incidents if one.report and at <= one.report.reported_at < until]
    words = f"{day_words(at)} {at:%H.%M}" if is_hour else day_words(at)
    return Behind(title=both_said(words), incidents=tuple(found))


def _of_cell(brief: Brief, key: Sequence[Any], _ground: Ground) -> Behind | None:
    weekday, hour = key[0], key[1] if len(key) > 1 else None
    if weekday not in range(7) or hour not in range(24):
        return None
    zone = brief.period.since.tzinfo
    local = [(one, one.report.reported_at.astimezone(zone)) for one in brief.incidents if one.report]
    found = [one for one, at in local if (at.weekday(), at.hour) == (weekday, hour)]
    span = f"{hour:02}.00\N{EN DASH}{hour:02}.59"
    title = Words(id=f"{WEEKDAY_WORDS[weekday]} {span}", en=f"{WEEKDAY_WORDS_EN[weekday]} {span}")
    return Behind(title=title, incidents=tuple(found))


def _of_lead(brief: Brief, key: Sequence[Any], ground: Ground) -> Behind | None:
    place = key[0]
    if not isinstance(place, int) or not -1 <= place < len(LEAD_STEPS_MIN):
        return None
    found = tuple(one for one in brief.incidents if _lead_step(one, ground) == place)
    title = Words(id="OPD lebih dulu, atau bersamaan", en="Agency first, or both at once")
    if place >= 0:
        ahead = f"{LEAD_STEPS_MIN[place]}"
        title = Words(id=f"Relawan lebih dulu, mulai {ahead} menit", en=f"Volunteers first, from {ahead} minutes")
    return Behind(title=title, incidents=found)


def _lead_step(incident: Incident, ground: Ground) -> int | None:
    came = arrivals(incident, ground.city)
    if came.lead_s is None:
        return None
    if came.first != "relawan":
        return -1
    return max(n for n, least in enumerate(LEAD_STEPS_MIN) if came.lead_s >= least * _MINUTE_S)


def touched(clicked: Mapping[str, Any] | None, figure: str = "") -> Sequence[Any]:
    """What a figure says of the part that was touched: a browser may send anything.

    A cell says its row and column, an area the key of every point of its outline.
    """
    points = (clicked or {}).get("points")
    point = points[0] if isinstance(points, list) and points and isinstance(points[0], dict) else {}
    if figure == "heat":
        return _cell(point.get("y"), point.get("x"))
    key = point.get("customdata")
    if isinstance(key, list) and key and isinstance(key[0], list):
        key = key[0]
    return key if isinstance(key, list) else []


def _cell(row: object, column: object) -> Sequence[Any]:
    weekday = next((words.index(row) for words in (WEEKDAY_WORDS, WEEKDAY_WORDS_EN) if row in words), None)
    hour = str(column)
    return [weekday, int(hour)] if weekday is not None and hour.isascii() and hour.isdecimal() else []


def _same(text: str) -> Words:
    return Words(id=text, en=text)
