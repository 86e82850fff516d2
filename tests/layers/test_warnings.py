"""What the room must know is one sentence each, the gravest first, in the words of the city's own names."""

from datetime import timedelta

import pytest

from layers.alerts import AlertIssued
from layers.audience import visible
from layers.caller_seal import Caller
from layers.callers import CallerBlocked
from layers.calls import CallRecord, CallRecorded
from layers.disasters import DisasterDeclared
from layers.lifelines import LifelineReported
from layers.shifts import Person, ShiftAttended, ShiftRostered
from layers.situation import after_all
from layers.warnings import warnings
from layers.water import GaugeListed, Threshold, WaterLevelReported

CODE = "64.72.09.1003"
HASH = "a" * 32


@pytest.fixture
def told(nothing, happened):
    return lambda *facts: after_all(nothing, [(n, happened(fact, n)) for n, fact in enumerate(facts, 1)])[0]


def lifeline(provider, area, state):
    return LifelineReported(lifeline=f"{provider}@{area}", provider=provider, area=area, state=state)


def sentences(situation, now):
    return [one.text.id for one in warnings(situation, now)]


def test_a_city_where_nothing_is_wrong_is_told_nothing(told, now):
    assert warnings(told(lifeline("PLN", "64.72", "normal")), now) == ()


def test_every_kind_of_warning_in_its_order(told, now):
    flood = DisasterDeclared(disaster="D", title="Banjir", hazard="banjir", areas=(CODE,), began_at=now)
    gauge = GaugeListed(
        gauge="B", name="Benanga", thresholds=(Threshold(name="Awas", from_m=8.25, rank=3),), thresholds_source="BPBD"
    )
    roster = ShiftRostered(shift="2026-11-22/Siang", people=(Person(name="Ani", role="penerima"),), needed=2)
    there = ShiftAttended(shift="2026-11-22/Siang", person=Person(name="Ani", role="penerima"), is_present=True)
    alert = AlertIssued(
        alert="A", title="Hujan lebat", hazard="hujan", issuer="BMKG", severity="severe", areas=("64.72",),
        starts_at=now, expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    situation = told(
        alert,
        there,
        roster,
        lifeline("XL", CODE, "jammed"),
        lifeline("Telkomsel", "64.72.09", "down"),
        lifeline("PLN", "64.72", "down"),
        gauge,
        WaterLevelReported(gauge="B", level_m=8.3),
        flood,
    )
    assert sentences(situation, now) == [
        "Bencana: Banjir",
        "Benanga Awas: 8,30 m",
        "PLN putus · Samarinda",
        "Telkomsel putus · Samarinda Kota",
        "XL padat · Pasar Pagi",
        "BMKG: Hujan lebat",
        "Sif Siang kurang petugas: 1 dari 2",
    ]


def test_a_blocked_number_in_a_disaster_is_named_to_an_admin_and_not_to_the_wall(told, layers, now):
    facts = (
        DisasterDeclared(disaster="D", title="Banjir", hazard="banjir", areas=(CODE,), began_at=now),
        CallRecorded(call="1", record=CallRecord(came_at=now, caller=Caller(hash=HASH, last3="890"), kelurahan=CODE)),
        CallerBlocked(caller=HASH, last3="890", starts_at=now, ends_at=now + timedelta(days=1)),
    )
    admin, wall = (sentences(visible(told(*facts), layers, role), now) for role in ("admin", "wall"))
    assert admin == ["Bencana: Banjir", "Nomor diblokir …890 terakhir menelepon dari daerah bencana Pasar Pagi"]
    assert wall == ["Bencana: Banjir"]
