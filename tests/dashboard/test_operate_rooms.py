"""Every room of the desk: what is done there is in the log with who did it, and the way back restores what was."""

from datetime import timedelta

import pytest

from dashboard.operate_rooms import ROOMS
from layers.caller_seal import caller_of
from layers.callers import CallerBlocked
from layers.calls import CallRecord, CallRecorded
from layers.disasters import DisasterDeclared
from layers.incidents import IncidentReported, Report
from layers.responders import PositionReported
from layers.unit_facts import UnitRegistered
from tests.dashboard.conftest import NOW
from tests.dashboard.test_operate import ROOT, act, rows, send

CALLER = caller_of("sealed:" + "a" * 32 + ":890")


def things(city, layer):
    return city.services.hub.situation().of(layer)


def back(city, done, role="supervisor"):
    """Take it back a little later."""
    city.watch.forward(2)
    response = send(city, "undo", role, id=done.json["undo"])
    assert response.status_code == 200, response.json


@pytest.mark.parametrize("name", sorted(ROOMS))
def test_a_room_of_which_nothing_was_told_says_so_and_offers_what_makes_something_new(city, name):
    found = city.get(f"{ROOT}/{name}", "admin").json
    is_house = ROOMS[name].is_house
    assert is_house or found["rows"] == []
    assert found["empty"]["id"]
    assert {"name": name, "title": found["title"], "is_house": is_house} in found["rooms"]
    assert all(field["words"]["en"] for deed in found["deeds"] for field in deed["fields"])


@pytest.mark.parametrize("name", sorted(ROOMS))
def test_no_two_deeds_of_a_room_share_a_key_and_none_takes_one_of_the_desk(name):
    keys = [deed.key for deed in ROOMS[name].deeds.values() if deed.key]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set("btzlq?")


def test_a_call_is_judged_and_keeps_all_else_that_the_telephone_system_said(city):
    record = CallRecord(came_at=NOW, kind=None, provider="XL", answered_at=NOW + timedelta(seconds=5), caller=CALLER)
    city.bring(CallRecorded(call="T-1", record=record), source="pbx/calls")
    city.watch.forward(10)
    done = act(city, "kind", "T-1", room="calls", type="prank")
    assert things(city, "calls")["T-1"].record.kind == "prank"
    assert things(city, "calls")["T-1"].record.caller == CALLER
    assert things(city, "calls")["T-1"].record.provider == "XL"
    assert CALLER.hash not in str(rows(city, "calls")["T-1"])
    back(city, done, "operator")
    assert things(city, "calls")["T-1"].record.kind is None


def test_a_number_is_blocked_with_a_reason_and_an_end_by_a_supervisor_alone(city):
    calls = [CallRecorded(call=f"T-{n}", record=CallRecord(came_at=NOW, caller=CALLER)) for n in range(6)]
    city.bring(*calls, source="pbx/calls")
    assert act(city, "block", CALLER.hash, "admin", "callers", hours="24").json["field"] == "why"
    version = rows(city, "callers")[CALLER.hash]["version"]
    wish = {"key": CALLER.hash, "version": version, "hours": "24", "why": "iseng terus"}
    assert send(city, "callers/block", "operator", **wish).status_code == 403
    done = send(city, "callers/block", "supervisor", **wish)
    block = things(city, "callers")[CALLER.hash].block_at(city.watch.now)
    assert (block.ends_at, block.reason) == (NOW + timedelta(hours=24), "iseng terus")
    back(city, done)
    assert things(city, "callers")[CALLER.hash].block_at(city.watch.now) is None


def test_a_blocked_number_that_last_called_from_a_disaster_stands_first_and_says_so(city):
    area = next(iter(city.services.ground.places.areas))
    until = NOW + timedelta(hours=9)
    block = CallerBlocked(caller=CALLER.hash, last3="890", starts_at=NOW - timedelta(hours=1), ends_at=until)
    call = CallRecorded(call="T-1", record=CallRecord(came_at=NOW, caller=CALLER, kelurahan=area))
    flood = DisasterDeclared(disaster="B", title="Banjir", hazard="banjir", areas=(area,), began_at=NOW)
    city.bring(block, call, flood, source="pbx/calls")
    row = rows(city, "callers")[CALLER.hash]
    assert (row["mood"], row["badges"][0]["en"]) == ("grave", "last called from a disaster")


