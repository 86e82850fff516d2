"""Polling: asks a public feed again and again, no more often than it is due, and carries home only what is new.

A failure is tried again soon, then ever more seldom, and at last rests (`layers/breaker.py`). What a feed last said is
remembered over a restart (ETag, Last-Modified, a hash), so that it is neither fetched nor taken twice.
"""

import hashlib
import random
import re
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

import structlog
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from geodata.errors import BadPayload, StoreUnavailable
from layers.breaker import pause_after
from layers.fetching import PORTS, Ask, Unfetched, fetch, origin_of
from layers.ingest import MAX_PAYLOAD_BYTES
from layers.layer import Words
from layers.links import links_in
from layers.transport import Line, LineSettings, Transport

_LOG = structlog.get_logger()
_MEMORY = "seen.json"
_MOST_REMEMBERED = 500
_MOST_LINKS = 60
_SPREAD_S = 30.0
_UNREADABLE = Words(
    id="jawabannya tidak terbaca; lihat layar quarantine list",
    en="its answer cannot be read; see layar quarantine list",
)
_LOG_IS_SHUT = Words(
    id="catatan kejadian tidak menerima; dicoba lagi", en="the log takes nothing just now; trying again"
)


class PollSettings(LineSettings):
    """[[feeds]] transport = "poll": fetched by us, over HTTPS where there is a choice."""

    url: str = Field(
        max_length=2000, description="what to fetch; {each}, {today} and {tomorrow} (YYYYMMDD, local) are filled in"
    )
    each: tuple[str, ...] = Field(
        default=(), max_length=200, description="fetched once for every one of these, in turns, as {each} in the url"
    )
    every_s: float = Field(default=300, ge=1, le=86_400, description="seconds between two rounds")
    gap_s: float = Field(default=1.5, ge=0, le=60, description="seconds between two questions of one round")
    timeout_s: float = Field(default=20, ge=0.5, le=120, description="seconds for one whole answer")
    most_bytes: int = Field(
        default=MAX_PAYLOAD_BYTES, ge=1_000, le=MAX_PAYLOAD_BYTES, description="largest answer that is read, unpacked"
    )
    follow: str | None = Field(
        default=None, max_length=200, description="the url is a list of links (RSS, Atom): fetch those that match this"
    )
    hosts: tuple[str, ...] = Field(default=(), description="other hosts that may be redirected to or linked to")
    token_header: str = Field(
        default="Authorization", pattern=r"^[A-Za-z0-9-]{1,60}$", description="where a token of feed-secrets.toml goes"
    )

    @model_validator(mode="after")
    def _has_a_plain_url(self) -> Self:
        there = urlsplit(self.url)
        if there.scheme not in PORTS or not there.hostname:
            raise ValueError("url: write it like https://host/path")
        if there.username or there.password:
            raise ValueError("url: a password does not belong here; put it into feed-secrets.toml")
        if "{" in (there.netloc or ""):
            raise ValueError("url: nothing can be filled into the host")
        if ("{each}" in self.url) != bool(self.each):
            raise ValueError("each: needs {each} in the url, and {each} needs it")
        if self.follow is not None:
            try:
                re.compile(self.follow)
            except re.error as error:
                raise ValueError(f"follow: {self.follow!r} is no regular expression: {error}") from None
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one URL last said."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None


_SEEN = TypeAdapter(dict[str, Seen])


class Memory:
    """What each URL last said, by a hash of the URL (which may hold a key); the oldest are forgotten."""

    def __init__(self, folder: Path, *, is_trial: bool) -> None:
        self._path = folder / _MEMORY
        self._is_trial = is_trial
        self._seen: dict[str, Seen] = {} if is_trial else self._load()

    def _load(self) -> dict[str, Seen]:
        try:
            return _SEEN.validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return {}

    def of(self, url: str) -> Seen:
        """The last word of a URL."""
        return self._seen.get(_hash(url.encode()), Seen())

    def keep(self, url: str, seen: Seen) -> None:
        """It is taken, durably: need not come again."""
        key = _hash(url.encode())
        if self._seen.get(key) == seen:
            return
        self._seen.pop(key, None)
        self._seen[key] = seen
        for oldest in list(self._seen)[:-_MOST_REMEMBERED]:
            del self._seen[oldest]
        if not self._is_trial:
            part = self._path.with_suffix(".part")
            part.write_bytes(_SEEN.dump_json(self._seen))
            part.replace(self._path)


def _hash(said: bytes) -> str:
    return hashlib.blake2s(said, digest_size=16).hexdigest()


