"""One export: which table, of which days, by whose words; the same for the command and for HTTP."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import BinaryIO

from dashboard.export_files import write
from geodata.errors import BadInput, NotFound
from geodata.places import Ground
from layers.export import Frame, Row, Span, rows_of
from layers.export_tables import TABLES
from layers.feed import Feed
from layers.store.store import Store

MOST_DAYS = 400
_KEY_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`first` and `last` are days of the city, both included."""

    kind: str
    first: date
    last: date

    def span(self, ground: Ground) -> Span:
        """From midnight to midnight by the city's clock. Raises BadInput."""
        if not self.first <= self.last < self.first + timedelta(days=MOST_DAYS):
            raise BadInput(f"until: a period ends after it begins, at most {MOST_DAYS} days later", field="until")
        zone = ground.city.zone
        return Span(
            since=datetime.combine(self.first, time(), zone),
            until=datetime.combine(self.last + timedelta(days=1), time(), zone),
        )


def alias(key: bytes, said: str) -> str:
    """An id as nobody can read it back: an id may be a telephone number. The same id is always the same key."""
    return hmac.new(key, b"export\0" + said.encode(), hashlib.sha256).hexdigest()[:_KEY_LENGTH]


def frame_of(ground: Ground, feeds: dict[str, Feed], key: bytes) -> Frame:
    """By what the texts of this city are judged."""
    return Frame(ground=ground, alias=partial(alias, key), feeds=frozenset(feeds))


def rows(store: Store, wanted: Wanted, frame: Frame) -> Iterator[Row]:
    """Raises NotFound for a table there is none of, BadInput for days that are none."""
    if wanted.kind not in TABLES:
        raise NotFound(f"no export {wanted.kind[:40]!r}; there are: {', '.join(TABLES)}")
    return rows_of(TABLES[wanted.kind], store.told, wanted.span(frame.ground), frame)


def export(store: Store, wanted: Wanted, frame: Frame, format_: str, file: BinaryIO) -> int:
    """Write the table; gives how many rows it has."""
    found = rows(store, wanted, frame)
    return write(TABLES[wanted.kind], found, format_, file)
