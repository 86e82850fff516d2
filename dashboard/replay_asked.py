"""What may be asked of the past, and how a player holds its place between two pages. Knows nothing of HTTP."""

from datetime import UTC, datetime, timedelta

from dashboard.replay import Place
from geodata.errors import BadInput
from layers.playback import Stretch
from layers.store.store import Sense, Store

_LONGEST_CURSOR = 160
_NUMBERS = 5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def begin(played: Stretch) -> Place:
    """Where a player stands who holds nothing."""
    return Place(number=0, at=played.since, quiet_since=played.since)


def cursor_of(place: Place) -> str:
    """As a player holds it between two pages."""
    moments = ((moment - _EPOCH) // _MICROSECOND for moment in (place.at, place.quiet_since))
    spans = (span // _MICROSECOND for span in (place.played, place.skipped))
    return "~".join(map(str, (place.number, *moments, *spans, place.said_as)))


def place_of(said: str, played: Stretch) -> Place:
    """The place that a cursor names. Raises BadInput for one that is none of this period."""
    *numbers, said_as = said.split("~") if len(said) <= _LONGEST_CURSOR else ("",)
    if len(numbers) != _NUMBERS or not "".join(numbers).isdecimal() or "" in numbers:
        raise BadInput("cursor: it was not given by this address", field="cursor")
    number, at, quiet_since, passed, skipped = (int(part) for part in numbers)
    try:
        place = Place(
            number=number,
            at=_EPOCH + at * _MICROSECOND,
            quiet_since=_EPOCH + quiet_since * _MICROSECOND,
            played=passed * _MICROSECOND,
            skipped=skipped * _MICROSECOND,
            said_as=said_as,
        )
    except OverflowError:
        raise BadInput("cursor: it names no moment", field="cursor") from None
    is_within = played.since <= place.at < played.until and place.quiet_since <= place.at
    if not is_within or max(place.played, place.skipped) > played.until - played.since:
        raise BadInput("cursor: it lies outside of the period asked for", field="cursor")
    return place


def within_the_past(store: Store, sense: Sense, now: datetime, **moments: datetime) -> None:
    """Raises BadInput for what lies before the log's first event, or in the future."""
    began = store.began(sense)
    for field, moment in moments.items():
        if moment > now:
            raise BadInput(f"{field}: that is in the future; now it is {_utc(now)}", field=field)
        if began is None:
            raise BadInput(f"{field}: nothing has been told yet, so there is no past", field=field)
        if moment < began:
            raise BadInput(f"{field}: the log begins at {_utc(began)}", field=field)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
