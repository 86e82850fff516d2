"""A log that is always the same gives the same scenes, decision by decision (tests/dashboard/director_log.py)."""

from itertools import pairwise

import orjson
import pytest

from dashboard.director import QUIET
from dashboard.director_settings import DirectorSettings
from tests.dashboard.director_log import GOLDEN, decisions, events, told


@pytest.fixture(scope="module")
def found(ground):
    return decisions(ground, events())


def test_the_same_log_gives_the_same_scenes_as_the_committed_list(found):
    assert told(found) == orjson.loads(GOLDEN.read_bytes())


def test_the_list_has_all_that_a_director_does(found):
    """Else the golden file would prove little."""
    assert {one.reason for one in found} == {"worst", "preempted", "turn", "quiet", "sent"}
    assert {one.held_by for one in found} == {None, "acknowledge", "hand", "desk"}
    assert {one.scene for one in found} >= {"incident", *QUIET} - {"funnel", "weather"}
    assert any(one.acknowledged for one in found)


def test_in_all_of_it_no_switch_follows_another_within_eight_seconds(found):
    switches = [one.since for one in found]
    gaps_s = [(after - before).total_seconds() for before, after in pairwise(switches) if after != before]
    assert min(gaps_s) >= DirectorSettings().gap_s
