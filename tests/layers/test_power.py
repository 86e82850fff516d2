"""What was acknowledged stays when the power fails: the log and the spool on a disk that loses what was not synced."""

import json
import subprocess
import sys
from pathlib import Path

POWER = Path(__file__).with_name("power.py")
ROOT = Path(__file__).parents[2]


def cuts(folder, *arguments):
    """The figures of a recording and so many cuts in it."""
    run = subprocess.run(  # noqa: S603 — our own script
        [sys.executable, str(POWER), "run", str(folder), *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_after_power_cuts_nothing_acknowledged_is_lost_doubled_or_disordered_and_the_log_is_whole(tmp_path):
    figures = cuts(tmp_path, 1, 8)
    assert figures.pop("cuts") == 8
    assert figures.pop("operations") > 100
    assert figures.pop("acknowledged") >= 20
    assert figures.pop("spooled") >= 10
    assert figures.pop("checkpoints") > 0
    assert not any(figures.values()), figures


def test_a_log_that_does_not_wait_for_the_disk_loses_what_it_acknowledged_and_these_cuts_find_it_out(tmp_path):
    figures = cuts(tmp_path, 1, 6, "careless")
    assert figures["lost"] + figures["unopened"] + figures["corrupt"] > 0
