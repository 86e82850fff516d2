"""A feed tried at the desk: one look at its sender, beside the work of the centre; the result in plain words.

Two go on at most, each for twenty seconds; nobody asks the same sender again within ten.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.feed_lines import Joiner
from dashboard.feed_trial import Trial, look
from dashboard.operate import Look, both
from dashboard.operate_reasons import reason_words
from dashboard.operate_veil import veiled
from dashboard.services import Services
from geodata.errors import BadInput, LayarError
from layers.feed import Rejected
from layers.layer import Words
from layers.transport import LineSettings

LISTENING = frozenset({"tcp", "udp"})
"""These wait for whoever sends, on a port that the feed process has already: there is nothing to ask."""

WITHIN_S = 20.0
_AGAIN = timedelta(seconds=10)
_OVERDUE = timedelta(seconds=2 * WITHIN_S)
_KEPT_S = 3_600
_MOST_AT_ONCE = 2
_LONGEST = 300
_NO_SECRET = both(
    "rahasianya tidak terbaca; jalankan layar feeds list", "its secret cannot be read; run layar feeds list"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`said`: None while it goes on."""

    began_at: datetime
    said: Words | None = None

    def is_on(self, now: datetime) -> bool:
        """Whether its result is still to come; one that is long overdue has died."""
        return self.said is None and now - self.began_at < _OVERDUE


def tried(look_: Look, name: str) -> Tried | None:
    """The newest trial of that line, of the last hour."""
    found: Tried | None = look_.services.cache.get(_key(name))
    return found


def begin(look_: Look, line: LineSettings) -> None:
    """Returns at once. Raises BadInput while it, or two others, are tried."""
    before, now = tried(look_, line.name), look_.now
    if before is not None and (before.is_on(now) or now - before.began_at < _AGAIN):
        raise BadInput("it is being tried already; wait for the result", field="key")
    others = (tried(look_, one.name) for one in look_.services.settings.feeds)
    if sum(one is not None and one.is_on(now) for one in others) >= _MOST_AT_ONCE:
        raise BadInput("two others are being tried; wait for them", field="key")
    _note(look_.services, line, Tried(began_at=now))
    arguments = (look_.services, line, now)
    threading.Thread(target=_try, args=arguments, name=f"trial of {line.name}", daemon=True).start()


def _key(name: str) -> str:
    return f"desk-trial:{name}"


def _note(services: Services, line: LineSettings, found: Tried) -> None:
    services.cache.set(_key(line.name), found, timeout=_KEPT_S)


def _try(services: Services, line: LineSettings, began_at: datetime) -> None:
    joiner = Joiner(
        settings=services.settings, data_dir=services.data_dir, city=services.ground.city, clock=services.clock
    )
    try:
        found = outcome(look(joiner, line, services.feeds, WITHIN_S))
    except LayarError:  # its words may name a file, or a line of it
        found = _NO_SECRET
    _note(services, line, Tried(began_at=began_at, said=found))


def outcome(trial: Trial) -> Words:
    """What one look has shown, without what nobody at the desk needs to read."""
    if trial.wrong is not None:
        return both(_harmless(trial.wrong.id), _harmless(trial.wrong.en))
    if not trial.brought:
        return both(f"tidak ada yang datang dalam {WITHIN_S:g} detik", f"nothing came within {WITHIN_S:g} seconds")
    unread = next((news for _, news in trial.brought if isinstance(news, str)), None)
    if unread is not None:
        why = reason_words(_harmless(unread))
        return both(f"datang, tetapi tidak terbaca: {why.id}", f"it came and cannot be read: {why.en}")
    items = [one for _, news in trial.brought if not isinstance(news, str) for one in news]
    refused = [one for one in items if isinstance(one, Rejected)]
    taken = Counter(one.fact.kind for one in items if not isinstance(one, Rejected))
    return _counted(taken, refused)


def _counted(taken: Mapping[str, int], refused: list[Rejected]) -> Words:
    kinds = ", ".join(f"{count} {kind}" for kind, count in taken.items()) or "0"
    if not refused:
        return both(f"menjawab, terbaca: {kinds}", f"it answers; read: {kinds}")
    why = reason_words(_harmless(refused[0].reason))
    return both(
        f"menjawab, terbaca: {kinds}; {len(refused)} ditolak, yang pertama: {why.id}",
        f"it answers; read: {kinds}; {len(refused)} refused, the first: {why.en}",
    )


def _harmless(said: str) -> str:
    return veiled(said[:_LONGEST]).text
