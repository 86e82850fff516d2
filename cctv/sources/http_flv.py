"""FLV over one endless HTTP answer (`http://…/live.flv`), as many media servers offer it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from cctv.camera import Reach, Snapshot, Source
from cctv.demux import feed_step
from cctv.feed import HttpFeed
from cctv.ladder import HELD_S, Steps, open_ladder
from cctv.single import SnapshotStep

_FLV = feed_step(HttpFeed, "flv")
_STEPS: Steps = {"snapshot": SnapshotStep, "demux": _FLV, "decode": _FLV}


def open_http_flv(reach: Reach, held_s: float = HELD_S) -> AbstractContextManager[Iterator[Snapshot]]:
    """One GET that never ends."""
    return open_ladder(reach, _STEPS, held_s)


SOURCE = Source(schemes=("http", "https"), open=open_http_flv)
