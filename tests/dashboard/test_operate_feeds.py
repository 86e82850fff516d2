"""Feeds and their quarantine at the desk: what does not work is said, and what could not be read is mended there."""

import os
from datetime import timedelta

import orjson
import pytest

from dashboard.operate_trial import Tried
from dashboard.operate_veil import SECRET, unveiled, veiled
from layers.layer import Words
from layers.line_status import LineBook, LineStatus
from layers.transport import LineSettings
from layers.transports.poll import PollSettings
from tests.dashboard.conftest import NOW, until
from tests.dashboard.test_operate import act, events, incident, rows, send
from tests.dashboard.test_operate_rooms import back
from tests.feed_server import Page, agency

CALLER = "sealed:" + "a" * 32 + ":890"
BAD = {"id": "INC-9", "category": "banjir", "lon": 117.1, "lat": 99, "caller": CALLER, "password": "rahasia sekali"}


def bring(city, *records, client="cad"):
    return city.services.door.accept(
        orjson.dumps(list(records)), feed="incidents", client=client, received=city.watch.now
    )


def whole(city, key, role="operator"):
    return city.get(f"/api/v1/desk/quarantine/more?key={key}", role)


@pytest.fixture
def refused(city):
    """One record that could not be read, and its number."""
    [number] = bring(city, BAD).quarantined
    return city, str(number)


def test_what_could_not_be_read_is_shown_without_secrets_and_callers(refused):
    city, key = refused
    said = whole(city, key).get_data(as_text=True)
    assert "INC-9" in said
    assert "••890" in said
    assert "rahasia sekali" not in said
    assert "a" * 32 not in said
    assert rows(city, "quarantine")[key]["title"] == {
        "id": "lat: 99 tidak di antara -90 dan 90", "en": "lat: 99 is not between -90 and 90",
    }  # fmt: skip


def test_a_record_is_mended_read_and_keeps_its_caller_and_who_did_it(refused):
    city, key = refused
    payload = whole(city, key).json["values"]["payload"]
    wrong = act(city, "fix", key, room="quarantine", payload=payload, why="salah ketik")
    assert (wrong.status_code, wrong.json["field"]) == (400, "payload")
    assert city.services.store.quarantined_count() == 1
    done = act(city, "fix", key, room="quarantine", payload=payload.replace("99", "-0.5"), why="salah ketik")
    assert done.json["words"]["id"] == "terbaca: INC-9"
    assert city.services.store.quarantined_count() == 0
    until(lambda: "INC-9" in city.services.hub.situation().of("incidents"))
    assert incident(city, "INC-9").report.lat == -0.5
    newest = events(city)[-1]
    assert (newest.who, newest.why, newest.source) == ("operator-5", "salah ketik", "cad/incidents")


def test_a_record_thrown_away_needs_a_reason_and_can_be_taken_back(refused):
    city, key = refused
    assert act(city, "discard", key, room="quarantine").json["field"] == "why"
    done = act(city, "discard", key, room="quarantine", why="uji coba vendor")
    assert city.services.store.quarantined_count() == 0
    noted = city.services.audit.newest(1)[0].details
    assert (noted["why"], noted["source"]) == ("uji coba vendor", "cad/incidents")
    assert noted["refused"] == "lat: 99 is not between -90 and 90"
    assert len(noted["sha256"]) == 64
    back(city, done, "operator")
    [kept] = city.services.store.quarantined()
    assert (kept.refusal.source, orjson.loads(kept.refusal.original)["id"]) == ("cad/incidents", "INC-9")


def test_what_is_still_refused_says_why_and_stays(refused):
    city, key = refused
    done = act(city, "retry", key, room="quarantine")
    assert "masih ditolak: lat: 99 tidak" in done.json["words"]["id"]
    assert city.services.store.quarantined_count() == 1


def test_all_of_one_feed_is_read_again_and_what_is_left_is_said(city):
    bring(city, *({**BAD, "id": f"INC-{number}", "lat": 90 + number} for number in range(1, 4)))
    bring(city, BAD, client="lain")
    done = act(city, "retry", "client:cad/incidents", room="feeds")
    assert done.json["words"]["en"] == "0 read, 3 still in quarantine"
    assert rows(city, "feeds")["client:cad/incidents"]["badges"][0]["en"] == "3 in quarantine"


def test_those_with_the_commonest_reason_come_first_and_are_counted(city):
    bring(city, {**BAD, "id": "INC-1", "lat": "x"})
    bring(city, *({**BAD, "id": f"INC-{number}", "lat": 90 + number} for number in range(2, 5)))
    found = city.get("/api/v1/desk/quarantine", "operator").json
    assert [row["badges"][0]["en"] for row in found["rows"][:3]] == ["3 for this reason"] * 3
    assert [line["value"] for line in found["head"]] == ["4", "3"]


def test_an_id_that_is_not_in_quarantine_is_not_found(city):
    assert whole(city, "17").status_code == 404
    assert whole(city, "x").status_code == 404
    assert city.get("/api/v1/desk/feeds/more?key=x", "operator").status_code == 404


