"""Webhooks in: the signature opens the door, each message once, and nothing else is looked at."""

import stat
from dataclasses import replace

import orjson
import pytest

from dashboard.backup import What, make_backup
from dashboard.webhooks_book import FILE_NAME, HookBook, new_in_hook
from dashboard.webhooks_sign import new_secret, sign
from geodata.errors import BadSettings
from layers.store.outbox import News, Outbox
from tests.dashboard.conftest import NOW, until

CALL = {"id": "INC-9", "category": "kebakaran", "lon": 117.15, "lat": -0.5, "time": "2026-11-20T02:59:00Z"}


@pytest.fixture
def hook(city):
    made = new_in_hook("rs-umum", "incidents", NOW, "live")
    HookBook(city.folder).add(made)
    return made


def send(city, hook, said, message_id="m-1", *, late_s=0):
    body = orjson.dumps(said)
    headers = sign(hook.secret, message_id, int(city.watch.now.timestamp()) - late_s, body)
    return city.client().post(f"/api/v1/hooks/{hook.name}", data=body, headers=headers)


def test_a_signed_incident_is_kept_and_says_from_whom_it_came(city, hook):
    answer = send(city, hook, CALL)
    assert answer.status_code == 201
    until(lambda: "incidents" in city.live()["layers"])
    (shown,) = city.live()["layers"]["incidents"]["set"]
    assert shown["properties"]["source"] == "rs-umum/incidents"


def test_the_same_message_again_is_answered_and_does_nothing(city, hook):
    assert send(city, hook, {**CALL, "priority": 1}, "m-1").status_code == 201
    assert send(city, hook, {**CALL, "priority": 3}, "m-2").status_code == 200
    replayed = send(city, hook, {**CALL, "priority": 1}, "m-1")
    assert (replayed.status_code, replayed.json) == (200, {"outcome": "known"})
    until(lambda: city.services.hub.situation().of("incidents")["INC-9"].report.priority == 3)


def test_a_wrong_secret_an_old_time_and_an_unknown_name_are_refused_alike(city, hook):
    answers = [
        send(city, replace(hook, secret=new_secret()), CALL),
        send(city, hook, CALL, late_s=360),
        send(city, replace(hook, name="nobody"), CALL),
        city.client().post("/api/v1/hooks/rs-umum", data=b"{}"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json["title"] for answer in answers}) == 1
    assert city.services.store.live().situation.cursor == 0
    assert city.services.store.quarantined_count() == 0


def test_what_the_feed_cannot_read_is_quarantined_and_may_be_sent_again(city, hook):
    assert send(city, hook, {**CALL, "priority": 9}, "m-1").status_code == 422
    assert city.services.store.quarantined_count() == 1


def test_a_large_body_is_refused_before_anything_looks_at_it(city, hook):
    assert send(city, hook, {"x": "x" * 70_000}).status_code == 413


def test_a_revoked_hook_is_closed_at_once(city, hook):
    assert send(city, hook, CALL).status_code == 201
    HookBook(city.folder).revoke("rs-umum")
    assert send(city, hook, CALL, "m-2").status_code == 401


def test_the_secret_is_readable_by_its_owner_alone_and_in_no_repr(city, hook):
    path = city.folder / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert hook.secret not in repr(hook)
    path.write_bytes(b'{"incoming": [{"secret": "whsec_rahasia"}]}')
    with pytest.raises(BadSettings) as failed:
        HookBook(city.folder).hooks()
    assert "rahasia" not in repr((failed.value, failed.value.__cause__, failed.value.__context__))


def test_a_backup_without_secrets_holds_none_of_ours_and_what_waits_is_in_it(city, hook, tmp_path):
    outbox = Outbox(city.folder / "outbox.db")
    outbox.add("bpbd", [News(id="m", subject="I", change="reported", cursor=1, at=NOW, due=NOW)], 1)
    outbox.close()
    made = make_backup(city.folder, tmp_path / "backups", city.services.layers, NOW, What())
    assert FILE_NAME in made.without
    assert not [path for path in made.folder.rglob("*") if path.is_file() and hook.secret.encode() in path.read_bytes()]
    copied = Outbox(made.folder / "outbox.db")
    assert copied.counts() == {"bpbd": (1, 0)}
    copied.close()


def test_two_hooks_of_one_name_and_a_seventeenth_are_refused(city):
    book = HookBook(city.folder)
    for number in range(16):
        book.add(new_in_hook(f"h{number}", "incidents", NOW, "live"))
    for name in ("h3", "h16"):
        with pytest.raises(BadSettings):
            book.add(new_in_hook(name, "incidents", NOW, "live"))
