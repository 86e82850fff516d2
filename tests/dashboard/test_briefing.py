"""The briefing's figures: of which period, how many, how soon, who was first, and on how much each of them rests."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.briefing import Asked, before_of, brief_of, head_start, period_of
from dashboard.briefing_figures import funnel_figure, groups_figure, heat_figure, map_figure, slots_figure
from dashboard.briefing_words import change_words, left_out_words, period_words, share_words, span_words
from dashboard.components.brief_cards import brief_records
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.monthly import incidents_of

NOW = datetime(2026, 11, 23, 6, 40, 20, tzinfo=UTC)  # 14.40 in Samarinda, a Monday


@pytest.fixture
def answered(ground):
    """Incidents: (id, hours ago, category, minutes until relawan, minutes until OPD)."""

    def made(*told):
        facts = []
        for id_, hours_ago, category, relawan_min, opd_min in told:
            at = NOW - timedelta(hours=hours_ago)
            report = Report(category=category, reported_at=at, lon=117.15, lat=-0.5)
            facts.append((at, IncidentReported(incident=id_, report=report)))
            for agency, minutes in (("balakarcana", relawan_min), ("damkar", opd_min)):
                if minutes is not None:
                    there = at + timedelta(minutes=minutes)
                    step = IncidentStatusChanged(incident=id_, status="di_lokasi", agency=agency, reached_at=there)
                    facts.append((there, step))
        events = [Event(id=str(n), at=at, seen=at, source="t/t", fact=fact) for n, (at, fact) in enumerate(facts)]
        return incidents_of(events, period_of("week", NOW, ground.city, "live"))

    return made


@pytest.fixture
def brief(ground, answered):
    def of(*told, **asked):
        wanted = Asked(span="week", **asked)
        return brief_of(answered(*told), period_of("week", NOW, ground.city, "live"), wanted, ground)

    return of


def test_periods_are_local_days_and_today_ends_now(ground):
    today = period_of("today", NOW, ground.city, "live")
    assert period_words(today, "WITA") == "23 Nov 2026 00.00 sampai 23 Nov 2026 14.40 WITA"
    assert period_words(period_of("yesterday", NOW, ground.city, "live"), "WITA").startswith(
        "22 Nov 2026 00.00 sampai 22"
    )
    assert period_of("week", NOW, ground.city, "live").since.date() == date(2026, 11, 17)


def test_a_period_is_compared_with_as_many_days_before_it_and_an_unfinished_day_with_none(ground):
    assert before_of(period_of("week", NOW, ground.city, "live")) == (date(2026, 11, 10), date(2026, 11, 16))
    assert before_of(period_of("yesterday", NOW, ground.city, "live")) == (date(2026, 11, 21), date(2026, 11, 21))
    assert before_of(period_of("today", NOW, ground.city, "live")) is None


def test_times_say_on_how_many_they_rest_and_how_many_were_left_out_and_why(brief):
    found = brief(("A", 1, "kebakaran", 4, 10), ("B", 2, "kebakaran", None, 20), ("C", 3, "kebakaran", None, None))
    assert (found.first.n, found.first.median_s, found.first.p90_s) == (2, 240.0, 1200.0)
    assert left_out_words(found.first) == "tidak dihitung: 1 belum sampai langkah ini"


def test_relawan_are_ahead_only_where_both_came(ground, answered):
    both = answered(("A", 1, "kebakaran", 4, 10), ("B", 2, "kebakaran", 9, 5), ("C", 3, "kebakaran", 1, None))
    assert head_start(both, ground.city).n == 2
    assert (head_start(both, ground.city).ahead, head_start(both, ground.city).lead_s) == (1, 360.0)


def test_a_filter_keeps_one_group_and_says_that_calls_and_the_period_before_are_not_filtered(brief):
    told = [("A", 1, "kebakaran", 4, 10), ("B", 2, "banjir", None, 20), ("P", 2, "prank", None, None)]
    assert len(brief(*told).incidents) == 2
    only = brief(*told, only={"category": "banjir"})
    assert [incident.id for incident in only.incidents] == ["B"]
    assert only.calls is None
    assert only.before is None
    assert brief(*told, only={"category": "no such"}).incidents == ()


def test_days_without_incidents_are_there_and_hours_count_by_the_local_clock(brief):
    found = brief(("A", 1, "kebakaran", None, None), ("B", 49, "kebakaran", None, None))
    assert [count for _, count in found.per_slot] == [0, 0, 0, 0, 1, 0, 1]
    assert found.heat[0][13] == 1  # Monday 13.40
    assert found.heat[5][13] == 1


def test_figures_hold_what_was_counted_and_the_target(ground, brief):
    found = brief(("A", 1, "kebakaran", 4, 30), ("B", 2, "kebakaran", None, 40), by="category")
    bars, marks = groups_figure(found, ground).data
    assert list(bars.y) == ["Kebakaran (n 2)"]
    assert list(bars.x) == [4.0]
    assert list(marks.x) == [40.0]
    assert groups_figure(found, ground).layout.shapes[0].x0 == ground.city.response_target_min
    assert sum(slots_figure(found).data[0].y) == 2
    assert len(map_figure(found, ground).data) == len(ground.places.areas)


def test_a_figure_of_nothing_says_that_there_is_nothing(ground, brief):
    for figure in (slots_figure, heat_figure, funnel_figure):
        assert "Tidak ada data" in figure(brief()).layout.annotations[0].text
    assert "Tidak ada data" in groups_figure(brief(), ground).layout.annotations[0].text


def test_the_records_of_a_group_stand_slowest_first_and_those_without_a_time_say_why(ground, brief):
    found = brief(
        ("A", 1, "kebakaran", 4, None), ("B", 2, "kebakaran", 9, None), ("C", 3, "kebakaran", None, None), by="category"
    )
    title, table = brief_records(found, "kebakaran", ground)
    assert title.children == "Kebakaran · 3 kejadian"
    rows = table.children.children[1].children
    assert [(row.children[0].children, row.children[-1].children) for row in rows] == [
        ("B", "9 mnt"), ("A", "4 mnt"), ("C", "belum sampai langkah ini")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (span_words(393), "6 mnt 33 dtk"), (span_words(3900), "1 jam 5 mnt"), (span_words(None), "\N{EN DASH}"),
        (share_words(0.876), "87,6 %"), (share_words(None), "\N{EN DASH}"),
        (change_words(12, 10), "+20 % dari 10 sebelumnya"), (change_words(3, 0), "periode sebelumnya 0"),
        (change_words(5, 10), "\N{MINUS SIGN}50 % dari 10 sebelumnya"),
    ],
)  # fmt: skip
def test_figures_are_written_as_in_indonesia(said, words):
    assert said == words
