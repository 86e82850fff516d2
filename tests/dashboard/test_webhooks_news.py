"""Which events a hook is told of."""

from datetime import timedelta

from dashboard.webhooks_book import OutHook
from dashboard.webhooks_news import news_for
from layers.event import Event
from layers.incidents import IncidentReported, Report
from tests.dashboard.conftest import NOW


def test_a_hook_is_told_of_what_happens_and_never_of_history():
    hook = OutHook(name="bpbd", url="https://bpbd.example", secret="s", created_at=NOW)  # noqa: S106 — nobody's
    fact = IncidentReported(incident="A", report=Report(category="kebakaran", reported_at=NOW))
    events = [
        (number, Event(id=str(number), at=NOW, seen=NOW, source=source, fact=fact))
        for number, source in ((1, "cad/incidents"), (2, "history:import/cc112"))
    ]
    assert [news.cursor for news in news_for(hook, events, timedelta(), NOW)] == [1]
