"""The briefing's figures: of which period, how many, how soon, who was first, and on how much each of them rests."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.briefing import (
    Asked,
    asked_period,
    before_of,
    brief_of,
    hand_moment,
    head_start,
    per_slot,
    period_of,
)
from dashboard.briefing_behind import behind, touched
from dashboard.briefing_city import callers, courses, stretches
from dashboard.briefing_figures import funnel_figure, groups_figure, heat_figure, map_figure, slots_figure
from dashboard.briefing_figures_more import callers_figure, flood_figure, lifelines_figure
from dashboard.briefing_usual import of_days, of_hours, window_of
from dashboard.briefing_words import (
    change_words,
    in_english,
    left_out_words,
    period_words,
    share_words,
    span_words,
)
from dashboard.components.brief_cards import brief_records
from layers.callers import Heard, Number
from layers.disasters import Disaster, DisasterDeclared
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.lifelines import LifelineReported
from layers.monthly import incidents_of
from layers.shelters import ShelterReported
from layers.told import Told

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
    assert sum(slots_figure(found).data[-1].y) == 2
    assert len(map_figure(found, ground).data) == len(ground.places.areas)


def test_a_figure_of_nothing_says_that_there_is_nothing(ground, brief):
    for figure in (slots_figure, heat_figure, funnel_figure):
        assert "Tidak ada data" in figure(brief()).layout.annotations[0].text
    assert "Tidak ada data" in groups_figure(brief(), ground).layout.annotations[0].text


def test_the_records_of_a_group_stand_slowest_first_and_those_without_a_time_say_why(ground, brief):
    found = brief(
        ("A", 1, "kebakaran", 4, None), ("B", 2, "kebakaran", 9, None), ("C", 3, "kebakaran", None, None), by="category"
    )
    title, table = brief_records(behind(found, "groups", ["kebakaran"], ground), ground)
    assert getattr(title.children, "data-id") == "Kebakaran · 3 kejadian"
    rows = table.children.children[1].children
    assert [row.children[0].children for row in rows] == ["B", "A", "C"]
    assert getattr(rows[0].children[-1].children, "data-en") == "9 min"
    assert getattr(rows[2].children[-1].children, "data-id") == "belum sampai langkah ini"


def test_what_was_touched_leads_to_the_incidents_behind_it(ground, brief):
    found = brief(("A", 1, "kebakaran", 4, 10), ("B", 49, "banjir", 9, 5), ("C", 50, "banjir", None, 5))
    code = next(iter(found.places))
    assert ids(behind(found, "slots", [6, "x"], ground)) == ["A"]
    assert ids(behind(found, "heat", [0, 13], ground)) == ["A"]
    assert ids(behind(found, "map", [code], ground)) == ["A", "B", "C"]
    assert ids(behind(found, "leads", [2], ground)) == ["A"]  # six minutes: from five to ten
    assert ids(behind(found, "leads", [-1], ground)) == ["B"]
    for figure, key in (("slots", [99]), ("slots", ["x"]), ("heat", [0]), ("map", ["x"]), ("leads", [99]), ("x", [1])):
        assert behind(found, figure, key, ground) is None
    for junk in (None, {}, {"points": []}, {"points": [7]}, {"points": [{"customdata": "x"}]}):
        assert touched(junk) == []
        assert touched(junk, "heat") == []
    assert touched({"points": [{"customdata": [[code], [code]]}]}) == [code]
    assert touched({"points": [{"x": "13", "y": "Sen"}]}, "heat") == touched(
        {"points": [{"x": "13", "y": "Mon"}]}, "heat"
    )
    assert ids(behind(found, "heat", touched({"points": [{"x": "13", "y": "Sen"}]}, "heat"), ground)) == ["A"]


def ids(found):
    return sorted(one.id for one in found.incidents)


def test_a_period_by_hand_takes_days_whole_and_ends_now_at_the_latest(ground):
    def by_hand(since, until):
        begin, end = hand_moment(since, ground.city, is_end=False), hand_moment(until, ground.city, is_end=True)
        return asked_period(Asked(since=begin, until=end), NOW, ground.city, "live")

    days = by_hand("2026-11-20", "2026-11-21")
    assert (days.since.isoformat()[:16], days.until.isoformat()[:16]) == ("2026-11-20T00:00", "2026-11-22T00:00")
    hours = by_hand("2026-11-20T10:00:00+08:00", "2026-11-20T12:00:00+08:00")
    assert hours.until - hours.since == timedelta(hours=2)
    assert by_hand("2026-11-23", "2026-11-23").until.isoformat()[:16] == "2026-11-23T14:41"
    for junk in (("x", "2026-11-20"), ("2026-11-21", "2026-11-19"), ("2099-01-01", "2099-01-02"), ("0001-01-01", "")):
        assert by_hand(*junk).since.date() == date(2026, 11, 23)  # today


def test_the_usual_is_of_the_same_weekday_and_hour_and_of_too_few_weeks_nothing_is_called_usual(ground):
    today = period_of("today", NOW, ground.city, "live")
    slots = [at for at, _ in per_slot((), today)]
    told = [(f"W{week}", 24 * 7 * week, "kebakaran", None, None) for week in range(1, 9)]
    told += [("Y", 25, "kebakaran", None, None), ("Z", 20, "kebakaran", None, None)]
    facts = [
        Event(
            id=id_,
            at=NOW - timedelta(hours=hours),
            seen=NOW - timedelta(hours=hours),
            source="t/t",
            fact=IncidentReported(
                incident=id_, report=Report(category=category, reported_at=NOW - timedelta(hours=hours))
            ),
        )
        for id_, hours, category, _, _ in told
    ]
    before = incidents_of(facts, window_of(today))
    found = of_hours(before, slots, today, date(2026, 9, 1))
    assert (found.weeks, found.bands[14].median, found.bands[13].median) == (8, 1, 0)
    assert (found.yesterday[13], found.so_far) == (1, 1)
    young = of_hours(before, slots, today, date(2026, 11, 9))
    assert (young.weeks, young.bands) == (2, ())
    assert of_hours((), slots, today, None).so_far is None


def test_the_usual_of_days_is_that_of_their_weekdays(ground):
    week = period_of("week", NOW, ground.city, "live")
    slots = [at for at, _ in per_slot((), week)]
    counts = {week.since.date() - timedelta(days=number): 3 if number % 7 == 0 else 1 for number in range(1, 57)}
    found = of_days(counts, slots, week, date(2026, 9, 1))
    assert [band.median for band in found.bands] == [3, 1, 1, 1, 1, 1, 1]
    assert of_days(counts, slots, week, date(2026, 11, 10)).bands == ()


def test_lifelines_stand_as_they_were_said_and_nothing_is_drawn_before_somebody_said(ground):
    period = period_of("yesterday", NOW, ground.city, "live")

    def told(hours, provider, state):
        at = period.since + timedelta(hours=hours)
        fact = LifelineReported(lifeline=f"{provider}@64.72", provider=provider, area="64.72", state=state)
        return Event(id=f"{provider}{hours}", at=at, seen=at, source="t/t", fact=fact)

    found = stretches({}, [told(6, "PLN", "down"), told(7, "PLN", "down"), told(9, "PLN", "normal")], period)
    hours = [((one.since - period.since), (one.until - period.since), one.state) for one in found]
    assert hours == [
        (timedelta(hours=6), timedelta(hours=9), "down"),
        (timedelta(hours=9), timedelta(hours=24), "normal"),
    ]
    figure = lifelines_figure(found, ground, "id")
    assert {bar.name for bar in figure.data if len(bar.y)} == {"normal", "putus"}


def test_callers_are_counted_and_no_digit_of_a_number_is_told(ground):
    period = period_of("today", NOW, ground.city, "live")

    def number(hash_, calls, kind="prank"):
        at = period.since + timedelta(hours=1)
        heard = {str(n): Heard(seen=at, at=at, kind=kind, kelurahan=None, lon=None, lat=None) for n in range(calls)}
        return Number(id=hash_, last3="789", calls=heard)

    found = callers([number("secret", 6), number("other", 1, "normal")], period, timedelta(days=30), NOW)
    assert (found.numbers, found.repeats) == (2, 1)
    assert found.groups == ((1, 1, 1, 1, 0), (2, 4, 0, 0, 0), (5, 9, 1, 6, 6), (10, None, 0, 0, 0))
    assert "789" not in str(callers_figure(found, "id"))


def test_a_disaster_is_told_day_by_day_from_its_first(ground):
    period = period_of("week", NOW, ground.city, "live")
    began = period.since + timedelta(days=2, hours=5)
    told = Told(at=began, seen=began, source="t/t", mode="live")
    declared = DisasterDeclared(disaster="D", title="Banjir", hazard="banjir", areas=("64.72",), began_at=began)
    at = began + timedelta(days=1)
    shelter = ShelterReported(shelter="S", name="SD 1", occupants=40, disaster="D")
    said = [Event(id="s", at=at, seen=at, source="t/t", fact=shelter)]
    found = courses([Disaster(id="D", declared=declared, told=told)], [], {}, said, period)
    assert [(day.number, day.occupants) for day in found[0].days] == [(1, None), (2, 40), (3, 40), (4, 40), (5, 40)]
    assert flood_figure(found, "en").data[1].y[1] == 40


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


def test_our_own_units_and_months_are_told_in_english_and_nothing_else_is():
    assert in_english("1 jam 5 mnt") == "1 h 5 min"
    assert (
        in_english("17 Okt 2026 00.00 sampai 23 Des 2026 14.40 WITA") == "17 Oct 2026 00.00 to 23 Dec 2026 14.40 WITA"
    )
    assert in_english("Jamu, Desa, INC-3") == "Jamu, Desa, INC-3"
