"""What can be wrong with a camera, in one sentence each: what it is, and what to try. Never a URL, never a secret.

Sources raise `Broken(fault)` or let the system's errors pass; `lost_as` turns all of them into CameraLost where
the source meets the rest of the product. Nothing else of an error is carried on: FFmpeg's and the socket's
messages hold URLs, and a URL may hold a password.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from geodata.errors import CameraLost

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One fault as the operator reads it, in the wall's two languages."""

    id: str
    en: str


FAULTS: Mapping[str, Sentence] = MappingProxyType(
    {
        "broken": Sentence(
            "kamera gagal dibaca; lihat log proses kamera", "cannot be read; see the camera process's log"
        ),
        "refused": Sentence(
            "kamera menolak sambungan; periksa alamat dan port",
            "refuses the connection; check its address and port",
        ),
        "timed_out": Sentence(
            "kamera tidak menjawab; periksa daya dan jaringan", "does not answer in time; check its power and network"
        ),
        "mute": Sentence(
            "kamera tersambung tetapi tidak menjawab; coba hidupkan ulang",
            "is reached but does not answer; try to restart it",
        ),
        "unreachable": Sentence(
            "jaringan ke kamera putus; periksa kabel dan switch", "cannot be reached; check cable and switch"
        ),
        "unknown_host": Sentence(
            "nama kamera tidak dikenal jaringan; periksa alamatnya", "its name is not known to the network; check it"
        ),
        "wrong_password": Sentence(
            "kamera menolak sandi; perbaiki sandinya di halaman Kamera",
            "refuses the password; correct it on the camera page",
        ),
        "not_found": Sentence(
            "kamera tidak mengenal alamat gambar ini; periksa URL", "does not know this path; check its URL"
        ),
        "camera_error": Sentence(
            "kamera menjawab dengan galat; coba hidupkan ulang", "answers with an error of its own; try to restart it"
        ),
        "redirected": Sentence(
            "kamera mengalihkan ke alamat lain; tulis alamat akhirnya", "sends us elsewhere; list its final address"
        ),
        "garbled": Sentence(
            "jawaban kamera tidak terbaca; periksa jenis dan port", "its answer makes no sense; check kind and port"
        ),
        "no_video": Sentence("aliran kamera tanpa video; periksa URL", "its stream holds no video; check its URL"),
        "unknown_codec": Sentence(
            "format video tidak dikenal; pilih H.264 di kamera",
            "its video codec is unknown; choose H.264 in the camera",
        ),
        "no_keyframes": Sentence(
            "bingkai kunci terlalu jarang; atur jaraknya 2 detik di kamera",
            "its keyframes are too rare; set their interval to 2 s in the camera",
        ),
        "stalled": Sentence(
            "aliran kamera berhenti di tengah jalan; periksa jaringan", "stopped sending; check its network"
        ),
        "ended": Sentence("kamera menutup sambungan; coba hidupkan ulang", "closed the connection; try to restart it"),
        "not_a_picture": Sentence(
            "yang dikirim kamera bukan gambar utuh; periksa URL", "sends what is no whole picture; check its URL"
        ),
        "truncated": Sentence(
            "gambar terpotong di jalan; periksa jaringan", "its picture arrived cut short; check its network"
        ),
        "too_large": Sentence(
            "gambar terlalu besar; kecilkan resolusi di kamera", "its picture is too large; lower its resolution"
        ),
        "bad_certificate": Sentence(
            "sertifikat kamera tidak dipercaya; pasang sertifikatnya", "its certificate is not trusted; install it"
        ),
        "forbidden_address": Sentence(
            "alamat kamera di luar jaringan yang diizinkan; periksa alamat atau [cameras] allow",
            "its address is outside the networks allowed; check it, or [cameras] allow",
        ),
        "no_onvif": Sentence(
            "kamera tidak menjawab ONVIF; periksa port, atau nyalakan ONVIF di kamera",
            "does not answer as ONVIF asks; check the port, or turn ONVIF on in the camera",
        ),
        "no_file": Sentence(
            "berkas gambar tidak ada; periksa alamatnya", "there is no such picture file; check its path"
        ),
        "forbidden_file": Sentence(
            "berkas di luar folder yang diizinkan; pindahkan ke folder data",
            "its file is outside the folders allowed; move it into the data folder",
        ),
        "loop_live": Sentence(
            "rekaman bukan gambar langsung; hapus ?loop=1, atau jalankan dengan --mode drill",
            "plays a recording as if it were now; take ?loop=1 out, or run with --mode drill",
        ),
        "port_taken": Sentence(
            "port penerima di server ini terpakai; pilih port lain",
            "the port it sends to is in use on this server; choose another",
        ),
        "encrypted": Sentence(
            "aliran kamera terenkripsi; matikan enkripsi HLS di server videonya",
            "its stream is encrypted; switch HLS encryption off in the video server",
        ),
        "no_source": Sentence(
            "jenis kamera ini tidak dikenal; periksa kolom kind", "no source can open this kind; check the column kind"
        ),
        "bad_secrets": Sentence(
            "berkas sandi kamera tidak terbaca; jalankan layar cameras list",
            "the file of camera credentials cannot be read; run layar cameras list",
        ),
        "no_room": Sentence(
            "gambar tidak dapat disimpan; periksa ruang disk",
            "its picture cannot be stored; check the room on the disk",
        ),
        "silent": Sentence("tidak ada gambar baru; sambungan diulang", "no new picture; trying again"),
        "slow": Sentence("gambar datang terlambat; periksa jaringan", "its pictures come late; check its network"),
    }
)


class Broken(Exception):
    """A fault of a camera, inside `cctv` only; `lost_as` makes it a CameraLost."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def camera_lost(camera_id: str, fault: str) -> CameraLost:
    """The one way this product words the loss of a camera."""
    return CameraLost(f"camera {camera_id}: {FAULTS[fault].en}", fault=fault)


def sentence(fault: str) -> Sentence:
    """What to tell the operator; a stranger's fault is told as the general one."""
    return FAULTS.get(fault, FAULTS["broken"])


def lost_as(camera_id: str, action: Callable[[], T]) -> T:
    """Do it; whatever goes wrong becomes CameraLost, with nothing of the original error."""
    try:
        return action()
    except (Broken, OSError, ValueError, EOFError, ArithmeticError, LookupError) as error:
        fault = error.fault if isinstance(error, Broken) else fault_of(error)
    raise camera_lost(camera_id, fault)  # out here, so that the original is not even kept as its context


def each_lost_as(camera_id: str, pictures: Iterator[T]) -> Iterator[T]:
    """The same for an iterator: only what goes wrong in getting the next picture, not in using it."""
    while (picture := lost_as(camera_id, lambda: next(pictures, None))) is not None:
        yield picture


def fault_of(error: Exception) -> str:
    """The fault that an error of the system, of TLS or of a parser stands for."""
    return next((fault for kind, fault in _KINDS if isinstance(error, kind)), "broken")


_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLCertVerificationError, "bad_certificate"),
    (ssl.SSLError, "garbled"),
    (socket.gaierror, "unknown_host"),
    (TimeoutError, "timed_out"),
    (ConnectionRefusedError, "refused"),
    (ConnectionError, "ended"),
    (FileNotFoundError, "no_file"),
    (PermissionError, "forbidden_file"),
    (OSError, "unreachable"),
    (EOFError, "ended"),
    (ValueError, "garbled"),
)
"""The first that fits, so a kind stands before those it belongs to."""
