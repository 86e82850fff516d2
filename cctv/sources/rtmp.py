"""RTMP (`rtmp://host/app/stream`), read by FFmpeg: it is told the one address that the guard allows, and TCP alone."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import av

from cctv.address import address_of, pinned_url
from cctv.camera import Reach, Rung, Snapshot, Source
from cctv.demux import Demux, fault_of, has_video
from cctv.faults import Broken
from cctv.ladder import HELD_S, Steps, open_ladder
from cctv.single import SnapshotStep

if TYPE_CHECKING:
    from av.container import InputContainer

_OPTIONS = {"protocol_whitelist": "rtmp,tcp", "rtmp_live": "live", "probesize": "1000000", "analyzeduration": "100000"}


def _opened(reach: Reach) -> "InputContainer":
    address = address_of(reach)
    app = address.target.strip("/").partition("/")[0]
    # the server may tell its channels by its name: it is told the name, we connect to the address
    options = {**_OPTIONS, "rtmp_tcurl": f"rtmp://{address.host_and_port}/{app}"}
    try:
        container = av.open(pinned_url(reach), options=options, timeout=(reach.open_timeout_s, reach.read_timeout_s))
    except av.FFmpegError as error:
        fault = fault_of(error)
    else:
        if has_video(container):
            return container
        container.close()
        fault = "no_video"
    raise Broken(fault)


def _step(reach: Reach, rung: Rung, until_s: float) -> Demux:
    return Demux(reach, rung, until_s, _opened(reach))


_STEPS: Steps = {"snapshot": SnapshotStep, "demux": _step, "decode": _step}


def open_rtmp(reach: Reach, held_s: float = HELD_S) -> AbstractContextManager[Iterator[Snapshot]]:
    """One session, until it breaks."""
    return open_ladder(reach, _STEPS, held_s)


SOURCE = Source(schemes=("rtmp",), open=open_rtmp)
