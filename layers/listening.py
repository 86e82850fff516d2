"""What listeners (TCP, UDP) have in common: who may send, whose device an address is, and what waits for the log."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address

from pydantic import Field

from cctv.guard import networks_of
from geodata.errors import StoreUnavailable
from layers.ingest import Receipt
from layers.layer import Words
from layers.transport import Line, LineSettings

THIS_MACHINE = ("127.0.0.0/8", "::1/128")
SILENT_S = 300.0
_MOST_WAITING = 1_000
_MOST_WAITING_BYTES = 16_000_000
CANNOT_LISTEN = Words(
    id="port ini tidak dapat dibuka; mungkin dipakai program lain, periksa host dan port di [[feeds]]",
    en="cannot listen here; the port may be taken, check host and port in [[feeds]]",
)
LOG_IS_SHUT = Words(
    id="catatan kejadian tidak menerima; kiriman ditahan dan dicoba lagi",
    en="the log takes nothing just now; what comes is held and tried again",
)
UNREADABLE = Words(
    id="kirimannya tidak terbaca; lihat layar quarantine list",
    en="what comes cannot be read; see layar quarantine list",
)


class ListenSettings(LineSettings):
    """What every listener may say. Nobody signs in here: only networks that `allow` names may send."""

    host: str = Field(default="127.0.0.1", max_length=60, description="address to listen on; 0.0.0.0 for every card")
    port: int = Field(ge=1, le=65535, description="port to listen on")
    unit: str | None = Field(
        default=None, max_length=128, description="whose messages these are, where only one device sends here"
    )
    units: Mapping[str, str] = Field(
        default={}, description="whose they are by the address of the sender; an address without one is its own name"
    )

    def may_send(self, address: str) -> bool:
        """Whether `allow` names this sender; where it names nobody, this machine only."""
        ip = ip_address(address.partition("%")[0])
        plain = getattr(ip, "ipv4_mapped", None) or ip
        return any(plain in network for network in networks_of(self.allow or THIS_MACHINE))

    def sender(self, address: str) -> str:
        """What the feed is told of whose message it is."""
        return self.units.get(address) or self.unit or address


def silent_after(_settings: ListenSettings) -> float:
    """A listener knows of the other side only what it hears."""
    return SILENT_S


class Backlog:
    """Payloads on their way to the log. While it takes nothing, the newest thousand (16 MB) are held."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._waiting: deque[tuple[bytes, datetime, str]] = deque(maxlen=_MOST_WAITING)

    def take(self, payload: bytes, sender: str) -> None:
        """Deliver it, and all that waited before it."""
        self._waiting.append((payload, self._line.clock(), sender))
        self.flush()
        while sum(len(waiting) for waiting, _, _ in self._waiting) > _MOST_WAITING_BYTES:
            self._waiting.popleft()

    def flush(self) -> None:
        """Deliver what waits, in order; says how that went."""
        while self._waiting:
            payload, received, sender = self._waiting[0]
            try:
                receipt = self._line.deliver(payload, received=received, topic=sender)
            except StoreUnavailable:
                self._line.tell.failed(LOG_IS_SHUT)
                return
            self._waiting.popleft()
            self._say(receipt)

    def _say(self, receipt: Receipt) -> None:
        if receipt.is_rejected:
            self._line.tell.failed(UNREADABLE)
        else:
            self._line.tell.well()
