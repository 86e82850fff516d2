"""The lines of [[feeds]], made and joined: settings in, running transports out."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cctv.guard import PORT, Guard, networks_of
from dashboard.config import LayarSettings
from geodata.city import City
from geodata.clock import Clock
from geodata.errors import BadSettings
from layers.event import Mode
from layers.feed import Feed
from layers.ingest import Door
from layers.layer import Words
from layers.line_reading import refuse_unknown_feeds
from layers.line_run import TellBook, continued, deliver_of, first_status, folder_of
from layers.line_secrets import secret_of
from layers.line_status import LineBook, load_lines
from layers.transport import Deliver, Line, LineSettings, Secret, Tell, Transport, discover_transports

_NO_SECRETS = Words(
    id="feed-secrets.toml tidak terbaca; jalankan layar feeds list",
    en="feed-secrets.toml cannot be read; run layar feeds list",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One line, ready to run."""

    settings: LineSettings
    transport: Transport
    line: Line


def guard_of_line(settings: LineSettings, own_port: int) -> Guard:
    """The public Internet, and what the line names; never a port of ours."""
    port = os.environ.get(PORT, "")
    ports = {own_port} | ({int(port)} if port.isdecimal() else set())
    return Guard(networks=networks_of(settings.allow), own_ports=frozenset(ports), is_outward=True)


def new_book(settings: LayarSettings, data_dir: Path, feeds: Mapping[str, Feed], clock: Clock) -> LineBook:
    """What is known of the lines at the start. Raises BadSettings for a dialect nobody installed."""
    refuse_unknown_feeds(settings.feeds, feeds)
    transports, before = discover_transports().found, {line.name: line for line in load_lines(data_dir).lines}
    first = [first_status(one, transports[one.transport], feeds[one.feed], clock()) for one in settings.feeds]
    return LineBook(data_dir, [continued(status, before) for status in first], clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joiner:
    """Joins the lines of one city with what they need."""

    settings: LayarSettings
    data_dir: Path
    city: City
    clock: Clock

    def line(self, settings: LineSettings, deliver: Deliver, tell: Tell, *, is_trial: bool = False) -> Ready:
        """Raises BadSettings when its secrets cannot be read."""
        transport = discover_transports().found[settings.transport]
        secret: Secret = secret_of(settings.name, self.data_dir, os.environ)
        line = Line(
            name=settings.name,
            deliver=deliver,
            tell=tell,
            clock=self.clock,
            guard=guard_of_line(settings, self.settings.server.port),
            folder=folder_of(self.data_dir, settings.name),
            secret=secret,
            zone=self.city.zone,
            is_trial=is_trial,
        )
        return Ready(settings=settings, transport=transport, line=line)

    def all(self, door: Door, feeds: Mapping[str, Feed], book: LineBook, mode: Mode) -> list[Ready]:
        """Every line of the settings but those whose secrets cannot be read; the book says which."""
        ready = []
        for one in self.settings.feeds:
            tell = TellBook(name=one.name, book=book)
            try:
                ready.append(self.line(one, deliver_of(one, feeds[one.feed], door, mode, book), tell))
            except BadSettings:
                tell.failed(_NO_SECRETS)
        return ready
