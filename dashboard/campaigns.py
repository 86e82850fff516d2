"""The cards of the city's campaigns: how many calls of their kinds came, by day. Counted from the log now and then."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.board import Bar, Card, Row
from geodata.city import Campaign, City
from geodata.clock import epoch_s
from geodata.errors import StoreUnavailable
from layers.campaigns import going_on
from layers.counts import Count, Counts
from layers.event import Mode
from layers.layer import Words
from layers.numbers import count_words
from layers.situation import Situation
from layers.store.store import Store

EVERY_S = 15.0
_BARS = 14
_WEEK = 7


def campaign_card(campaign: Campaign, counts: Counts, today: date, counted_at: datetime) -> Card:
    """`counts`: of its categories, by day, from its beginning to `today`. Those called off count nowhere."""
    days = [
        today - timedelta(days=back)
        for back in reversed(range(_BARS))
        if today - timedelta(days=back) >= campaign.starts
    ]
    by_day = [counts.groups.get(day.isoformat(), Count()).standing for day in days]
    since = f"{campaign.starts:%d.%m.%Y}"
    return Card(
        key=f"campaign:{campaign.id}",
        title=Words(id=campaign.id_name, en=campaign.en_name),
        lead=count_words(by_day[-1]),
        lead_label=Words(id="kejadian hari ini", en="incidents today"),
        rows=(
            Row(label=Words(id="Tujuh hari", en="Seven days"), value=count_words(sum(by_day[-_WEEK:]))),
            Row(label=Words(id=f"Sejak {since}", en=f"Since {since}"), value=count_words(counts.total.standing)),
        ),
        bars=tuple(Bar(label=f"{day:%d.%m}", value=count) for day, count in zip(days, by_day, strict=True)),
        bars_label=Words(id="per hari", en="per day"),
        source="112",
        observed_at=epoch_s(counted_at),
    )


@dataclass(slots=True, kw_only=True)
class Campaigns:
    """Asked from one thread. `seconds` is a monotonic clock."""

    store: Store
    city: Callable[[], City]
    mode: Mode
    clock: Callable[[], datetime]
    seconds: Callable[[], float]
    _asked_s: float | None = None
    _by_hand: tuple[Campaign, ...] = ()
    _cards: list[dict[str, Any]] = field(default_factory=list)

    def cards(self, situation: Situation) -> list[dict[str, Any]]:
        """Of every campaign that goes on; while the log cannot be read those of before, with their age."""
        by_hand = going_on(situation, self.clock())
        is_fresh = self._asked_s is not None and self.seconds() - self._asked_s < EVERY_S
        if is_fresh and by_hand == self._by_hand:
            return self._cards
        self._by_hand = by_hand
        if not self.city().campaigns and not by_hand:
            self._cards = []
            return self._cards
        self._asked_s = self.seconds()
        with suppress(StoreUnavailable):  # the wall says so, and the age of these cards does
            self._cards = [asdict(card) for card in self._counted(self.clock())]
        return self._cards

    def _counted(self, now: datetime) -> list[Card]:
        city = self.city()
        today = now.astimezone(city.zone).date()
        return [
            campaign_card(one, self.store.counts(one.starts, today, "day", self.mode, one.counted), today, now)
            for one in (*city.campaigns, *self._by_hand)
            if one.is_on(today)
        ]
