"""One line of a camera list: either a camera with its credentials taken out, or what is wrong with it. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args
from urllib.parse import SplitResult, unquote, urlsplit

from cctv.camera import Audience, Camera, PurposeCard, Sources
from cctv.guard import Guard, guard_for
from cctv.masks import read_masks
from cctv.secrets import Credentials, is_keepable
from cctv.shelf import MAX_ID_LENGTH
from cctv.spellings import audience_of, kind_of, number, yes_or_no
from cctv.unsigned import Unsigned, unsigned

_MOST_TEXT = 200
_MOST_URL = 1000
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_NETWORK = frozenset({"rtsp", "rtsps", "http", "https", "rtmp"})
_RECEIVED = frozenset({"udp", "rtp"})
_LOWEST_PORT = 1024
_MAX_RANGE_M = 20_000
SHORTEST_PERIOD_S, LONGEST_PERIOD_S = 0.2, 3600.0
OUTSIDE = "its address is outside the networks cameras may be in; check it, or add its network to [cameras] allow"
PROTECTING = frozenset({"masks", "audience"})
"""What no list takes away from a camera by not mentioning it."""

_CARD = tuple(field.name for field in fields(PurposeCard))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why one line was not taken. `why` never repeats a URL."""

    where: str
    field: str
    why: str
    camera: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.field}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line that was taken. `unsaid` are fields of `PROTECTING` on which it is silent."""

    where: str
    camera: Camera
    credentials: Credentials | None
    unsaid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a list is measured by: the sources there are, the folders files may lie in, where cameras may be."""

    sources: Sources
    folders: tuple[Path, ...] = ()
    guard: Guard = field(default_factory=guard_for)


class _Wrong(Exception):
    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field
        self.why = why


def read_entry(where: str, row: Mapping[str, Any], rules: Rules) -> Entry | tuple[Refused, ...]:
    """The camera of that line, or everything that is wrong with it."""
    known_id: str | None = None
    wrong: list[Refused] = []

    def take(read: Callable[[], Any]) -> Any:  # noqa: ANN401 — whatever it reads
        try:
            return read()
        except _Wrong as error:
            wrong.append(Refused(where=where, field=error.field, why=error.why, camera=known_id))
            return None

    known_id = take(lambda: _id(row))
    name = take(lambda: _text(row, "name") or known_id)
    place = take(lambda: _place(row))
    reached = take(lambda: _url(row, rules))
    sight = take(lambda: _sight(row))
    words = take(lambda: _words(row, ("owner", "kelurahan", "group")))
    shown = take(lambda: _shown(row))
    night = take(lambda: _night(row))
    period_s = take(lambda: _number(row, "period", SHORTEST_PERIOD_S, LONGEST_PERIOD_S))
    card = take(lambda: PurposeCard(**_words(row, _CARD)))
    if wrong:
        return tuple(wrong)
    url, snapshot_url, kind, credentials = reached
    said = {**sight, **words, **shown, "night": night, "card": card, "snapshot_url": snapshot_url, "period_s": period_s}
    camera = Camera(id=known_id or "", name=name, lon=place[0], lat=place[1], url=url, kind=kind, **said)
    return Entry(where=where, camera=camera, credentials=credentials, unsaid=PROTECTING - row.keys())


def _text(row: Mapping[str, Any], field: str) -> str | None:
    text = str(row.get(field) if row.get(field) is not None else "").strip()
    if len(text) > _MOST_TEXT:
        raise _Wrong(field, f"longer than {_MOST_TEXT} characters")
    if _UNPRINTABLE.search(text):
        raise _Wrong(field, "holds characters that cannot be printed")
    return text or None


def _words(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, str | None]:
    return {name: _text(row, name) for name in names}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    audience = audience_of(_text(row, "audience") or "")
    if audience is None:
        raise _Wrong("audience", f"is none of {_listed(get_args(Audience))}")
    try:
        masks = read_masks(row.get("masks"))
    except ValueError as error:
        raise _Wrong("masks", str(error)) from None
    return {"audience": audience, "masks": masks}


def _night(row: Mapping[str, Any]) -> bool | None:
    try:
        return yes_or_no(row.get("night"))
    except ValueError:
        raise _Wrong("night", "is neither yes nor no") from None


def _id(row: Mapping[str, Any]) -> str:
    said = _text(row, "id") or _slug(_text(row, "name") or "")
    if not said:
        raise _Wrong("id", "is missing, and so is the name to make one from")
    if len(said) > MAX_ID_LENGTH:
        raise _Wrong("id", f"longer than {MAX_ID_LENGTH} characters")
    return said


