"""`POST /api/v1/hooks/<name>`: systems that sign what they send instead of holding a token."""

import threading
from collections import OrderedDict
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import Unauthorized

from dashboard.api import mode_of, told
from dashboard.auth import ANYONE, Access
from dashboard.rates import Rates
from dashboard.services import Services
from dashboard.webhooks_book import HookBook
from dashboard.webhooks_sign import WINDOW_S, new_secret, verified

ACCESS: Access = {"api_hook": ANYONE}
"""The signature is the key: it is checked before anything of the body is looked at."""

_MOST_REMEMBERED = 20_000


class Remembered:
    """Ids of messages that were taken, for as long as they could be replayed: each is taken once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until_s: OrderedDict[tuple[str, str], float] = OrderedDict()

    def is_known(self, key: tuple[str, str], now_s: float) -> bool:
        """Whether it was taken already."""
        with self._lock:
            return self._until_s.get(key, float("-inf")) > now_s

    def note(self, key: tuple[str, str], now_s: float) -> None:
        """It is taken; the oldest are forgotten when there are too many."""
        with self._lock:
            self._until_s[key] = now_s + 2 * WINDOW_S
            while len(self._until_s) > _MOST_REMEMBERED:
                self._until_s.popitem(last=False)


def register(server: Flask, services: Services, data_dir: Path) -> None:
    """Add the route. A name nobody has and a wrong signature are answered alike, after the same work."""
    book, remembered, stranger = HookBook(data_dir), Remembered(), new_secret()
    rates = Rates(services.settings.server.ingest_per_s, services.hub.around.seconds)

    def hook(name: str) -> Response:
        found = book.incoming(name)
        body, now = request.get_data(cache=False), services.clock()
        message = verified(found.secret if found else stranger, dict(request.headers), body, now.timestamp())
        if found is None or message is None:
            raise Unauthorized
        key = (name, message.id)
        if remembered.is_known(key, now.timestamp()):
            return Response(b'{"outcome": "known"}', content_type="application/json")
        rates.take(name)
        mode = mode_of(services.mode, found.mode)
        receipt = services.door.accept(body, feed=found.feed, client=name, received=now, mode=mode)
        remembered.note(key, now.timestamp())
        return told(receipt)

    server.add_url_rule("/api/v1/hooks/<name>", "api_hook", hook, methods=["POST"])
