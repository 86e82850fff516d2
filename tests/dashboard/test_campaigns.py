"""The card of a campaign: today, the week, since it began; only while it goes on; and its age when the log is away."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.campaigns import EVERY_S, Campaigns
from geodata.city import Campaign
from geodata.errors import StoreUnavailable
from layers.campaigns import CampaignSet
from layers.counts import Count, Counts
from layers.event import Event
from layers.layer import discover_layers
from layers.situation import Situation, after_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DENGUE = Campaign(id="dbd", id_name="Demam berdarah", en_name="Dengue", starts=date(2026, 11, 1), counts=("medis",))


class Log:
    """Ten a day, one of them called off; or not to be read."""

    def __init__(self):
        self.asked = []
        self.is_away = False

    def counts(self, first, last, by, mode, categories):
        """As the store does."""
        if self.is_away:
            raise StoreUnavailable("away")
        self.asked.append((first, last, by, mode, categories))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        groups = {day.isoformat(): Count(incidents=10, laporan_palsu=1) for day in days}
        return Counts(by=by, groups=groups, total=Count(incidents=10 * len(days), laporan_palsu=len(days)))


@pytest.fixture
def nothing(ground):
    return Situation(ground=ground, layers=discover_layers().found)


@pytest.fixture
def clock():
    return {"s": 0.0}


@pytest.fixture
def campaigns(ground, clock):
    def of(*some):
        city = ground.city.model_copy(update={"campaigns": some})
        log = Log()
        now = lambda: NOW + timedelta(seconds=clock["s"])  # noqa: E731
        return Campaigns(store=log, city=lambda: city, mode="live", clock=now, seconds=lambda: clock["s"]), log

    return of


def test_a_city_without_campaigns_asks_nothing_of_the_log(campaigns, nothing):
    found, log = campaigns()
    assert found.cards(nothing) == []
    assert log.asked == []


def test_a_campaign_says_today_the_week_and_all_without_those_called_off(campaigns, nothing):
    found, log = campaigns(DENGUE)
    (card,) = found.cards(nothing)
    assert log.asked == [(DENGUE.starts, TODAY, "day", "live", ("medis",))]
    assert (card["key"], card["lead"]["id"], card["title"]["id"]) == ("campaign:dbd", "9", "Demam berdarah")
    assert [row["value"]["id"] for row in card["rows"]] == ["63", "180"]
    assert [bar["label"] for bar in card["bars"]] == [f"{day:02}.11" for day in range(7, 21)]


def test_one_that_has_not_begun_or_is_over_has_no_card(campaigns, nothing):
    later = DENGUE.model_copy(update={"starts": TODAY + timedelta(days=1)})
    over = DENGUE.model_copy(update={"ends": TODAY - timedelta(days=1)})
    assert campaigns(later, over)[0].cards(nothing) == []


def test_the_log_is_asked_now_and_then_and_when_it_is_away_the_old_card_keeps_its_time(campaigns, clock, nothing):
    found, log = campaigns(DENGUE)
    found.cards(nothing)
    found.cards(nothing)
    assert len(log.asked) == 1
    clock["s"], log.is_away = EVERY_S + 1, True
    assert found.cards(nothing)[0]["observed_at"] == NOW.timestamp()
    clock["s"], log.is_away = 2 * EVERY_S + 2, False
    assert found.cards(nothing)[0]["observed_at"] == NOW.timestamp() + clock["s"]


def by_hand(nothing, **said):
    fact = CampaignSet(
        campaign="h", id_name="Vaksin", en_name="Vaccination", counts=("banjir", "tidak dikenal"),
        **{"starts_at": NOW - timedelta(days=2), **said},
    )  # fmt: skip
    event = Event(id="1", at=NOW, seen=NOW, source="desk/ani/own", fact=fact)
    return after_all(nothing, [(1, event)])[0]


def test_one_begun_at_the_desk_has_a_card_at_once_beside_those_of_the_file(campaigns, nothing):
    found, log = campaigns(DENGUE)
    assert len(found.cards(nothing)) == 1
    assert [card["title"]["id"] for card in found.cards(by_hand(nothing))] == ["Demam berdarah", "Vaksin"]
    assert log.asked[-1] == (date(2026, 11, 18), TODAY, "day", "live", ("banjir",))


def test_one_that_was_ended_at_the_desk_has_no_card_any_more(campaigns, nothing):
    found, _ = campaigns()
    assert len(found.cards(by_hand(nothing))) == 1
    assert found.cards(by_hand(nothing, ends_at=NOW)) == []
