"""The audit hears of every day of the past that somebody looks at, and not of every moment."""

from datetime import UTC, datetime, timedelta

from dashboard.watching import Watching

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    now = NOON

    def __call__(self):
        """What time it is."""
        return self.now


def test_scrubbing_through_a_day_is_told_once_a_minute():
    """A hundred moments of one day within a minute are one look; a minute later it is another."""
    clock = Clock()
    watching = Watching(clock)
    assert [watching.is_news("ani", "2026-11-19", "shown") for _ in range(100)].count(True) == 1
    clock.now = NOON + timedelta(seconds=61)
    assert watching.is_news("ani", "2026-11-19", "shown")


def test_another_person_another_day_and_another_sense_are_other_looks():
    """Nobody can look at a day unseen by looking at another one first."""
    watching = Watching(Clock())
    looks = [("ani", "19", "shown"), ("budi", "19", "shown"), ("ani", "18", "shown"), ("ani", "19", "known")]
    assert [watching.is_news(*look) for look in looks] == [True] * 4


def test_a_clock_that_was_set_back_hides_nothing():
    """What was told in a future that is no more is told again."""
    clock = Clock()
    watching = Watching(clock)
    watching.is_news("ani", "19")
    clock.now = NOON - timedelta(hours=1)
    assert watching.is_news("ani", "19")
