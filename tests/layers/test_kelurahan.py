"""Kelurahan count what the incidents' own drawing shows."""

from layers.incidents import IncidentReported, Report
from layers.kelurahan import draw
from layers.situation import Situation, after_all


def test_each_kelurahan_says_how_many_incidents_are_open_and_the_worst(nothing, happened, now):
    places = [("A", 117.14, 3), ("B", 117.141, 1), ("C", None, 2)]
    events = [
        happened(IncidentReported(incident=key, report=Report(
            category="kebakaran", reported_at=now, priority=priority, lon=lon, lat=-0.5 if lon else None)), n)
        for n, (key, lon, priority) in enumerate(places)
    ]  # fmt: skip
    situation, _ = after_all(nothing, enumerate(events, 1))
    by_code = {one["properties"]["key"]: one["properties"] for one in draw(situation, now, None)}
    assert (
        by_code["64.72.09.1003"] | {"open": 2, "worst": 1, "weight": 10, "observed_at": now.timestamp() + 1}
        == by_code["64.72.09.1003"]
    )
    assert (by_code["64.72.09.1004"]["open"], by_code["64.72.09.1004"]["worst"]) == (0, None)
    assert [one["properties"]["key"] for one in draw(situation, now, ["64.72.09.1004"])] == ["64.72.09.1004"]


def test_without_the_layer_of_incidents_every_kelurahan_is_calm(ground, now):
    drawn = draw(Situation(ground=ground, layers={}), now, None)
    assert [one["properties"]["open"] for one in drawn] == [0, 0]
