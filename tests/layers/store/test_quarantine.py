"""The quarantine keeps bytes whole, the same bytes once, and a bounded amount per source."""

from datetime import timedelta

import pytest

from geodata.errors import NotFound
from layers.store import quarantine
from layers.store.store import Refusal


@pytest.fixture
def refuse(store, now):
    def keep(original, after_s=0, **said):
        told = {"source": "cad/incidents", "feed": "incidents", "reason": "no", "field": None} | said
        return store.quarantine(Refusal(received=now + timedelta(seconds=after_s), original=original, **told))

    return keep


def test_a_refusal_is_read_back_whole(store, refuse, now):
    number = refuse(b"\x00\xff", field="lat", reason="lat: ü", mode="drill")
    kept = store.refused(number)
    assert kept.refusal == Refusal(
        received=now,
        source="cad/incidents",
        feed="incidents",
        reason="lat: ü",
        field="lat",
        original=b"\x00\xff",
        mode="drill",
    )
    assert store.quarantined() == (kept,)


def test_the_same_bytes_of_one_source_are_kept_once_and_counted(store, refuse, now):
    first = refuse(b"x")
    assert refuse(b"x", after_s=9, reason="still no") == first
    assert refuse(b"x", source="other/incidents") != first
    again = store.refused(first)
    assert (again.times, again.refusal.reason) == (2, "still no")
    assert again.refusal.received == now + timedelta(seconds=9)
    assert store.quarantined_count() == 2


def test_the_newest_come_first(store, refuse):
    numbers = [refuse(bytes([n])) for n in range(5)]
    assert [one.id for one in store.quarantined(limit=3)] == numbers[:1:-1]


def test_one_noisy_source_pushes_out_only_its_own(store, refuse, monkeypatch):
    monkeypatch.setattr(quarantine, "KEPT_PER_SOURCE", 3)
    quiet = refuse(b"quiet", source="quiet/incidents")
    for n in range(6):
        refuse(bytes([n]))
    assert store.quarantined_count() == 4
    assert store.refused(quiet).refusal.original == b"quiet"


def test_all_of_it_together_has_a_size(store, refuse, monkeypatch):
    monkeypatch.setattr(quarantine, "KEPT_BYTES", 250)
    for n in range(6):
        refuse(bytes([n]) * 100)
    assert [one.refusal.original[0] for one in store.quarantined()] == [5, 4]


def test_what_is_released_is_gone(store, refuse):
    number = refuse(b"x")
    store.release(number)
    store.release(number)
    assert store.quarantined_count() == 0
    with pytest.raises(NotFound, match=str(number)):
        store.refused(number)
