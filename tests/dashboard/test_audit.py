"""The audit: nothing is lost, nothing secret is in it, and whoever edits it is found out."""

import subprocess
import sys
import threading
from datetime import timedelta

import orjson
import pytest
from click.testing import CliRunner

from dashboard.audit import FILE_NAME, HEAD_NAME, WITHHELD, Audit, harmless
from dashboard.cli import main
from tests.dashboard.conftest import NOW, SaidLog, Watch


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def audit(tmp_path, watch):
    return Audit(tmp_path, watch)


@pytest.fixture
def told(audit, watch):
    """Five deeds, a minute apart."""
    for number in range(1, 6):
        assert audit.note("kepala", "still.view", f"CAM-{number}", seconds=number * 1.5, why=None)
        watch.forward(60)
    return audit


def lines(folder):
    return (folder / FILE_NAME).read_bytes().splitlines(keepends=True)


def rewrite(folder, kept):
    (folder / FILE_NAME).write_bytes(b"".join(kept))


def test_what_was_noted_is_read_back_newest_first(told):
    newest = told.newest(10)
    assert [row.target for row in newest] == ["CAM-5", "CAM-4", "CAM-3", "CAM-2", "CAM-1"]
    assert (newest[-1].who, newest[-1].action, newest[-1].at) == ("kepala", "still.view", NOW)
    assert newest[-1].details == {"seconds": 1.5, "why": None}
    assert [row.number for row in told.newest(2)] == [5, 4]
    assert [row.number for row in told.newest(10, NOW + timedelta(seconds=150))] == [5, 4]


def test_a_list_longer_than_a_block_of_the_file_is_read_whole(audit):
    for number in range(300):
        audit.note("a", "b", f"{number}-" + "x" * 300)
    assert [row.number for row in audit.newest(1_000)] == list(range(300, 0, -1))


def test_an_untouched_file_is_whole(told):
    verdict = told.verify()
    assert (verdict.rows, verdict.wrong, verdict.torn) == (5, None, 0)
    assert verdict.head == told.newest(1)[0].hash


def test_an_empty_audit_is_whole(audit):
    assert audit.verify().wrong is None


def test_an_edited_row_is_named(told, tmp_path):
    kept = lines(tmp_path)
    kept[2] = kept[2].replace(b"CAM-3", b"CAM-9")
    rewrite(tmp_path, kept)
    assert told.verify().wrong == "row 3 (2026-11-20T03:02:00+00:00) was edited"


def test_a_row_taken_out_of_the_middle_is_found_at_the_one_after_it(told, tmp_path):
    kept = lines(tmp_path)
    rewrite(tmp_path, kept[:1] + kept[2:])
    assert told.verify().wrong.startswith("before row 3 ")


def test_a_first_row_taken_away_is_found(told, tmp_path):
    rewrite(tmp_path, lines(tmp_path)[1:])
    assert told.verify().wrong.startswith("before row 2 ")


def test_an_end_that_was_cut_off_is_found_and_stays_found_when_more_is_noted(told, tmp_path):
    rewrite(tmp_path, lines(tmp_path)[:3])
    assert told.verify().wrong == "the newest 2 rows, after row 3, are gone"
    told.note("kepala", "still.view", "CAM-6")
    assert told.newest(1)[0].number == 6
    assert told.verify().wrong.startswith("before row 6 ")


def test_a_file_thrown_away_whole_is_found(told, tmp_path):
    (tmp_path / FILE_NAME).unlink()
    assert told.verify().wrong == "the newest 5 rows, after row 0, are gone"


def test_a_head_thrown_away_is_found_and_is_itself_noted(told, tmp_path):
    (tmp_path / HEAD_NAME).unlink()
    assert "gone or damaged" in told.verify().wrong
    told.note("kepala", "still.view", "CAM-6")
    assert [row.action for row in told.newest(2)] == ["still.view", "audit.head_lost"]
    assert told.verify().wrong is None


def test_a_chain_forged_from_the_start_does_not_hold_a_hash_noted_elsewhere(told, tmp_path):
    printed = told.verify().head
    for name in (FILE_NAME, HEAD_NAME):
        (tmp_path / name).unlink()
    for _ in range(6):
        told.note("nobody", "still.view", "CAM-1")
    assert told.verify().wrong is None
    assert "expected hash" in told.verify(printed).wrong


def test_an_earlier_hash_is_still_in_the_chain_when_more_was_noted(told):
    printed = told.verify().head
    told.note("kepala", "still.view", "CAM-6")
    assert told.verify(printed).wrong is None


def test_after_a_power_cut_between_row_and_head_the_chain_goes_on(told, tmp_path):
    before = (tmp_path / HEAD_NAME).read_bytes()
    told.note("kepala", "still.view", "CAM-6")
    (tmp_path / HEAD_NAME).write_bytes(before)
    told.note("kepala", "still.view", "CAM-7")
    assert told.verify().wrong is None
    assert [row.number for row in told.newest(2)] == [7, 6]


def test_a_torn_line_loses_no_row_and_is_counted(told, tmp_path):
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"action":"still.view","at":"2026')
    told.note("kepala", "still.view", "CAM-6")
    verdict = told.verify()
    assert (verdict.wrong, verdict.torn, verdict.rows) == (None, 1, 6)
    assert len(told.newest(10)) == 6


