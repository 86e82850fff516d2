"""The process of `cctv/onvif_aside.py`: one conversation with ONVIF cameras, told in one line."""

import signal
import sys
from collections.abc import Mapping
from typing import Any

from cctv.aside import mouth
from cctv.faults import Broken, fault_of
from cctv.guard import Guard, networks_of
from cctv.onvif import ask
from cctv.onvif_aside import ASKED_WITHIN_S, FOUND, HEARD_WITHIN_S, JOB, OFFER, Job
from cctv.onvif_discovery import discover

_LONGEST_S = 30


def main() -> None:
    """Do the job that comes on standard input."""
    say = mouth()
    say({"ready": True})
    job = JOB.validate_json(sys.stdin.buffer.read())
    signal.alarm(_LONGEST_S)
    try:
        say(_done(job))
    except Broken as broken:
        say({"fault": broken.fault})
    except OSError as error:
        say({"fault": fault_of(error)})


def _done(job: Job) -> Mapping[str, Any]:
    guard = Guard(networks=networks_of(job.networks), own_ports=frozenset(job.own_ports))
    if job.device is not None:
        return {"offer": OFFER.dump_python(ask(job.device, guard, ASKED_WITHIN_S), mode="json")}
    return {"found": FOUND.dump_python(discover(guard, job.to, HEARD_WITHIN_S), mode="json")}


if __name__ == "__main__":
    main()
