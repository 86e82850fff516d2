"""The door: what is taken, what is a duplicate, what goes to quarantine, and what the receipt says of it."""

import json
import re
from datetime import timedelta

import pytest

from geodata.errors import BadPayload, NotFound, StoreUnavailable
from layers.feed import Feed, Rejected, discover_feeds
from layers.incidents import IncidentReported
from layers.ingest import MAX_PAYLOAD_BYTES, Door
from layers.layer import Words
from layers.store.store import Refusal

FEEDS = discover_feeds().found


@pytest.fixture
def door(store):
    return Door(store, FEEDS)


@pytest.fixture
def post(door, now):
    def accept(*records, feed="incidents", client="cad", mode="live", after_s=0):
        payload = json.dumps(records[0] if len(records) == 1 else records).encode()
        return door.accept(payload, feed=feed, client=client, received=now + timedelta(seconds=after_s), mode=mode)

    return accept


def fake_feed(parse):
    return {"fake": Feed(title=Words(id="", en=""), parse=parse)}


def outcomes(receipt):
    return [(item.subject, item.outcome) for item in receipt.items]


def test_a_new_incident_is_created_and_on_the_log_when_the_receipt_is_given(post, store):
    receipt = post({"id": "A", "category": "kebakaran", "status": "diterima"})
    assert receipt.is_created
    assert outcomes(receipt) == [("A", "created")]
    assert receipt.cursor == 2
    assert [event.id for _, event in store.since(0).events] == list(receipt.items[0].events)
    assert store.live().situation.of("incidents")["A"].report.category == "kebakaran"


def test_the_same_record_again_is_known_and_adds_nothing(post, store):
    first = post({"id": "A", "category": "kebakaran"})
    again = post({"id": "A", "category": "kebakaran"}, after_s=30)
    assert outcomes(again) == [("A", "known")]
    assert again.items[0].events == first.items[0].events
    assert not again.is_created
    assert again.cursor == 1
    assert len(store.since(0).events) == 1


def test_a_correction_of_a_known_incident_is_known_and_goes_on_the_log(post, store):
    post({"id": "A", "category": "banjir"})
    assert outcomes(post({"id": "A", "category": "kebakaran"}, after_s=5)) == [("A", "known")]
    assert store.live().situation.of("incidents")["A"].report.category == "kebakaran"


def test_an_incident_that_was_forgotten_is_still_known(post, store):
    post({"id": "A", "category": "kebakaran", "status": "selesai"})
    post({"id": "B", "category": "kebakaran"}, after_s=49 * 3600)
    assert "A" not in store.live().situation.of("incidents")
    assert outcomes(post({"id": "A", "category": "banjir"}, after_s=49 * 3600 + 1)) == [("A", "known")]


def test_every_event_says_who_brought_it_and_whether_it_is_real(post, store, now):
    post({"id": "A", "category": "kebakaran"}, client="cad-2", mode="drill", after_s=7)
    ((_, event),) = store.since(0).events
    assert (event.source, event.mode, event.seen) == ("cad-2/incidents", "drill", now + timedelta(seconds=7))


def test_what_a_person_brings_by_hand_says_who_it_was_and_why_without_a_telephone_number(door, store, now):
    door.accept(
        b'{"id": "A", "category": "banjir"}', feed="incidents", client="desk/ani", received=now, who="ani",
        why="warga 0812-3456-7890 menelepon lagi",
    )  # fmt: skip
    ((_, event),) = store.since(0).events
    assert (event.who, event.why, event.source) == ("ani", "warga ••• menelepon lagi", "desk/ani/incidents")


def test_what_was_rehearsed_in_a_drill_is_no_duplicate_when_it_happens(post, store):
    record = {"id": "A", "category": "kebakaran", "time": "2026-11-22T11:17:00Z"}
    post(record, mode="drill")
    post(record, mode="live", after_s=60)
    assert [event.mode for _, event in store.since(0).events] == ["drill", "live"]
    assert store.live().situation.of("incidents")["A"].mode == "live"


def test_the_good_items_of_a_payload_are_taken_and_the_bad_ones_quarantined(post, store):
    receipt = post({"id": "A", "category": "x"}, {"id": "B", "category": "x", "lat": 99, "lon": 1}, 5)
    assert [item.outcome for item in receipt.items] == ["created", "rejected", "rejected"]
    assert receipt.items[1].field == "lat"
    assert "-90" in receipt.items[1].reason
    assert not receipt.is_rejected
    five, wrong = store.quarantined()
    assert (wrong.id, five.id) == receipt.quarantined
    assert json.loads(wrong.refusal.original) == {"id": "B", "category": "x", "lat": 99, "lon": 1}
    assert (wrong.refusal.field, wrong.refusal.source, wrong.refusal.feed) == ("lat", "cad/incidents", "incidents")


