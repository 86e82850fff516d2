"""What each role may see: redaction by the layers, on the server."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from immutables import Map
from structlog.testing import capture_logs

from layers.audience import differing, drawn_for, visible
from layers.incidents import IncidentReported, Report
from layers.layer import Layer, Visit, Words
from layers.situation import Situation, after_all


def test_the_wall_gets_no_free_text_and_the_admin_does(nothing, happened, layers, now):
    report = Report(category="kebakaran", reported_at=now, description="0812 3456 7890")
    situation, _ = after_all(nothing, [(1, happened(IncidentReported(incident="A", report=report)))])
    assert "0812" not in repr(visible(situation, layers, "wall").things)
    assert "0812" in repr(visible(situation, layers, "admin").things)
    assert "0812" in repr(situation.things)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A thing only an admin may know of."""

    id: str


def test_a_thing_redacted_to_none_is_not_there_at_all(ground):
    layer = Layer(
        title=Words(id="", en=""),
        fold=lambda _things, _event: {},
        draw=lambda _situation, _now, _keys: [],
        redact=lambda thing, role: thing if role == "admin" else None,
    )
    layers = {"secrets": layer}
    situation = replace(Situation(ground=ground, layers=layers), things=Map({"secrets": Map({"S": Secret(id="S")})}))
    assert dict(visible(situation, layers, "wall").of("secrets")) == {}
    assert dict(visible(situation, layers, "admin").of("secrets")) == {"S": Secret(id="S")}


def test_a_thing_whose_redaction_fails_is_hidden_from_that_role_alone_and_said_once(ground):
    def redact(thing, role):
        if role == "wall":
            raise ZeroDivisionError(thing)
        return thing

    layer = Layer(title=Words(id="", en=""), fold=lambda _things, _event: {}, draw=lambda *_: [], redact=redact)
    things = Map({"wobbly": Map({key: Secret(id=key) for key in "ST"}), "secrets": Map({"S": Secret(id="S")})})
    layers = {"wobbly": layer, "secrets": replace(layer, redact=lambda thing, _role: thing)}
    situation = replace(Situation(ground=ground, layers=layers), things=things)
    with capture_logs() as said:
        seen = visible(situation, layers, "wall")
    assert (len(seen.of("wobbly")), len(seen.of("secrets"))) == (0, 1)
    assert [line["layer"] for line in said] == ["wobbly"]
    assert len(visible(situation, layers, "admin").of("wobbly")) == 2


def visit(ground):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Visit(ground=ground, now=now, delay=timedelta(0), categories=frozenset({"banjir"}), alias=str.lower)


def test_of_a_layer_that_says_nothing_of_visitors_they_see_nothing(nothing):
    situation = replace(nothing, things=Map({"secrets": Map({"1": "Budi"})}))
    layer = Layer(title=Words(id="x", en="x"), fold=lambda _t, _e: {}, draw=lambda _s, _n, _k: [])
    layers = {"secrets": layer}
    assert dict(visible(situation, layers, "visitor", visit(nothing.ground)).of("secrets")) == {}
    assert drawn_for("visitor", layers) == {}
    assert drawn_for("wall", layers) == layers


def test_what_is_for_visitors_goes_through_both_and_one_that_fails_hides_it(nothing):
    situation = replace(nothing, things=Map({"x": Map({"1": "one"})}))

    def seen(**said):
        layer = Layer(title=Words(id="x", en="x"), fold=lambda _t, _e: {}, draw=lambda _s, _n, _k: [], **said)
        return dict(visible(situation, {"x": layer}, "visitor", visit(nothing.ground)).of("x"))

    assert seen(for_visitor=lambda thing, _v: thing.upper()) == {"1": "ONE"}
    assert seen(for_visitor=lambda thing, _v: thing, redact=lambda _t, role: role) == {"1": "visitor"}
    assert seen(for_visitor=lambda thing, _v: thing, redact=lambda _t, _r: None) == {}
    assert seen(for_visitor=lambda _t, _v: 1 / 0) == {}
    assert seen(for_visitor=lambda thing, _v: thing, redact=lambda _t, _r: 1 / 0) == {}


def test_visitors_without_a_visit_see_nothing_at_all(nothing):
    situation = replace(nothing, things=Map({"incidents": Map({"1": object()})}))
    assert not visible(situation, nothing.layers, "visitor").things


def test_only_things_that_became_others_differ(nothing):
    one = replace(nothing, things=Map({"x": Map({"a": 1, "b": 2})}))
    other = replace(nothing, things=Map({"x": Map({"a": 1, "b": 3}), "y": Map({"c": 4})}))
    assert differing(one, other) == {("x", "b"), ("y", "c")}
    assert differing(other, one) == {("x", "b"), ("y", "c")}
