"""One look at a line of [[feeds]]: what it would bring. Nothing is kept, and nothing is taken from the sender.

For `layar feeds test`, and for the button at the desk.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dashboard.feed_lines import Joiner
from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Feed, Rejected
from layers.ingest import Item, Receipt
from layers.layer import Words
from layers.line_run import addressed
from layers.transport import LineSettings

_KEY = b"a look at what would come in: kept nowhere"
_END_S = 2.0
_MOST_BROUGHT = 50


@dataclass(slots=True)
class Trial:
    """Takes what one look brings; of a sender that goes on and on the first payloads alone."""

    feed: Feed
    stopping: threading.Event
    brought: list[tuple[bytes, list[Event | Rejected] | str]] = field(default_factory=list)
    wrong: Words | None = None

    def __call__(self, payload: bytes, *, received: datetime, topic: str = "") -> Receipt:
        """As `Deliver` says."""
        said = addressed(self.feed, payload, topic)
        try:
            news: list[Event | Rejected] | str = list(self.feed.parse(self.feed.seal(said, _KEY), received))
        except BadPayload as error:
            news = str(error)
        self.brought.append((payload, news))
        if len(self.brought) >= _MOST_BROUGHT:
            self.stopping.set()
        return Receipt(cursor=0, items=() if isinstance(news, str) else (Item(outcome="known"),))

    def well(self, *, next_try_at: datetime | None = None) -> None:  # noqa: ARG002 — as Tell has it
        """It answers: one look is enough, unless it only listens and nothing has come yet."""
        if self.brought:
            self.stopping.set()

    def failed(self, sentence: Words, *, next_try_at: datetime | None = None, is_resting: bool = False) -> None:  # noqa: ARG002 — as Tell has it
        """It does not."""
        self.wrong = sentence
        self.stopping.set()


def look(joiner: Joiner, line: LineSettings, known: Mapping[str, Feed], within_s: float) -> Trial:
    """Raises BadSettings when the line's secrets cannot be read."""
    trial = Trial(feed=known[line.feed], stopping=threading.Event())
    ready = joiner.line(line, trial, trial, is_trial=True)
    arguments = (ready.settings, ready.line, trial.stopping)
    runner = threading.Thread(target=ready.transport.run, args=arguments, name=f"trial {line.name}", daemon=True)
    runner.start()
    trial.stopping.wait(within_s)
    trial.stopping.set()
    runner.join(_END_S)
    return trial