def test_a_payload_that_cannot_be_read_at_all_is_kept_byte_by_byte(door, store, now):
    receipt = door.accept(b"\xff\x00{", feed="incidents", client="cad", received=now)
    assert receipt.is_rejected
    assert receipt.cursor == 0
    assert store.quarantined()[0].refusal.original == b"\xff\x00{"
    assert store.since(0).events == ()


def test_a_payload_that_says_nothing_is_neither_created_nor_rejected(post):
    receipt = post({"_type": "lwt"}, feed="owntracks")
    assert (receipt.items, receipt.is_created, receipt.is_rejected) == ((), False, False)


def test_a_bug_in_a_parser_takes_nothing_and_keeps_the_payload(store, now):
    good = FEEDS["incidents"].parse

    def broken(payload, received):
        yield from good(payload, received)
        raise ZeroDivisionError("oops")

    receipt = Door(store, fake_feed(broken)).accept(b'{"category": "x"}', feed="fake", client="c", received=now)
    assert receipt.is_rejected
    assert "ZeroDivisionError: oops" in receipt.items[0].reason
    assert store.since(0).events == ()
    assert store.quarantined_count() == 1


def test_a_feed_that_nobody_installed_is_not_found(post):
    with pytest.raises(NotFound, match="osmand"):
        post({}, feed="pigeon")


def test_a_payload_over_the_cap_is_refused_and_only_its_head_is_kept(door, store, now):
    receipt = door.accept(b"x" * (MAX_PAYLOAD_BYTES + 1), feed="incidents", client="cad", received=now)
    assert receipt.is_rejected
    assert "in parts" in receipt.items[0].reason
    assert len(store.quarantined()[0].refusal.original) == 65_536


def test_too_many_items_are_refused_whole(store, now):
    def endless(_payload, _received):
        while True:
            yield Rejected(original=b"x", reason="no")

    receipt = Door(store, fake_feed(endless)).accept(b"x", feed="fake", client="c", received=now)
    assert len(receipt.items) == 1
    assert "more than" in receipt.items[0].reason


def test_many_bad_items_of_one_payload_are_kept_once_as_that_payload(post, store):
    receipt = post(*[{"id": str(n)} for n in range(50)])
    assert len(receipt.items) == 50
    assert len(receipt.quarantined) == 1
    (kept,) = store.quarantined()
    assert "50 items rejected" in kept.refusal.reason
    assert len(json.loads(kept.refusal.original)) == 50


def test_when_the_log_refuses_nothing_is_said_to_be_taken(post, store):
    store.close()
    with pytest.raises(StoreUnavailable):
        post({"id": "A", "category": "x"})


def test_a_mended_feed_reads_what_was_quarantined_and_it_leaves(store, now):
    def refuses(_payload, _received):
        raise BadPayload("not yet", field="x")

    broken = Door(store, {"incidents": Feed(title=Words(id="", en=""), parse=refuses)})
    payload = b'{"id": "A", "category": "kebakaran"}'
    (number,) = broken.accept(payload, feed="incidents", client="cad", received=now, mode="drill").quarantined
    assert broken.retry(number).quarantined == (number,)
    receipt = Door(store, FEEDS).retry(number)
    assert outcomes(receipt) == [("A", "created")]
    assert store.quarantined_count() == 0
    ((_, event),) = store.since(0).events
    assert (event.source, event.mode, event.at) == ("cad/incidents", "drill", now)


def test_only_what_is_in_quarantine_can_be_retried(door):
    with pytest.raises(NotFound, match="17"):
        door.retry(17)


def history(store, incident="A"):
    """What the log says of the incident, oldest first: priorities of its reports, words of its statuses."""
    facts = [event.fact for _, event in store.since(0).events if event.fact.incident == incident]
    return [fact.report.priority if isinstance(fact, IncidentReported) else fact.status for fact in facts]


def incident_of(store):
    return store.live().situation.of("incidents")["A"]


def test_a_correction_back_to_an_earlier_wording_holds_and_its_retry_adds_nothing(post, store):
    for n, priority in enumerate((1, 3, 1, 1, 1)):
        receipt = post({"id": "A", "category": "banjir", "priority": priority}, after_s=n)
        assert outcomes(receipt) == [("A", "created" if n == 0 else "known")]
    assert incident_of(store).report.priority == 1
    assert history(store) == [1, 3, 1]
    for n, priority in enumerate((3, 1), start=5):
        post({"id": "A", "category": "banjir", "priority": priority}, after_s=n)
    assert history(store) == [1, 3, 1, 3, 1]


