"""One camera as somebody fills it in: whole, or a part of one that is listed. Pure; `cctv/entry.py` judges it.

The words of the form are those of the API (`azimuth_deg`, `card`). What it says of user and password is kept apart:
None means not said, an empty text means none from now on.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from cctv.camera import Camera, PurposeCard
from cctv.entry import Entry, Refused, Rules, read_entry
from cctv.listing import row_of
from cctv.secrets import Credentials, is_keepable
from cctv.spellings import field_of

_CARD = tuple(asdict(PurposeCard()))
_SPELLED = {"azimuth": "azimuth_deg", "fov": "fov_deg", "range": "range_m", "period": "period_s"}
_SHOWN_ONLY = frozenset({"address", "snapshot_address", "has_password", "status", "etag"})
_ASIDE = frozenset({"id", "card", "user", "password"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is listed of a camera before the form is read."""

    camera: Camera | None = None
    credentials: Credentials | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The camera and the credentials it has from now on."""

    camera: Camera
    credentials: Credentials | None


def shown_address(url: str) -> str:
    """Scheme, host and path: what may be shown of a URL. A query may hold what should not be."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def read_form(
    form: Mapping[str, Any], camera_id: str, known: Known, rules: Rules, *, is_part: bool = False
) -> Filled | tuple[Refused, ...]:
    """The camera as it is to be. `is_part`: what the form does not say stays as it was."""
    wrong = _misshapen(form)
    if wrong:
        return wrong
    before = row_of(known.camera) if known.camera else {}
    row = _row(form, known.camera)
    if is_part:
        row = before | row
    elif known.camera:
        row = {name: before[name] for name in ("url", "kind", *_kept(form, known.camera))} | row
    entry = read_entry("form", row | {"id": camera_id}, rules)
    if isinstance(entry, tuple):
        return tuple(replace(one, field=_as_in_form(one.field)) for one in entry)
    return _signed(form, _protected(entry, known.camera), entry, known)


def _misshapen(form: Mapping[str, Any]) -> tuple[Refused, ...]:
    """Every field is a word, a number or a yes; masks are lists and the card has fields of its own."""
    card = form.get("card")
    if card is not None and not isinstance(card, dict):
        return (_refused("card", f"is an object with {', '.join(_CARD)}"),)
    said = {**form, **{f"card.{name}": value for name, value in (card or {}).items()}}
    plain = {name: value for name, value in said.items() if name not in {"masks", "card"} | _SHOWN_ONLY}
    return tuple(
        _refused(name[:40], "is neither text nor number")
        for name, value in plain.items()
        if value is not None and not isinstance(value, str | int | float | bool)
    )


def _row(form: Mapping[str, Any], before: Camera | None) -> dict[str, Any]:
    said = {name: value for name, value in form.items() if name not in _SHOWN_ONLY | _ASIDE}
    if "snapshot_url" not in said and _is_new_snapshot(form, before):
        said["snapshot_url"] = form["snapshot_address"]
    if not said.get("url"):
        said.pop("url", None)
    elif "kind" not in said:
        said["kind"] = ""  # as the new address looks
    row = {field: value for name, value in said.items() if (field := field_of(name))}
    return row | {name: value for name, value in (form.get("card") or {}).items() if name in _CARD}


def _is_new_snapshot(form: Mapping[str, Any], before: Camera | None) -> bool:
    """Whether the form says another snapshot address than the one it was shown."""
    if "snapshot_address" not in form:
        return False
    shown = shown_address(before.snapshot_url) if before and before.snapshot_url else None
    return bool((form["snapshot_address"] or None) != shown)


def _kept(form: Mapping[str, Any], before: Camera) -> tuple[str, ...]:
    """What a whole form need not repeat besides the URL: its snapshot, while both lead where they led."""
    is_kept = before.snapshot_url and not form.get("url") and "snapshot_url" not in form
    return ("snapshot_url",) if is_kept else ()


def _protected(entry: Entry, before: Camera | None) -> Camera:
    return still_protected(entry.camera, before, entry.unsaid)


def still_protected(camera: Camera, before: Camera | None, unsaid: frozenset[str]) -> Camera:
    """The camera with what protected it before, where nobody spoke of that."""
    return replace(camera, **{name: getattr(before, name) for name in unsaid}) if before else camera


def _signed(form: Mapping[str, Any], camera: Camera, entry: Entry, known: Known) -> Filled | tuple[Refused, ...]:
    """Stored credentials go nowhere but where they were meant for: who names another host says them again."""
    said = entry.credentials or known.credentials or Credentials()
    user = _word(form, "user", said.user)
    password = _word(form, "password", said.password)
    is_repeated = form.get("password") is not None or entry.credentials is not None
    if known.camera and known.credentials and not is_repeated and leads_elsewhere(camera, known.camera):
        return (_refused("password", "the address leads to another host: type the password again, or send it empty"),)
    credentials = Credentials(user=user, password=password) if user or password else None
    if credentials and not is_keepable(credentials):
        return (_refused("password", "holds characters that cannot be printed"),)
    return Filled(camera=camera, credentials=credentials)


def leads_elsewhere(camera: Camera, before: Camera) -> bool:
    """Whether its password would go to another host or port, or no longer be encrypted."""
    return _door(camera.url) != _door(before.url)


def _door(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _word(form: Mapping[str, Any], name: str, before: str) -> str:
    said = form.get(name)
    return before if said is None else str(said)


def _as_in_form(field: str) -> str:
    return f"card.{field}" if field in _CARD else _SPELLED.get(field, field)


def _refused(field: str, why: str) -> Refused:
    return Refused(where="form", field=field, why=why)
