"""Campaigns at the desk: begun with a reason, on the wall at once, ended, and all of it events with who and why."""

from tests.dashboard.conftest import until
from tests.dashboard.test_operate import act, events, rows, send

WISH = {"id_name": "Demam berdarah", "en_name": "Dengue", "counts": ["banjir"], "why": "surat wali kota"}


def cards(city):
    return [card["title"]["id"] for card in city.live()["panels"]["board"] if card["key"].startswith("campaign:")]


def begin(city, **more):
    return send(city, "campaigns/begin", "supervisor", **{**WISH, **more})


def test_a_campaign_begun_at_the_desk_is_on_the_wall_and_in_the_log_with_who_and_why(city):
    key = begin(city).json["key"]
    until(lambda: cards(city) == ["Demam berdarah"])
    newest = events(city)[-1]
    assert (newest.fact.kind, newest.who, newest.why) == ("campaign_set", "supervisor-6", "surat wali kota")
    assert rows(city, "campaigns")[key]["group"] == "on"


def test_it_ends_with_a_reason_is_taken_back_and_ends_by_itself_after_its_last_day(city):
    key = begin(city, ends="2026-11-21").json["key"]
    city.watch.forward(60)
    assert act(city, "end", key, "supervisor", "campaigns").json["field"] == "why"
    done = act(city, "end", key, "supervisor", "campaigns", why="selesai")
    until(lambda: cards(city) == [])
    city.watch.forward(1)
    assert send(city, "undo", "supervisor", id=done.json["undo"]).status_code == 200
    assert rows(city, "campaigns")[key]["group"] == "on"
    city.watch.forward(2 * 86_400)
    assert rows(city, "campaigns")[key]["group"] == "over"
    act(city, "again", key, "supervisor", "campaigns")
    assert rows(city, "campaigns")[key]["group"] == "on"


def test_a_kind_that_is_none_and_a_day_that_is_over_are_refused_beside_their_field(city):
    assert begin(city, counts=["tidak ada"]).json["field"] == "counts"
    assert begin(city, counts=[]).json["field"] == "counts"
    assert begin(city, ends="2026-11-01").json["field"] == "ends"
    assert begin(city, ends="besok").json["field"] == "ends"
    assert begin(city, why="").json["field"] == "why"
    assert send(city, "campaigns/begin", "operator", **WISH).status_code == 403


def test_a_campaign_is_changed_and_keeps_its_beginning(city):
    key = begin(city).json["key"]
    city.watch.forward(3600)
    act(city, "change", key, "supervisor", "campaigns", id_name="DBD", counts=["banjir", "kebakaran"])
    found = city.services.hub.situation().of("campaigns")[key].fact
    assert (found.id_name, found.counts) == ("DBD", ("banjir", "kebakaran"))
    assert found.starts_at == city.watch.now.replace(hour=3, minute=0)
