"""What each role may see: redaction by the layers, on the server."""

from dataclasses import dataclass, replace

from immutables import Map
from structlog.testing import capture_logs

from layers.audience import visible
from layers.incidents import IncidentReported, Report
from layers.layer import Layer, Words
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
