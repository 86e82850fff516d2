"""Campaigns begun by hand: for a time the city asks for calls of some kinds, and the wall counts them.

Those of the city's file (`geodata.city.Campaign`) go on beside them; who begins one here needs no restart.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.city import Campaign
from layers.feature import Feature
from layers.layer import Layer, Words
from layers.situation import Situation
from layers.told import Told, newest_holds

_REMEMBER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSet:
    """From `starts_at` on calls of these categories are counted for it; until `ends_at`, where that is known.

    The newest word holds: one that is over has its end in the past.
    """

    kind: ClassVar[str] = "campaign_set"
    campaign: str
    id_name: str
    en_name: str
    counts: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandCampaign:
    """One campaign as known now."""

    id: str
    fact: CampaignSet
    told: Told

    def is_on(self, now: datetime) -> bool:
        """Whether it goes on at that moment."""
        return self.fact.starts_at <= now and (self.fact.ends_at is None or now < self.fact.ends_at)


def going_on(situation: Situation, now: datetime) -> tuple[Campaign, ...]:
    """Those that go on, as the city's file would say them; a category that is no longer known is not counted."""
    known = {category.id for category in situation.ground.city.categories}
    zone = situation.ground.city.zone
    found = []
    for one in sorted(situation.of("campaigns").values(), key=lambda one: one.id):
        fact, counts = one.fact, tuple(name for name in one.fact.counts if name in known)
        if counts and one.is_on(now):
            first = fact.starts_at.astimezone(zone).date()
            found.append(Campaign(id=one.id, id_name=fact.id_name, en_name=fact.en_name, starts=first, counts=counts))
    return tuple(found)


def keep(campaign: HandCampaign, now: datetime) -> bool:
    """While it goes on, and a month after the newest word on it."""
    return campaign.is_on(now) or now - campaign.told.at < _REMEMBER


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map: the wall has a card (`dashboard/campaigns.py`)."""
    return []


LAYER = Layer(
    title=Words(id="Kampanye", en="Campaigns"),
    facts=(CampaignSet,),
    thing=HandCampaign,
    hears=(CampaignSet,),
    fold=newest_holds(CampaignSet, HandCampaign),
    history=True,
    keep=keep,
    draw=draw,
)
