"""A line of [[feeds]] runs for ever, counts what it brings, and says for how long it has been silent."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from cctv.guard import Guard
from geodata.errors import BadPayload, BadSettings
from layers.feed import Feed, Rejected
from layers.ingest import Item, Receipt
from layers.layer import Words
from layers.line_reading import lines_of, refuse_unknown_feeds
from layers.line_run import TellBook, addressed, continued, first_status, folder_of, keep_running
from layers.line_secrets import FILE_NAME, secret_of
from layers.line_status import LineBook, LineStatus, load_lines
from layers.transport import Line, LineSettings, Secret, Transport, discover_transports
from tests.layers.transports.a_line import until

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
POLL = {"name": "gempa", "feed": "bmkg_quakes", "transport": "poll", "url": "https://host/x"}


def status(**said):
    return LineStatus(
        **{"name": "gempa", "feed": "f", "transport": "poll", "title": "Gempa", "silent_s": 60, "since": NOW} | said
    )


@pytest.mark.parametrize(
    ("said", "after_s", "freshness"),
    [
        ({}, 30, "unknown"),
        ({}, 61, "silent"),
        ({"well_at": NOW}, 59, "fresh"),
        ({"well_at": NOW}, 61, "silent"),
        ({"well_at": NOW}, -400, "silent"),
        ({"silent_s": None, "well_at": NOW}, 1e6, "fresh"),
        ({"silent_s": None}, 1e6, "unknown"),
    ],
)
def test_a_line_is_silent_once_it_was_not_well_for_longer_than_it_may(said, after_s, freshness):
    assert status(**said).freshness(NOW + timedelta(seconds=after_s)) == freshness


@pytest.fixture
def book(tmp_path):
    return LineBook(tmp_path, [status()], lambda: NOW)


def test_what_was_wrong_is_over_once_it_is_well(book, tmp_path):
    book.failed("gempa", Words(id="rusak", en="broken"), NOW, is_resting=True)
    book.save()
    (line,) = load_lines(tmp_path).lines
    assert (line.error, line.is_resting, line.well_at) == ("rusak", True, None)
    book.well("gempa", None)
    book.save()
    (line,) = load_lines(tmp_path).lines
    assert (line.error, line.is_resting, line.well_at) == (None, False, NOW)


def test_taken_and_refused_items_are_counted(book):
    items = (Item(outcome="created"), Item(outcome="known"), Item(outcome="rejected"))
    book.took("gempa", Receipt(cursor=1, items=items))
    assert (book.lines["gempa"].taken, book.lines["gempa"].refused, book.lines["gempa"].news_at) == (2, 1, NOW)


def test_a_damaged_or_missing_file_says_nothing(tmp_path):
    assert load_lines(tmp_path).said_at is None
    (tmp_path / "feed-status.json").write_text("{oops")
    assert load_lines(tmp_path).lines == ()


def test_a_restart_makes_no_line_younger():
    before = status(well_at=NOW - timedelta(hours=1), since=NOW - timedelta(hours=2), error="rusak", taken=9)
    after = continued(status(), {"gempa": before})
    assert (after.well_at, after.since, after.error, after.taken) == (before.well_at, before.since, None, 0)


def test_what_a_line_may_do_without_is_said_by_itself_or_its_transport():
    poll = discover_transports().found["poll"]
    feed = Feed(title=Words(id="Gempa", en="Quakes"), parse=lambda _p, _r: iter(()))
    usual, own = (poll.settings.model_validate(POLL | more) for more in ({"every_s": 60}, {"silent_s": 7}))
    assert first_status(usual, poll, feed, NOW).silent_s == 3 * 60 + 1.5 + 20
    assert first_status(own, poll, feed, NOW).silent_s == 7


class Failing:
    """A transport that raises once and then works."""

    def __init__(self):
        self.starts = 0

    def run(self, _settings, line, stopping):
        """As Transport has it."""
        self.starts += 1
        if self.starts < 2:
            raise RuntimeError("as a stranger's may")
        line.tell.well()
        stopping.wait()


def test_a_transport_that_dies_is_started_again_and_says_so(tmp_path, book):
    failing, stopping = Failing(), threading.Event()
    transport = Transport(title=Words(id="x", en="x"), settings=LineSettings, run=failing.run)
    line = Line(
        name="gempa", deliver=lambda *_a, **_k: Receipt(cursor=0), tell=TellBook(name="gempa", book=book),
        clock=lambda: NOW, guard=Guard(networks=()), folder=folder_of(tmp_path, "gempa"), secret=Secret(),
    )  # fmt: skip
    thread = threading.Thread(target=keep_running, args=(None, transport, line, stopping, lambda: NOW))
    thread.start()
    try:
        until(lambda: book.lines["gempa"].error)
        assert book.lines["gempa"].error_en == "its reader failed; starting again"
        until(lambda: book.lines["gempa"].well_at)
    finally:
        stopping.set()
        thread.join(10)
    assert not thread.is_alive()
    assert failing.starts == 2


def test_a_dialect_that_cannot_write_the_topic_in_gets_the_payload_as_it_came():
    def broken(_payload, _topic):
        raise BadPayload("no")

    feed = Feed(
        title=Words(id="x", en="x"), parse=lambda _p, _r: iter((Rejected(original=b"", reason="x"),)), addressed=broken
    )
    assert addressed(feed, b"payload", "topic") == b"payload"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, r"\[\[feeds\]\]"),
        ([5], r"\[\[feeds\]\]"),
        ([POLL | {"transport": "pigeon"}], "gempa.*there are only folder, mqtt, poll, tcp, udp"),
        ([POLL | {"urk": 1}], "gempa.*urk: there is no such setting"),
        ([{"transport": "poll", "feed": "x", "name": "a"}], "url: Field required"),
        ([POLL | {"name": "Gempa BMKG"}], "name"),
        ([POLL, POLL], "two .* are called 'gempa'"),
        ([POLL | {"name": f"a{n}"} for n in range(101)], "at most 100"),
    ],
)
def test_lines_that_make_no_sense_are_named(said, words):
    with pytest.raises(ValueError, match=words):
        lines_of(said)


def test_a_dialect_nobody_installed_is_named():
    with pytest.raises(BadSettings, match="there is no 'bmkg_quakes'; there are: incidents"):
        refuse_unknown_feeds(lines_of([POLL]), {"incidents": None})


def test_secrets_come_from_the_file_or_the_environment_which_wins(tmp_path):
    path = tmp_path / FILE_NAME
    path.write_text('[gempa]\npassword = "geheim"\nuser = "u"\n')
    path.chmod(0o600)
    kept = secret_of("gempa", tmp_path, {})
    assert (kept.user, kept.password) == ("u", "geheim")
    assert "geheim" not in repr(kept)
    assert secret_of("gempa", tmp_path, {"LAYAR_FEED_GEMPA_USER": "e"}).user == "e"
    assert secret_of("lain", tmp_path, {}) == Secret()


@pytest.mark.parametrize(("text", "mode"), [("[gempa]\n", 0o644), ("[gempa\nx", 0o600), ('[gempa]\nkey = "x"', 0o600)])
def test_secrets_that_others_may_read_or_that_make_no_sense_are_refused(tmp_path, text, mode):
    (tmp_path / FILE_NAME).write_text(text)
    (tmp_path / FILE_NAME).chmod(mode)
    with pytest.raises(BadSettings):
        secret_of("gempa", tmp_path, {})
