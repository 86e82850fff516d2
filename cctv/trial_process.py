"""A trial in a process of its own: what hangs or crashes on a strange camera takes nothing else along.

The job comes on standard input, so that no password stands in a list of processes; the answers go out line by line as
JSON, the first after the first picture. Who waits no longer ends the process; it ends itself a little later.
"""

import signal
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import cv2

from cctv.aside import mouth
from cctv.camera import Reach, discover_sources
from cctv.fleet import source_for
from cctv.guard import Guard, networks_of
from cctv.inventory import file_folders
from cctv.pace import steady
from cctv.trial import Trial, trials
from cctv.trial_job import JOB, Job
from geodata.errors import CameraLost

_PERIOD_S = 1.0
_LONGEST_S = 30


def reach_of(job: Job) -> Reach:
    """All that the source may use."""
    return Reach(
        camera=job.camera,
        username=job.user,
        password=job.password,
        pace=steady(_PERIOD_S),
        folders=file_folders(Path(job.data_dir)),
        is_live=job.is_live,
        guard=Guard(networks=networks_of(job.networks), own_ports=frozenset(job.own_ports)),
    )


def said_of(trial: Trial) -> dict[str, Any]:
    """One answer; the picture is masked, and large enough to judge."""
    return {
        "picture": b64encode(trial.pictures.medium).decode(),
        "codec": trial.codec,
        "width": trial.pictures.width,
        "height": trial.pictures.height,
        "first_picture_s": round(trial.first_picture_s, 3),
        "rung": trial.rung.name if trial.rung else None,
        "rung_reason": trial.rung.reason if trial.rung else None,
        "keyframe_spacing_s": trial.keyframe_spacing_s,
        "clock_error_s": trial.clock_error_s,
        "cost_ms": round(trial.making_ms + (trial.reading_ms or 0), 1),
        "lost": trial.lost,
    }


def main() -> None:
    """Do the job that comes on standard input."""
    cv2.setNumThreads(1)
    sources = discover_sources().found
    say = mouth()
    say({"ready": True})
    job = JOB.validate_json(sys.stdin.buffer.read())
    signal.alarm(_LONGEST_S)
    try:
        for trial in trials(source_for(job.camera.kind, sources), reach_of(job)):
            say(said_of(trial))
    except CameraLost as lost:
        say({"fault": lost.fault})


if __name__ == "__main__":
    main()
