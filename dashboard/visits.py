"""MODE TAMU: while a visit lasts, whoever looks from a screen is a visitor, whatever key that screen holds.

The server keeps it, not the page and not the cookie: so no other tab, no copied cookie, no stream that was open before
and no restart shows more. It holds for every screen of a wall whose key is bound to it, else for one signed-in browser,
else for all that look without a key.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from dashboard.auth import ANONYMOUS, GUEST, Principal
from dashboard.config import AccessSettings
from dashboard.secret_book import SecretBook
from geodata.clock import Clock, epoch_s

FILE_NAME = "visits.json"
_DAY_S = 86_400
_OF_A_BROWSER = "browser:"


@dataclass(frozen=True, slots=True)
class Visit:
    """`of` is what is a visitor's for now (`scope_of`), `by` who began it."""

    of: str
    since_s: float
    by: str


_FILE = TypeAdapter(tuple[Visit, ...])


class Visits:
    """Which screens are visitors' for now. Every method may be called from any thread."""

    def __init__(self, data_dir: Path, clock: Clock, settings: AccessSettings) -> None:
        self._book = SecretBook(data_dir / FILE_NAME, _FILE, "delete it, and screens show again what their keys open")
        self._clock = clock
        self._longest_s = settings.session_days * _DAY_S

    def of(self, scope: str | None) -> Visit | None:
        """The visit that goes on there. Raises BadSettings while the file is damaged: then nobody is shown anything."""
        return next((one for one in self._book.all() if one.of == scope), None)

    def begin(self, scope: str, by: str) -> Visit:
        """From now on; one that goes on already goes on."""
        visit = self.of(scope) or Visit(of=scope, since_s=epoch_s(self._clock()), by=by)
        self._book.change(lambda known: (*(one for one in known if one.of != scope and self._may_matter(one)), visit))
        return visit

    def end(self, scope: str) -> None:
        """The screen shows again what its key opens."""
        self._book.change(lambda known: tuple(one for one in known if one.of != scope))

    def lowered(self, asks: Principal, session: str | None) -> Principal:
        """Who asks, as long as the visit lasts: without a name, an agency or an account of their own."""
        scope = scope_of(asks, session)
        if scope is None or self.of(scope) is None:
            return replace(asks, screen=scope)
        return replace(asks, screen=scope, name=GUEST, role="visitor", is_guest=True, is_user=False, agency=None)

    def holds(self, asks: Principal) -> bool:
        """Whether who was let in so may still see what they were let in to see."""
        return asks.screen is None or (self.of(asks.screen) is not None) == asks.is_guest

    def _may_matter(self, visit: Visit) -> bool:
        """A browser's session ends one day, and with it the visit."""
        return not visit.of.startswith(_OF_A_BROWSER) or epoch_s(self._clock()) - visit.since_s < self._longest_s


def scope_of(asks: Principal, session: str | None) -> str | None:
    """What becomes a visitor's together; None for a machine with a token of its own, which nobody looks at."""
    if asks.role is None or asks.role == "ingest":
        return None
    if asks.wall is not None:
        return f"wall:{asks.wall}"
    if asks.is_by_cookie and session:
        return f"{_OF_A_BROWSER}{session}"
    return ANONYMOUS if asks.name == ANONYMOUS else None