LINE = LineSettings(name="bmkg", feed="incidents", transport="poll", title="BMKG gempa")


def lines(city, **changes):
    first = LineStatus(name="bmkg", feed="incidents", transport="poll", title="BMKG gempa", silent_s=60, since=NOW)
    book = LineBook(city.folder, [first], city.watch)
    for name, given in changes.items():
        getattr(book, name)("bmkg", *given.get("at", ()), **given.get("said", {}))
    book.save()
    os.utime(city.folder / "feed-status.json", (city.watch.now.timestamp(), city.watch.now.timestamp()))


def test_a_feed_that_fails_says_so_in_a_sentence_and_one_whose_process_stopped_is_not_called_fresh(make_city):
    city = make_city(feeds=(LINE,))
    assert rows(city, "feeds")["line:bmkg"]["state"]["en"] == "the feed process has stopped"
    lines(city, well={"at": (None,)})
    row = rows(city, "feeds")["line:bmkg"]
    assert (row["state"]["id"], row["mood"], row["title"]) == ("lancar", "good", "BMKG gempa")
    why = Words(id="servernya menjawab 503", en="its server answers 503")
    lines(city, well={"at": (None,)}, failed={"at": (why, NOW + timedelta(seconds=30)), "said": {"is_resting": False}})
    row = rows(city, "feeds")["line:bmkg"]
    assert row["state"]["en"] == "failing, tried again"
    assert {"label": {"id": "Yang salah", "en": "What is wrong"}, "value": {"id": why.id, "en": why.en}} in row["lines"]
    city.watch.forward(120)
    assert rows(city, "feeds")["line:bmkg"]["state"]["en"] == "the feed process has stopped"


def of_row(city, name):
    found = rows(city, "feeds")["line:gempa"]
    return next((line["value"] for line in found["lines"] if line["label"]["en"] == name), None)


def test_a_feed_is_tried_from_the_desk_and_says_in_plain_words_what_it_would_bring(make_city):
    with agency() as running:
        good = {"DateTime": NOW.isoformat(), "Coordinates": "-0.62,117.38", "Magnitude": "5.1"}
        running.pages["/q"] = Page(orjson.dumps({"Infogempa": {"gempa": [good, {"DateTime": "kemarin"}]}}))
        url = running.url("/q")
        line = PollSettings(name="gempa", feed="bmkg_quakes", transport="poll", url=url, allow=("127.0.0.0/8",))
        city = make_city(feeds=(line,))
        done = act(city, "test", "line:gempa", room="feeds")
        assert done.json["words"]["id"] == "sedang dicoba, paling lama 20 detik"
        until(lambda: "ditolak" in of_row(city, "Test")["id"], 30)
        told = of_row(city, "Test")["id"]
        assert told.startswith("menjawab, terbaca: 1 earthquake_reported; 1 ditolak, yang pertama: DateTime")
        assert [event.fact.kind for event in events(city)] == []
        assert city.services.store.quarantined_count() == 0
        again = act(city, "test", "line:gempa", room="feeds")
        assert (again.status_code, again.json["words"]["id"]) == (400, "sedang dicoba; tunggu hasilnya")
        city.watch.forward(11)
        running.pages["/q"] = Page(b"", status=500)
        act(city, "test", "line:gempa", room="feeds")
        until(lambda: "(500)" in of_row(city, "Test")["en"], 30)
        assert url not in city.get("/api/v1/desk/feeds", "operator").get_data(as_text=True)


def test_a_line_that_listens_is_not_tried_and_a_trial_that_broke_off_says_so(make_city):
    city = make_city(feeds=(LineSettings(name="radio", feed="nmea", transport="udp"), LINE))
    assert rows(city, "feeds")["line:radio"]["deeds"] == []
    city.services.cache.set("desk-trial:bmkg", Tried(began_at=NOW))
    city.watch.forward(100)
    assert {"id": "percobaan terputus; coba lagi", "en": "the trial broke off; try again"} in [
        line["value"] for line in rows(city, "feeds")["line:bmkg"]["lines"]
    ]


def test_a_visitor_or_a_head_reads_nothing_of_it(refused):
    city, key = refused
    for role in ("visitor", "wall", "head", "ingest"):
        assert whole(city, key, role).status_code == 403
        assert send(city, "quarantine/retry", role, key=key).status_code == 403


@pytest.mark.parametrize(
    "said",
    [
        '{"api_key": "hunter2"}',
        "password=hunter2&x=1",
        "mqtt://ani:hunter2@broker/topic",
        'Authorization: "hunter2"',
        '{"accessToken":"hunter2"}',
        "<token>hunter2</token>",
    ],
)
def test_a_secret_is_veiled_however_it_is_written(said):
    assert "hunter2" not in veiled(said).text
    assert SECRET in veiled(said).text


def test_marks_stand_for_callers_and_a_number_typed_by_hand_is_masked():
    found = veiled(f'{{"caller": "{CALLER}", "again": "{CALLER}"}}')
    assert unveiled(found.text + " 0812-3456-7890", found.callers) == (
        f'{{"caller": "{CALLER}", "again": "{CALLER}"}} •••'
    )