def test_threads_of_one_process_keep_one_chain(tmp_path, watch):
    def work(number):
        mine = Audit(tmp_path, watch)
        for turn in range(10):
            assert mine.note(f"thread-{number}", "try", str(turn))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    verdict = Audit(tmp_path, watch).verify()
    assert (verdict.rows, verdict.wrong) == (40, None)


NOTES = """
import sys
from pathlib import Path
from dashboard.audit import Audit
audit = Audit(Path(sys.argv[1]))
assert all(audit.note("process", "try", str(turn)) for turn in range(20))
"""


def test_processes_keep_one_chain(tmp_path):
    started = [subprocess.Popen([sys.executable, "-c", NOTES, str(tmp_path)]) for _ in range(3)]  # noqa: S603
    assert [one.wait(60) for one in started] == [0, 0, 0]
    verdict = Audit(tmp_path).verify()
    assert (verdict.rows, verdict.wrong) == (60, None)


def test_a_disk_that_refuses_raises_nothing_and_is_said(tmp_path, watch, monkeypatch):
    log = SaidLog()
    log.error = log.info
    monkeypatch.setattr("dashboard.audit._LOG", log)
    (tmp_path / "file").write_text("no folder")
    assert Audit(tmp_path / "file" / "data", watch).note("kepala", "still.view", "CAM-1") is False
    assert log.events == ["audit_not_kept"]


@pytest.mark.parametrize(
    "key", ["password", "Passwd", "sandi", "secret", "token", "api_key", "cookie", "session_id", "Authorization", "url"]
)
def test_a_secret_is_withheld_by_its_name(key):
    assert harmless({key: "rahasia"}) == {key: WITHHELD}


@pytest.mark.parametrize(
    "value", ["rtsp://admin:rahasia@10.0.0.7/1", "saw http://u@h/x", "dGhpc19pc19hX3Rva2VuX29mXzMyX2J5dGVzX3llcyE"]
)
def test_a_secret_is_withheld_by_its_looks(value):
    assert harmless({"said": value}) == {"said": WITHHELD}


@pytest.mark.parametrize("value", ["Jembatan Mahakam", "2026-11-20T03:02:00+00:00", "a" * 64, 7, 1.5, None])
def test_what_is_no_secret_is_kept(value):
    assert harmless({"said": value}) == {"said": value}


def test_no_secret_of_a_detail_reaches_the_disk(audit, tmp_path):
    audit.note("kepala", "camera.test", "CAM-1", password="rahasia", where="rtsp://u:rahasia@10.0.0.7/1")  # noqa: S106
    assert b"rahasia" not in (tmp_path / FILE_NAME).read_bytes()


def test_what_cannot_be_written_as_json_is_made_so(audit):
    assert audit.note("\ud800", "a", "b" * 9_999, far=float("inf"), huge=2**80, text="\ud800")
    (row,) = audit.newest(1)
    assert row.details == {"far": None, "huge": str(2**80), "text": "?"}
    assert len(row.target) == 400
    assert audit.verify().wrong is None


@pytest.mark.usefixtures("told")
def test_only_its_owner_may_read_the_files(tmp_path):
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in (FILE_NAME, HEAD_NAME)} == {0o600}


@pytest.mark.usefixtures("told")
def test_the_command_lists_and_verifies(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(main, ["audit", *arguments, "--data", str(tmp_path)])

    listed = run("list", "--since", "2026-11-20T03:03:00")
    assert [line.split()[0] for line in listed.output.splitlines()] == ["4", "5"]
    assert "kepala  still.view  CAM-5  seconds=7.5" in listed.output
    whole = run("verify")
    assert (whole.exit_code, whole.output.split("\n")[0]) == (0, "5 rows, whole")
    assert run("verify", "--expect", whole.output.split()[-1]).exit_code == 0
    rewrite(tmp_path, lines(tmp_path)[:-1])
    cut = run("verify")
    assert (cut.exit_code, cut.output) == (1, "WRONG: the newest 1 rows, after row 4, are gone\n")


def test_making_and_revoking_a_token_is_noted_without_the_token(tmp_path):
    def run(*arguments):
        return CliRunner().invoke(main, ["token", *arguments, "--data", str(tmp_path)])

    plain = run("create", "--role", "wall", "--name", "lobby").output.split()[0]
    run("revoke", "lobby")
    rows = Audit(tmp_path).newest(10)
    assert [(row.action, row.target) for row in rows] == [("token.revoke", "lobby"), ("token.create", "lobby")]
    assert rows[1].details["role"] == "wall"
    assert rows[0].who.startswith("cli:")
    assert plain.encode() not in (tmp_path / FILE_NAME).read_bytes()


def test_an_admin_reads_it_over_http_and_nobody_else(city):
    city.services.audit.note("kepala", "still.view", "CAM-1", seconds=2)
    answer = city.get("/api/v1/audit", "admin")
    (row,) = answer.json["rows"]
    assert {**row, "hash": ""} == {
        "number": 1, "at": "2026-11-20T03:00:00Z", "who": "kepala", "action": "still.view", "target": "CAM-1",
        "details": {"seconds": 2}, "hash": "",
    }  # fmt: skip
    assert row["hash"] == orjson.loads((city.folder / HEAD_NAME).read_bytes())["hash"]
    assert city.get("/api/v1/audit?since=2026-11-20T03:00:01Z", "admin").json == {"rows": []}
    assert city.get("/api/v1/audit?since=yesterday", "admin").status_code == 400
    assert city.get("/api/v1/audit", "wall").status_code == 403
