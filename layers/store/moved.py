"""Where units were, as the layer that shows them has it: their newest places and what the roster said of them then."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from layers.situation import Things
from layers.store.rows import Lexicon, micros, moment
from layers.store.sealed import first_seen
from layers.store.store import Sense
from layers.store.track_tables import LONGEST_RANGE, rows_of
from layers.store.tracks import newest_at, tracks_between
from layers.store.versions import things_at
from layers.tracks import Way

ROSTER = "roster"
MOST_PLACES = 200_000
"""So many at once: 2,000 units for an hour, or one for two days, at one place every half minute and second."""


def moved_at(connection: Connection, lexicon: Lexicon, layer: str, at: datetime, sense: Sense) -> Things:
    """See `Store.things`, of a layer with `past`."""
    roster = things_at(connection, lexicon, ROSTER, at, sense) if ROSTER in lexicon.historic else {}
    places = newest_at(connection, micros(at), sense)
    return lexicon.moved(layer, places, roster, checked_at(connection, at))


def checked_at(connection: Connection, at: datetime) -> datetime:
    """When things were last looked at to be forgotten: with the first event of the hour of the newest one."""
    asked = (
        "SELECT max(seen) FROM (SELECT seen FROM (SELECT seen FROM event WHERE seen <= ?1 ORDER BY seen DESC LIMIT 1) "
        "UNION ALL SELECT seen FROM (SELECT min(seen_to, ?1) AS seen FROM track_range WHERE seen_from <= ?1 "
        "ORDER BY seen_from DESC LIMIT 1))"
    )
    [(newest,)] = rows_of(connection, asked, (micros(at),))
    if newest is None:
        return at
    found = first_seen(connection, newest - newest % LONGEST_RANGE)
    return at if found is None else moment(found)


def way_between(connection: Connection, since: datetime, until: datetime, units: Collection[str] | None) -> Way:
    """See `Store.tracks`."""
    return tracks_between(connection, micros(since), micros(until), units, MOST_PLACES)
