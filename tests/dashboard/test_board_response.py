"""The card of response times: the share in target with its n, and what has no time beside it."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.board_response import response_cards
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.numbers import span_words
from layers.situation import Situation, after_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def card(ground):
    def made(*minutes):
        """Incidents of the last two hours, each reached after so many minutes; None: reached, but nobody said when."""
        facts = []
        for number, after in enumerate(minutes):
            began = NOW - timedelta(minutes=100 - number)
            report = Report(category="kebakaran", reported_at=began, lon=117.15, lat=-0.5)
            facts.append((began, IncidentReported(incident=f"I{number}", report=report)))
            moment = began + timedelta(minutes=after or 5)
            status = IncidentStatusChanged(incident=f"I{number}", status="di_lokasi", agency="damkar",
                                           reached_at=None if after is None else moment)  # fmt: skip
            facts.append((moment, status))
        events = [(n, Event(id=str(n), at=at, seen=at, source="t", fact=fact)) for n, (at, fact) in enumerate(facts, 1)]
        situation = after_all(Situation(ground=ground, layers=discover_layers().found), events)[0]
        return response_cards(situation, NOW, NOW.timestamp())

    return made


def values(said):
    return {row["label"]["id"]: row["value"]["id"] for row in said["rows"]}


def test_where_nobody_was_reached_there_is_no_card_and_no_zero(card):
    assert card() == []


def test_the_share_in_target_stands_with_its_n_and_what_it_is_made_of(card):
    (said,) = card(5, 10, 20, 60)
    assert (said["lead"]["id"], said["lead_label"]["id"]) == ("50,0 %", "tepat waktu · n 4")
    assert values(said)["Separuh dalam"] == "10 mnt"
    assert values(said)["9 dari 10 dalam"] == "1 jam"
    assert said["rows"][0]["mood"] == "late"
    assert (said["observed_at"], said["source"]["id"]) == (NOW.timestamp(), "kejadian 112 hari ini")


def test_what_nobody_gave_a_time_for_is_counted_beside_it_not_in_it(card):
    (said,) = card(5, None)
    assert said["lead_label"]["id"] == "tepat waktu · n 1"
    assert values(said)["Tanpa waktu yang sah"] == "1"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 dtk"), (33, "33 dtk"), (393, "6 mnt 33 dtk"), (360, "6 mnt"), (3900, "1 jam 5 mnt")]
)
def test_a_length_of_time_never_reads_like_a_time_of_day(seconds, words):
    assert span_words(seconds).id == words