def test_a_status_reached_twice_without_a_time_holds_and_its_retry_adds_nothing(post, store):
    steps = ("selesai", "menuju_lokasi", "menuju_lokasi", "selesai", "selesai")
    for n, status in enumerate(steps):
        post({"id": "A", "status": status}, after_s=n)
    assert incident_of(store).status == "selesai"
    assert history(store) == ["selesai", "menuju_lokasi", "selesai"]


def test_a_correction_that_moves_the_time_of_the_report_back_applies(post, store, now):
    for n, back_s in enumerate((60, 600, 60)):
        earlier = now - timedelta(seconds=back_s)
        post({"id": "A", "category": "banjir", "time": earlier.isoformat()}, after_s=n)
        assert incident_of(store).report.reported_at == earlier


def test_a_step_whose_time_was_said_is_a_repeat_whatever_came_since(post, store, now):
    closed = {"id": "A", "status": "selesai", "status_time": now.isoformat()}
    post(closed)
    post({"id": "A", "status": "menuju_lokasi"}, after_s=5)
    post(closed, after_s=10)
    assert incident_of(store).status == "menuju_lokasi"
    assert history(store) == ["selesai", "menuju_lokasi"]


def test_a_list_that_tells_a_whole_story_is_idempotent(post, store):
    story = [{"id": "A", "category": "banjir", "priority": p} for p in (1, 3, 1)]
    story += [{"id": "A", "status": status} for status in ("diteruskan", "di_lokasi", "menuju_lokasi")]
    for n in range(3):
        post(*story, after_s=n)
    assert history(store) == [1, 3, 1, "diteruskan", "di_lokasi", "menuju_lokasi"]
    assert (incident_of(store).report.priority, incident_of(store).status) == (1, "menuju_lokasi")


def test_two_processes_agree_on_what_was_taken_back(open_log, now):
    doors = [Door(open_log(), FEEDS) for _ in range(2)]
    for n, priority in enumerate((1, 3, 1, 1)):
        payload = json.dumps({"id": "A", "category": "banjir", "priority": priority}).encode()
        doors[n % 2].accept(payload, feed="incidents", client="cad", received=now + timedelta(seconds=n))
    store = open_log()
    assert history(store) == [1, 3, 1]
    assert store.rebuild().differences == ()


def test_what_comes_out_of_the_quarantine_takes_no_later_correction_back(post, store, now):
    post({"id": "A", "category": "banjir", "priority": 1})
    post({"id": "A", "category": "banjir", "priority": 3}, after_s=300)
    refusal = Refusal(received=now, source="cad/incidents", feed="incidents", reason="x", field=None,
                      original=b'{"id": "A", "category": "banjir", "priority": 1}')  # fmt: skip
    Door(store, FEEDS).retry(store.quarantine(refusal))
    assert incident_of(store).report.priority == 3
    assert history(store) == [1, 3]


def test_a_position_sent_again_is_a_repeat_whatever_came_since(post, store):
    for n, tst in enumerate((1_795_346_280, 1_795_346_290, 1_795_346_280)):
        said = {"_type": "location", "topic": "owntracks/siti/hp", "tst": tst, "lat": -0.5, "lon": 117.1}
        post(said, feed="owntracks", after_s=n + 20)
    assert len(store.since(0).events) == 2


@pytest.mark.parametrize(
    ("feed", "refused"),
    [("incidents", {"id": "4711", "category": "x", "lat": 99, "lon": 1}), ("joins", {"id": "4711"})],
)
def test_a_refused_item_is_kept_without_the_number_of_who_called(post, store, feed, refused):
    number = "081234567890"
    told = {"caller": number, "no_telp": 81234567890, "wa": "+62 812-3456-7890", "description": f"hubungi {number}"}
    assert post(refused | told, feed=feed).is_rejected
    kept = json.loads(store.quarantined()[0].refusal.original)
    assert not re.search("34567890|3456-7890", str(kept))
    assert kept["description"] == "hubungi •••"
    assert {name: kept[name] for name in refused} == refused


def test_a_number_in_a_description_never_reaches_the_log_and_the_place_and_id_do(post, store):
    post({"id": 112202600471, "category": "banjir", "lat": "-0.5021456", "lon": "117.1536214", "time": "1795346280",
          "description": "telp. (0812) 3456-7890, di -0.5021456,117.1536214"})  # fmt: skip
    report = store.live().situation.of("incidents")["112202600471"].report
    assert (report.lat, report.lon) == (-0.5021456, 117.1536214)
    assert report.description == "telp. •••, di -0.5021456,117.1536214"