def _slug(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")[:MAX_ID_LENGTH]


def _number(row: Mapping[str, Any], field: str, low: float, high: float) -> float | None:
    try:
        value = number(row.get(field))
    except ValueError:
        raise _Wrong(field, "is not a number") from None
    if value is not None and not low <= value <= high:
        raise _Wrong(field, f"{value:g} is not between {low:g} and {high:g}")
    return value


def _place(row: Mapping[str, Any]) -> tuple[float, float]:
    lon, lat = _number(row, "lon", -180, 180), _number(row, "lat", -180, 180)
    if lon is None or lat is None:
        raise _Wrong("lon" if lon is None else "lat", "is missing")
    if abs(lat) > 90:  # noqa: PLR2004 — a pole
        raise _Wrong("lat", f"{lat:g} is no latitude; are lon and lat swapped?")
    if lon == 0 and lat == 0:
        raise _Wrong("lon", "0,0 is no place")
    return lon, lat


def _sight(row: Mapping[str, Any]) -> dict[str, float | None]:
    azimuth = _number(row, "azimuth", -360, 360)
    fov = _number(row, "fov", 1, 360)
    reach = _number(row, "range", 1, _MAX_RANGE_M)
    said = {"azimuth_deg": None if azimuth is None else azimuth % 360, "fov_deg": fov, "range_m": reach}
    return {name: value for name, value in said.items() if value is not None}


def _url(row: Mapping[str, Any], rules: Rules) -> tuple[str, str | None, str, Credentials | None]:
    """(URL, snapshot URL, kind, credentials). A camera that has nothing but a snapshot is reached by that."""
    stream, still = _bare(row, "url"), _bare(row, "snapshot_url")
    main = stream or still
    if main is None:
        raise _Wrong("url", "is missing")
    kind = kind_of(_text(row, "kind") or "", main.url)
    _check(main.url, kind, rules)
    if stream and still:
        _check_snapshot(still, stream, rules)
    credentials = _credentials(row, main.credentials or (still.credentials if still else None))
    return main.url, still.url if stream and still else None, kind, credentials


def _bare(row: Mapping[str, Any], field: str) -> Unsigned | None:
    url = str(row.get(field) or "").strip()
    if len(url) > _MOST_URL or _UNPRINTABLE.search(url) or " " in url:
        raise _Wrong(field, f"holds a space, an unprintable character or more than {_MOST_URL} characters")
    bare = unsigned(url)
    if bare.why:
        raise _Wrong(field, bare.why)
    return bare if url else None


def _check_snapshot(still: Unsigned, stream: Unsigned, rules: Rules) -> None:
    """The camera's password goes to both: so both are the camera."""
    if urlsplit(still.url).scheme not in {"http", "https"}:
        raise _Wrong("snapshot_url", "is no http:// or https:// address")
    _check(still.url, "http_jpeg", rules)
    if urlsplit(still.url).hostname != urlsplit(stream.url).hostname:
        raise _Wrong("snapshot_url", "names another host than url; list it as a camera of its own")
    if still.credentials and stream.credentials and still.credentials != stream.credentials:
        raise _Wrong("snapshot_url", "holds another password than url; put it into the columns user and password")


def _check(url: str, kind: str, rules: Rules) -> None:
    parts = urlsplit(url)
    source = rules.sources.get(kind)
    if source is None:
        raise _Wrong("kind", f"no camera source is called {kind[:40]} (there are {_listed(list(rules.sources))})")
    if not any(parts.scheme in one.schemes for one in rules.sources.values()):
        schemes = {scheme for one in rules.sources.values() for scheme in one.schemes}
        raise _Wrong("url", f"no camera source opens {parts.scheme[:20]}:// (we can open {_listed(list(schemes))})")
    if parts.scheme not in source.schemes:
        raise _Wrong("kind", f"{kind} cannot open {parts.scheme}:// (it opens {_listed(source.schemes)})")
    if parts.scheme in _NETWORK and not parts.hostname:
        raise _Wrong("url", "names no host")
    if parts.scheme in _NETWORK and rules.guard.refuses(parts.hostname or "", parts.port or 0):
        raise _Wrong("url", OUTSIDE)
    if parts.scheme in _RECEIVED:
        _check_received(parts, rules)
    if parts.scheme == "file":
        _check_file(parts.path, rules)


def _check_received(parts: SplitResult, rules: Rules) -> None:
    """Nothing is asked of the sender; a port of ours is opened."""
    if not parts.hostname:
        raise _Wrong("url", "names no host: the sender's address, or the group it sends to")
    if not parts.port or parts.port < _LOWEST_PORT or parts.port in rules.guard.own_ports:
        raise _Wrong("url", f"names no port from {_LOWEST_PORT} on that this server has free")


def _check_file(path: str, rules: Rules) -> None:
    if not any(Path(unquote(path)).resolve().is_relative_to(folder) for folder in rules.folders):
        raise _Wrong("url", "files are shown only from the data folder or one named in LAYAR_CAMERA_FILES")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(sorted(words))


def _credentials(row: Mapping[str, Any], in_url: Credentials | None) -> Credentials | None:
    user, password = (str(row.get(field) if row.get(field) is not None else "") for field in ("user", "password"))
    credentials = Credentials(user=user, password=password) if user or password else in_url
    if credentials and not is_keepable(credentials):
        raise _Wrong("password", "holds characters that cannot be printed")
    return credentials
