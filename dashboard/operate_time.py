"""Times as hands write them: 19.30, 19:30 or now; of the last day, by the city's clock."""

import re
from datetime import datetime, timedelta

from dashboard.operate import Asked
from geodata.errors import BadInput
from layers.fields import moment_of

_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)", re.ASCII)
_AHEAD = timedelta(minutes=2)


def moment_asked(asked: Asked, name: str, *, may_lie_ahead: bool = False) -> datetime | None:
    """The moment meant; None for an empty field. Raises BadInput for what is no time, or lies in the future."""
    said = asked.text(name, 40)
    if said is None:
        return None
    now = asked.look.now
    at = _at_clock(asked, said, is_next=may_lie_ahead) or _iso(said, name)
    if not may_lie_ahead and at > now + _AHEAD:
        raise BadInput(f"{name}: it lies in the future", field=name)
    return at


def _at_clock(asked: Asked, said: str, *, is_next: bool) -> datetime | None:
    """The newest such time that has been; or, where it lies ahead, the next one."""
    found = _CLOCK.fullmatch(said)
    if found is None:
        return None
    local = asked.look.now.astimezone(asked.look.situation.ground.city.zone)
    at = local.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    if is_next:
        return at if at > local else at + timedelta(days=1)
    return at - timedelta(days=1) if at > local + _AHEAD else at


def _iso(said: str, name: str) -> datetime:
    try:
        return moment_of(said)
    except ValueError as error:
        raise BadInput(f"{name}: write it like 19.30", field=name) from error
