"""The same trouble is logged at most once a minute, with how often it came."""

import threading

_MOST = 5000


class Complaints:
    """Counts what is not said. May be shared by threads."""

    def __init__(self, every_s: float = 60.0) -> None:
        self._every_s = every_s
        self._lock = threading.Lock()
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def times(self, camera_id: str, trouble: str, now_s: float) -> int:
        """How often it happened since it was last said; 0 when it is not to be said now."""
        key = (camera_id, trouble)
        with self._lock:
            said_s, unsaid = self._said.get(key, (float("-inf"), 0))
            if now_s - said_s < self._every_s:
                self._said[key] = (said_s, unsaid + 1)
                return 0
            if len(self._said) >= _MOST:
                self._said.clear()  # nothing is lost but counts
            self._said[key] = (now_s, 0)
            return unsaid + 1
