"""The Layer contract: what a file in `layers/` must hold to be a part of the picture."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from geodata.places import Ground
from geodata.plugins import Plugins, discover
from layers.event import Codec, Event
from layers.feature import Feature
from layers.situation import Changes, Situation, Things
from layers.tracks import Tracks

Role = Literal["wall", "admin", "visitor"]
"""Who may see a picture; `ingest` may only bring, so it is not a role of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text in the two languages of the wall."""

    id: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A row of the legend: `icon` names a sprite icon, `token` a colour of `assets/00-tokens.css`."""

    words: Words
    icon: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """After `late_s` without news a thing is *lama* (dimmed), after `lost_s` *putus* (a ghost)."""

    late_s: float
    lost_s: float


def keep_all(_thing: object, _now: datetime) -> bool:
    """Nothing of this layer is ever forgotten."""
    return True


def id_decides(_things: Things, _event: Event) -> None:
    """An id that is in the log already is always a repeat."""


def always_drawn(_thing: object, _situation: Situation) -> bool:
    """Everything in this layer has a place."""
    return True


def same_for_all(thing: Any, _role: Role) -> Any:  # noqa: ANN401 — whatever the layer's thing is
    """Nothing in this layer needs hiding."""
    return thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """By what a thing is judged before visitors see it.

    `delay`: nothing younger is shown. `told_until`: nor what was told later than that; None: `delay` before `now`. In a
    recording `now` is of then, and what came in late belongs to it all the same.
    `categories`: ids of the incident categories that the city has made public.
    `alias`: an opaque name for an id that may say more than it should; the same for the same id until a restart.
    """

    ground: Ground
    now: datetime
    delay: timedelta
    categories: frozenset[str]
    alias: Callable[[str], str]
    told_until: datetime | None = None


def hidden(_thing: Any, _visit: Visit) -> None:  # noqa: ANN401 — whatever the layer's thing is
    """Nothing of this layer is for visitors, not even its drawing: so it is with every layer that says nothing else."""


def left_as_redacted(thing: Any, _visit: Visit) -> Any:  # noqa: ANN401 — whatever the layer's thing is
    """Visitors see of it what `redact` leaves them."""
    return thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One part of the picture. All functions are pure.

    `facts`: the fact classes it owns (they go into the log under their `kind`).
    `thing`: the dataclass of one of its things (None: it has none of its own and only draws from others').
    `hears`: the fact classes its fold wants to hear of; None means every event, own or not.
    `fold(things, event)`: what the event changes.
    `keep(thing, now)`: False once a thing may be forgotten (asked once an hour of event time).
    `newest(things, event)`: the `first_id` of the newest event known on the matter of an event of its own that is
    in the log already: if it is another one, the event says something new again. None: it is a repeat.
    `redact(thing, role)`: the thing as that role may see it, or None if not at all.
    `for_visitor(thing, visit)`: what is left of the redacted thing for visitors, or None. Without it they see nothing.
    A `keep` that raises keeps the thing, a `redact` or `for_visitor` that raises hides it from that role; each is
    logged once.
    `draw(situation, now, keys)`: features of those things (None: of all).
    `draws_from`: other layers whose things the drawing uses; then it is redrawn whole whenever they change.
    `columns(things, now, full)`: instead of features, one JSON-able list per column, for what moves by the
    thousand; `full` is True in a first picture and may add what a delta can spare.
    `is_drawn(thing, situation)`: with `columns`, whether the thing has a row; must agree with `draw`.
    `style`: MapLibre style layers; a colour is written "var(--token)", never as a value.
    `ages`: when its things count as late and lost.
    `history`: the log keeps every state its things have had, so that any moment can be asked for fast. Its fold must
    then, for one thing, depend on nothing but that thing and the event, in whatever order the events come. Without
    it a moment of the past is folded from what the layer `hears`; a layer that hears everything then has no past.
    `past(places, roster, checked)`: for the one layer whose things move by the thousand, in place of `history`: its
    things at a moment, from the newest places of every unit and the things that the layer `roster` had then. `checked`
    is when `keep` had last been asked.
    """

    title: Words
    fold: Callable[[Things, Event], Changes]
    draw: Callable[[Situation, datetime, Collection[str] | None], list[Feature]]
    thing: type[Any] | None = None
    facts: tuple[type[Any], ...] = ()
    hears: tuple[type[Any], ...] | None = None
    keep: Callable[[Any, datetime], bool] = keep_all
    newest: Callable[[Things, Event], str | None] = id_decides
    redact: Callable[[Any, Role], Any] = same_for_all
    for_visitor: Callable[[Any, Visit], Any] = hidden
    draws_from: tuple[str, ...] = ()
    columns: Callable[[Sequence[Any], datetime, bool], dict[str, list[Any]]] | None = None
    is_drawn: Callable[[Any, Situation], bool] = always_drawn
    style: tuple[dict[str, Any], ...] = ()
    legend: tuple[Mark, ...] = ()
    ages: Ages | None = None
    history: bool = False
    past: Callable[[Tracks, Things, datetime], Things] | None = None


Layers = Mapping[str, Layer]


def discover_layers() -> Plugins[Layer]:
    """Every layer in this folder and every third party's."""
    return discover("layers", "LAYER", Layer)


def codec_for(layers: Layers) -> Codec:
    """The codec that knows every fact and thing of these layers."""
    return Codec({t for layer in layers.values() for t in (*layer.facts, layer.thing) if t})
