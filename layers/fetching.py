"""One GET of a public feed: one deadline for all of it, a cap on its size packed and unpacked, no strange addresses.

It connects only where the guard allows, and follows redirects only to hosts that are named. `Unfetched` says in a
sentence what is wrong, never with a URL or a secret in it.
"""

import ssl
import time
import zlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from types import MappingProxyType
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from cctv.faults import Broken
from cctv.guard import Guard
from cctv.wire import connect
from geodata.errors import LayarError
from layers.layer import Words

PORTS: Mapping[str, int] = MappingProxyType({"http": 80, "https": 443})
MOST_REDIRECTS = 3
_CHUNK = 65_536
_CONNECT_S = 10.0
_GZIP_OR_ZLIB = 47
_AS_WRITTEN = "%/:=&?~+!$,;'@()*[]"
_OK, _NOT_MODIFIED = 200, 304
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SENTENCES: Mapping[str, Words] = MappingProxyType(
    {
        "refused": Words(id="server menolak sambungan", en="the server refuses the connection"),
        "timed_out": Words(
            id="server tidak menjawab pada waktunya; periksa internet", en="no answer in time; check the Internet"
        ),
        "unknown_host": Words(
            id="nama server tidak ditemukan; periksa internet dan DNS",
            en="the name is not known; check Internet and DNS",
        ),
        "unreachable": Words(id="server tidak terjangkau; periksa internet", en="out of reach; check the Internet"),
        "bad_certificate": Words(
            id="sertifikat server tidak dipercaya; periksa jam komputer", en="certificate not trusted; check our clock"
        ),
        "forbidden_address": Words(
            id="alamat server di luar yang diizinkan; periksa allow di [[feeds]]",
            en="its address is not one that is allowed; check allow in [[feeds]]",
        ),
        "redirected": Words(
            id="server mengalihkan ke host lain; periksa hosts di [[feeds]]",
            en="it sends us to another host; check hosts in [[feeds]]",
        ),
        "too_large": Words(id="jawabannya terlalu besar", en="its answer is too large"),
        "garbled": Words(id="jawabannya rusak atau terpotong", en="its answer is broken or cut short"),
        "not_signed_in": Words(
            id="server menolak kunci kita; periksa feed-secrets.toml", en="it refuses our key; check feed-secrets.toml"
        ),
        "not_found": Words(id="alamat ini tidak ada lagi di server", en="there is nothing at this address any more"),
        "too_often": Words(id="server meminta kita lebih jarang bertanya", en="it asks us to come less often"),
        "down": Words(id="server sedang rusak", en="the server has an error of its own"),
        "strange": Words(id="server menjawab lain dari yang diharapkan", en="it answers otherwise than expected"),
    }
)
_OF_STATUS: Mapping[int, str] = MappingProxyType(
    {401: "not_signed_in", 403: "not_signed_in", 404: "not_found", 410: "not_found", 429: "too_often"}
)


