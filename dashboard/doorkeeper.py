"""What signing in needs, in one place: who may come in, whose session it is, and who tried too often."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.accounts import Accounts
from dashboard.attempts import Attempts
from dashboard.audit import Audit
from dashboard.sessions import Sessions

_TRIES_PER_NAME, _NAME_WAITS_S = 10, 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorkeeper:
    """The same for every form that asks for a password."""

    accounts: Accounts
    sessions: Sessions
    audit: Audit
    by_address: Attempts
    by_name: Attempts


def doorkeeper(accounts: Accounts, sessions: Sessions, audit: Audit, clock_s: Callable[[], float]) -> Doorkeeper:
    """With nobody's wrong tries yet."""
    return Doorkeeper(
        accounts=accounts,
        sessions=sessions,
        audit=audit,
        by_address=Attempts(clock_s),
        by_name=Attempts(clock_s, _TRIES_PER_NAME, _NAME_WAITS_S),
    )
