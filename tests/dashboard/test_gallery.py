"""The gallery's states are told by the code that tells of the real city, and show what they are called."""

from datetime import UTC, datetime

import pytest

from dashboard.briefing_shown import reader_of
from dashboard.gallery import STATES, Studio, messages, picture_of
from dashboard.gallery_brief import gallery_brief
from geodata.ground import load_ground
from layers.feed import at_home, discover_feeds
from layers.layer import discover_layers

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """Samarinda from the facts that ship, with every layer and feed."""
    ground = load_ground(tmp_path_factory.mktemp("ground"))
    return Studio(ground=ground, layers=discover_layers().found, feeds=at_home(discover_feeds().found, ground))


@pytest.fixture(scope="module")
def told(studio):
    """The messages at noon."""
    return messages(studio, NOON)


def test_every_state_is_marked_as_a_simulation(told):
    """Nobody may take a made-up city for a real one."""
    assert [told[state]["mode"] for state in STATES] == ["demo"] * len(STATES)


def test_empty_one_and_many_hold_as_many_incidents_as_they_say(told):
    """The names of the states are true."""
    counted = [len(told[state]["layers"].get("incidents", {}).get("set", [])) for state in ("empty", "one", "many")]
    assert counted[:2] == [0, 1]
    assert counted[2] > 9


def test_what_is_late_is_old_and_what_is_broken_says_so(told):
    """No unit has been heard of lately; no camera is well, and the log cannot be read."""
    late, broken = told["late"]["panels"], told["broken"]["panels"]
    assert late["figures"]["units_fresh"] == 0
    assert broken["figures"]["cameras_ok"] == 0
    assert broken["degraded"][0]["key"] == "store"


def test_a_state_is_told_alike_whenever_it_is_asked_for(studio):
    """A part that looks different looks different because of its code."""
    assert picture_of(studio, "many", NOON).panels == picture_of(studio, "many", NOON).panels


def test_the_briefing_has_a_section_for_every_state(studio):
    """With figures where the log can be read, and with the page's own sentence where it cannot."""
    sections = gallery_brief(studio, NOON, reader_of({"lang": "en", "theme": "day"}))
    assert [section.to_plotly_json()["props"]["data-state"] for section in sections] == list(STATES)
