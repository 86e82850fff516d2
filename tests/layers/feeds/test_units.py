"""The roster: names for trackers; the newest upload holds."""

import json
from datetime import timedelta

import pytest

from layers.feed import Rejected
from layers.feeds.units import FEED


def read(said, received):
    return list(FEED.parse(json.dumps(said).encode(), received))


def test_a_unit_gets_its_name_kind_and_agency(now):
    (event,) = read({"id": 7, "name": "Pompa 1", "kind": "vehicle", "agency": "damkar"}, now)
    fact = event.fact
    assert (fact.unit, fact.name, fact.unit_kind, fact.agency) == ("7", "Pompa 1", "vehicle", "damkar")
    assert event.at == now


def test_who_is_off_duty_is_told_and_who_says_nothing_is_not(now):
    said = [{"id": "7", "name": "x", "kind": "vehicle", **more} for more in ({"on_duty": False}, {})]
    assert [event.fact.is_on_duty for event in read(said, now)] == [False, None]


def test_a_name_may_change_and_change_back(now):
    one, two = ({"id": "7", "name": name, "kind": "vehicle"} for name in ("one", "two"))
    uploads = [read(said, now + timedelta(minutes=n))[0] for n, said in enumerate((one, two, one))]
    assert len({event.id for event in uploads}) == 3


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("id", {"name": "x", "kind": "vehicle"}),
        ("name", {"id": "7", "name": "", "kind": "vehicle"}),
        ("kind", {"id": "7", "name": "x", "kind": "boat"}),
        ("kind", {"id": "7", "name": "x", "kind": ["vehicle"]}),
        ("agency", {"id": "7", "name": "x", "kind": "vehicle", "agency": {}}),
        ("on_duty", {"id": "7", "name": "x", "kind": "vehicle", "on_duty": "ya"}),
        (None, 7),
    ],
)
def test_a_refusal_names_the_field(now, field, said):
    good, refused = read([{"id": "8", "name": "y", "kind": "volunteer"}, said], now)
    assert good.fact.unit == "8"
    assert isinstance(refused, Rejected)
    assert refused.field == field
