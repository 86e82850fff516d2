"""Tokens: shown once, kept as hashes, seen by a running server when they change."""

import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.tokens import TokenBook
from geodata.errors import BadSettings, NotFound

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def book(tmp_path):
    return TokenBook(tmp_path / "tokens.json")


def test_a_token_opens_what_it_was_made_for(book):
    plain = book.create(name="cad", role="ingest", now=NOW, mode="drill")
    found = book.check(plain)
    assert (found.name, found.role, found.mode) == ("cad", "ingest", "drill")
    assert book.check(plain + "x") is None
    assert len(plain) >= 43


def test_the_file_holds_no_token_and_only_its_owner_may_read_it(book, tmp_path):
    plain = book.create(name="cad", role="ingest", now=NOW)
    path = tmp_path / "tokens.json"
    assert plain not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == [".tokens.json.lock", "tokens.json"]
    assert (tmp_path / ".tokens.json.lock").read_bytes() == b""


def test_what_another_process_wrote_is_seen_at_once(book, tmp_path):
    other = TokenBook(tmp_path / "tokens.json")
    plain = other.create(name="wall-1", role="wall", now=NOW)
    assert book.check(plain).name == "wall-1"
    other.revoke("wall-1")
    assert book.check(plain) is None


def test_two_processes_that_make_tokens_at_once_lose_none(book, tmp_path):
    program = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from dashboard.tokens import TokenBook\n"
        "book = TokenBook(Path(sys.argv[1])); sys.stdout.write('ready'); sys.stdout.flush(); sys.stdin.read(1)\n"
        "for i in range(40): book.create(name=sys.argv[2] + str(i), role='wall', now=datetime.now(UTC))\n"
        "for i in range(20): book.revoke(sys.argv[2] + str(i))\n"
    )
    path, pipe = str(tmp_path / "tokens.json"), subprocess.PIPE
    makers = [
        subprocess.Popen([sys.executable, "-c", program, path, name], stdin=pipe, stdout=pipe, cwd=ROOT)  # noqa: S603 — our own text
        for name in ("a", "b")
    ]
    for maker in makers:
        assert maker.stdout.read(5) == b"ready"
    for maker in makers:
        maker.stdin.write(b"x")
        maker.stdin.flush()
    for maker in makers:
        maker.communicate(timeout=60)
        assert maker.returncode == 0
    assert sorted(one.name for one in book.tokens()) == sorted(f"{name}{i}" for name in "ab" for i in range(20, 40))


def test_two_tokens_cannot_have_one_name_and_an_unknown_one_cannot_be_revoked(book):
    book.create(name="cad", role="ingest", now=NOW)
    with pytest.raises(BadSettings, match="cad"):
        book.create(name="cad", role="wall", now=NOW)
    with pytest.raises(NotFound, match="nobody"):
        book.revoke("nobody")


def test_a_damaged_file_is_an_error_not_an_open_door(book, tmp_path):
    (tmp_path / "tokens.json").write_text("[{]", "utf-8")
    with pytest.raises(BadSettings, match="damaged"):
        book.check("anything")


def test_a_token_does_not_print_its_hash(book):
    book.create(name="cad", role="ingest", now=NOW)
    (token,) = book.tokens()
    assert token.sha256 not in repr(token)
