"""The Transport contract: how bytes come in that nobody posts to us.

`layers/transports/<name>.py` ends with `TRANSPORT = Transport(...)`. A transport brings bytes, owns its retries and
says how it is doing. It knows no dialect: a feed reads the bytes. Each line of `[[feeds]]` runs one transport in a
thread of its own.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, Field

from cctv.guard import Guard, networks_of
from geodata.clock import Clock
from geodata.plugins import Plugins, discover
from geodata.settings import Settings
from layers.ingest import Receipt
from layers.layer import Words


def _are_networks(said: tuple[str, ...]) -> tuple[str, ...]:
    networks_of(said)
    return said


class LineSettings(Settings):
    """What every line of [[feeds]] may say; a transport adds its own names in a model that inherits from this one."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", description="how the wall calls it; part of every source")
    feed: str = Field(description="which dialect it speaks: a feed of `layar feeds dialects`")
    transport: str = Field(description="how it comes: poll, folder, mqtt, tcp or udp")
    title: str | None = Field(default=None, max_length=60, description="its name in plain words for the wall")
    silent_s: float | None = Field(
        default=None, ge=1, le=2_678_400, description="seconds without a good answer before the wall names it"
    )
    allow: Annotated[tuple[str, ...], AfterValidator(_are_networks)] = Field(
        default=(), description="networks besides the public Internet in which the other side may be"
    )


class Deliver(Protocol):
    """Hands one payload to the one door."""

    def __call__(self, payload: bytes, *, received: datetime, topic: str = "") -> Receipt:
        """`topic` is what only the transport knows: an MQTT topic, a file's name, a peer's address.

        Raises StoreUnavailable when nobody knows whether it was taken: do not acknowledge, bring it again later.
        Everything else, junk too, is in the receipt and is done with.
        """


class Tell(Protocol):
    """How a line is doing. Every call is cheap."""

    def well(self, *, next_try_at: datetime | None = None) -> None:
        """The other side is there and answers as it should, with news or without."""

    def failed(self, sentence: Words, *, next_try_at: datetime | None = None, is_resting: bool = False) -> None:
        """It does not. The sentence says what is wrong and what to do, without URL or secret.

        `is_resting`: it failed so often that we pause on purpose (the circuit breaker is open).
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """How we sign in at the other side; what is None was not given. Never shown."""

    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one running transport is given beside its settings.

    `folder`: for what it must remember over a restart; its own, it exists. `secret`: user, password, token, where there
    are any. `zone`: the city's. `is_trial`: `layar feeds test` looks once: take nothing away from the sender and
    remember nothing.
    """

    name: str
    deliver: Deliver
    tell: Tell
    clock: Clock
    guard: Guard
    folder: Path
    secret: Secret
    zone: tzinfo = UTC
    is_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """One way for bytes to come.

    `run(settings, line, stopping)` works until `stopping` is set and then returns within two seconds. It never gives up
    and need not raise; should it, it is started again, ever more slowly. `silent_s(settings)`: how long it may go
    without `tell.well` before the wall names it, where the line does not say; None: never.
    """

    title: Words
    settings: type[LineSettings]
    run: Callable[[Any, Line, threading.Event], None]
    silent_s: Callable[[Any], float | None] = lambda _settings: None


def discover_transports() -> Plugins[Transport]:
    """Every transport in `layers/transports` and every third party's."""
    return discover("layers.transports", "TRANSPORT", Transport)
