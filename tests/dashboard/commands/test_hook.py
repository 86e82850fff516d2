"""`layar hook`: secrets are shown once, wrong wishes are said, and what is dead can be seen and tried again."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from dashboard.cli import main
from dashboard.tokens import TokenBook
from dashboard.webhooks_book import HookBook
from layers.store.outbox import FILE_NAME, News, Outbox

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def layar(tmp_path):
    def run(*words):
        return CliRunner().invoke(main, [*words, "--data", str(tmp_path)])

    return run


def test_a_secret_is_printed_once_and_never_again(layar, tmp_path):
    made = layar("hook", "create", "--name", "rs-umum", "--feed", "incidents")
    secret = made.stdout.strip()
    assert secret.startswith("whsec_")
    assert HookBook(tmp_path).incoming("rs-umum").secret == secret
    listed = layar("hooks", "list").stdout
    assert "rs-umum\tin\tincidents\tlive" in listed
    assert secret not in listed
    assert secret not in (tmp_path / "audit.jsonl").read_text("utf-8")


def test_an_outgoing_hook_is_listed_by_its_host_alone(layar):
    url = "https://bpbd.example.go.id/rahasia?kunci=1"
    assert (
        layar("hook", "create", "--name", "bpbd", "--url", url, "--on", "status", "--category", "banjir").exit_code == 0
    )
    listed = layar("hook", "list").stdout
    assert "bpbd\tout\tbpbd.example.go.id\tagency" in listed
    assert "rahasia" not in listed


@pytest.mark.parametrize(
    "wishes",
    [("--name", "x"), ("--name", "x", "--feed", "incidents", "--url", "https://a.test/"),
     ("--name", "a b", "--feed", "units"), ("--name", "x", "--feed", "nonsense"),
     ("--name", "x", "--url", "http://a.test/"), ("--name", "cad", "--feed", "units")],
)  # fmt: skip
def test_wishes_that_make_no_sense_are_said(layar, tmp_path, wishes):
    TokenBook(tmp_path / "tokens.json").create(name="cad", role="ingest", now=NOW)
    assert layar("hook", "create", *wishes).exit_code == 2


def test_a_revoked_hook_is_gone_with_all_that_waited(layar, tmp_path):
    layar("hook", "create", "--name", "bpbd", "--url", "https://bpbd.example.go.id/x")
    outbox = Outbox(tmp_path / FILE_NAME)
    outbox.add("bpbd", [News(id="m", subject="I", change="reported", cursor=1, at=NOW, due=NOW)], 1)
    outbox.failed(outbox.next_due("bpbd", NOW), "it answered 500", None)
    assert "it answered 500" in layar("hooks", "dead").stdout
    assert layar("hooks", "retry", "bpbd").stdout.startswith("1 will")
    assert "1 waiting" in layar("hook", "list").stdout
    assert layar("hook", "revoke", "bpbd").exit_code == 0
    assert outbox.counts() == {}
    outbox.close()
    assert layar("hook", "revoke", "bpbd").exit_code == 2