class Poller:
    """One line. `round` asks once for everything it is about."""

    def __init__(self, settings: PollSettings, line: Line) -> None:
        self._settings = settings
        self._line = line
        self._memory = Memory(line.folder, is_trial=line.is_trial)
        self._failed: list[str] = []
        self._hosts = frozenset(h.casefold() for h in (urlsplit(settings.url).hostname or "", *settings.hosts))

    def round(self, stopping: threading.Event) -> Unfetched | Words | None:
        """The last thing that went wrong, after all was tried; None when all is well.

        After a failure only what failed is asked for again.
        """
        wrong: Unfetched | Words | None = None
        asked, self._failed = self._failed or list(self._settings.each or ("",)), []
        for number, each in enumerate(asked):
            if number and stopping.wait(self._settings.gap_s):
                return wrong
            said = self._tried(each, stopping)
            if said is not None:
                wrong = said
                self._failed.append(each)
            if isinstance(said, Unfetched) and said.fault in {"too_often", "not_signed_in"}:
                self._failed += asked[number + 1 :]
                return wrong
        return wrong

    def _tried(self, each: str, stopping: threading.Event) -> Unfetched | Words | None:
        local = self._line.clock().astimezone(self._line.zone)
        try:
            return self._one(filled(self._settings.url, each, local), stopping)
        except Unfetched as error:
            return error
        except StoreUnavailable:
            return _LOG_IS_SHUT

    def _one(self, url: str, stopping: threading.Event) -> Unfetched | Words | None:
        if self._settings.follow is None:
            return self._carry(url)
        return self._follow(url, self._settings.follow, stopping)

    def _follow(self, url: str, pattern: str, stopping: threading.Event) -> Unfetched | Words | None:
        """The list itself is not news; what it links to is. A link that fails costs that link only."""
        body = fetch(self.ask(url, Seen())).body or b""
        wrong: Unfetched | Words | None = None
        try:
            found = links_in(body, url)
        except BadPayload:
            return _UNREADABLE
        for link in list(followed(found, pattern, self._hosts))[:_MOST_LINKS]:
            if stopping.wait(min(self._settings.gap_s, 0.2)):
                break
            try:
                wrong = self._carry(link) or wrong
            except Unfetched as error:
                wrong = error
        return wrong

    def _carry(self, url: str) -> Words | None:
        """Fetch, and deliver what is new. What could not be read is asked for again: it may be mended there."""
        seen = self._memory.of(url)
        fetched = fetch(self.ask(url, seen))
        if fetched.body is None:
            return None
        digest = _hash(fetched.body)
        if digest != seen.digest:
            receipt = self._line.deliver(fetched.body, received=self._line.clock(), topic=url)
            if receipt.is_rejected:
                return _UNREADABLE
        self._memory.keep(url, Seen(etag=fetched.etag, last_modified=fetched.last_modified, digest=digest))
        return None

    def ask(self, url: str, seen: Seen) -> Ask:
        """What is asked for, and where it may lead: with a key in the clear only to where `allow` says."""
        settings, headers = self._settings, self._secret_headers(url)
        is_readable = bool(headers) and urlsplit(url).scheme != "https"
        return Ask(
            url=url,
            guard=self._line.guard.inward if is_readable else self._line.guard,
            hosts=self._hosts,
            timeout_s=settings.timeout_s,
            most_bytes=settings.most_bytes,
            headers=headers,
            etag=seen.etag,
            last_modified=seen.last_modified,
        )

    def _secret_headers(self, url: str) -> Mapping[str, str]:
        """Only for the server of the url itself."""
        token = self._line.secret.token
        if token is None or origin_of(url) != origin_of(self._settings.url):
            return {}
        header = self._settings.token_header
        return {header: f"Bearer {token}" if header.casefold() == "authorization" else token}


def filled(url: str, each: str, local: datetime) -> str:
    """The url with what stands in braces filled in."""
    values = {"{each}": quote(each, safe=".-_~"), "{today}": f"{local:%Y%m%d}"}
    values["{tomorrow}"] = f"{local + timedelta(days=1):%Y%m%d}"
    for name, value in values.items():
        url = url.replace(name, value)
    return url


def followed(links: Collection[str], pattern: str, hosts: Collection[str]) -> Iterator[str]:
    """Those that match and lead to a host that is named; each once."""
    for link in dict.fromkeys(links):
        there = urlsplit(link)
        is_ours = there.scheme in PORTS and (there.hostname or "") in hosts and there.username is None
        if is_ours and re.search(pattern, link):
            yield link


def run(settings: PollSettings, line: Line, stopping: threading.Event) -> None:
    """Ask until told to stop."""
    poller, failures, is_resting = Poller(settings, line), 0, False
    while not stopping.is_set():
        started_s = time.monotonic()
        wrong = poller.round(stopping)
        took_s = time.monotonic() - started_s
        if wrong is None:
            failures, is_resting = 0, False
            wait_s = max(0.0, settings.every_s - took_s) + random.random() * min(_SPREAD_S, settings.every_s / 10)  # noqa: S311 — only spreads
            line.tell.well(next_try_at=line.clock() + timedelta(seconds=wait_s))
        else:
            failures += 1
            asked_s = wrong.wait_s if isinstance(wrong, Unfetched) else None
            pause = pause_after(failures, settings.every_s, random.random(), asked_s)  # noqa: S311 — only spreads
            wait_s, is_resting = pause.wait_s, pause.is_resting
            sentence = wrong.sentence if isinstance(wrong, Unfetched) else wrong
            line.tell.failed(sentence, next_try_at=line.clock() + timedelta(seconds=wait_s), is_resting=is_resting)
        stopping.wait(wait_s)


def silent_after(settings: PollSettings) -> float:
    """Three rounds missed."""
    round_s = max(1, len(settings.each)) * settings.gap_s + settings.timeout_s
    return 3 * settings.every_s + round_s


TRANSPORT = Transport(
    title=Words(id="Diambil sendiri dari internet", en="Fetched by us"),
    settings=PollSettings,
    run=run,
    silent_s=silent_after,
)
