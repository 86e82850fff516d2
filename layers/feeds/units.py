"""The roster: which tracker is which vehicle or volunteer, as JSON."""

from collections.abc import Iterator
from datetime import datetime

from geodata.errors import BadPayload
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import bytes_of, field_of, json_of, name_of, shown
from layers.layer import Words
from layers.unit_facts import UnitRegistered

_KINDS = ("vehicle", "volunteer")


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One unit or a list of them. A roster is what holds from now on: the newest one received wins."""
    said = json_of(payload)
    if not isinstance(said, dict | list):
        raise BadPayload(f"send one unit or a list of units, not {shown(said)}")
    for item in said if isinstance(said, list) else [said]:
        try:
            yield _event(item, received)
        except BadPayload as error:
            yield Rejected(original=bytes_of(item, payload), reason=str(error), field=error.field)


def _event(item: object, received: datetime) -> Event:
    if not isinstance(item, dict):
        raise BadPayload(f"a unit is an object, not {shown(item)}")
    kind = item.get("kind")
    if kind not in _KINDS:
        raise BadPayload(f"kind: {shown(kind)} is neither vehicle nor volunteer", field="kind")
    agency = None if item.get("agency") in (None, "") else field_of(item, "agency", name_of)
    is_on_duty = item.get("on_duty")
    if not isinstance(is_on_duty, bool | None):
        raise BadPayload(f"on_duty: {shown(is_on_duty)} is neither true nor false", field="on_duty")
    fact = UnitRegistered(
        unit=field_of(item, "id", name_of),
        name=field_of(item, "name", name_of),
        unit_kind=kind,
        agency=agency,
        is_on_duty=is_on_duty,
    )
    said = (fact.unit, fact.name, fact.unit_kind, fact.agency, fact.is_on_duty, received)
    return Event(id=stable_id("units", *said), at=received, seen=received, source="units", fact=fact)


FEED = Feed(title=Words(id="Daftar armada dan relawan", en="Roster of units"), parse=parse)
