"""The audit at the desk: who did what, when and why; sought, checked, and taken away as a table. For admins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from dashboard.audit import FILE_NAME, Audit, Verdict
from dashboard.audit import Row as Noted
from dashboard.audit_words import words_of
from dashboard.auth import ADMIN
from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Room, Row, both
from dashboard.services import Services
from geodata.clock import epoch_s
from geodata.errors import BadInput
from layers.fields import day_of
from layers.layer import Words

MOST_LOOKED_AT = 20_000
_MOST_SHOWN = 200
_CHECKED_BY_ITSELF_BYTES = 4_000_000
_KEPT_S = 60
_A_DAY = timedelta(days=1)
_SHOWN_HASH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for: each of them may be empty; `since` and `until` bound the time."""

    who: str = ""
    what: str = ""
    since: datetime | None = None
    until: datetime | None = None


def sought_of(said: Mapping[str, str], zone: ZoneInfo) -> Sought:
    """From the fields of the search; days are the city's, both included. Raises BadInput."""
    first, last = _midnight(said, "since", zone), _midnight(said, "until", zone)
    who, what = said.get("who", ""), said.get("what", "")
    return Sought(who=who.casefold(), what=what.casefold(), since=first, until=last + _A_DAY if last else None)


def _midnight(said: Mapping[str, str], name: str, zone: ZoneInfo) -> datetime | None:
    if not said.get(name):
        return None
    try:
        return datetime.combine(day_of(said[name]), time(), tzinfo=zone)
    except ValueError as error:
        raise BadInput(f"{name}: {error}", field=name) from error


def found(audit: Audit, sought: Sought) -> Iterator[Noted]:
    """Those that fit, the newest first, among the newest that are looked at."""
    for row in audit.newest(MOST_LOOKED_AT, sought.since):
        is_then = sought.until is None or row.at < sought.until
        if is_then and sought.who in row.who.casefold() and sought.what in _text(row):
            yield row


def _text(row: Noted) -> str:
    return " ".join((row.action, row.target, *map(str, row.details.values()))).casefold()


def rows(look: Look) -> Sequence[Row]:
    """The newest first; made anew only when something was noted or something else is sought."""
    services = look.services
    key = f"desk-audit:{_stamp(services)}:{sorted(look.sought.items())}"
    kept: list[Row] | None = services.cache.get(key)
    if kept is None:
        sought = sought_of(look.sought, look.situation.ground.city.zone)
        newest = [row for row, _ in zip(found(services.audit, sought), range(_MOST_SHOWN), strict=False)]
        kept = [_row(row, look) for row in newest]
        services.cache.set(key, kept, timeout=_KEPT_S)
    return kept


def _stamp(services: Services) -> str:
    path = services.data_dir / FILE_NAME
    try:
        said = path.stat()
    except FileNotFoundError:
        return "none"
    return f"{said.st_size}.{said.st_mtime_ns}"


def _row(row: Noted, look: Look) -> Row:
    why = row.details.get("why")
    details = {key: value for key, value in row.details.items() if value is not None and key != "why"}
    return Row(
        key=str(row.number),
        version=row.hash[:_SHOWN_HASH],
        title=words_of(row.action, look.rooms),
        sub=row.target,
        state=both(row.who, row.who),
        at=epoch_s(row.at),
        lines=(
            Line(label=both("Siapa", "Who"), value=row.who),
            Line(label=both("Kapan", "When"), value={"at": epoch_s(row.at)}),
            Line(label=both("Apa", "What"), value=row.action),
            Line(label=both("Pada", "On"), value=row.target),
            *((Line(label=both("Alasan", "Why"), value=str(why)),) if why else ()),
            *(Line(label=key, value=str(value)) for key, value in details.items()),
            Line(label=both("Sidik", "Hash"), value=f"{row.hash[:_SHOWN_HASH]}…"),
        ),
    )


def seek(_look: Look) -> tuple[Field, ...]:
    """Who, what, and between which days."""
    return (
        Field(name="who", words=both("Siapa", "Who")),
        Field(name="what", words=both("Apa", "What")),
        Field(name="since", words=both("Dari tanggal", "From"), kind="date"),
        Field(name="until", words=both("Sampai tanggal", "To"), kind="date"),
    )


def head(look: Look) -> Sequence[Line]:
    """Whether the chain is whole, and the way to take what is shown away."""
    query = "&".join(f"{name}={value}" for name, value in _asked(look))
    link = {"href": f"/api/v1/audit.csv{'?' if query else ''}{query}", "words": {"id": "Unduh CSV", "en": "Get as CSV"}}
    return (
        Line(label=both("rantai catatan", "the chain"), value=_chain(look.services)),
        Line(label="", value=link),
    )


def _asked(look: Look) -> list[tuple[str, str]]:
    return [(name, quote(value)) for name, value in sorted(look.sought.items())]


def _chain(services: Services) -> Words:
    """Checked by itself while that is quick; of a long one what the last check has said."""
    stamp = _stamp(services)
    kept: Words | None = services.cache.get(f"desk-audit-chain:{stamp}")
    if kept is not None:
        return kept
    if _size(services) > _CHECKED_BY_ITSELF_BYTES:
        return both("belum diperiksa", "not checked yet")
    return _checked(services)


def _size(services: Services) -> int:
    path = services.data_dir / FILE_NAME
    return path.stat().st_size if path.is_file() else 0


def _checked(services: Services) -> Words:
    stamp, verdict = _stamp(services), services.audit.verify()
    said = said_of(verdict)
    services.cache.set(f"desk-audit-chain:{stamp}", said, timeout=_KEPT_S * 60)
    return said


def said_of(verdict: Verdict) -> Words:
    """The state of the chain in a sentence."""
    if verdict.wrong:
        return both(f"RUSAK: {verdict.wrong}", f"BROKEN: {verdict.wrong}")
    torn = (
        (f", {verdict.torn} baris terpotong listrik padam", f", {verdict.torn} lines torn")
        if verdict.torn
        else ("", "")
    )
    return both(f"utuh, {verdict.rows} baris{torn[0]}", f"whole, {verdict.rows} rows{torn[1]}")


def check(asked: Asked) -> Done:
    """Every row against the one before it."""
    return Done(subject=asked.services.audit.verify().head[:_SHOWN_HASH], words=_checked(asked.services))


ROOM = Room(
    title=both("Audit", "Audit"),
    rows=rows,
    empty=both("Belum ada yang dicatat.", "Nothing is noted yet."),
    head=head,
    seek=seek,
    is_house=True,
    allowed=ADMIN,
    deeds={
        "check": Deed(words=both("Periksa rantai", "Check the chain"), do=check, key="v", is_new=True, allowed=ADMIN)
    },
)
