"""The bell wakes who waits, and outlives a log that cannot be read for a while."""

import threading

import pytest

from geodata.errors import StoreUnavailable
from layers.store import bell
from layers.store.bell import Bell


@pytest.fixture
def hung():
    """Hangs a bell; takes it down at the end."""
    hanging = []

    def hang(look, head=0):
        hanging.append(Bell(look, head))
        return hanging[-1]

    yield hang
    for one in hanging:
        one.close()


def test_everybody_who_waits_is_woken(hung):
    one = hung(lambda known: known)
    woken = []
    waiting = [threading.Thread(target=lambda: woken.append(one.wait(0, 60))) for _ in range(20)]
    for thread in waiting:
        thread.start()
    one.ring(7)
    for thread in waiting:
        thread.join(timeout=10)
    assert woken == [7] * 20


def test_the_head_never_goes_back(hung):
    one = hung(lambda known: known)
    one.ring(7)
    one.ring(5)
    assert one.wait(0, 1) == 7


def test_who_waits_hears_at_once_that_the_log_cannot_be_read(hung):
    def look(_known):
        raise StoreUnavailable("torn")

    one = hung(look)
    with pytest.raises(StoreUnavailable, match="torn"):
        one.wait(0, 60)
    one.ring(7)
    assert one.wait(0, 60) == 7


def test_a_log_that_cannot_be_read_for_a_while_is_looked_at_again(hung, monkeypatch):
    monkeypatch.setattr(bell, "_REST_AFTER_TROUBLE_S", 0.01)
    looks = []
    looked = threading.Event()

    def look(known):
        looks.append(known)
        if len(looks) < 3:
            raise StoreUnavailable("not now")
        if len(looks) > 3:
            looked.set()  # the answer of the third look has been taken
        return 9

    one = hung(look)
    assert looked.wait(30)
    assert one.wait(0, 30) == 9
    assert one.wait(9, 0.01) == 9
