"""MPEG-TS: sent to us by UDP or RTP (`udp://10.0.0.7:5000`, `rtp://239.1.1.7:5000`), or endless over HTTP (`….ts`)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

from cctv.camera import Reach, Snapshot, Source
from cctv.datagrams import UdpFeed
from cctv.demux import feed_step
from cctv.feed import Feed, HttpFeed
from cctv.ladder import HELD_S, Steps, open_ladder
from cctv.single import SnapshotStep


def _feed(reach: Reach) -> Feed:
    return UdpFeed(reach) if reach.camera.url.startswith(("udp:", "rtp:")) else HttpFeed(reach)


_TS = feed_step(_feed, "mpegts")
_STEPS: Steps = {"snapshot": SnapshotStep, "demux": _TS, "decode": _TS}


def open_mpegts(reach: Reach, held_s: float = HELD_S) -> AbstractContextManager[Iterator[Snapshot]]:
    """Listen, or ask once, until nothing comes any more."""
    return open_ladder(reach, _STEPS, held_s)


SOURCE = Source(schemes=("udp", "rtp", "http", "https"), open=open_mpegts)
