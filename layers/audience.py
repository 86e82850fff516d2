"""What each role may see. Redaction happens here, on the server, before anything is drawn."""

from dataclasses import replace
from typing import Any

from immutables import Map

from layers.layer import Layer, Layers, Role, same_for_all
from layers.situation import Situation, complain


def visible(situation: Situation, layers: Layers, role: Role) -> Situation:
    """The situation with everything taken out that `role` may not see."""
    things = situation.things
    for name, layer in layers.items():
        if layer.redact is not same_for_all and name in things:
            things = things.set(name, _redacted(name, layer, things[name], role))
    return replace(situation, things=things)


def shown_to(role: Role, name: str, layer: Layer, thing: Any) -> Any:  # noqa: ANN401 — whatever the layer's thing is
    """The thing as `role` may see it; None, so not at all, also when the layer fails to say."""
    try:
        return layer.redact(thing, role)
    except Exception as error:  # noqa: BLE001 — edge: a stranger's layer may fail in any way; what is in doubt is hidden
        complain("redact", name, type(error).__name__)
        return None


def _redacted(name: str, layer: Layer, state: Map[str, Any], role: Role) -> Map[str, Any]:
    shown = ((key, shown_to(role, name, layer, thing)) for key, thing in state.items())
    return Map((key, thing) for key, thing in shown if thing is not None)
