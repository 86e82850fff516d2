"""The past over HTTP: what a role was shown then, what is known now of then, and a period as the live wall's deltas."""

import itertools
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from dashboard import replay_routes
from dashboard.config import VisitorSettings
from geodata.errors import StoreUnavailable
from layers.calls import CallRecord, CallRecorded
from layers.cameras import CameraListed
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.responders import PositionReported
from layers.store.rows import micros
from layers.unit_facts import UnitRegistered
from tests.dashboard.conftest import NOW

PUBLIC = VisitorSettings(categories=("kebakaran",), delay_min=15)


def iso(seconds):
    return (NOW + timedelta(seconds=seconds)).isoformat()


def reported(incident="INC-1", at_s=0.0):
    report = Report(category="kebakaran", reported_at=NOW + timedelta(seconds=at_s), lon=117.15, lat=-0.5, priority=1,
                    description="rumah Pak Budi")  # fmt: skip
    return IncidentReported(incident=incident, report=report)


def step(status, at_s, incident="INC-1"):
    return IncidentStatusChanged(incident=incident, status=status, reached_at=NOW + timedelta(seconds=at_s))


@pytest.fixture
def city(make_city):
    """An hour: a camera, a unit that drives, an incident with a step that was told late, and a second one."""
    made = make_city(visitor=PUBLIC)
    made.bring(CameraListed(camera="A", name="Simpang", lon=117.15, lat=-0.5, audience="visitor"))
    made.bring(UnitRegistered(unit="U", name="Damkar 1", unit_kind="vehicle", agency="damkar"))
    for second in range(0, 600, 60):
        tell(made, second, PositionReported(unit="U", lon=117.1 + second / 100_000, lat=-0.5))
    tell(made, 601, reported(at_s=601))
    tell(made, 700, CallRecorded(call="C-1", record=CallRecord(came_at=NOW + timedelta(seconds=700), kind="normal")))
    tell(made, 900, step("di_lokasi", 900))
    tell(made, 1_500, step("menuju_lokasi", 700), at_s=700)
    tell(made, 3_000, reported("INC-2", 3_000))
    tell(made, 3_600)
    return made


def tell(city, second, *facts, at_s=None):
    """What arrives at that second, and may have happened before."""
    city.watch.forward(second - (city.watch.now - NOW).total_seconds())
    if facts:
        city.bring(*facts, at=NOW + timedelta(seconds=second if at_s is None else at_s))


def asked(city, path, role="wall", **words):
    response = city.get(f"{path}?{urlencode(words)}", role)
    assert response.status_code == 200, response.data
    return response.json


def at(city, second, role="wall", **words):
    return asked(city, "/api/v1/situation", role, at=iso(second), **words)


def incidents(said):
    return {one["properties"]["key"]: one["properties"] for one in said["layers"].get("incidents", {}).get("set", [])}


def pages(city, role="wall", since=0, until=3_600, **words):
    """Every message of a period, page after page."""
    messages, cursor = [], None
    while cursor is not None or not messages:
        words |= {"cursor": cursor} if cursor else {}
        said = asked(city, "/api/v1/replay", role, **{"from": iso(since), "to": iso(until), **words})
        messages += said["messages"]
        cursor = said["next"]
        assert len(messages) < 5_000
    return messages


class Held:
    """What a page holds that applies messages, as `assets/10-picture.js` does."""

    def __init__(self):
        self.cursor, self.panels, self.layers = None, {}, {}

    def apply(self, message):
        """Take one message."""
        assert message["from"] in (None, self.cursor)
        if message["from"] is None:
            self.layers = {}
        for name, part in message["layers"].items():
            things = self.layers.setdefault(name, {})
            for key in part["drop"]:
                things.pop(key, None)
            table = part.get("columns")
            if table:
                for row, key in enumerate(table["key"]):
                    things[key] = {column: table[column][row] for column in ("lon", "lat", "observed_at")}
            for feature in part.get("set", []):
                things[feature["properties"]["key"]] = feature
        self.panels = message.get("panels", self.panels)
        self.cursor = message["cursor"]
        return self

    @property
    def picture(self):
        """Layers that have things, and the panels."""
        return {name: things for name, things in self.layers.items() if things}, self.panels


