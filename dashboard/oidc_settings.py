"""[oidc]: signing in through the city's own provider, and which of its groups may do what here."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from dashboard.secret_file import secret_in
from geodata.settings import Settings

SECRETS_NAME = "oidc-secrets.toml"
CALLBACK = "/login/oidc/callback"
_MOST_GROUPS = 50
_GROUPS = "groups whose people are {role} here"


class OidcRoles(Settings):
    """[oidc.roles] which groups of the provider may do what; the first line that fits counts, else nobody gets in."""

    admin: tuple[str, ...] = Field(default=(), max_length=_MOST_GROUPS, description=_GROUPS.format(role="admin"))
    supervisor: tuple[str, ...] = Field(
        default=(), max_length=_MOST_GROUPS, description=_GROUPS.format(role="supervisor")
    )
    operator: tuple[str, ...] = Field(default=(), max_length=_MOST_GROUPS, description=_GROUPS.format(role="operator"))
    head: tuple[str, ...] = Field(default=(), max_length=_MOST_GROUPS, description=_GROUPS.format(role="head"))
    visitor: tuple[str, ...] = Field(default=(), max_length=_MOST_GROUPS, description=_GROUPS.format(role="visitor"))


class OidcSettings(Settings):
    """[oidc] people sign in through the city's provider (OpenID Connect); its secret lies in oidc-secrets.toml."""

    issuer: str = Field(default="", max_length=300, description="address of the provider, as it says it; empty: none")
    client_id: str = Field(default="", max_length=200, description="what the provider calls this server")
    url: str = Field(
        default="",
        max_length=300,
        description=f"address of this server in a browser; with the provider it ends in {CALLBACK}",
    )
    name: str = Field(default="SSO", min_length=1, max_length=40, description="what the button calls the provider")
    scopes: tuple[str, ...] = Field(default=("openid", "profile", "email"), description="what it is asked to tell")
    name_claim: str = Field(
        default="preferred_username", min_length=1, max_length=80, description="where it says the person's name"
    )
    group_claim: str = Field(
        default="groups", min_length=1, max_length=200, description="where it says the groups; a dot goes deeper"
    )
    agency_claim: str = Field(
        default="",
        max_length=200,
        description="where it says the agency of a head; empty: heads see every agency",
    )
    ca_file: str = Field(default="", description="certificates of your own authority; empty: those of the system")
    timeout_s: float = Field(default=5, ge=1, le=30, description="seconds to wait for the provider")
    roles: OidcRoles = OidcRoles()

    @model_validator(mode="after")
    def _is_whole(self) -> "OidcSettings":
        if not self.issuer:
            return self
        for key, address in (("issuer", self.issuer), ("url", self.url)):
            if not is_sealed(address):
                raise ValueError(f"{key}: an https address; http only on this machine")
        if not self.client_id or "openid" not in self.scopes:
            raise ValueError('say client_id, and "openid" among the scopes')
        if not any(self.roles.model_dump().values()):
            raise ValueError("roles: say in [oidc.roles] which group may do what, or nobody gets in")
        return self

    @property
    def callback(self) -> str:
        """Where the provider sends browsers back to."""
        return self.url.rstrip("/") + CALLBACK


def is_sealed(address: object) -> bool:
    """Whether what goes there is read by nobody on the way: TLS, or this machine."""
    if not isinstance(address, str) or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (
        bool(host) and not parts.username and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))
    )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def client_secret(data_dir: Path, environment: Mapping[str, str]) -> str | None:
    """`client_secret` of DIR/oidc-secrets.toml (0600), or LAYAR_OIDC_SECRET, which wins. Raises BadSettings."""
    return secret_in(data_dir / SECRETS_NAME, "client_secret", environment, "LAYAR_OIDC_SECRET")
