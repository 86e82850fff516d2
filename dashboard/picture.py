"""The picture one role sees: drawn once when a thing changes, told as a whole or as a delta. Pure.

`docs/architecture.md` has the message. A picture knows for each thing it draws when its drawing last changed,
and for each thing it drew once and draws no more when that was; so a delta from any earlier cursor of this
process is a filter, not a log. A cursor of another process, role, build or log is not understood, and then
the whole picture is told.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
import structlog
from immutables import Map

from layers.audience import shown_to
from layers.feature import Feature
from layers.layer import Layer, Layers, Role, same_for_all
from layers.situation import Situation, Touched

_LOG = structlog.get_logger()
Draw = Callable[[Situation, datetime, Collection[str] | None], list[Feature]]
MOST_GONE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How one thing is drawn, and since which cursor.

    `said`: its features as JSON, comma-separated; the thing itself where the layer speaks in columns.
    """

    said: Any
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The newest change of a layer that speaks in columns: its rows as JSON, all that lead from `since` to `cursor`."""

    since: int
    cursor: int
    columns: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What `role` sees at one moment.

    `situation` is redacted. `drawn` and `gone` map layer → key. `oldest` is the first cursor a delta can start
    from. `tag` names process, role, build and log. `broken` are layers whose drawing failed. `steps` maps layer →
    its newest step, where that can be told as it is.
    """

    role: Role
    tag: str
    situation: Situation
    cursor: int
    oldest: int
    panels: bytes = b"{}"
    panels_hash: str = ""
    drawn: Map[str, Map[str, Drawn]] = field(default_factory=Map)
    gone: Map[str, Map[str, int]] = field(default_factory=Map)
    broken: frozenset[str] = frozenset()
    steps: Map[str, Step] = field(default_factory=Map)

    @property
    def said_as(self) -> str:
        """The cursor as a browser holds it."""
        return f"{self.cursor}.{self.tag}{self.panels_hash}"


def short_hash(*parts: object) -> str:
    """Eight hexadecimal digits."""
    said = b"\x00".join(part if isinstance(part, bytes) else str(part).encode() for part in parts)
    return hashlib.blake2s(said, digest_size=4).hexdigest()


def held(picture: Picture, said: str | None) -> tuple[int, str] | None:
    """(cursor, hash of the panels) a browser holds, or None when only a whole picture can help it."""
    number, _, rest = (said or "").partition(".")
    tag, panels = rest[: len(picture.tag)], rest[len(picture.tag) :]
    if tag != picture.tag or not number.isdecimal() or len(number) > len(str(picture.cursor)):
        return None
    cursor = int(number)
    return (cursor, panels) if picture.oldest <= cursor <= picture.cursor else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Another role's picture before (None: there was none) and after: what it shows of a layer may be taken over."""

    before: Picture | None
    after: Picture


def first_picture(  # noqa: PLR0913, PLR0917 — what, for whom, when, and who was drawn before
    situation: Situation, layers: Layers, role: Role, tag: str, now: datetime, twin: Twin | None = None
) -> Picture:
    """Draw everything. `situation` must be what the role may see."""
    picture = Picture(role=role, tag=tag, situation=situation, cursor=situation.cursor, oldest=situation.cursor)
    for name, layer in layers.items():
        picture = _taken_over(picture, name, layer, twin) or _redrawn(picture, name, layer, None, now)
    return picture


def _taken_over(picture: Picture, name: str, layer: Layer, twin: Twin | None) -> Picture | None:
    """What looks the same for all is drawn once: by whoever comes first. None where it has to be drawn."""
    if twin is None or layer.redact is not same_for_all or layer.draws_from or name in twin.after.broken:
        return None
    before = twin.before
    is_alike = before is None or (
        picture.drawn.get(name) is before.drawn.get(name) and picture.gone.get(name) is before.gone.get(name)
    )
    if not is_alike or name not in twin.after.drawn:
        return None
    if picture.drawn.get(name) is twin.after.drawn[name]:
        return replace(picture, broken=picture.broken - {name})
    return replace(
        picture,
        drawn=picture.drawn.set(name, twin.after.drawn[name]),
        gone=picture.gone.set(name, twin.after.gone[name]),
        broken=picture.broken - {name},
        steps=_with_step(picture.steps, name, twin.after.steps.get(name)),
    )


