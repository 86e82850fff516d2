"""What a role sees, as a whole and as deltas: applying every delta ends in the whole picture."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import picture as pictures
from dashboard.picture import first_picture, held, message, next_picture, still_visible, told, with_panels
from layers.audience import visible
from layers.cameras import CameraHealthChanged, CameraListed
from layers.event import Event
from layers.feature import feature
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import Layer, Words, discover_layers
from layers.responders import PositionReported
from layers.situation import Situation, after_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LAYERS = discover_layers().found


def reported(incident="INC-1", lon=117.15, category="banjir", words="dekat pasar") -> IncidentReported:
    report = Report(category=category, reported_at=NOW, lon=lon, lat=-0.5, description=words)
    return IncidentReported(incident=incident, report=report)


def closed(incident="INC-1", status="selesai") -> IncidentStatusChanged:
    return IncidentStatusChanged(incident=incident, status=status, reached_at=NOW)


def moved(unit="unit-1", lon=117.15) -> PositionReported:
    return PositionReported(unit=unit, lon=lon, lat=-0.5)


class _Viewer:
    """Holds what a browser holds and applies messages as docs/architecture.md says."""

    def __init__(self):
        self.cursor, self.layers, self.panels = None, {}, None

    def hear(self, said: dict) -> None:
        if said["from"] is None:
            self.layers, self.panels = {}, None
        else:
            assert said["from"] == self.cursor
        self.cursor, self.panels = said["cursor"], said.get("panels", self.panels)
        for name, part in said["layers"].items():
            held_now = self.layers.setdefault(name, {})
            for key in part["drop"]:
                held_now.pop(key, None)
            for key, shown in rows(part).items():
                held_now[key] = shown

    def shows(self) -> dict:
        return {name: things for name, things in self.layers.items() if things}


def rows(part: dict) -> dict[str, list]:
    if "columns" in part:
        table = {name: values for name, values in part["columns"].items() if name != "trail"}
        return {row[0]: list(row) for row in zip(*table.values(), strict=True)}
    things: dict[str, list] = {}
    for one in part["set"]:
        things.setdefault(one["properties"]["key"], []).append(one)
    return things


class _Wall:
    """A log of events, and the picture of one role followed step by step."""

    def __init__(self, ground, role="wall", layers=LAYERS):
        self.layers, self.role, self.at = layers, role, NOW
        self.situation = Situation(ground=ground, layers=layers)
        self.picture = first_picture(self.situation, layers, role, "aa", NOW)

    def bring(self, *facts) -> None:
        self.at += timedelta(seconds=1)
        first = self.situation.cursor + 1
        news = [
            (first + i, Event(id=f"{first + i}", at=self.at, seen=self.at, source="cad/x", fact=fact))
            for i, fact in enumerate(facts)
        ]
        self.situation, touched = after_all(self.situation, news)
        shown = still_visible(self.picture.situation, self.situation, self.layers, self.role, touched)
        self.picture = next_picture(self.picture, shown, self.layers, touched, self.at)

    def say(self, cursor: str | None) -> dict:
        since = held(self.picture, cursor)
        envelope = {"cursor": self.picture.said_as, "from": cursor if since else None}
        return orjson.loads(message(envelope, told(self.picture, self.layers, since, self.at)))


@pytest.fixture
def wall(ground):
    return _Wall(ground)


def test_a_delta_holds_only_what_changed(wall):
    wall.bring(reported("INC-1"), reported("INC-2"), moved("unit-1"), moved("unit-2"))
    start = wall.picture.said_as
    wall.bring(moved("unit-2", 117.16))
    said = wall.say(start)
    assert said["from"] == start
    assert set(said["layers"]) == {"responders"}
    assert said["layers"]["responders"]["columns"]["key"] == ["unit-2"]
    assert "panels" not in said


def test_a_closed_incident_is_dropped_and_its_kelurahan_drawn_anew(wall):
    wall.bring(reported("INC-1"))
    start = wall.picture.said_as
    wall.bring(closed("INC-1"))
    said = wall.say(start)
    assert said["layers"]["incidents"] == {"set": [], "drop": ["INC-1"]}
    (area,) = said["layers"]["kelurahan"]["set"]
    assert area["properties"]["open"] == 0


def test_what_was_never_visible_is_not_named_when_it_is_gone(wall):
    start = wall.picture.said_as
    wall.bring(reported("PRANK-1", category="prank"))
    wall.bring(closed("PRANK-1"))
    assert wall.picture.said_as == start


def test_a_unit_outside_the_city_is_dropped_not_left_where_it_was(wall):
    wall.bring(moved("unit-1"))
    start = wall.picture.said_as
    wall.bring(moved("unit-1", lon=0.0))
    assert wall.say(start)["layers"] == {"responders": {"columns": _empty(wall), "drop": ["unit-1"]}}


def _empty(wall):
    return LAYERS["responders"].columns([], wall.at, False)  # noqa: FBT003 — as the contract has it


def test_a_change_that_this_role_may_not_see_is_no_news(ground):
    wall, admin = _Wall(ground, "wall"), _Wall(ground, "admin")
    for one in (wall, admin):
        one.bring(reported(words="lama"))
    before = wall.picture.said_as, admin.picture.said_as
    for one in (wall, admin):
        one.at += timedelta(seconds=1)
    later = Report(category="banjir", reported_at=NOW, lon=117.15, lat=-0.5, description="baru")
    for one in (wall, admin):
        one.bring(IncidentReported(incident="INC-1", report=later))
    assert b"lama" not in wall.picture.drawn["incidents"]["INC-1"].said
    assert b"baru" in admin.picture.drawn["incidents"]["INC-1"].said
    assert admin.picture.said_as != before[1]


@pytest.mark.parametrize(
    "strange", ["", "x", "7", "-1.aa", "2.aa", "999.aa", "٣.aa", "1e3.aa", "0." + "a" * 500, "9" * 400 + ".aa", "0.bb"]
)
def test_a_strange_cursor_gets_the_whole_picture(wall, strange):
    wall.bring(reported())
    wall.picture = replace(wall.picture, oldest=wall.picture.cursor)
    assert wall.say(strange)["from"] is None


def test_a_cursor_of_another_role_is_not_understood(ground):
    wall = _Wall(ground)
    other = first_picture(wall.situation, LAYERS, "admin", "bb", NOW)
    assert held(wall.picture, other.said_as) is None


def test_panels_are_said_only_when_they_differ_and_then_the_cursor_is_new(wall):
    first = with_panels(wall.picture, b'{"a":1}')
    same, other = with_panels(first, b'{"a":1}'), with_panels(first, b'{"a":2}')
    assert same.said_as == first.said_as != other.said_as
    wall.picture = other
    assert wall.say(first.said_as)["panels"] == {"a": 2}
    assert "panels" not in wall.say(other.said_as)


def test_too_much_that_is_gone_is_forgotten_and_old_cursors_get_the_whole_picture(wall, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_GONE", 10)
    wall.bring(*(moved(f"unit-{i}") for i in range(20)))
    old = wall.picture.said_as
    for i in range(20):
        wall.bring(moved(f"unit-{i}", lon=0.0))
    assert sum(len(keys) for keys in wall.picture.gone.values()) <= 10
    assert wall.say(old)["from"] is None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noted:
    kind: ClassVar[str] = "noted"
    key: str


def test_a_strangers_layer_that_cannot_draw_is_left_out_and_named_and_the_rest_goes_on(ground):
    def draw(_situation, _now, _keys):
        raise RuntimeError("a bug of theirs")

    def fold(_things, event):
        return {event.fact.key: event.fact} if isinstance(event.fact, _Noted) else {}

    bad = Layer(title=Words(id="Rusak", en="Broken"), fold=fold, draw=draw, facts=(_Noted,), thing=_Noted)
    wall = _Wall(ground, layers={**LAYERS, "bad": bad})
    wall.bring(reported(), _Noted(key="x"))
    assert wall.picture.broken == {"bad"}
    assert wall.say(None)["layers"]["incidents"]["set"]


def _strange(**own) -> Layer:
    """A layer of things of its own, `_Noted`, drawn as `own` says."""

    def fold(_things, event):
        return {event.fact.key: event.fact} if isinstance(event.fact, _Noted) else {}

    def draw(situation, _now, keys):
        things = situation.of("strange")
        return [feature(key, None, source="x") for key in (things if keys is None else keys) if key in things]

    return Layer(**{"title": Words(id="A", en="B"), "fold": fold, "draw": draw, "facts": (_Noted,), "thing": _Noted,
                    **own})  # fmt: skip


@pytest.mark.parametrize("value", [2**70, {1, 2}, "\ud800"])
def test_columns_that_are_no_json_leave_their_layer_out_and_all_else_goes_on(ground, value):
    def columns(things, _now, _full):
        return {"key": [one.key for one in things], "value": [value if one.key == "bad" else 1 for one in things]}

    wall = _Wall(ground, layers={**LAYERS, "strange": _strange(columns=columns)})
    wall.bring(_Noted(key="good"))
    wall.bring(reported(), _Noted(key="bad"))
    assert wall.picture.broken == {"strange"}
    assert wall.say(None)["layers"]["incidents"]["set"]
    assert wall.say(None)["layers"]["strange"]["columns"]["key"] == ["good"]


def test_columns_that_fail_only_in_a_first_picture_do_not_fail_the_message(ground):
    def columns(things, _now, full):
        return {"key": [one.key for one in things], "value": [2**70 if full else 1 for one in things]}

    wall = _Wall(ground, layers={**LAYERS, "strange": _strange(columns=columns)})
    wall.bring(reported(), _Noted(key="x"))
    assert set(wall.say(None)["layers"]) >= {"incidents"}


@pytest.mark.parametrize("role", ["wall", "admin"])
def test_what_changed_while_a_layer_could_not_be_drawn_is_shown_once_it_can_again(ground, role):
    trouble = [False]

    def draw(situation, _now, keys):
        if trouble[0]:
            raise RuntimeError("just now")
        things = situation.of("strange")
        return [feature(key, None, source="x") for key in (things if keys is None else keys) if key in things]

    wall = _Wall(ground, role, layers={**LAYERS, "strange": _strange(draw=draw)})
    wall.bring(_Noted(key="before"))
    trouble[0] = True
    wall.bring(_Noted(key="lost?"))
    assert wall.picture.broken == {"strange"}
    trouble[0] = False
    start = wall.picture.said_as
    wall.bring(reported())
    assert wall.picture.broken == frozenset()
    assert [one["properties"]["key"] for one in wall.say(start)["layers"]["strange"]["set"]] == ["lost?"]


def test_one_thing_may_have_several_features(wall):
    wall.bring(CameraListed(camera="CAM-1", name="Jembatan", lon=117.1, lat=-0.5, azimuth_deg=90))
    parts = [one["properties"]["part"] for one in wall.say(None)["layers"]["cameras"]["set"]]
    assert sorted(parts) == ["cone", "marker"]


def test_a_thing_that_is_drawn_as_before_is_no_news(wall):
    wall.bring(CameraListed(camera="CAM-1", name="Jembatan", lon=117.1, lat=-0.5))
    start = wall.picture.said_as
    wall.bring(CameraListed(camera="CAM-1", name="Jembatan", lon=117.1, lat=-0.5))
    assert wall.picture.said_as == start


FACTS = st.one_of(
    st.builds(moved, st.sampled_from(["u1", "u2", "u3"]), st.sampled_from([117.1, 117.2, 0.0])),
    st.builds(reported, st.sampled_from(["I1", "I2", "I3"]), st.sampled_from([117.1, 117.2, 5.0]),
              st.sampled_from(["banjir", "prank"])),
    st.builds(closed, st.sampled_from(["I1", "I2", "I3"]), st.sampled_from(["menuju_lokasi", "selesai"])),
    st.builds(CameraListed, camera=st.sampled_from(["C1", "C2"]), name=st.just("x"), lon=st.just(117.1),
              lat=st.just(-0.5), azimuth_deg=st.sampled_from([None, 10.0])),
    st.builds(CameraHealthChanged, camera=st.sampled_from(["C1", "C2"]), health=st.sampled_from(["ok", "lost"])),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.lists(FACTS, min_size=1, max_size=4), max_size=12), seed=st.integers(0, 1000))
def test_however_often_a_viewer_asks_it_ends_with_the_whole_picture(ground, steps, seed):
    """Viewers that miss any of the messages in between hold the same as one that asks anew."""
    chance = random.Random(seed)  # noqa: S311 — a test's dice
    for role in ("wall", "admin"):
        wall, viewers = _Wall(ground, role), [_Viewer(), _Viewer(), _Viewer()]
        for facts in steps:
            wall.bring(*facts)
            for viewer in viewers:
                if chance.random() < 0.5:
                    viewer.hear(wall.say(viewer.cursor))
        fresh = _Viewer()
        fresh.hear(wall.say(None))
        for viewer in viewers:
            viewer.hear(wall.say(viewer.cursor))
            assert viewer.shows() == fresh.shows()
        assert wall.picture.situation.things == visible(wall.situation, LAYERS, role).things
        redrawn = first_picture(wall.picture.situation, LAYERS, role, "aa", wall.at)
        assert _features(redrawn) == _features(wall.picture)


def _features(picture) -> dict:
    return {name: {key: one.said for key, one in keys.items()} for name, keys in picture.drawn.items() if keys}


def test_rows_written_for_one_step_are_not_written_again_for_those_who_follow_it(ground):
    calls = []

    def counted(things, now, full):
        calls.append(len(things))
        return LAYERS["responders"].columns(things, now, full)

    wall = _Wall(ground, layers={**LAYERS, "responders": replace(LAYERS["responders"], columns=counted)})
    wall.bring(moved("unit-1"), moved("unit-2"))
    start = wall.picture.said_as
    calls.clear()
    wall.bring(moved("unit-1", 117.16), moved("unit-2", 117.17))
    said = wall.say(start)["layers"]["responders"]
    assert sorted(said["columns"]["key"]) == ["unit-1", "unit-2"]
    assert calls == [2]


def test_rows_of_an_older_step_are_never_told_for_a_unit_that_is_gone_since(wall):
    wall.bring(moved("unit-1"))
    start = wall.picture.said_as
    wall.bring(moved("unit-1", 117.16), moved("unit-2"))
    wall.bring(moved("unit-2", 10.0))  # left the city
    said = wall.say(start)["layers"]["responders"]
    assert said["columns"]["key"] == ["unit-1"]
    assert said["drop"] == ["unit-2"]
