"""The block list of the telephone system as JSON: a number is blocked until a time, or free again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from geodata.errors import BadPayload
from layers.caller_seal import Caller, caller_of
from layers.callers import CallerBlocked, CallerUnblocked
from layers.event import Event, stable_id
from layers.feed import Feed
from layers.layer import Words
from layers.records import Line, Moment, Record, reader

DEFAULT_BLOCK = timedelta(days=1)
"""What the centers of Purworejo and Bontang do: once around the clock."""

LONGEST_BLOCK = timedelta(days=366)


class BlockSaid(Record):
    """One number blocked, or one freed."""

    caller: Annotated[Caller, BeforeValidator(caller_of, json_schema_input_type=str)] = Field(
        description="the number; kept as a keyed hash and its last three digits"
    )
    blocked_at: Moment = Field(default=None, description="when it was blocked")
    until: Moment = Field(default=None, description="when the block ends; missing: a day after it began")
    reason: Line = None
    unblocked_at: Moment = Field(default=None, description="when it was freed; then nothing else is read")


def _events(said: BlockSaid, received: datetime) -> Iterator[Event]:
    fact = _unblocked(said.caller, said.unblocked_at) if said.unblocked_at else _blocked(said)
    at = fact.starts_at if isinstance(fact, CallerBlocked) else fact.unblocked_at
    yield Event(id=stable_id("blocks", str(fact)), at=at, seen=received, source="blocks", fact=fact)


def _unblocked(caller: Caller, at: datetime) -> CallerUnblocked:
    return CallerUnblocked(caller=caller.hash, last3=caller.last3, unblocked_at=at)


def _blocked(said: BlockSaid) -> CallerBlocked:
    starts = said.blocked_at
    if starts is None:
        raise BadPayload("blocked_at: missing; say when it was blocked, or unblocked_at", field="blocked_at")
    ends = said.until or starts + DEFAULT_BLOCK
    if not starts < ends <= starts + LONGEST_BLOCK:
        raise BadPayload("until: a block ends after it begins, within a year", field="until")
    return CallerBlocked(
        caller=said.caller.hash, last3=said.caller.last3, starts_at=starts, ends_at=ends, reason=said.reason
    )


FEED = Feed(
    title=Words(id="Nomor diblokir", en="Blocked numbers"),
    parse=reader("a block", BlockSaid, _events, may_lie_ahead=frozenset({"until"})),
)
