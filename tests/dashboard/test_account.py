"""A person at the door: name and password in, and out again when their hours, their patience or their post are over."""

import pytest
from argon2 import PasswordHasher

from dashboard.users import FILE_NAME, UserBook
from tests.dashboard.conftest import NOW

OURS = {"Sec-Fetch-Site": "same-origin"}
WORDS, OTHERS = "sungai mahakam pasang", "jembatan kembar malam"


@pytest.fixture
def book(city):
    book = UserBook(city.folder / FILE_NAME, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    book.create(name="rina", role="operator", password=WORDS, now=NOW)
    book.create(name="kadis", role="head", password=WORDS, now=NOW, agency="damkar")
    return book


def enter(client, name="rina", password=WORDS):
    return client.post("/login", data={"name": name, "token": password, "next": "/wall"}, headers=OURS)


@pytest.mark.usefixtures("book")
def test_a_person_signs_in_by_name_and_sees_what_their_role_may(city):
    client = city.client()
    assert enter(client).status_code == 303
    assert client.get("/live").status_code == 200
    assert client.get("/api/v1/quarantine").status_code == 200
    assert client.get("/api/v1/audit").status_code == 403
    head = city.client()
    enter(head, "KADIS")
    assert head.get("/live").status_code == 200
    assert head.get("/api/v1/quarantine").status_code == 403
    assert "damkar" in head.get("/account").text


@pytest.mark.usefixtures("book")
def test_a_name_that_nobody_has_is_refused_in_the_same_words(city):
    wrong, nobody = enter(city.client(), password="salah " * 3), enter(city.client(), "siapa")
    assert (wrong.status_code, wrong.text) == (nobody.status_code, nobody.text)
    assert wrong.status_code == 401


@pytest.mark.usefixtures("book")
def test_a_persons_session_ends_after_their_hours_and_a_screens_does_not(city):
    person, screen = city.client(), city.client()
    enter(person)
    screen.post("/login", data={"token": city.tokens["wall"]}, headers=OURS)
    for _ in range(13):
        city.watch.forward(3_600)
        person.get("/wall", headers={"Sec-Fetch-Mode": "navigate"})
    assert person.get("/live").status_code == 401
    assert screen.get("/live").status_code == 200


@pytest.mark.usefixtures("book")
def test_who_does_nothing_is_signed_out_though_the_page_goes_on_asking(city):
    idle, busy = city.client(), city.client()
    enter(idle)
    enter(busy)
    for _ in range(5):
        city.watch.forward(1_800)
        idle.get("/live")
        assert busy.get("/wall", headers={"Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert idle.get("/live").status_code == 401
    assert busy.get("/live").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.set_role("rina", "visitor", None),
        lambda book: book.set_disabled("rina", is_disabled=True),
        lambda book: book.remove("rina"),
    ],
)
def test_a_change_of_the_person_ends_open_streams_too(city, book, change):
    client = city.client()
    enter(client)
    stream = client.get("/live/stream")
    said = iter(stream.response)
    assert b"retry" in next(said)
    change(book)
    assert sum(1 for _ in said) < 5  # it ends by itself
    assert client.get("/live").status_code == 401


@pytest.mark.usefixtures("book")
def test_a_name_tried_too_often_waits_even_from_other_addresses_and_with_the_right_password(city):
    for number in range(10):
        client = city.client()
        said = client.post(
            "/login", data={"name": "rina", "token": "salah"}, environ_base={"REMOTE_ADDR": f"10.0.0.{number}"}
        )
        assert said.status_code == 401
    assert enter(city.client()).status_code == 429
    assert enter(city.client(), "kadis").status_code == 303
    city.watch.forward(601)
    assert enter(city.client()).status_code == 303
    rows = [(row.who, row.action) for row in city.services.audit.newest(20)]
    assert ("rina", "sign-in.locked") in rows


@pytest.mark.usefixtures("book")
def test_a_person_changes_the_password_and_every_other_device_signs_in_again(city):
    here, there = city.client(), city.client()
    enter(here)
    enter(there)
    form = {"old": WORDS, "new": OTHERS, "again": OTHERS}
    for wrong in ({"old": "salah"}, {"again": "lain"}, {"new": "pendek", "again": "pendek"}):
        assert here.post("/account/password", data=form | wrong, headers=OURS).status_code == 400
    assert here.post("/account/password", data=form, headers=OURS).status_code == 200
    assert here.get("/live").status_code == 200
    assert there.get("/live").status_code == 401
    assert enter(city.client(), password=OTHERS).status_code == 303


@pytest.mark.usefixtures("book")
def test_signing_out_everywhere_ends_every_device(city):
    here, there = city.client(), city.client()
    enter(here)
    enter(there)
    assert here.post("/account/everywhere", headers=OURS).location == "/login"
    assert (here.get("/live").status_code, there.get("/live").status_code) == (401, 401)


def test_a_screen_has_no_password_to_change(city):
    client = city.client()
    client.post("/login", data={"token": city.tokens["wall"]}, headers=OURS)
    assert "password" not in client.get("/account").text.lower()
    assert client.post("/account/password", data={"old": "x"}, headers=OURS).status_code == 403
    assert client.post("/account/everywhere", headers=OURS).status_code == 403


def test_the_forms_speak_english_when_asked_and_keep_it(city):
    assert 'lang="id"' in city.client().get("/login").text
    english = city.client().get("/login?lang=en").text
    assert "Password or token" in english
    assert 'name="lang" value="en"' in english


@pytest.mark.usefixtures("book")
def test_what_was_typed_as_a_name_is_in_no_audit_unless_somebody_has_it(city):
    for _ in range(12):
        enter(city.client(), "sandi-di-kolom-nama")
        city.watch.forward(20)
    assert not city.services.audit.newest(20)
    enter(city.client())
    assert [(row.who, row.action) for row in city.services.audit.newest(20)] == [("rina", "sign-in")]


def test_a_kiosk_of_one_wall_shows_no_other(city):
    plain = city.services.tokens.create(name="lobi", role="wall", now=NOW, wall="utama")
    bearer = {"Authorization": f"Bearer {plain}"}
    assert city.client().get("/wall?wall=utama", headers=bearer).status_code == 200
    assert city.client().get("/wall?wall=lain", headers=bearer).status_code == 403
    assert city.client().get("/wall?wall=utama&wall=lain", headers=bearer).status_code == 403
    assert city.client().get("/live", headers=bearer).status_code == 200
