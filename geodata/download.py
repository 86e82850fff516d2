"""Fetching a boundary file over HTTP(S), bounded in time, size and redirects."""

import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from requests import Response
from urllib3.exceptions import HTTPError, ReadTimeoutError

from geodata.boundary_formats import MAX_BYTES
from geodata.errors import BadBoundaries

_PUBLISHED = (
    "https://raw.githubusercontent.com/cahyadsn/wilayah_boundaries/main"
    "/db/kel/{province}/wilayah_boundaries_kel_{code}.sql"
)
_CONNECT_S = 10.0
_READ_S = 20.0
_WHOLE_S = 300.0
_CHUNK = 1 << 16
_REDIRECTS = 3


def published_url(code: str) -> str:
    """Where the boundaries of a city are published, under the MIT licence."""
    return _PUBLISHED.format(province=code[:2], code=code)


def fetch(url: str, folder: Path, *, read_s: float = _READ_S, whole_s: float = _WHOLE_S, most: int = MAX_BYTES) -> Path:
    """Download `url` into `folder`, under the last part of its path. Raises BadBoundaries saying what went wrong.

    Follows at most three redirects, and never from https to anything else.
    """
    deadline = time.monotonic() + whole_s
    try:
        with requests.Session() as session:
            answer = _final_answer(session, url, read_s)
            with answer:
                return _written(answer, folder / _file_name(answer.url or url), most, deadline)
    except (requests.Timeout, ReadTimeoutError) as error:
        raise BadBoundaries(f"{_shown(url)} does not answer in time; try again, or download it by hand") from error
    except (requests.RequestException, HTTPError, ValueError) as error:
        raise BadBoundaries(f"{_shown(url)} cannot be fetched whole ({type(error).__name__})") from error


def _final_answer(session: requests.Session, url: str, read_s: float) -> Response:
    for _ in range(_REDIRECTS + 1):
        _check_scheme(url)
        answer = session.get(url, stream=True, allow_redirects=False, timeout=(_CONNECT_S, read_s))
        if answer.is_redirect:
            answer.close()
            url = _next(url, answer.headers["Location"])
            continue
        if answer.status_code != requests.codes.ok:
            answer.close()
            raise BadBoundaries(f"{_shown(url)} answers {answer.status_code} {answer.reason}")
        return answer
    raise BadBoundaries(f"{_shown(url)}: more than {_REDIRECTS} redirects")


def _check_scheme(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadBoundaries(f"cannot fetch {_shown(url)}: we can open http and https", field="from")


def _next(url: str, location: str) -> str:
    target = urljoin(url, location)
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
        raise BadBoundaries(f"{_shown(url)} redirects to {_shown(target)}, away from https")
    return target


def _written(answer: Response, path: Path, most: int, deadline: float) -> Path:
    """Read what is there, never waiting for a whole chunk: a dribble must not pass the deadline."""
    size = 0
    with path.open("wb") as file:
        while chunk := answer.raw.read1(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > most:
                raise BadBoundaries(f"{_shown(answer.url)} is larger than {most / 1e6:g} MB")
            if time.monotonic() > deadline:
                raise BadBoundaries(f"{_shown(answer.url)} takes too long; try again, or download it by hand")
            file.write(chunk)
    return path


def _file_name(url: str) -> str:
    """The last part of the path, as a plain file name."""
    name = urlsplit(url).path.rpartition("/")[2]
    return "".join(char for char in name if char.isalnum() or char in "._-").lstrip(".")[:100] or "boundaries"


def _shown(url: str) -> str:
    """The address without user, password and query: those may be secret."""
    scheme, _, rest = url.partition("://")
    place = rest.split("?")[0].split("#")[0]
    host, slash, path = place.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"[:300]
