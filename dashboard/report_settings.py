"""[[reports]] and [mail]: which reports are made by the clock, and where they go."""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from dashboard.report_wanted import Format
from dashboard.report_words import Lang
from dashboard.secret_file import secret_in
from geodata.settings import Settings

SECRETS_NAME = "mail-secrets.toml"
_ADDRESS = re.compile(r"[^@\s<>,;:\"\\]{1,64}@[A-Za-z0-9.-]{1,190}")
_MOST_ADDRESSES = 20


class ReportSettings(Settings):
    """[[reports]] one report that is made by the clock."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$", description="short key: small letters, digits, -")
    kind: Literal["shift", "day", "month"] = Field(description="of the last shift, day or month that is over")
    at: str = Field(
        default="06:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="when, by the city's clock; a shift's report is made when the shift ends",
    )
    format: Format = Field(default="pdf", description="pdf, png, xlsx or geojson")
    lang: Lang = Field(default="id", description="what it is written in: id or en")
    agency: str = Field(default="", max_length=60, description="id of the only agency it is of; empty: of all")
    publishable: bool = Field(default=False, description="counts alone, without personal data")
    folder: str = Field(default="", description="whole path of the folder it is put into; empty: into none")
    mail_to: tuple[str, ...] = Field(default=(), description="addresses it is sent to; needs [mail]")

    @field_validator("mail_to")
    @classmethod
    def _are_addresses(cls, said: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [one for one in said if not _ADDRESS.fullmatch(one)]
        if wrong or len(said) > _MOST_ADDRESSES:
            raise ValueError(f"{wrong[0][:60]!r} is no address" if wrong else f"at most {_MOST_ADDRESSES} addresses")
        return said

    @model_validator(mode="after")
    def _goes_somewhere(self) -> "ReportSettings":
        if not self.folder and not self.mail_to:
            raise ValueError("say a folder or mail_to: a report has to go somewhere")
        if self.folder and not Path(self.folder).is_absolute():
            raise ValueError("folder: say the whole path of the folder")
        return self


class MailSettings(Settings):
    """[mail] the server that sends reports; its password lies in mail-secrets.toml, readable by its owner alone."""

    host: str = Field(default="", description="name of the mail server; empty: no mail is sent")
    port: int = Field(default=587, ge=1, le=65535, description="its port: 587 for starttls, 465 for tls")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the line is sealed; none only for a server on this machine"
    )
    sender: str = Field(default="", description="address that the mails come from")
    user: str = Field(default="", description="who signs in there; empty: nobody does")
    ca_file: str = Field(default="", description="certificates of your own authority; empty: those of the system")
    timeout_s: float = Field(default=20, ge=1, le=120, description="seconds to wait for the server")

    @model_validator(mode="after")
    def _is_whole(self) -> "MailSettings":
        if not self.host:
            return self
        if not _ADDRESS.fullmatch(self.sender):
            raise ValueError("sender: say the address that the mails come from")
        if self.security == "none" and (self.user or not _is_here(self.host)):
            raise ValueError("security: without it only to a server on this machine, and without a user")
        return self


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def mail_password(data_dir: Path, environment: Mapping[str, str]) -> str | None:
    """`password` of DIR/mail-secrets.toml (0600), or LAYAR_MAIL_PASSWORD, which wins. Raises BadSettings."""
    return secret_in(data_dir / SECRETS_NAME, "password", environment, "LAYAR_MAIL_PASSWORD")
