"""People: passwords nobody can read, and whatever changes about a person ends their sessions at once."""

import pytest
from argon2 import PasswordHasher

from dashboard.attempts import Attempts, network_of
from dashboard.users import UserBook, new_password
from geodata.errors import BadInput, NotFound
from tests.dashboard.conftest import NOW, Watch

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
WORDS = "sungai mahakam pasang"


@pytest.fixture
def book(tmp_path):
    book = UserBook(tmp_path / "users.json", CHEAP)
    book.create(name="Rina", role="operator", password=WORDS, now=NOW)
    return book


def signed_in(book):
    rina = book.named("rina")
    return lambda: book.with_proof(rina.id, rina.stamp) is not None


def test_a_person_comes_in_by_the_right_password_alone(book):
    assert book.check("rina", WORDS).role == "operator"
    assert book.check("Rina", WORDS.upper()) is None
    assert book.check("rina", "") is None
    assert book.check("budi", WORDS) is None


def test_the_file_holds_no_password_and_only_its_owner_may_read_it(book, tmp_path):
    path = tmp_path / "users.json"
    assert WORDS not in path.read_text()
    assert "$argon2id$" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "argon2" not in repr(book.users())


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.set_password("rina", "air laut surut sekali"),
        lambda book: book.set_role("rina", "supervisor", None),
        lambda book: book.set_disabled("rina", is_disabled=True),
        lambda book: book.sign_out_everywhere("rina"),
        lambda book: book.remove("rina"),
    ],
)
def test_whatever_changes_about_a_person_ends_their_sessions(book, tmp_path, change):
    is_in = signed_in(book)
    assert is_in()
    change(UserBook(tmp_path / "users.json", CHEAP))  # another process, as the command line is
    assert not is_in()


def test_who_is_disabled_stays_out_until_let_in_again(book):
    book.set_disabled("rina", is_disabled=True)
    assert book.check("rina", WORDS) is None
    book.set_disabled("rina", is_disabled=False)
    assert book.check("rina", WORDS) is not None


@pytest.mark.parametrize("password", ["pendek", "rina", "aaaaaaaaaaaaaaaa", "x" * 257, ""])
def test_a_password_that_is_easily_guessed_is_refused(book, password):
    with pytest.raises(BadInput, match="password"):
        book.set_password("rina", password)


@pytest.mark.parametrize("name", ["", "RINA", "a b", "x" * 65, "<b>", "\n"])
def test_a_name_is_short_plain_and_nobody_elses(book, name):
    with pytest.raises(BadInput):
        book.create(name=name, role="head", password=WORDS, now=NOW)


@pytest.mark.parametrize("role", ["ingest", "wall"])
def test_a_person_is_no_machine(book, role):
    with pytest.raises(BadInput, match="role"):
        book.create(name="mesin", role=role, password=WORDS, now=NOW)


def test_a_person_of_the_citys_own_sign_in_has_no_password_here_and_follows_its_role(book):
    dian = book.of_subject(subject="https://idp 7", name="dian", role="head", agency="damkar", now=NOW)
    assert book.check("dian", "") is None
    with pytest.raises(BadInput, match="signs in elsewhere"):
        book.set_password("dian", WORDS)
    same = book.of_subject(subject="https://idp 7", name="dian", role="head", agency="damkar", now=NOW)
    assert same.stamp == dian.stamp
    other = book.of_subject(subject="https://idp 7", name="dian", role="visitor", agency=None, now=NOW)
    assert (other.role, other.stamp == dian.stamp) == ("visitor", False)


def test_nobody_becomes_a_local_user_by_a_name_chosen_elsewhere(book):
    with pytest.raises(BadInput, match="already"):
        book.of_subject(subject="https://idp 8", name="rina", role="admin", agency=None, now=NOW)


def test_an_older_hash_is_made_anew_when_its_owner_comes_in(book, tmp_path):
    before = book.named("rina").hash
    dearer = UserBook(tmp_path / "users.json", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    rina = dearer.check("rina", WORDS)
    assert dearer.named("rina").hash != before
    assert dearer.check("rina", WORDS).stamp == rina.stamp


def test_who_is_not_there_cannot_be_changed(book):
    for change in (book.remove, book.sign_out_everywhere, lambda name: book.set_password(name, WORDS)):
        with pytest.raises(NotFound):
            change("siapa")


def test_a_made_password_can_be_read_out_and_is_never_the_same():
    assert len({new_password() for _ in range(50)}) == 50
    assert len(new_password()) == 29


def test_wrong_tries_are_forgotten_with_time_and_never_fill_the_memory():
    watch = Watch()
    tries = Attempts(watch.seconds, most=2, within_s=60)
    for number in range(10_050):
        tries.add(f"10.0.0.{number}")
    assert not tries.are_spent("10.0.0.0")
    tries.add("10.0.0.10049")
    assert tries.are_spent("10.0.0.10049")
    watch.forward(61)
    assert not tries.are_spent("10.0.0.10049")
    assert len(tries._tries) <= 10_001


def test_one_subscribers_ipv6_addresses_count_together():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert (network_of("10.1.2.3"), network_of(None)) == ("10.1.2.3", "?")
