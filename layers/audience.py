"""What each role may see. Redaction happens here, on the server, before anything is drawn.

Visitors see what a layer gives them by name, and nothing else: a layer that says nothing of them is not theirs.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from immutables import Map

from layers.layer import Layer, Layers, Role, Visit, hidden, same_for_all
from layers.situation import Situation, Touched, complain
from layers.told import Told


def visible(situation: Situation, layers: Layers, role: Role, visit: Visit | None = None) -> Situation:
    """The situation with everything taken out that `role` may not see; visitors without a `visit` see nothing."""
    if role == "visitor":
        return _visited(situation, layers, visit)
    things = situation.things
    for name, layer in layers.items():
        if layer.redact is not same_for_all and name in things:
            things = things.set(name, _redacted(name, layer, things[name], role))
    return replace(situation, things=things)


def drawn_for(role: Role, layers: Layers) -> Layers:
    """The layers of which `role` may see any drawing."""
    if role != "visitor":
        return layers
    return {name: layer for name, layer in layers.items() if layer.for_visitor is not hidden}


def shown_to(role: Role, name: str, layer: Layer, thing: Any) -> Any:  # noqa: ANN401 — whatever the layer's thing is
    """The thing as `role` may see it; None, so not at all, also when the layer fails to say."""
    try:
        return layer.redact(thing, role)
    except Exception as error:  # noqa: BLE001 — edge: a stranger's layer may fail in any way; what is in doubt is hidden
        complain("redact", name, type(error).__name__)
        return None


def shown_to_visitor(name: str, layer: Layer, thing: Any, visit: Visit) -> Any:  # noqa: ANN401 — as above
    """The thing as visitors may see it; None, so not at all, also when the layer fails to say."""
    known = shown_to("visitor", name, layer, thing)
    try:
        return None if known is None else _unsigned(layer.for_visitor(known, visit))
    except Exception as error:  # noqa: BLE001 — edge: as above
        complain("for_visitor", name, type(error).__name__)
        return None


def seen(  # noqa: PLR0913, PLR0917 — one thing of a layer, by whom
    situation: Situation, layers: Layers, name: str, key: str, role: Role, visit: Visit | None = None
) -> Any:  # noqa: ANN401 — as above
    """One thing as `role` may see it; None where there is none, or it may not."""
    thing, layer = situation.of(name).get(key), layers.get(name)
    if thing is None or layer is None:
        return None
    if role != "visitor":
        return shown_to(role, name, layer, thing)
    return None if visit is None else shown_to_visitor(name, layer, thing, visit)


def differing(before: Situation, after: Situation) -> Touched:
    """The things that are other ones, or in one of the two only."""
    names = {*before.things, *after.things}
    pairs = ((name, before.of(name), after.of(name)) for name in names)
    return frozenset((name, key) for name, old, new in pairs for key in {*old, *new} if old.get(key) != new.get(key))


def _unsigned(thing: Any) -> Any:  # noqa: ANN401 — as above
    """Without the name of the client that told us: who feeds this system is nothing for visitors."""
    told = getattr(thing, "told", None)
    return replace(thing, told=replace(told, source="")) if isinstance(told, Told) else thing


def _redacted(name: str, layer: Layer, state: Map[str, Any], role: Role) -> Map[str, Any]:
    shown = ((key, shown_to(role, name, layer, thing)) for key, thing in state.items())
    return Map((key, thing) for key, thing in shown if thing is not None)


def _visited(situation: Situation, layers: Layers, visit: Visit | None) -> Situation:
    if visit is None:
        return replace(situation, things=Map())
    things = {
        name: Map(_for_visitors(name, layer, situation.things[name], visit))
        for name, layer in drawn_for("visitor", layers).items()
        if name in situation.things
    }
    return replace(situation, things=Map(things))


def _for_visitors(name: str, layer: Layer, state: Map[str, Any], visit: Visit) -> Iterator[tuple[str, Any]]:
    """By the id the thing still has: its key would be told too, when it is gone."""
    for key, thing in state.items():
        shown = shown_to_visitor(name, layer, thing, visit)
        if shown is not None:
            yield getattr(shown, "id", key), shown
