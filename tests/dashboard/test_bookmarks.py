"""Bookmarks of the past: set and taken away by admins, listed for those who look, kept in the log and in the audit."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from dashboard.cli import main
from layers.incidents import IncidentReported, Report
from tests.dashboard.conftest import NOW, until

SENT = {"name": "Kebakaran Selili", "at": NOW.isoformat(), "sense": "known", "note": "untuk rapat"}


@pytest.fixture
def city(make_city):
    made = make_city()
    made.bring(IncidentReported(incident="A", report=Report(category="kebakaran", reported_at=NOW)))
    made.watch.forward(600)
    return made


def sent(city, body, role="admin"):
    return city.client().post("/api/v1/bookmarks", json=body, headers=city.bearer(role))


def listed(city, role="wall"):
    return city.get("/api/v1/bookmarks", role).json["bookmarks"]


def test_a_bookmark_is_listed_with_the_link_that_shows_it(city):
    answer = sent(city, SENT)
    assert answer.status_code == 201, answer.data
    until(lambda: listed(city))
    [one] = listed(city)
    assert one["id"] == answer.json["id"]
    assert (one["name"], one["sense"], one["note"], one["until"]) == ("Kebakaran Selili", "known", "untuk rapat", None)
    assert one["by"].startswith("admin")
    assert one["url"] == answer.json["url"] == "/wall?at=2026-11-20T03:00:00Z&sense=known"
    assert [row.action for row in city.services.audit.newest(5)] == ["bookmark.set"]


def test_one_that_was_taken_away_is_gone_and_noted(city):
    number = sent(city, {**SENT, "until": (NOW + timedelta(seconds=60)).isoformat()}).json["id"]
    until(lambda: listed(city))
    gone = city.client().delete(f"/api/v1/bookmarks/{number}", headers=city.bearer("admin"))
    assert gone.status_code == 200
    until(lambda: not listed(city))
    assert city.client().delete(f"/api/v1/bookmarks/{number}", headers=city.bearer("admin")).status_code == 404
    assert [row.action for row in city.services.audit.newest(5)] == ["bookmark.remove", "bookmark.set"]


def test_what_is_no_bookmark_is_refused_with_the_field(city):
    for change, field in (
        ({"name": " "}, "name"), ({"at": None}, "at"), ({"at": "x"}, "at"), ({"sense": "x"}, "sense"),
        ({"at": "2100-01-01T00:00:00Z"}, "at"), ({"at": "2001-01-01T00:00:00Z"}, "at"),
        ({"until": NOW.isoformat()}, "until"), ({"name": "x" * 121}, "name"),
    ):  # fmt: skip
        answer = sent(city, {**SENT, **change})
        assert (answer.status_code, answer.json["field"]) == (400, field), change
    assert sent(city, SENT, "wall").status_code == 403
    assert listed(city) == []


def test_they_are_listed_in_a_terminal_by_the_clocks_of_the_city(city):
    number = sent(city, SENT).json["id"]
    result = CliRunner().invoke(main, ["bookmarks", "list", "--data", str(city.folder)])
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"{number}  2026-11-20 11:00:00  WITA  known  Kebakaran Selili")
    assert "/wall?at=2026-11-20T03:00:00Z&sense=known" in result.output
