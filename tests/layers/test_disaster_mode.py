"""A disaster goes on until the shelters are empty; a blocked number inside one is named; signs are only hints."""

from datetime import timedelta

import pytest

from layers.caller_seal import Caller
from layers.callers import CallerBlocked
from layers.calls import CallRecord, CallRecorded
from layers.disaster_mode import blocked_in_disaster, standings
from layers.disasters import DisasterDeclared, DisasterEnded
from layers.enquiries import EnquiryRecorded
from layers.shelters import ShelterReported
from layers.signals import signals
from layers.situation import after_all

HASH = "a" * 32


@pytest.fixture
def told(nothing, happened):
    return lambda *facts: after_all(nothing, [(n, happened(fact, n)) for n, fact in enumerate(facts, 1)])[0]


@pytest.fixture
def flood(now):
    return DisasterDeclared(
        disaster="D", title="Banjir", hazard="banjir", areas=("64.72.09.1003",), began_at=now - timedelta(days=2)
    )


def shelter(id_, occupants, home=None):
    return ShelterReported(shelter=id_, name=id_, occupants=occupants, home=home, disaster="D")


def call(at, id_, **said):
    return CallRecorded(call=id_, record=CallRecord(came_at=at, **said))


def test_shelters_evacuees_families_and_the_calls_of_every_day(told, flood, now):
    situation = told(
        flood,
        shelter("S1", 80, 20),
        shelter("S2", 0),
        EnquiryRecorded(enquiry="K1", asked_at=now, disaster="D"),
        EnquiryRecorded(enquiry="K2", asked_at=now, answered_at=now, disaster="D"),
        call(now - timedelta(days=1), "1"),
        call(now, "2"),
        call(now, "3"),
    )
    (one,) = standings(situation, now)
    assert (one.shelters, one.in_use, one.occupants, one.home, one.home_untold) == (2, 1, 80, 20, 1)
    assert (one.enquiries_open, one.enquiries_answered) == (1, 1)
    assert one.curve == (("2026-11-20", 0), ("2026-11-21", 1), ("2026-11-22", 2))


def test_it_is_over_when_the_last_shelter_is_empty_or_the_city_says_so(told, flood, now):
    assert standings(told(flood), now)
    assert standings(told(flood, shelter("S1", 0), shelter("S2", 1)), now)
    assert not standings(told(flood, shelter("S1", 0), shelter("S2", 0)), now)
    assert not standings(told(flood, shelter("S1", 9), DisasterEnded(disaster="D", ended_at=now)), now)


def test_it_has_not_begun_before_it_begins(told, flood, now):
    assert not standings(told(flood), now - timedelta(days=3))


def test_a_blocked_number_that_last_called_from_a_disaster_is_named(told, flood, now):
    caller = Caller(hash=HASH, last3="890")
    block = CallerBlocked(caller=HASH, last3="890", starts_at=now, ends_at=now + timedelta(days=1))
    inside, outside = (call(now, "1", caller=caller, kelurahan=f"64.72.09.{n}") for n in (1003, 1004))
    at_place = call(now, "1", caller=caller, lon=117.14, lat=-0.5)
    for facts in ((flood, inside, block), (flood, at_place, block)):
        (warned,) = blocked_in_disaster(told(*facts), now)
        assert (warned.number.last3, warned.kelurahan, warned.disasters) == ("890", "64.72.09.1003", ("D",))
    assert not blocked_in_disaster(told(flood, outside, block), now)
    assert not blocked_in_disaster(told(inside, block), now)
    assert not blocked_in_disaster(told(flood, inside), now)
    assert not blocked_in_disaster(told(flood, inside, block), now + timedelta(days=1))


def test_callers_who_wait_are_a_sign_and_an_empty_queue_is_none(told, now):
    (sign,) = signals(told(*(call(now - timedelta(seconds=9), str(n)) for n in range(4))), now)
    assert (sign.sign, sign.words.id) == ("queue", "antrean padat: 4 penelepon menunggu")
    assert sign.since == now - timedelta(seconds=9)
    assert signals(told(), now) == []
