"""The thread that seals: small steps, with as much rest as work between them, so that it is never in the way."""

import threading
import time
from datetime import timedelta

import structlog

from geodata.clock import Clock
from geodata.errors import StoreUnavailable
from layers.store.store import Store

_LOOK_EVERY_S = 20.0
_REST_AFTER_TROUBLE_S = 60.0
_MOST_REST_S = 1.0
_LOG = structlog.get_logger()


class Sealer:
    """Moves positions into blocks once they are `after` old. Any number of processes may have one."""

    def __init__(self, store: Store, clock: Clock, after: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._after = after
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealer", daemon=True)

    def start(self) -> None:
        """Begin; never before a fork."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the step that is being done."""
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        rest_s = 0.0
        while not self._stopping.wait(rest_s):
            rest_s = self._step()

    def _step(self) -> float:
        """One step; gives how long to rest after it."""
        began_s = time.monotonic()
        try:
            moved = self._store.seal(self._clock() - self._after)
        except StoreUnavailable as error:
            _LOG.warning("sealing_put_off", reason=str(error))
            return _REST_AFTER_TROUBLE_S
        except Exception:  # noqa: BLE001 — edge: one odd row must not end the sealing of all; it is tried again
            _LOG.exception("sealing_failed")
            return _REST_AFTER_TROUBLE_S
        return min(time.monotonic() - began_s, _MOST_REST_S) if moved else _LOOK_EVERY_S
