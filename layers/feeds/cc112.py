"""The 112 application's yearly workbook, "LAPORAN INSIDEN CALL CENTER 112", saved as CSV, or its rows. History."""

from functools import partial

from layers.feed import Feed
from layers.layer import Words
from layers.table_feed import nowhere, parse_for, seal_for
from layers.table_words import mapping_of_112

FEED = Feed(
    title=Words(id="Laporan tahunan aplikasi 112", en="The 112 application's yearly workbook"),
    parse=nowhere,
    here=partial(parse_for, "cc112", mapping_of_112, is_dated=True),
    content_types=("text/csv", "application/json"),
    seal=seal_for(mapping_of_112),
)
