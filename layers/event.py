"""Event: something that happened, past tense, never changed. And the codec that keeps it."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Literal, Protocol

import orjson
from pydantic import TypeAdapter, ValidationError

from geodata.errors import BadPayload

Mode = Literal["live", "drill", "demo"]

HISTORY = "history:"
"""How the source of an event begins that was brought in long after it happened."""

_NAMESPACE = uuid.UUID("6f1a7d52-64e2-5b52-9f6e-112112112112")


class Fact(Protocol):
    """What happened: a frozen, slotted, keyword-only dataclass owned by one layer.

    `kind` is its name in the log for ever, e.g. "incident_reported". Its first field is its subject:
    the id of the thing it is about.
    """

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownFact:
    """A fact whose layer is not installed: kept, shown to nobody, folded by nobody."""

    kind: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact with its provenance.

    `id` makes appending idempotent. `at` is when it happened, by the source's clock; `seen` when we
    learned it, by ours: the store moves it so that it never goes back. `source` is "<client>/<feed>", or
    "history:<client>/<feed>".
    `mode` is "live" only for the real thing: drills and demos say so in every event. `who`: the person whose hand
    it was, where one is known, and `why` in their words; neither is ever shown to a visitor.
    """

    id: str
    at: datetime
    seen: datetime
    source: str
    fact: Fact | UnknownFact
    mode: Mode = "live"
    who: str | None = None
    why: str | None = None

    @property
    def is_history(self) -> bool:
        """Whether it was told as history: it counts in its own time, and the situation of now never hears of it."""
        return self.source.startswith(HISTORY)


def subject_of(fact: Any) -> str | None:  # noqa: ANN401 — any layer's fact
    """The id of the thing the fact is about; None for an unknown fact."""
    if isinstance(fact, UnknownFact):
        return None
    subject: str | None = getattr(fact, _subject_field(type(fact)))  # type: ignore[arg-type]  # types are hashable
    return subject


@cache  # asked several times for every event
def _subject_field(fact: type[Any]) -> str:
    return fields(fact)[0].name


def stable_id(*parts: object) -> str:
    """An event id that is the same whenever the same things are said again."""
    said = hashlib.sha1(_NAMESPACE.bytes + orjson.dumps(parts, default=str), usedforsecurity=False).digest()
    text = bytes((*said[:6], said[6] & 0x0F | 0x50, said[7], said[8] & 0x3F | 0x80, *said[9:16])).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"  # as uuid.uuid5 gives it, much faster


def again(event_id: str, cursor: int) -> str:
    """The id of an event that says the same once more, after something else had been said in between."""
    return f"{first_id(event_id)}+{cursor}"


def first_id(event_id: str) -> str:
    """The id under which the same words were said for the first time."""
    return event_id.partition("+")[0]


def _without_prose(schema: Any) -> Any:  # noqa: ANN401 — JSON
    if isinstance(schema, dict):
        return {key: _without_prose(value) for key, value in schema.items() if key != "description"}
    return [_without_prose(value) for value in schema] if isinstance(schema, list) else schema


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Slow to make, and the same for every log that a process opens."""
    return TypeAdapter(kind)


@cache
def _schema(kind: type[Any]) -> Any:  # noqa: ANN401 — JSON
    return _without_prose(_adapter(kind).json_schema())  # type: ignore[arg-type]  # as below


class Codec:
    """Facts and things ↔ JSON bytes. Built from the dataclasses of all layers."""

    def __init__(self, types: Iterable[type[Any]]) -> None:
        self._adapters: Mapping[type[Any], TypeAdapter[Any]] = {t: _adapter(t) for t in types}  # type: ignore[arg-type]  # mypy: a type is hashable
        self._by_kind = {t.kind: a for t, a in self._adapters.items() if isinstance(getattr(t, "kind", None), str)}

    @property
    def shape(self) -> str:
        """What all facts and things look like; another text means that what is stored may not be readable."""
        schemas = {t.__qualname__: _schema(t) for t in self._adapters}  # type: ignore[arg-type]  # as above
        return orjson.dumps(schemas, option=orjson.OPT_SORT_KEYS).decode()

    def dump(self, value: object) -> bytes:
        """JSON of a fact or thing; a `UnknownFact` goes back as it came."""
        if isinstance(value, UnknownFact):
            return value.body
        return self._adapters[type(value)].dump_json(value)

    def fact(self, kind: str, body: bytes) -> Fact | UnknownFact:
        """Read a fact. Raises BadPayload when the kind is known and the body does not fit it."""
        adapter = self._by_kind.get(kind)
        if adapter is None:
            return UnknownFact(kind=kind, body=body)
        try:
            fact: Fact = adapter.validate_json(body)
        except ValidationError as error:
            raise BadPayload(f"{kind}: {error.errors()[0]['msg']}", field=kind) from error
        return fact

    def thing(self, thing: type[Any], body: bytes) -> Any:  # noqa: ANN401 — the type is the argument
        """Read a thing of a layer back from its projection."""
        return self._adapters[thing].validate_json(body)
