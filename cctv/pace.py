"""Which of the pictures streaming by is due: about one per period, the others are passed over undecoded."""

_SLACK = 0.25


class Pace:
    """A picture is due a period after the last one taken, or a little before.

    The little is for streams whose keyframes come exactly once per period: with none, every second one would be
    missed by a hair.
    """

    def __init__(self, period_s: float) -> None:
        self._wait_s = period_s * (1 - _SLACK)
        self._due_s = float("-inf")

    def takes(self, now_s: float) -> bool:
        """Whether this picture, here at `now_s`, is to be taken."""
        if now_s < self._due_s:
            return False
        self._due_s = now_s + self._wait_s
        return True
