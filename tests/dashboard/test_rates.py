"""How often a token may send."""

import pytest
from werkzeug.exceptions import TooManyRequests

from dashboard import rates
from dashboard.rates import Rates
from tests.dashboard.conftest import Watch


def taken(bucket, name, times):
    """How many of so many requests at once may pass."""
    passed = 0
    for _ in range(times):
        try:
            bucket.take(name)
            passed += 1
        except TooManyRequests:
            continue
    return passed


def test_what_comes_in_two_seconds_may_come_at_once_and_the_bucket_fills_no_higher():
    watch = Watch()
    bucket = Rates(10, watch.seconds)
    assert taken(bucket, "cad", 100) == 20
    watch.forward(1)
    assert taken(bucket, "cad", 100) == 10
    watch.forward(3600)
    assert taken(bucket, "cad", 100) == 20


def test_one_sender_takes_nothing_from_another():
    bucket = Rates(5, Watch().seconds)
    assert (taken(bucket, "mad", 50), taken(bucket, "calm", 3)) == (10, 3)


def test_it_says_when_to_come_again():
    bucket = Rates(1, Watch().seconds)
    taken(bucket, "cad", 2)
    with pytest.raises(TooManyRequests) as refused:
        bucket.take("cad")
    assert refused.value.retry_after == 1


def test_buckets_are_few_however_many_names_there_are(monkeypatch):
    monkeypatch.setattr(rates, "_MOST_NAMES", 3)
    bucket = Rates(1, Watch().seconds)
    for number in range(50):
        bucket.take(f"name {number}")
    assert len(bucket._buckets) == 3