def test_a_network_goes_down_and_comes_back_by_hand(city):
    key = send(city, "lifelines/report", provider="PLN", area="64.72", state="down", note="gardu").json["key"]
    city.watch.forward(60)
    done = act(city, "change", key, room="lifelines", state="normal")
    assert things(city, "lifelines")[key].fact.state == "normal"
    back(city, done, "operator")
    assert (things(city, "lifelines")[key].fact.state, things(city, "lifelines")[key].fact.note) == ("down", "gardu")


def test_a_shelter_is_opened_counted_and_closed(city):
    area = next(iter(city.services.ground.places.areas))
    key = send(city, "shelters/opened", name="SDN 1", kelurahan=area, occupants="120", capacity="200").json["key"]
    city.watch.forward(60)
    act(city, "count", key, room="shelters", occupants="90", home="30")
    fact = things(city, "shelters")[key].fact
    assert (fact.occupants, fact.home, fact.capacity, fact.name) == (90, 30, 200, "SDN 1")
    city.watch.forward(60)
    done = act(city, "close", key, room="shelters", why="semua pulang")
    assert rows(city, "shelters")[key]["group"] == "closed"
    back(city, done, "operator")
    assert things(city, "shelters")[key].fact.occupants == 90
    assert send(city, "shelters/opened", name="x", kelurahan=area, occupants="banyak").json["field"] == "occupants"


def test_a_disaster_is_declared_families_ask_and_are_told_and_it_ends(city):
    wish = {"title": "Banjir Bengkuring", "areas": ["64.72.05"], "why": "perintah wali kota"}
    assert send(city, "disasters/declare", "operator", **wish).status_code == 403
    key = send(city, "disasters/declare", "supervisor", **wish).json["key"]
    asked = act(city, "enquire", key, room="disasters").json["key"]
    act(city, "answer", asked, room="disasters")
    assert things(city, "enquiries")[asked].fact.answered_at is not None
    done = act(city, "end", key, "supervisor", "disasters", why="air surut")
    assert done.json["undo"] is None
    assert key not in rows(city, "disasters")


def test_people_sign_in_and_out_of_the_shift_and_leave_a_note(city):
    send(city, "shift/roster", people="Ani, penerima\nBudi, penugas", needed="3")
    city.watch.forward(1)
    act(city, "arrive", "Ani", room="shift")
    send(city, "shift/sign_in", name="Cici", volunteer=["ya"])
    found = rows(city, "shift")
    assert {name: row["state"]["en"] for name, row in found.items()} == {
        "Ani": "here", "Cici": "here", "Budi": "not here yet",
    }  # fmt: skip
    assert city.get(ROOT, "operator").json["shift"]["understaffed"] is True
    send(city, "shift/note", note="Pompa air rusak, telepon 0812-3456-7890")
    assert any(
        line["value"] == "Pompa air rusak, telepon •••" for line in city.get(f"{ROOT}/shift", "operator").json["head"]
    )
    city.watch.forward(1)
    back(city, act(city, "leave", "Ani", room="shift"), "operator")
    assert rows(city, "shift")["Ani"]["state"]["en"] == "here"


def test_a_unit_is_sent_freed_and_taken_off_duty_and_says_why_its_place_is_not_believed(city):
    report = Report(category="banjir", reported_at=NOW, lon=117.15, lat=-0.5)
    unit = UnitRegistered(unit="U-1", name="Damkar 01", unit_kind="vehicle", agency="damkar", is_on_duty=True)
    city.bring(IncidentReported(incident="INC-1", report=report), unit)
    city.bring(PositionReported(unit="U-1", lon=117.15, lat=-0.49), source="phone/owntracks")
    city.watch.forward(3600)
    row = rows(city, "units")["U-1"]
    assert row["state"]["id"] == "putus: pelacak diam"
    done = act(city, "send", "U-1", room="units", incident="INC-1")
    assert rows(city, "units")["U-1"]["badges"][0]["en"] == "to INC-1"
    back(city, done, "operator")
    assert rows(city, "units")["U-1"]["badges"] == []
    act(city, "off_duty", "U-1", room="units")
    assert rows(city, "units")["U-1"]["group"] == "off"
    assert things(city, "responders")["U-1"].agency == "damkar"