def test_a_wall_is_told_of_a_moment_what_it_was_told_then(make_city):
    city = make_city()
    tell(city, 60, reported(at_s=60))
    then = city.live()
    tell(city, 900, step("di_lokasi", 900))
    tell(city, 1_000)
    past = at(city, 60)
    assert (past["from"], past["now"], past["mode"]) == (None, (NOW + timedelta(seconds=60)).timestamp(), "live")
    assert past["past"] == {"at": past["now"], "sense": "shown"}
    assert past["layers"] == {name: part for name, part in then["layers"].items() if part}
    assert past["panels"]["figures"]["open"] == then["panels"]["figures"]["open"] == 1
    assert past["panels"]["shift"] == then["panels"]["shift"]


def test_what_came_late_is_known_of_then_and_was_not_shown_then(city):
    shown, known = incidents(at(city, 800)), incidents(at(city, 800, sense="known"))
    assert (shown["INC-1"]["status"], known["INC-1"]["status"]) == ("diterima", "menuju_lokasi")
    assert at(city, 800)["panels"]["figures"]["calls_today"] == 1


def test_each_role_sees_of_the_past_what_it_may_see(city):
    assert "description" in incidents(at(city, 700, "admin"))["INC-1"]
    assert incidents(at(city, 700, "admin"))["INC-1"]["description"] == "rumah Pak Budi"
    assert incidents(at(city, 700))["INC-1"]["description"] is None
    assert city.get(f"/api/v1/situation?{urlencode({'at': iso(700)})}").status_code == 401
    assert city.get(f"/api/v1/situation?{urlencode({'at': iso(700)})}", "ingest").status_code == 403


def test_visitors_ask_for_no_moment_of_their_own(city):
    for path in (f"situation?{urlencode({'at': iso(700)})}", f"replay?{urlencode({'from': iso(0), 'to': iso(700)})}"):
        assert city.get(f"/api/v1/{path}", "visitor").status_code == 403
        assert city.get(f"/api/v1/{path}&as=visitor", "wall").status_code == 200


def test_played_through_a_period_ends_with_the_picture_of_its_end(city):
    for role, sense in itertools.product(("wall", "admin"), ("shown", "known")):
        held = Held()
        for message in pages(city, role, speed=60, sense=sense):
            held.apply(message)
        end = Held().apply(at(city, 3_600, role, sense=sense))
        assert held.picture == end.picture, (role, sense)


def test_the_picture_is_right_at_every_message_on_the_way(city):
    held = Held()
    for message in pages(city, speed=120):
        second = message["now"] - NOW.timestamp()
        assert held.apply(message).picture == Held().apply(at(city, second)).picture, second


def test_a_page_goes_on_where_the_one_before_ended(city, monkeypatch):
    whole = pages(city, speed=60)
    monkeypatch.setattr(replay_routes, "MOST_MESSAGES", 3)
    assert pages(city, speed=60) == whole
    monkeypatch.setattr(replay_routes, "MOST_S", 0.0)
    assert pages(city, speed=60) == whole
    assert len(whole) > 6
    assert [one["from"] is None for one in whole] == [True] + [False] * (len(whole) - 1)


def test_who_holds_a_picture_that_is_not_known_any_more_gets_the_whole_one(city, monkeypatch):
    monkeypatch.setattr(replay_routes, "MOST_MESSAGES", 3)
    words = {"from": iso(0), "to": iso(3_600)}
    said = asked(city, "/api/v1/replay", **words)
    place, _, _ = said["next"].rpartition("~")
    again = asked(city, "/api/v1/replay", **words, cursor=f"{place}~strange")
    assert again["messages"][0]["from"] is None
    assert again["messages"][1]["from"] == again["messages"][0]["cursor"]


