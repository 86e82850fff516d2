"""One mail with one file, over a sealed line. It fails; who calls it tries again.

Nothing of the report stands in the text or the subject but its name: mail servers keep both.
"""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from dashboard.report_settings import MailSettings
from geodata.errors import LayarError

_PERMANENT = 500


class MailNotSent(LayarError):
    """The mail server did not take it; `str` says why, without the password and without an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent. `id` is the same at every try, so that a server may know a mail that comes twice."""

    id: str
    to: tuple[str, ...]
    subject: str
    text: str
    name: str
    content_type: str
    data: bytes = field(repr=False)


def message_of(letter: Letter, settings: MailSettings, now: datetime) -> EmailMessage:
    """As it travels."""
    message = EmailMessage()
    message["From"], message["To"] = settings.sender, ", ".join(letter.to)
    message["Subject"], message["Date"] = letter.subject, format_datetime(now)
    message["Message-ID"] = f"<{letter.id}@{settings.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    main, _, sub = letter.content_type.partition("/")
    message.add_attachment(letter.data, maintype=main, subtype=sub, filename=letter.name)
    return message


def send(letter: Letter, settings: MailSettings, password: str | None, now: datetime) -> None:
    """Raises MailNotSent. Everybody gets it, or it counts as not sent."""
    try:
        with _line(settings) as server:
            if settings.user and password:
                server.login(settings.user, password)
            refused = server.send_message(message_of(letter, settings, now), settings.sender, list(letter.to))
    except smtplib.SMTPAuthenticationError:
        raise MailNotSent("server surat menolak pengguna atau sandi; periksa mail-secrets.toml") from None
    except smtplib.SMTPNotSupportedError:
        raise MailNotSent("server surat tidak menawarkan STARTTLS atau masuk; periksa [mail] security") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise MailNotSent(f"server surat menolak semua {len(error.recipients)} alamat") from None
    except smtplib.SMTPResponseException as error:
        kind = "menolak" if error.smtp_code >= _PERMANENT else "menunda"
        raise MailNotSent(f"server surat {kind} surat (kode {error.smtp_code})") from None
    except ssl.SSLError:
        raise MailNotSent("sertifikat server surat tidak dipercaya; periksa [mail] host dan ca_file") from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(f"server surat tidak terjangkau ({type(error).__name__})") from None
    if refused:
        raise MailNotSent(f"server surat menolak {len(refused)} dari {len(letter.to)} alamat")


def _line(settings: MailSettings) -> smtplib.SMTP:
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout_s, context=_context(settings))
    server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s)
    if settings.security == "starttls":
        try:
            server.starttls(context=_context(settings))
        except BaseException:
            server.close()
            raise
    return server


def _context(settings: MailSettings) -> ssl.SSLContext:
    """Certificates are always checked, and the name in them."""
    return ssl.create_default_context(cafile=settings.ca_file or None)
