"""Has a report made by a process of its own (`dashboard/report_process.py`): the web server carries no PDF library."""

import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from dashboard.config import LayarSettings
from dashboard.report_desk import Maker, Result, Tell
from dashboard.report_wanted import Wanted
from geodata.errors import LayarError
from layers.event import Mode

LONGEST_S = 300.0


class ReportFailed(LayarError):
    """A report could not be made; the words say what to do."""


def child_maker(data_dir: Path, settings: LayarSettings, mode: Mode) -> Maker:
    """A maker for the desk: a process of its own for each report, ended when it takes too long."""
    shared = (sys.executable, "-m", "dashboard.report_process", "--data", str(data_dir), "--mode", mode)
    known = settings.model_dump(mode="json", include={"city", "archive"})

    def made(wanted: Wanted, may_see_stills: bool, out: Path, tell: Tell) -> Result:  # noqa: FBT001 — as Maker has it
        command = (*shared, "--out", str(out), *(("--stills",) if may_see_stills else ()))
        return _run(command, orjson.dumps({"wanted": _as_said(wanted), "settings": known}), tell)

    return made


def _as_said(wanted: Wanted) -> dict[str, Any]:
    said = asdict(wanted)
    return {**said, "publishable": said.pop("is_public")}


def _run(command: tuple[str, ...], wish: bytes, tell: Tell) -> Result:
    with subprocess.Popen(  # noqa: S603 — our own command, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        timer = threading.Timer(LONGEST_S, process.kill)
        timer.start()
        try:
            if process.stdin is None or process.stdout is None:
                raise ReportFailed("laporan tidak dapat dibuat: proses tanpa pipa")
            process.stdin.write(wish)
            process.stdin.close()
            return _heard(process.stdout, tell)
        except BrokenPipeError:
            raise ReportFailed("laporan terhenti; coba lagi") from None
        finally:
            timer.cancel()
            process.kill()


def _heard(lines: Any, tell: Tell) -> Result:  # noqa: ANN401 — the pipe of a process
    for line in lines:
        try:
            said = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if "error" in said:
            raise ReportFailed(str(said["error"]))
        if "name" in said:
            return Result(name=said["name"], title=said["title"], fingerprint=said["fingerprint"])
        tell(float(said["done"]), str(said["step"]))
    raise ReportFailed("laporan terhenti atau terlalu lama; mintalah waktu yang lebih pendek")
