"""From the desk to the log: what an operator says goes through the one door like all else, with who and why.

What a feed would refuse is refused here first: a slip of the hand belongs beside its field, not in the quarantine.
"""

import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from dashboard.api import mode_of
from dashboard.operate import Told
from dashboard.services import Services
from geodata.errors import BadInput, BadPayload
from layers.caller_seal import masked
from layers.event import Event, Fact, Mode
from layers.exercises import exercise_now
from layers.feed import Rejected

_WAIT_S = 3.0
_LOOK_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who does something, why, and how real it is. `own`: the mode of the thing itself, None for a new one."""

    who: str
    why: str | None
    mode: Mode


def mode_for(services: Services, token: Mode, own: Mode | None, now: datetime, *, is_real: bool = False) -> Mode:
    """A thing stays what it is; what is new is an exercise while one goes on, unless somebody says that it is real."""
    if services.mode != "live":
        return services.mode
    if own is not None:
        return own
    if is_real:
        return token
    return "drill" if exercise_now(services.hub.situation(), now) else mode_of(services.mode, token)


def tell(services: Services, tells: Sequence[Told], hand: Hand) -> bool:
    """Bring it in; when it returns the hub knows. False: it waits for the log. Raises BadInput naming the field."""
    now = services.clock()
    for one in tells:
        _refuse_wrong(services, one, now)
    cursor, is_kept = 0, True
    for one in tells:
        receipt = services.door.accept(
            orjson.dumps(one.payload),
            feed=one.feed,
            client=f"desk/{hand.who}",
            received=now,
            mode=hand.mode,
            who=hand.who,
            why=hand.why,
        )
        if receipt.rejected:
            raise BadInput(receipt.rejected[0].reason or "refused", field=receipt.rejected[0].field)
        cursor, is_kept = max(cursor, receipt.cursor), is_kept and not receipt.is_waiting
    wait_for(services, cursor)
    return is_kept


def append_fact(services: Services, fact: Fact, who: str, why: str | None, source: str | None = None) -> None:
    """For what no feed may say: a fact of the desk's own, straight into the log."""
    now = services.clock()
    event = Event(
        id=str(uuid.uuid4()), at=now, seen=now, source=source or f"desk/{who}/own", fact=fact, mode=services.mode,
        who=who, why=None if why is None else masked(why),
    )  # fmt: skip
    wait_for(services, services.store.append([event]).cursor)


def _refuse_wrong(services: Services, one: Told, now: datetime) -> None:
    feed = services.feeds[one.feed]
    try:
        news = list(feed.parse(feed.seal(orjson.dumps(one.payload), b"desk"), now))
    except BadPayload as error:
        raise BadInput(str(error), field=error.field) from error
    for item in news:
        if isinstance(item, Rejected):
            raise BadInput(item.reason, field=item.field)


def wait_for(services: Services, cursor: int) -> None:
    """Until the hub shows what was just told, so that the next look is not older than the answer."""
    pause, until_s = threading.Event(), time.monotonic() + _WAIT_S
    while services.hub.situation().cursor < cursor and time.monotonic() < until_s:
        pause.wait(_LOOK_S)
