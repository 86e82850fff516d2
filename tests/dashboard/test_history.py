"""The states that the history keeps tell the same of a long period as folding all that was told."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.history import History
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.monthly import AFTER, BEFORE, FACTS, Period, incidents_of
from layers.store.sqlite import FILE_NAME, open_store

START = datetime(2026, 9, 1, tzinfo=UTC)
PERIOD = Period(since=START + timedelta(days=2), until=START + timedelta(days=40))


@pytest.fixture
def log(tmp_path, ground):
    store = open_store(tmp_path / FILE_NAME, discover_layers().found, ground)
    yield store
    store.close()


def told(seed, count=300):
    """Incidents of fifty days, in the order in which they arrive: late words, some days late, corrected reports."""
    chance, events = random.Random(seed), []  # noqa: S311 — a test
    for number in range(count):
        at, id_ = START + timedelta(days=50 * chance.random()), f"INC-{number}"
        report = Report(category="kebakaran", reported_at=at, lon=117.15, lat=-0.5)
        facts = [(at, IncidentReported(incident=id_, report=report))]
        for status, minutes in (("diteruskan", 2), ("di_lokasi", 12), ("selesai", 60)):
            reached = at + timedelta(minutes=minutes * (0.5 + chance.random()))
            fact = IncidentStatusChanged(incident=id_, status=status, agency="damkar", reached_at=reached)
            facts.append((reached, fact))
        if chance.random() < 0.1:
            corrected = Report(category="banjir", reported_at=at, lon=117.15, lat=-0.5)
            facts.append((at + timedelta(minutes=30), IncidentReported(incident=id_, report=corrected)))
        late = timedelta(hours=60 if chance.random() < 0.05 else 3 * chance.random())
        for step, (when, fact) in enumerate(facts):
            seen = when + (late if chance.random() < 0.3 else timedelta())
            source = "history:2025/cc112" if number % 17 == 0 else "cad/incidents"
            events.append(Event(id=f"{number}-{step}", at=when, seen=seen, source=source, fact=fact))
    return sorted(events, key=lambda event: event.seen)


@pytest.mark.parametrize("seed", [5, 6])
def test_a_long_period_holds_the_same_incidents_as_its_events_folded(log, seed):
    for event in told(seed):
        log.append([event])
    kinds = [fact.kind for fact in FACTS]
    folded = incidents_of(log.told(kinds, PERIOD.since - BEFORE, PERIOD.until + AFTER), PERIOD)
    found = History(log, lambda: log.live().situation, lambda: PERIOD.until).incidents(PERIOD)
    assert len(found) > 200
    assert [said(one) for one in found] == [said(one) for one in folded]


def said(incident):
    return incident.id, incident.report, incident.status, dict(incident.milestones), dict(incident.reached_by)