def with_panels(picture: Picture, panels: bytes) -> Picture:
    """The same picture beside other panels; its cursor is another one only when they differ."""
    return replace(picture, panels=panels, panels_hash=short_hash(panels))


def next_picture(  # noqa: PLR0913, PLR0917 — a picture, what happened to it, and when
    picture: Picture, situation: Situation, layers: Layers, touched: Touched, now: datetime, twin: Twin | None = None
) -> Picture:
    """The picture once `situation` (as the role may see it) is known; its cursor moves only when something shows.

    What could not be drawn is tried again, whole: nobody kept what changed in it meanwhile.
    """
    keys: dict[str, set[str]] = {}
    for name, key in touched:
        keys.setdefault(name, set()).add(key)
    after = replace(picture, situation=situation)
    for name, layer in layers.items():
        is_whole = name in picture.broken or any(other in keys for other in layer.draws_from)
        if is_whole or name in keys:
            asked = None if is_whole else keys[name]
            after = _taken_over(after, name, layer, twin) or _redrawn(after, name, layer, asked, now)
    if after.drawn is picture.drawn and after.gone is picture.gone:
        return after
    return _bounded(replace(after, cursor=situation.cursor))


def _redrawn(picture: Picture, name: str, layer: Layer, keys: Iterable[str] | None, now: datetime) -> Picture:
    """Draw the things `keys` of a layer (None: all of it) and note what became different."""
    try:
        said, columns = _draw(layer, name, picture.situation, keys, now)
    except Exception:  # noqa: BLE001 — edge: a stranger's layer may fail in any way; the picture goes on without it
        if name not in picture.broken:  # it is tried again every second, and told once
            _LOG.exception("layer_cannot_draw", layer=name)
        return replace(picture, broken=picture.broken | {name})
    drawn, gone = picture.drawn.get(name, Map()), picture.gone.get(name, Map())
    asked = set(drawn) | set(said) if keys is None else set(keys)
    different = [key for key in asked if _is_other(said.get(key), drawn.get(key))]
    picture = replace(picture, broken=picture.broken - {name})
    if not different:
        return picture
    new_drawn, new_gone, cursor = drawn.mutate(), gone.mutate(), picture.situation.cursor
    is_told_whole = columns is not None and len(different) == len(said)  # every row is news, and nothing is gone
    step = Step(since=picture.cursor, cursor=cursor, columns=columns or b"") if is_told_whole else None
    for key in different:
        if key in said:
            new_drawn[key] = Drawn(said=said[key], cursor=cursor)
            new_gone.pop(key, None)
        else:
            del new_drawn[key]
            new_gone[key] = cursor
    return replace(
        picture,
        drawn=picture.drawn.set(name, new_drawn.finish()),
        gone=picture.gone.set(name, new_gone.finish()),
        steps=_with_step(picture.steps, name, step),
    )


def _with_step(steps: Map[str, Step], name: str, step: Step | None) -> Map[str, Step]:
    if step is not None:
        return steps.set(name, step)
    return steps.delete(name) if name in steps else steps


def _is_other(said: Any, before: Drawn | None) -> bool:  # noqa: ANN401 — as in Drawn
    if before is None or said is None:
        return before is not None or said is not None
    return said is not before.said and (not isinstance(said, bytes) or said != before.said)


def _draw(
    layer: Layer, name: str, situation: Situation, keys: Iterable[str] | None, now: datetime
) -> tuple[dict[str, Any], bytes | None]:
    """What `Drawn.said` holds, by key; and, of a layer asked for some keys, its rows as JSON if it speaks in columns.

    Raises whatever the layer's own code raises, and what its columns would.
    """
    if layer.columns is None:
        return _by_key(layer.draw(situation, now, None if keys is None else tuple(keys))), None
    things = situation.of(name)
    asked = things if keys is None else [key for key in keys if key in things]
    shown = {key: thing for key in asked if layer.is_drawn(thing := things[key], situation)}
    columns = orjson.dumps(layer.columns(list(shown.values()), now, keys is None))
    return shown, None if keys is None else columns


