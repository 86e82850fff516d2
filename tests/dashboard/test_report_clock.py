"""Reports by the clock: when they are due, how they reach a real mail server, and what is told of failures."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dashboard.config import LayarSettings, parse_settings
from dashboard.degraded import Signs, troubles
from dashboard.mail import Letter, MailNotSent, send
from dashboard.report_clock import Rounds
from dashboard.report_due import Standing, delivered, due, failed, newest
from dashboard.report_making import Made
from dashboard.report_settings import MailSettings, ReportSettings, mail_password
from dashboard.report_status import load_standings
from geodata.errors import BadSettings
from layers.situation import Situation

NOW = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)  # 14.40 in Samarinda
PASSWORD = "rahasia-surat"  # noqa: S105 — of the server below
LETTER = Letter(
    id="harian.abc", to=("kepala@kota.go.id",), subject="Laporan harian", text="isi", name="a.pdf",
    content_type="application/pdf", data=b"%PDF-1.4 isi",
)  # fmt: skip


def line(kind="day", **words):
    return ReportSettings(**{"name": "harian", "kind": kind, "folder": "/srv/laporan", **words})


def test_a_report_is_due_once_when_its_time_has_come(ground):
    city = ground.city
    assert newest(line(), NOW, city)[1] == "2026-11-22"
    assert newest(line(at="15:00"), NOW, city)[1] == "2026-11-21"
    assert newest(line("month"), NOW, city)[1] == "2026-10"
    assert newest(line("month"), datetime(2026, 11, 30, 23, 0, tzinfo=UTC), city)[1] == "2026-11"  # 1 December there
    ready_at, at = newest(line("shift"), NOW, city)
    assert ready_at <= NOW < ready_at + timedelta(hours=12)
    assert at.startswith("2026-11-2")
    wanted = next(due([line()], {}, NOW, city)).wanted
    assert (wanted.kind, wanted.at) == ("day", "2026-11-22")
    assert not list(due([line()], {"harian": Standing(name="harian", done="2026-11-22")}, NOW, city))


def test_a_machine_that_was_off_for_long_does_not_send_what_is_old(ground):
    assert not list(due([line("month")], {}, NOW, ground.city))  # due three weeks ago


def test_pauses_between_tries_grow_to_an_hour_and_a_success_forgets_them():
    standing, pauses = Standing(name="harian"), []
    for _ in range(9):
        standing = failed(standing, "x", NOW)
        pauses.append((standing.not_before - NOW) / timedelta(minutes=1))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert delivered(standing, "2026-11-22", NOW).tries == 0


class Box:
    """A mail server's box: what it took, and over which line."""

    def __init__(self):
        self.taken = []

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802 — aiosmtpd's name
        """Take it."""
        self.taken.append((session.ssl is not None, session.auth_data, envelope.rcpt_tos, envelope.content))
        return "250 taken"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 — as above
        """Some addresses are unknown here."""
        if address.startswith("tidak.ada"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 ok"


def knows(_server, _session, _envelope, _mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"layar", PASSWORD.encode())
    return AuthResult(success=known, handled=False, auth_data="layar" if known else None)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_in(tmp_path_factory.mktemp("mail"))


@pytest.fixture
def post(certificate):
    """A mail server that wants STARTTLS and a password; gives its box and our settings for it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    box = Box()
    server = Controller(
        box, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, auth_required=True,
        authenticator=knows,
    )  # fmt: skip
    server.start()
    port = server.server.sockets[0].getsockname()[1]
    settings = MailSettings(
        host="localhost", port=port, sender="layar@kota.go.id", user="layar", ca_file=str(certificate), timeout_s=20
    )
    yield box, settings
    server.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate_in(folder):
    """A key and a certificate for localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def test_a_report_arrives_sealed_and_signed_in_with_its_file(post):
    box, settings = post
    send(LETTER, settings, PASSWORD, NOW)
    is_sealed, who, to, content = box.taken[0]
    mail = message_from_bytes(content, policy=default)
    assert (is_sealed, who, to) == (True, "layar", ["kepala@kota.go.id"])
    assert mail["Subject"] == "Laporan harian"
    assert [part.get_content() for part in mail.iter_attachments()] == [b"%PDF-1.4 isi"]
    assert mail["Message-ID"] == "<harian.abc@kota.go.id>"


def test_a_wrong_password_an_untrusted_server_and_a_refused_address_say_what_to_look_at(post):
    box, settings = post
    with pytest.raises(MailNotSent, match=r"mail-secrets\.toml") as refused:
        send(LETTER, settings, "salah", NOW)
    assert "salah" not in str(refused.value)
    with pytest.raises(MailNotSent, match="sertifikat"):
        send(LETTER, settings.model_copy(update={"ca_file": ""}), PASSWORD, NOW)
    with pytest.raises(MailNotSent, match="menolak semua 1 alamat"):
        send(Letter(**{**fields(LETTER), "to": ("tidak.ada@kota.go.id",)}), settings, PASSWORD, NOW)
    with pytest.raises(MailNotSent, match="menolak 1 dari 2"):
        send(Letter(**{**fields(LETTER), "to": ("a@kota.go.id", "tidak.ada@kota.go.id")}), settings, PASSWORD, NOW)
    assert len(box.taken) == 1


def fields(letter):
    return {name: getattr(letter, name) for name in Letter.__slots__}


def test_no_password_leaves_this_machine_in_the_clear(certificate):
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())  # offers no STARTTLS
    server.start()
    port = server.server.sockets[0].getsockname()[1]
    settings = MailSettings(
        host="localhost", port=port, sender="layar@kota.go.id", user="layar", ca_file=str(certificate)
    )
    try:
        with pytest.raises(MailNotSent, match="STARTTLS"):
            send(LETTER, settings, PASSWORD, NOW)
    finally:
        server.stop()
    assert box.taken == []


