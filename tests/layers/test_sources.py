"""Sources: every event is a sign of life."""

from datetime import timedelta

from layers.responders import PositionReported
from layers.situation import after_all


def test_a_late_event_counts_but_does_not_make_the_source_older(nothing, happened, now):
    events = [happened(PositionReported(unit="U", lon=117.1, lat=-0.5), at, seen_s=n) for n, at in enumerate((60, 0))]
    source = after_all(nothing, enumerate(events, 1))[0].of("sources")["test/feed"]
    assert source.events == 2
    assert source.last_at == now + timedelta(seconds=60)
    assert source.last_seen == now + timedelta(seconds=1)
