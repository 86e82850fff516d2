"""Is anybody there? A TCP connection to a camera's door, closed again without a word."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from cctv.address import address_of
from cctv.camera import Reach
from cctv.faults import Broken
from cctv.guard import Guard, guard_for
from cctv.wire import connect

_KNOCK_TIMEOUT_S = 1.0
_BY_TCP = frozenset({"rtsp", "rtsps", "http", "https", "rtmp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where one camera is asked for pictures."""

    host: str
    port: int
    guard: Guard = field(default_factory=guard_for)

    @classmethod
    def of(cls, reach: Reach) -> Self | None:
        """The camera's; None where there is none to knock at, as with files and datagrams."""
        try:
            address = address_of(reach)
        except Broken:
            return None
        return cls(host=address.host, port=address.port, guard=reach.guard) if address.scheme in _BY_TCP else None

    @classmethod
    def all_of(cls, reach: Reach) -> tuple[Self, ...]:
        """The camera's, and where it is another that of its snapshot address."""
        still = replace(reach, camera=replace(reach.camera, url=reach.camera.snapshot_url or ""))
        return tuple(dict.fromkeys(door for door in (cls.of(reach), cls.of(still)) if door is not None))

    def answers(self) -> bool:
        """Whether somebody opens within a second. A name is looked up anew each time: addresses change."""
        try:
            connect(self.host, self.port, _KNOCK_TIMEOUT_S, guard=self.guard).close()
        except (OSError, Broken):
            return False
        return True


def shut_of(doors: Iterable[Door]) -> frozenset[Door]:
    """Those where nobody answers."""
    return frozenset(door for door in doors if not door.answers())