class Unfetched(LayarError):
    """There is no answer that can be used. `wait_s`: how long the server asked us to stay away."""

    def __init__(self, fault: str, *, status: int | None = None, wait_s: float | None = None) -> None:
        said = _SENTENCES[fault]
        code = "" if status is None else f" ({status})"
        self.fault = fault
        self.sentence = Words(id=f"{said.id}{code}", en=f"{said.en}{code}")
        self.wait_s = wait_s
        super().__init__(self.sentence.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to get, within which bounds. `hosts` (lower case) may be redirected to; `headers` go only to the first."""

    url: str = field(repr=False)
    guard: Guard
    hosts: Collection[str]
    timeout_s: float
    most_bytes: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer; `body` None: nothing has changed since (304)."""

    body: bytes | None
    etag: str | None = None
    last_modified: str | None = None


def fetch(ask: Ask) -> Fetched:
    """Get it. Raises Unfetched."""
    try:
        return _fetch(ask, time.monotonic() + ask.timeout_s)
    except Broken as error:
        raise Unfetched(error.fault if error.fault in _SENTENCES else "strange") from None
    except TimeoutError:
        raise Unfetched("timed_out") from None
    except ConnectionRefusedError:
        raise Unfetched("refused") from None
    except ssl.SSLError:
        raise Unfetched("bad_certificate") from None
    except (HTTPException, ConnectionError, UnicodeError, ValueError, zlib.error):
        raise Unfetched("garbled") from None
    except OSError as error:
        raise Unfetched("unknown_host" if type(error).__name__ == "gaierror" else "unreachable") from None


def origin_of(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port: what a key belongs to."""
    there = urlsplit(url)
    return there.scheme, there.hostname, there.port or PORTS.get(there.scheme)


def _fetch(ask: Ask, until_s: float) -> Fetched:
    url, first = urlsplit(ask.url), origin_of(ask.url)
    for _ in range(MOST_REDIRECTS + 1):
        headers = ask.headers if origin_of(url.geturl()) == first else {}
        connection, response = _asked(url, ask, headers, until_s)
        try:
            if response.status not in _REDIRECTS:
                return _answer(response, ask.most_bytes)
            url = _redirected(url, response.getheader("Location"), ask.hosts)
        finally:
            response.close()
            connection.close()
    raise Unfetched("redirected")


def _asked(
    url: SplitResult, ask: Ask, headers: Mapping[str, str], until_s: float
) -> tuple[HTTPConnection, HTTPResponse]:
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    left_s = until_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    wire = connect(host, port, min(_CONNECT_S, left_s), is_tls=url.scheme == "https", guard=ask.guard)
    wire.deadline_s = until_s
    connection = HTTPConnection(host, port)
    connection.sock = wire
    try:
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request("GET", quote(target, safe=_AS_WRITTEN), headers={**_headers(url, ask), **headers})
        return connection, connection.getresponse()
    except BaseException:
        connection.close()
        raise


def _headers(url: SplitResult, ask: Ask) -> dict[str, str]:
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname or ""
    said = {
        "Host": host if url.port is None else f"{host}:{url.port}",
        "User-Agent": "layar112",
        "Accept": "application/json, application/geo+json, application/xml, text/xml, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if ask.etag:
        said["If-None-Match"] = ask.etag
    if ask.last_modified:
        said["If-Modified-Since"] = ask.last_modified
    return said


def _redirected(url: SplitResult, location: str | None, hosts: Collection[str]) -> SplitResult:
    """Never to a host that was not named, nor from https to http."""
    there = urlsplit(urljoin(url.geturl(), location or ""))
    is_weaker = url.scheme == "https" and there.scheme != "https"
    if there.scheme not in PORTS or is_weaker or (there.hostname or "") not in hosts or there.username is not None:
        raise Unfetched("redirected")
    return there


def _answer(response: HTTPResponse, most_bytes: int) -> Fetched:
    etag, last_modified = response.getheader("ETag"), response.getheader("Last-Modified")
    if response.status == _NOT_MODIFIED:
        return Fetched(body=None, etag=etag, last_modified=last_modified)
    if response.status != _OK:
        fault = _OF_STATUS.get(response.status) or ("down" if response.status // 100 == 5 else "strange")  # noqa: PLR2004 — 5xx
        raise Unfetched(fault, status=response.status, wait_s=_asked_to_wait(response.getheader("Retry-After")))
    return Fetched(body=_body(response, most_bytes), etag=etag, last_modified=last_modified)


def _asked_to_wait(said: str | None) -> float | None:
    if said is None:
        return None
    if said.strip().isdecimal():
        return float(said.strip()[:9])
    with suppress(ValueError, TypeError):
        until = parsedate_to_datetime(said)
        return max(0.0, (until.astimezone(UTC) - datetime.now(UTC)).total_seconds())
    return None


def _body(response: HTTPResponse, most_bytes: int) -> bytes:
    """All of it, unpacked; what unpacks to more than it may is refused before it has."""
    announced, packed = response.length, 0
    encoding = (response.getheader("Content-Encoding") or "identity").strip().casefold()
    if encoding not in {"identity", "gzip", "x-gzip", "deflate"}:
        raise Unfetched("garbled")
    unpack = None if encoding == "identity" else zlib.decompressobj(_GZIP_OR_ZLIB)
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        packed += len(chunk)
        body += chunk if unpack is None else unpack.decompress(chunk, most_bytes + 1 - len(body))
        if packed > most_bytes or len(body) > most_bytes:
            raise Unfetched("too_large")
    if (announced is not None and packed < announced) or (unpack is not None and not unpack.eof):
        raise Unfetched("garbled")
    return bytes(body)
