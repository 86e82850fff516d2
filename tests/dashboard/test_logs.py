"""The log: JSON lines, the same failure at most once a second, and nothing lost count of."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from dashboard.logs import MOST_KNOWN, Quiet

ROOT = Path(__file__).parents[2]


class Journal:
    """A log whose clock a test sets."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.lines = []
        self._quiet = Quiet(self.lines.append, lambda: self.now_s)

    def say(self, event, level="warning", **words):
        """One line, unless it is held back."""
        try:
            self.lines.append(self._quiet(None, level, {"event": event, "level": level, **words}))
        except structlog.DropEvent:
            return


@pytest.fixture
def journal():
    return Journal()


def test_the_same_failure_is_said_once_a_second_and_then_how_many_were_held_back(journal):
    for _ in range(50):
        journal.say("disk_full", reason="no space", again_in_s=0.5, request="a")
    journal.now_s += 1
    journal.say("disk_full", reason="no space", again_in_s=1.0, request="b")
    first, second = journal.lines
    assert "held_back" not in first
    assert (second["held_back"], second["request"]) == (49, "b")


def test_numbers_may_differ_but_another_camera_is_another_failure(journal):
    journal.say("camera_lost", camera="A", tries=1)
    journal.say("camera_lost", camera="A", tries=2)
    journal.say("camera_lost", camera="B", tries=1)
    assert [line["camera"] for line in journal.lines] == ["A", "B"]


def test_what_is_no_failure_is_never_held_back(journal):
    for _ in range(5):
        journal.say("audit", level="info")
    assert len(journal.lines) == 5


def test_a_failure_that_ends_still_tells_its_number_once_any_line_comes_by(journal):
    for tries in range(3):
        journal.say("feed_failed", feed="bmkg", tries=tries)
    journal.now_s += 5
    journal.say("serving", level="info")
    told = journal.lines[1]
    assert (told["event"], told["tries"], told["held_back"]) == ("feed_failed", 2, 2)
    journal.now_s += 5
    journal.say("serving", level="info")
    assert len(journal.lines) == 4


def test_endlessly_many_different_failures_fill_no_memory(journal):
    for number in range(3 * MOST_KNOWN):
        journal.say("refused", path=str(number))
    assert len(journal._quiet._known) <= MOST_KNOWN + 1


def test_what_libraries_say_and_what_nobody_caught_come_as_json_too():
    program = (
        "import logging, threading; from dashboard.logs import log_as_json; log_as_json()\n"
        "logging.getLogger('gunicorn.error').error('worker %s died', 7); logging.getLogger('x').info('quiet')\n"
        "one = threading.Thread(target=lambda: 1 / 0, name='hub'); one.start(); one.join()\n"
        "raise ValueError('nobody caught me')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 — our own text
    library, thread, uncaught = (json.loads(line) for line in done.stderr.splitlines())
    assert (library["logger"], library["said"], library["level"]) == ("gunicorn.error", "worker 7 died", "error")
    assert (thread["thread"], "ZeroDivisionError" in thread["exception"]) == ("hub", True)
    assert "nobody caught me" in uncaught["exception"]
    assert done.returncode == 1
