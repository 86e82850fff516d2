"""What signing in needs, in one place: who may come in, whose session it is, and who tried too often."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.accounts import Accounts
from dashboard.attempts import Attempts
from dashboard.audit import Audit
from dashboard.oidc import Provider
from dashboard.sessions import Sessions
from geodata.clock import Clock

_TRIES_PER_NAME, _NAME_WAITS_S = 10, 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorkeeper:
    """The same for every way in. `provider`: the city's own sign-in, where there is one."""

    accounts: Accounts
    sessions: Sessions
    audit: Audit
    by_address: Attempts
    by_name: Attempts
    provider: Provider | None
    clock: Clock
    clock_s: Callable[[], float]


def doorkeeper(  # noqa: PLR0913, PLR0917 — all that a door is made of
    accounts: Accounts,
    sessions: Sessions,
    audit: Audit,
    clock: Clock,
    clock_s: Callable[[], float],
    provider: Provider | None,
) -> Doorkeeper:
    """With nobody's wrong tries yet."""
    return Doorkeeper(
        accounts=accounts,
        sessions=sessions,
        audit=audit,
        by_address=Attempts(clock_s),
        by_name=Attempts(clock_s, _TRIES_PER_NAME, _NAME_WAITS_S),
        provider=provider,
        clock=clock,
        clock_s=clock_s,
    )
