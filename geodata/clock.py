"""Time at the edge. Everything inside takes `now` as a parameter: aware, UTC."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The wall clock of this machine; the only place that asks for it."""
    return datetime.now(UTC)


def epoch_s(moment: datetime) -> float:
    """Seconds since 1970-01-01T00:00Z, as browsers count them."""
    return moment.timestamp()
