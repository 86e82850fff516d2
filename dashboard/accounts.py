"""Accounts: tokens and users behind one word, as sessions and open streams ask for them."""

from dataclasses import dataclass

from dashboard.tokens import Token, TokenBook
from dashboard.users import User, UserBook

Account = Token | User


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Everybody who may come in."""

    tokens: TokenBook
    users: UserBook

    def of(self, proof: str) -> Account | None:
        """Whom a session speaks of; None once it is worth nothing any more."""
        kind, _, rest = proof.partition(".")
        if kind == "t":
            return self.tokens.with_id(rest)
        id_, _, stamp = rest.partition(".")
        return self.users.with_proof(id_, stamp) if kind == "u" else None

    def stands(self, proof: str) -> bool:
        """Whether what was granted on this proof still holds; who came without one holds nothing that could end."""
        return not proof or self.of(proof) is not None

    def is_free(self, name: str) -> bool:
        """Whether neither a token nor a user has this name: it stands in the audit for one of them."""
        return self.users.named(name) is None and all(token.name != name for token in self.tokens.tokens())
