"""One feed under atheris: `fuzz_child.py FEED CORPUS -max_total_time=10`. Anything but BadPayload is an error."""

import sys
from datetime import UTC, datetime, timedelta

import atheris

with atheris.instrument_imports(include=["layers", "geodata", "defusedxml", "xml"]):
    from geodata.errors import BadPayload
    from layers.feed import discover_feeds

    FEED = discover_feeds().found[sys.argv[1]]  # imports every feed, so in here
RECEIVED = datetime(2026, 11, 22, 11, 18, tzinfo=UTC) + timedelta(minutes=10)
KEY = b"k" * 32


def one(payload: bytes) -> None:
    """As the door does it. Sealing settles: junk may be XML once it is sealed, and is then sealed as XML."""
    sealed = FEED.seal(payload, KEY)
    settled = FEED.seal(sealed, KEY)
    if FEED.seal(settled, KEY) != settled:
        raise AssertionError("sealing does not settle")
    try:
        for news in FEED.parse(sealed, RECEIVED):
            if not (getattr(news, "id", None) or getattr(news, "reason", None)):
                raise AssertionError("neither an event nor a reason")
    except BadPayload:
        return


atheris.Setup([sys.argv[0], *sys.argv[2:]], one)
atheris.Fuzz()
