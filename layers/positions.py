"""The one event every tracker's dialect makes: a unit was at a place at a time."""

from datetime import datetime

from layers.event import Event, stable_id
from layers.responders import PositionReported

MPS_PER_KNOT = 1852 / 3600


def position_event(feed: str, fact: PositionReported, at: datetime, received: datetime) -> Event:
    """Its id is made of all that was said, so that a retry is no second event."""
    said = (fact.unit, at, fact.lon, fact.lat, fact.heading_deg, fact.speed_mps)
    return Event(id=stable_id(feed, *said), at=at, seen=received, source=feed, fact=fact)
