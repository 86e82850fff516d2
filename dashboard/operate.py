"""The operator's desk as data: rooms, each a list of rows and the deeds that may be done to them.

A room is one module `dashboard/operate_<name>.py` that ends in `ROOM = Room(...)` and stands in the list of
`dashboard/operate_rooms.py`; the page, the forms, the keys, the check that nobody else was faster, the event with who
and why, the audit and undo are the same for all (`dashboard/operate_routes.py`, `assets/70-operate.js`).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any, Literal

from dashboard.auth import OPERATORS, Who
from dashboard.services import Services
from geodata.errors import BadInput
from layers.event import Event, Mode
from layers.layer import Words
from layers.situation import Situation

FieldKind = Literal["text", "prose", "source", "number", "choice", "many", "place", "time", "row", "secret", "date"]
"""How a value is asked for. `time`: local HH:MM of the last day; `row`: another row; `many`: several choices;
`source`: text as a machine wrote it; `date`: YYYY-MM-DD."""

Mood = Literal["grave", "warn", "good", "calm", "lost"]
LONGEST_WHY = 300
NOTHING = Words(id="Belum ada isinya.", en="Nothing here yet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several answers."""

    value: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value a deed asks for; it comes in the request under `name`. The row's `values` fill it beforehand."""

    name: str
    words: Words
    kind: FieldKind = "text"
    is_needed: bool = False
    options: tuple[Option, ...] = ()
    hint: Words | None = None
    longest: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to know of a row: `value` a text, a number, Words, or a moment as {"at": epoch seconds}.

    Also a text as a machine wrote it, as {"source": text}; an address to go to, as {"href": path, "words": {id, en}}.
    """

    label: Words | str
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing of a room. `version` changes when it does; `deeds` may be done to it; `at`: epoch seconds of its age.

    `place` is (lon, lat); `marker` what the map of a room with one shows there (the properties of an incident).
    """

    key: str
    version: str
    title: str | Words
    state: Words
    mood: Mood = "calm"
    sub: str | Words = ""
    at: float | None = None
    group: str = "open"
    badges: tuple[Words, ...] = ()
    lines: tuple[Line, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    deeds: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    marker: Mapping[str, Any] | None = None
    mode: Mode = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What is too much for a list: told of one row alone, when somebody looks at it."""

    lines: tuple[Line, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """With what a room is looked at: unredacted, for those of the room's `allowed`. `sought`: see `Room.seek`.

    `rooms`: all of them, for the one that tells what was done in the others.
    """

    services: Services
    situation: Situation
    now: datetime
    sought: Mapping[str, str] = field(default_factory=dict)
    rooms: Mapping[str, "Room"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A payload for the one door, in the dialect of `feed`."""

    feed: str
    payload: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One deed that somebody asks for. `row` is None for what is new; `said` holds the form, `why` the reason given."""

    look: Look
    who: str
    said: Mapping[str, Any]
    row: Row | None = None
    why: str | None = None

    @property
    def services(self) -> Services:
        """The server."""
        return self.look.services

    @property
    def key(self) -> str:
        """Of the row."""
        if self.row is None:
            raise BadInput("key: say which one is meant", field="key")
        return self.row.key

    def text(self, name: str, longest: int = 2_000) -> str | None:
        """A word of the form, or None when it is empty. Raises BadInput for anything but a text."""
        said = self.said.get(name)
        if said is None or said == "":
            return None
        if not isinstance(said, str) or len(said) > longest:
            raise BadInput(f"{name} is no text of at most {longest} characters", field=name)
        return said.strip() or None

    def needed(self, name: str) -> str:
        """A word that must be there."""
        said = self.text(name)
        if said is None:
            raise BadInput(f"{name}: missing", field=name)
        return said

    def many(self, name: str) -> list[str]:
        """Several words; at least one."""
        said = self.said.get(name)
        if not isinstance(said, list) or not said or not all(isinstance(one, str) and one for one in said):
            raise BadInput(f"{name}: choose at least one", field=name)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a deed did. `subject`: key of the row it was about; `tells` goes through the door before the answer.

    `back` restores what was before (None: it cannot be taken back), or the room does (`Room.restore`), told `before`;
    or `revert` does, for what may stand in no file: that is gone when the server starts again. `words` say more than
    "saved".
    """

    subject: str
    tells: tuple[Told, ...] = ()
    back: tuple[Told, ...] | None = None
    before: dict[str, Any] | None = None
    revert: Callable[[], None] | None = None
    words: Words | None = None
    shown_once: str | None = None
    """A secret that is answered and kept nowhere (a new token)."""
    details: Mapping[str, str | None] = field(default_factory=dict)
    """What the audit's row says besides who, on what and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something to do. `do` says what to tell the door, or does it itself; it raises BadInput for a wrong form.

    `key`: the letter that begins it. `asks_why`: a reason must be given. `is_grave`: shown as such. `is_new`: it makes
    a row, and needs none. `fields` is asked once per look, so that choices are those of now.
    """

    words: Words
    do: Callable[[Asked], Done]
    fields: Callable[[Look], tuple[Field, ...]] = lambda _look: ()
    key: str | None = None
    is_new: bool = False
    asks_why: bool = False
    is_grave: bool = False
    hint: Words | None = None
    allowed: frozenset[Who] = OPERATORS


def nothing_sought(_look: Look) -> tuple[Field, ...]:
    """Such a room shows all that it has."""
    return ()


def nothing_told(_event: Event, _look: Look) -> Words | None:
    """The rows of such a room have no history."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One page of the desk. `rows` gives what is there now, in the order in which it is shown.

    `groups`: the filters above the list, by `Row.group`, the first shown first; none: no filter. `kinds`: facts that
    make up a row's history, each said by `told`. `has_map`: a map stands beside the list. `head`: lines above all.
    `more` is what one row tells when it is looked at; `seek`: fields above the list whose values come as `Look.sought`.
    `is_house`: it is about the system, not about what happens in the city. `restore`: see `Done.before`.
    """

    title: Words
    rows: Callable[[Look], Sequence[Row]]
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    groups: Mapping[str, Words] = field(default_factory=dict)
    empty: Words = NOTHING
    kinds: tuple[str, ...] = ()
    told: Callable[[Event, Look], Words | None] = nothing_told
    has_map: bool = False
    head: Callable[[Look], Sequence[Line]] = lambda _look: ()
    more: Callable[[Look, str], More] | None = None
    seek: Callable[[Look], tuple[Field, ...]] = nothing_sought
    is_house: bool = False
    restore: Callable[[Asked, dict[str, Any]], None] | None = None
    allowed: frozenset[Who] = OPERATORS


def both(indonesian: str, english: str) -> Words:
    """A text in both languages, for rooms that say many."""
    return Words(id=indonesian, en=english)


def version_of(*things: object) -> str:
    """Another text as soon as anything of it is another, and the same in every process: for Row.version."""
    return hashlib.blake2s(repr(_plain(things)).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _plain(thing: Any) -> Any:  # noqa: ANN401 — anything with a repr
    """Without what changes from one process to the next: the order of maps and sets, the class of a time zone."""
    if isinstance(thing, datetime):
        return thing.timestamp()
    if is_dataclass(thing):
        return type(thing).__name__, [_plain(getattr(thing, one.name)) for one in fields(thing)]
    if isinstance(thing, Mapping):
        return sorted(((repr(key), _plain(value)) for key, value in thing.items()), key=lambda pair: pair[0])
    if isinstance(thing, AbstractSet):
        return sorted(map(repr, thing))
    return [_plain(one) for one in thing] if isinstance(thing, tuple | list) else thing


def choices(pairs: Mapping[str, Words]) -> tuple[Option, ...]:
    """Options in their order."""
    return tuple(Option(value=value, words=words) for value, words in pairs.items())


def one_of(asked: Asked, name: str, known: Mapping[str, Any]) -> str:
    """A needed word that must be among those known."""
    said = asked.needed(name)
    if said not in known:
        raise BadInput(f"{name}: {said[:40]!r} is none of: {', '.join(known)}", field=name)
    return said
