"""Webhooks out: signed, retried, given up and taken up again; never a person's words, and never in the log's way."""

import hmac
from contextlib import contextmanager
from datetime import timedelta

import orjson
import pytest

from dashboard.config import VisitorSettings
from dashboard.webhooks_book import HookBook, OutHook, checked_url
from dashboard.webhooks_out import RETRIES_S, Around, Webhooks, again_after, guard_of_hook
from dashboard.webhooks_sign import new_secret, verified
from dashboard.webhooks_status import load_dead
from geodata.errors import BadSettings
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.responders import PositionReported
from layers.store.outbox import FILE_NAME, Outbox
from tests.dashboard.conftest import NOW, until
from tests.dashboard.receiver import Receiver


@pytest.fixture
def receiver():
    with Receiver() as one:
        yield one


@pytest.fixture
def telling(city, receiver):
    """Starts the sender with one hook, once it follows; gives the outbox."""
    with told_by(city, receiver) as both:
        yield both


@contextmanager
def told_by(city, receiver, form="agency", **more):
    hook = OutHook(name="bpbd", url=receiver.url, secret=new_secret(), created_at=NOW, form=form,
                   allow=("127.0.0.0/8",), **more)  # fmt: skip
    HookBook(city.folder).add(hook)
    services = city.services
    around = Around(
        store=services.store, hub=services.hub, clock=services.clock,
        public_delay=timedelta(minutes=services.settings.visitor.delay_min), own_ports=frozenset(),
    )  # fmt: skip
    webhooks = Webhooks(city.folder, around, chance=lambda: 0.5, look_s=0.1, timeout_s=1)
    webhooks.start()
    outbox = Outbox(city.folder / FILE_NAME)
    try:
        until(lambda: outbox.place("bpbd") is not None, 30)
        yield hook, outbox
    finally:
        outbox.close()
        webhooks.stop()


def reported(incident="INC-1", category="kebakaran", **said):
    place = {"lon": 117.15, "lat": -0.5} | said
    return IncidentReported(incident=incident, report=Report(category=category, reported_at=NOW, **place))


def said_to(receiver):
    return [orjson.loads(body) for _, body in receiver.got]


def test_an_incident_is_told_signed_and_without_anybodys_words(city, telling, receiver):
    hook, _ = telling
    city.bring(reported(description="rumah Pak Budi", agency="damkar"))
    until(lambda: receiver.got, 30)
    headers, body = receiver.got[0]
    assert verified(hook.secret, headers, body, NOW.timestamp())
    said = orjson.loads(body)
    assert said["type"] == "incident.reported"
    assert (said["data"]["category"], said["data"]["lon"], said["data"]["agency"]) == ("kebakaran", 117.15, "damkar")
    assert b"Budi" not in body
    assert hook.secret not in repr((headers, body, hook))


@pytest.mark.usefixtures("telling")
def test_steps_are_told_and_positions_and_pranks_are_not(city, receiver):
    city.bring(PositionReported(unit="relawan-7", lon=117.1, lat=-0.5), reported("P-1", "prank"), reported("INC-1"))
    city.bring(IncidentStatusChanged(incident="INC-1", status="di_lokasi", reached_at=NOW))
    until(lambda: len(receiver.got) == 2, 30)
    assert [said["type"] for said in said_to(receiver)] == ["incident.reported", "incident.status"]
    assert said_to(receiver)[1]["data"]["status"] == "di_lokasi"


@pytest.mark.parametrize("behave", [500, "redirect", "slow", "hang"])
def test_a_receiver_in_trouble_never_holds_up_the_log_and_is_told_later(city, telling, receiver, behave):
    _, outbox = telling
    receiver.behave = behave
    city.bring(reported())
    until(lambda: receiver.calls, 30)
    for number in range(20):
        city.bring(reported(f"MORE-{number}"))  # waits until the hub shows it
    until(lambda: outbox.counts()["bpbd"][0] == 21, 30)
    receiver.behave = "take"
    until(lambda: _let_pass(city, receiver, 21), 90)
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(set(ids)) == len(ids) == 21


def _let_pass(city, receiver, wanted):
    city.watch.forward(5)
    return len(receiver.got) >= wanted