def test_messages_say_how_long_to_wait_and_what_was_left_out(city):
    played = pages(city, speed=60)
    assert sum(one["past"]["skipped_s"] for one in played) == 0
    skipping = pages(city, speed=60, skip=1)
    assert sum(one["past"]["skipped_s"] for one in skipping) > 600
    assert skipping[-1]["now"] == (NOW + timedelta(seconds=3_600)).timestamp()
    assert sum(one["past"]["after_s"] for one in played) == pytest.approx(60)
    shown_s = sum(one["past"]["after_s"] * 60 + one["past"]["skipped_s"] for one in skipping)
    assert shown_s == pytest.approx(3_600)


REFUSED = (
    ("situation", {"at": iso(-86_400)}, "at", "the log begins at"),
    ("situation", {"at": iso(99_999)}, "at", "in the future"),
    ("situation", {"at": "kemarin"}, "at", "kemarin"),
    ("situation", {}, "at", "a time is needed"),
    ("situation", {"at": iso(60), "sense": "dreamt"}, "sense", "shown or known"),
    ("replay", {"from": iso(600), "to": iso(600)}, "to", "ends after it begins"),
    ("replay", {"from": iso(700), "to": iso(600)}, "to", "ends after it begins"),
    ("replay", {"from": iso(0), "to": iso(99 * 3_600)}, "to", "at most 24 hours"),
    ("replay", {"from": iso(-60), "to": iso(600)}, "from", "the log begins at"),
    ("replay", {"from": iso(0), "to": iso(7_200)}, "to", "in the future"),
    ("replay", {"from": iso(0), "to": iso(600), "speed": "121"}, "speed", "from 1 to 120"),
    ("replay", {"from": iso(0), "to": iso(600), "speed": "fast"}, "speed", "from 1 to 120"),
    ("replay", {"from": iso(0), "to": iso(600), "cursor": "x~y"}, "cursor", "not given"),
    ("replay", {"from": iso(0), "to": iso(600), "cursor": "1~1~1~1~1~x"}, "cursor", "outside"),
    ("replay", {"from": iso(0), "to": iso(600), "cursor": f"1~{micros(NOW)}~0~{'8' * 19}~0~x"}, "cursor", "outside"),
    ("replay", {"from": iso(0), "to": iso(600), "cursor": f"1~{micros(NOW)}~0~0~{'8' * 19}~x"}, "cursor", "outside"),
    ("replay", {"from": iso(0), "to": iso(600), "cursor": f"1~{micros(NOW)}~{'9' * 16}~0~0~x"}, "cursor", "outside"),
)  # fmt: skip


def test_what_cannot_be_told_is_refused_with_the_reason(city):
    for path, words, field, says in REFUSED:
        response = city.get(f"/api/v1/{path}?{urlencode(words)}", "wall")
        assert (response.status_code, response.content_type) == (400, "application/problem+json"), words
        assert response.json["field"] == field
        assert says in response.json["detail"]


def test_an_admin_may_ask_for_a_longer_time_and_is_noted_once(city, monkeypatch):
    monkeypatch.setattr(replay_routes, "LONGEST", timedelta(minutes=5))
    assert city.get(f"/api/v1/replay?{urlencode({'from': iso(0), 'to': iso(600)})}", "wall").status_code == 400
    monkeypatch.setattr(replay_routes, "MOST_MESSAGES", 3)
    pages(city, "admin", until=600)
    at(city, 60, "admin")
    assert [row.action for row in city.services.audit.newest(9)] == ["past.view"] * 2


def test_before_anything_was_told_there_is_no_past(make_city):
    response = make_city().get(f"/api/v1/situation?{urlencode({'at': iso(0)})}", "wall")
    assert "nothing has been told yet" in response.json["detail"]


def test_few_draw_the_past_at_once_and_the_others_are_told_when_to_ask_again():
    readers = replay_routes.Readers(at_once=1, patience_s=0.01)
    with readers.one(), pytest.raises(StoreUnavailable, match="ask again"), readers.one():
        pass
    with readers.one():
        pass


def test_who_comes_while_others_wait_already_is_answered_at_once_and_holds_no_thread():
    readers = replay_routes.Readers(at_once=1, patience_s=60, most_waiting=0)
    with readers.one(), pytest.raises(StoreUnavailable, match="ask again"), readers.one():
        pass
