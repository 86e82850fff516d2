"""RTSP over TLS: a real camera behind a certificate, read by our client and by FFmpeg through the relay."""

import socket
import ssl
import threading
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from rtsp_farm import Clip

from cctv.picture import renditions
from cctv.rtsp.ffmpeg import opened
from cctv.sources.rtsp import SOURCE
from geodata.errors import CameraLost

PATIENT = {"open_timeout_s": 15.0, "read_timeout_s": 15.0}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a key and a certificate for localhost that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.TraditionalOpenSSL
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "camera.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def carry(source, target):
    """All that comes from one side to the other, until either is gone."""
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


@contextmanager
def behind_tls(certificate, port):
    """The camera of that port, as one that speaks TLS alone. Gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ExitOnClose(("127.0.0.1", 0)) as door:

        def meet(connection):
            with (
                suppress(OSError),
                context.wrap_socket(connection, server_side=True) as outside,
                socket.create_connection(("127.0.0.1", port), timeout=60) as inside,
            ):
                back = threading.Thread(target=carry, args=(inside, outside))
                back.start()
                carry(outside, inside)
                back.join(60)

        def serve():
            with suppress(OSError):
                while True:
                    threading.Thread(target=meet, args=(door.accept()[0],), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield door.getsockname()[1]


class ExitOnClose(socket.socket):
    """A listening socket whose `accept` ends with it."""

    def __init__(self, address):
        super().__init__()
        self.bind(address)
        self.listen(8)

    def __exit__(self, *error):
        with suppress(OSError):
            self.shutdown(socket.SHUT_RDWR)
        super().__exit__(*error)


@pytest.fixture
def url(certificate, rtsp_farm):
    """A camera with a keyframe each half second."""
    farm = rtsp_farm(1, Clip(gop=8))
    with behind_tls(certificate, farm.port) as port:
        yield f"rtsps://localhost:{port}/0"


def test_our_client_reads_a_camera_whose_certificate_is_trusted(certificate, url, reach_to, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with SOURCE.open(reach_to(url, "rtsp", **PATIENT)) as pictures:
        taken = [next(pictures) for _ in range(2)]
    assert {(one.rung.name, renditions(one).width) for one in taken} == {("tap", 640)}


def test_ffmpeg_reads_it_through_the_relay_without_a_certificate_of_its_own(certificate, url, reach_to, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    container, relay = opened(reach_to(url, "rtsp", **PATIENT), "1000000")
    with closing(relay), closing(container):
        relay.is_steady = True
        frames = [frame for frame, _ in zip(container.decode(video=0), range(20), strict=False)]
    assert len(frames) == 20
    assert frames[0].width == 640


def test_a_certificate_that_nobody_vouches_for_is_named(url, reach_to):
    with pytest.raises(CameraLost) as lost, SOURCE.open(reach_to(url, "rtsp", **PATIENT)) as pictures:
        next(pictures)
    assert lost.value.fault == "bad_certificate"
