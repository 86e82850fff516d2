"""An operator's word that a report is part of another, or stands alone; and how the map shows folded reports."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.clock import epoch_s
from layers.feature import Feature, feature, point
from layers.incident_reading import is_emergency_call, position_of
from layers.layer import Layer, Role, Words
from layers.situation import Situation, Things
from layers.surge import Folded, folded
from layers.told import Told, newest_holds

_REMEMBER = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJoined:
    """`report` is one more report of the incident `into`; None: it stands alone, whatever is near it."""

    kind: ClassVar[str] = "report_joined"
    report: str
    into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The newest word on one report."""

    id: str
    fact: ReportJoined
    told: Told


def joins_said(things: Things) -> dict[str, str | None]:
    """Report → what it is part of, for `surge.folded`."""
    return {join.id: join.fact.into for join in things.values()}


def folded_now(situation: Situation) -> list[Folded]:
    """The open incidents folded, as the situation knows them."""
    city = situation.ground.city
    waiting = [i for i in situation.of("incidents").values() if i.is_open and is_emergency_call(i, city)]
    return folded(waiting, situation.ground, joins_said(situation.of("joins")))


def keep(join: Join, now: datetime) -> bool:
    """Three days: longer than a closed incident is remembered."""
    return now - join.told.at < _REMEMBER


def redact(join: Join, role: Role) -> Join | None:
    """The center's own business."""
    return join if role in {"wall", "admin"} else None


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """Every thing that was reported more than once, with how often; the list of open incidents says it."""
    return [
        _draw(one, situation)
        for one in folded_now(situation)
        if one.reports > 1 and (keys is None or one.first.id in keys)
    ]


def _draw(one: Folded, situation: Situation) -> Feature:
    where = position_of(one.first, situation.ground)
    newest = max(incident.observed_at for incident in (one.first, *one.others))
    return feature(
        one.first.id,
        point(where[0], where[1]) if where else None,
        reports=one.reports,
        others=[incident.id for incident in one.others],
        confidence=one.confidence,
        observed_at=epoch_s(newest),
        source="incidents",
    )


LAYER = Layer(
    title=Words(id="Laporan ganda", en="Folded reports"),
    facts=(ReportJoined,),
    thing=Join,
    hears=(ReportJoined,),
    fold=newest_holds(ReportJoined, Join),
    history=True,
    keep=keep,
    redact=redact,
    draw=draw,
    draws_from=("incidents", "joins"),
)