def test_a_server_that_is_not_there_is_said_without_its_words():
    settings = MailSettings(host="127.0.0.1", port=1, sender="layar@kota.go.id", security="none")
    with pytest.raises(MailNotSent, match="tidak terjangkau"):
        send(LETTER, settings, None, NOW)


def rounds(data_dir, ground, *, mail=None, maker=None, **words):
    settings = LayarSettings(reports=(line(**words),), mail=mail or MailSettings())
    made = Made(name="layar-day.pdf", data=b"%PDF", fingerprint="abc", title="Laporan harian")
    return Rounds(data_dir, settings, ground.city, "drill", maker or (lambda _due: made), lambda: NOW)


def test_a_report_is_put_into_its_folder_once_and_over_a_restart(tmp_path, ground):
    folder = tmp_path / "laporan"
    rounds(tmp_path, ground, folder=str(folder)).turn()
    assert [path.name for path in folder.iterdir()] == ["layar-day.pdf"]
    (folder / "layar-day.pdf").unlink()
    rounds(tmp_path, ground, folder=str(folder)).turn()  # a new process
    assert not list(folder.iterdir())


def test_a_mail_says_that_it_is_an_exercise(tmp_path, ground, post):
    box, settings = post
    rounds(tmp_path, ground, mail=settings, folder="", mail_to=["kepala@kota.go.id"]).turn(
        {"LAYAR_MAIL_PASSWORD": PASSWORD}
    )
    subject = message_from_bytes(box.taken[0][3], policy=default)["Subject"]
    assert subject.startswith("[LATIHAN] Laporan harian")
    assert load_standings(tmp_path)["harian"].done == "2026-11-22"


def test_what_cannot_be_delivered_is_tried_again_and_said_on_the_wall(tmp_path, ground):
    (tmp_path / "file").write_text("")
    one = rounds(tmp_path, ground, folder=str(tmp_path / "file" / "x"))
    one.turn()
    one.turn()  # in its pause: not tried again
    assert one.standings["harian"].tries == 1
    standing = failed(failed(load_standings(tmp_path)["harian"], "penuh", NOW), "penuh", NOW)
    said = troubles(Situation(ground=ground, layers={}), Signs(reports=(standing,)), {}, 10, NOW)
    assert [trouble.text.id for trouble in said] == ["Laporan harian belum terkirim: penuh"]


@pytest.mark.parametrize(
    "text",
    [
        '[[reports]]\nname = "a"\nkind = "day"', '[[reports]]\nname = "a"\nkind = "day"\nfolder = "laporan"',
        '[[reports]]\nname = "a"\nkind = "day"\nmail_to = ["x"]',
        '[[reports]]\nname = "a"\nkind = "year"\nfolder = "/x"',
        '[mail]\nhost = "surat.kota.go.id"', '[mail]\nhost = "surat.kota.go.id"\nsender = "a@b.id"\nsecurity = "none"',
        '[mail]\nhost = "127.0.0.1"\nsender = "a@b.id"\nsecurity = "none"\nuser = "a"',
        '[[reports]]\nname = "a"\nkind = "day"\nat = "25:00"\nfolder = "/x"',
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(text):
    with pytest.raises(BadSettings):
        parse_settings(text, "layar.toml")


def test_the_password_lies_in_a_file_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "mail-secrets.toml"
    assert mail_password(tmp_path, {}) is None
    path.write_text(f'password = "{PASSWORD}"')
    path.chmod(0o644)
    with pytest.raises(BadSettings, match="chmod 600"):
        mail_password(tmp_path, {})
    path.chmod(0o600)
    assert mail_password(tmp_path, {}) == PASSWORD
    path.write_text(f"password = {PASSWORD}")
    with pytest.raises(BadSettings) as wrong:
        mail_password(tmp_path, {})
    assert PASSWORD not in str(wrong.value)