def _by_key(features: Iterable[Feature]) -> dict[str, bytes]:
    said: dict[str, bytes] = {}
    for feature in features:
        key, text = feature["properties"]["key"], orjson.dumps(feature)
        said[key] = said[key] + b"," + text if key in said else text
    return said


def _bounded(picture: Picture) -> Picture:
    """Forget the older half of what is gone once it is too much; older cursors then get the whole picture."""
    if sum(map(len, picture.gone.values())) <= MOST_GONE:
        return picture
    cursors = sorted(cursor for keys in picture.gone.values() for cursor in keys.values())
    oldest = cursors[len(cursors) // 2]
    gone = {
        name: Map((key, cursor) for key, cursor in keys.items() if cursor > oldest)
        for name, keys in picture.gone.items()
    }
    return replace(picture, gone=Map(gone), oldest=max(picture.oldest, oldest))


def features_of(picture: Picture, name: str, layer: Layer, now: datetime) -> bytes:
    """All that the picture shows of a layer, as a GeoJSON FeatureCollection."""
    drawn = picture.drawn.get(name, Map())
    if layer.columns is None:
        features = b",".join(one.said for one in drawn.values())
    else:
        features = orjson.dumps(layer.draw(picture.situation, now, tuple(drawn)))[1:-1]
    return b'{"type":"FeatureCollection","features":[' + features + b"]}"


def still_visible(shown: Situation, situation: Situation, layers: Layers, role: Role, touched: Touched) -> Situation:
    """The same as `visible(situation, layers, role)`, redacting only what was touched since `shown`."""
    things = situation.things
    for name, layer in layers.items():
        if layer.redact is same_for_all or name not in things:
            continue
        state = shown.things.get(name, Map()).mutate()
        for key in (key for other, key in touched if other == name):
            thing = things[name].get(key)
            seen = None if thing is None else shown_to(role, name, layer, thing)
            if seen is None:
                state.pop(key, None)
            else:
                state[key] = seen
        things = things.set(name, state.finish())
    return replace(situation, things=things)


def told(picture: Picture, layers: Layers, since: tuple[int, str] | None, now: datetime) -> bytes:
    """The parts `layers` and `panels` of the message that leads from `since` (None: from nothing) here.

    A JSON object without its opening brace, so that the envelope can be put before it (see `message`).
    """
    start = None if since is None else since[0]
    shown = {name: part for name, layer in layers.items() if (part := _said(picture, name, layer, start, now))}
    body: dict[str, Any] = {"layers": shown}
    if since is None or since[1] != picture.panels_hash:
        body["panels"] = orjson.Fragment(picture.panels)
    return orjson.dumps(body)[1:]


def _said(picture: Picture, name: str, layer: Layer, start: int | None, now: datetime) -> orjson.Fragment | None:
    """A layer's part as JSON; None when there is nothing to say, or it cannot be said."""
    try:
        part = _part(picture, name, layer, start, now)
        return None if part is None else orjson.Fragment(orjson.dumps(part))
    except Exception:  # noqa: BLE001 — edge: as in _redrawn
        _LOG.exception("layer_cannot_be_told", layer=name)
        return None


def _part(picture: Picture, name: str, layer: Layer, start: int | None, now: datetime) -> dict[str, Any] | None:
    step = picture.steps.get(name)
    if step is not None and start is not None and step.since <= start < step.cursor:
        return {"columns": orjson.Fragment(step.columns), "drop": []}
    drawn = picture.drawn.get(name, Map())
    keys = [key for key, one in drawn.items() if start is None or one.cursor > start]
    drop = [] if start is None else [key for key, at in picture.gone.get(name, Map()).items() if at > start]
    if not keys and not drop:
        return None
    if layer.columns is None:
        features = b"[" + b",".join(drawn[key].said for key in keys) + b"]"
        return {"set": orjson.Fragment(features), "drop": drop}
    return {"columns": layer.columns([drawn[key].said for key in keys], now, start is None), "drop": drop}


def message(envelope: Mapping[str, Any], body: bytes) -> bytes:
    """The whole message: `envelope` is small and fresh, `body` may come from a cache."""
    return orjson.dumps(envelope)[:-1] + b"," + body
