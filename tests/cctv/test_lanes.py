"""Turns to decode: in order, the urgent first, nobody for ever."""

import threading
import time
from contextlib import ExitStack

import pytest

from cctv.faults import Broken
from cctv.lanes import DecodeLane


class Room:
    """A lane with one place, taken; cameras queue and note in which order they come in."""

    def __init__(self):
        self.passed_s, self.order, self.threads = 0.0, [], []
        self.lane = DecodeLane(1, stopwatch=lambda: self.passed_s)
        self.holding = ExitStack()
        self.holding.enter_context(self.lane.turn(lambda: False))

    def queue(self, name, *, is_urgent=False):
        """Somebody more stands in line."""

        def go():
            with self.lane.turn(lambda: False, is_urgent=is_urgent):
                self.order.append(name)

        before = self.length()
        thread = threading.Thread(target=go)
        self.threads.append(thread)
        thread.start()
        while self.length() == before:
            time.sleep(0.001)

    def length(self):
        """How many stand in line."""
        return len(self.lane._urgent) + len(self.lane._others)

    def open(self):
        """The place is free; wait until all have been in."""
        self.holding.close()
        for thread in self.threads:
            thread.join(10)


def test_who_came_first_goes_first():
    room = Room()
    for name in "abc":
        room.queue(name)
    room.open()
    assert room.order == ["a", "b", "c"]


def test_the_urgent_go_before_the_others_but_not_all_of_them():
    room = Room()
    room.queue("slow")
    for number in range(5):
        room.queue(number, is_urgent=True)
    room.open()
    assert room.order == [0, 1, 2, "slow", 3, 4]


def test_the_longest_wait_is_told_once_also_of_those_that_still_wait():
    room = Room()
    room.queue("a")
    room.passed_s = 4.0
    assert room.lane.worst_wait_s() == 4.0
    room.open()
    assert room.lane.worst_wait_s() == 4.0
    assert room.lane.worst_wait_s() == 0.0


def test_who_is_told_to_end_leaves_the_line_and_takes_no_place():
    room = Room()
    with pytest.raises(Broken), room.lane.turn(lambda: True):
        pass
    assert room.length() == 0
    room.open()
    with room.lane.turn(lambda: True):
        room.order.append("in")
    assert room.order == ["in"]
