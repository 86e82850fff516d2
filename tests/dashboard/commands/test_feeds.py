"""`layar feeds` against a server that plays an agency."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from dashboard.commands.feeds import feeds
from layers.store.sqlite import FILE_NAME
from tests.feed_server import Page, agency


@pytest.fixture
def run(tmp_path):
    def command(*arguments):
        return CliRunner().invoke(feeds, [*arguments, "--data", str(tmp_path)])

    return command


@pytest.fixture
def bmkg(tmp_path):
    with agency() as running:
        (tmp_path / "layar.toml").write_text(
            f'[[feeds]]\nname = "gempa"\nfeed = "bmkg_quakes"\ntransport = "poll"\nurl = "{running.url("/q")}"\n'
            'allow = ["127.0.0.0/8"]\n'
        )
        yield running


def quakes():
    at = (datetime.now(UTC) - timedelta(minutes=5)).replace(microsecond=0)
    good = {"DateTime": at.isoformat(), "Coordinates": "-0.62,117.38", "Magnitude": "5.1"}
    return json.dumps({"Infogempa": {"gempa": [good, {"DateTime": "kemarin"}]}}).encode()


def test_a_look_prints_what_would_be_taken_and_keeps_nothing(run, bmkg, tmp_path):
    bmkg.pages["/q"] = Page(quakes())
    for _ in range(2):
        done = run("test", "gempa")
        assert done.exit_code == 0, done.output
        assert "earthquake_reported  bmkg-" in done.output
        assert "refused: DateTime" in done.output
    assert bmkg.count("/q", 200) == 2
    assert not (tmp_path / FILE_NAME).exists()


def test_what_is_wrong_is_said_in_a_sentence(run, bmkg):
    bmkg.pages["/q"] = Page(b"", status=500)
    done = run("test", "gempa")
    assert done.exit_code == 1
    assert "an error of its own (500)" in done.output


def test_a_name_nobody_has_is_answered_with_those_there_are(run, bmkg):
    assert bmkg.port
    done = run("test", "hujan")
    assert done.exit_code == 1
    assert "there are: gempa" in done.output


def test_the_list_names_every_line_and_how_it_is_doing(run, bmkg):
    assert bmkg.port
    assert "gempa  bmkg_quakes by poll  not run yet" in run("list").output


def test_without_lines_it_says_where_to_find_some(run):
    assert "layar check --example" in run("list").output


def test_the_dialects_are_listed():
    said = CliRunner().invoke(feeds, ["dialects"]).output
    assert "bmkg_quakes" in said
    assert "Earthquakes (BMKG)" in said
