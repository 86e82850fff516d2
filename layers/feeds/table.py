"""Any dispatch table with columns named as such tables name them, saved as CSV, or its rows with a mapping. History."""

from functools import partial

from layers.feed import Feed
from layers.layer import Words
from layers.table_feed import nowhere, parse_for, seal_for
from layers.table_words import mapping_by_name

FEED = Feed(
    title=Words(id="Tabel kejadian", en="Dispatch table"),
    parse=nowhere,
    here=partial(parse_for, "table", mapping_by_name),
    content_types=("text/csv", "application/json"),
    seal=seal_for(mapping_by_name),
)