def test_what_cannot_be_told_is_dead_and_lives_again_when_asked(city, telling, receiver):
    _, outbox = telling
    receiver.behave = 410
    city.bring(reported())
    until(lambda: outbox.dead("bpbd"), 30)
    (dead,) = outbox.dead("bpbd")
    assert (dead.tries, dead.error) == (1, "it answered 410")
    sentence = "1 pesan ke bpbd tidak sampai; jalankan layar hooks dead"
    until(lambda: load_dead(city.folder) == {"bpbd": 1}, 30)
    city.watch.forward(2)
    until(lambda: sentence in str(city.live()["panels"]["degraded"]), 30)
    receiver.behave = "take"
    assert outbox.retry("bpbd", city.watch.now) == 1
    until(lambda: receiver.got, 30)
    until(lambda: not load_dead(city.folder), 30)


def test_it_is_tried_ever_more_seldom_and_then_given_up():
    waits = [again_after(n, 0.5) for n in range(len(RETRIES_S))]
    assert waits == sorted(waits)
    assert again_after(len(RETRIES_S), 0.5) is None
    assert again_after(3, 0.0) < again_after(3, 0.5) < again_after(3, 1.0)


def test_an_address_inside_is_refused_unless_it_is_named(city, receiver):
    hook = OutHook(name="dalam", url=receiver.url, secret=new_secret(), created_at=NOW)
    HookBook(city.folder).add(hook)
    with told_by(city, receiver) as (_, outbox):
        city.bring(reported())
        until(lambda: receiver.got, 30)
        until(lambda: outbox.counts().get("dalam", (0, 0))[0] == 1, 30)
    assert len(receiver.got) == 1


def test_after_a_restart_what_happened_meanwhile_is_told_and_nothing_twice(city, receiver):
    with told_by(city, receiver):
        city.bring(reported("INC-1"))
        until(lambda: receiver.got, 30)
    city.bring(reported("INC-2"))
    HookBook(city.folder).revoke("bpbd")
    with told_by(city, receiver):
        until(lambda: len(receiver.got) == 2, 30)
    assert [said["data"]["id"] for said in said_to(receiver)] == ["INC-1", "INC-2"]


def test_the_public_is_told_late_by_kelurahan_and_under_another_id(make_city, receiver):
    city = make_city(visitor=VisitorSettings(categories=("kebakaran",), delay_min=15))
    with told_by(city, receiver, form="public") as (hook, outbox):
        city.bring(reported("INC-1", description="rumah Pak Budi"), reported("INC-2", "kdrt"))
        until(lambda: outbox.counts().get("bpbd", (0, 0))[0] == 2, 30)
        city.watch.forward(14 * 60)
        assert receiver.got == []
        city.watch.forward(2 * 60)
        until(lambda: receiver.got and outbox.counts() == {}, 30)
    (said,) = said_to(receiver)
    assert set(said["data"]) == {"category", "priority", "id", "status", "kelurahan", "reported_at"}
    assert said["data"]["category"] == "kebakaran"
    assert said["data"]["kelurahan"]
    assert "INC-1" not in receiver.got[0][1].decode()
    tried = {hmac.new(key, b"INC-1", "sha256").hexdigest()[:20] for key in (hook.secret.encode(), b"bpbd")}
    assert said["data"]["id"] not in tried, "the receiver could find out the id by trying all"


@pytest.mark.parametrize(
    ("url", "allow"),
    [("http://example.test/x", ()), ("ftp://example.test", ("10.0.0.0/8",)), ("https://u:p@example.test", ()),
     ("https://", ()), ("https://example.test:99999", ()), ("https://example.test", ("nowhere",)),
     ("https://example.test/é", ()), ("https://example.test/a b", ()), ("https://example.test/\n", ())],
)  # fmt: skip
def test_an_address_that_would_leak_or_lead_nowhere_is_refused(url, allow):
    with pytest.raises(BadSettings):
        checked_url(url, allow)


@pytest.mark.parametrize(("scheme", "may"), [("https", True), ("http", False)])
def test_what_everybody_on_the_way_can_read_is_never_sent_into_the_internet(scheme, may):
    hook = OutHook(name="x", url=f"{scheme}://there.example/x", secret=new_secret(), created_at=NOW,
                   allow=("10.1.0.0/16",))  # fmt: skip
    guard = guard_of_hook(hook, frozenset())
    assert guard.allows("8.8.8.8", 80) is may
    assert guard.allows("10.1.2.3", 80)
