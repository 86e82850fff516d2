"""Every sample on a page in docs/feeds is read as that page says."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from layers.event import Event
from layers.feed import discover_feeds

PAGES = Path(__file__).parents[3] / "docs" / "feeds"
FEEDS = discover_feeds().found
LANGUAGES = {
    "open311": {"json"}, "eido": {"json"}, "traccar": {"json", ""}, "nmea": {""}, "cot": {"xml"},
}  # fmt: skip
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SAMPLES = [
    (feed, sample)
    for feed, languages in LANGUAGES.items()
    for language, sample in FENCE.findall((PAGES / f"{feed}.md").read_text("utf-8"))
    if language in languages
]


@pytest.mark.parametrize(("feed", "sample"), SAMPLES)
def test_a_sample_of_a_page_is_read(feed, sample, now):
    sealed = FEEDS[feed].seal(sample.strip().encode(), b"k" * 32)
    news = list(FEEDS[feed].parse(sealed, now + timedelta(seconds=600)))
    assert news
    assert all(isinstance(one, Event) for one in news)


def test_every_dialect_of_a_device_or_neighbour_has_a_page_with_a_sample():
    assert {feed for feed, _ in SAMPLES} == set(LANGUAGES)
    assert (PAGES / "gtfs_realtime.md").exists()
