"""What each role may see. Redaction happens here, on the server, before anything is drawn."""

from dataclasses import replace
from typing import Any

from immutables import Map

from layers.layer import Layer, Layers, Role, same_for_all
from layers.situation import Situation


def visible(situation: Situation, layers: Layers, role: Role) -> Situation:
    """The situation with everything taken out that `role` may not see."""
    things = situation.things
    for name, layer in layers.items():
        if layer.redact is not same_for_all and name in things:
            things = things.set(name, _redacted(layer, things[name], role))
    return replace(situation, things=things)


def _redacted(layer: Layer, state: Map[str, Any], role: Role) -> Map[str, Any]:
    shown = ((key, layer.redact(thing, role)) for key, thing in state.items())
    return Map((key, thing) for key, thing in shown if thing is not None)
