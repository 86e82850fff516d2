"""The quarantine at the desk: what was sent and could not be read; looked at, mended, read again, or thrown away."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

import orjson

from dashboard.operate import Asked, Deed, Done, Field, Line, Look, More, Room, Row, both, version_of
from dashboard.operate_reasons import reason_words
from dashboard.operate_veil import trace_of, unveiled, veiled
from geodata.clock import epoch_s
from geodata.errors import BadInput, NotFound
from layers.ingest import Receipt
from layers.layer import Words
from layers.store.store import Quarantined

_MOST_ROWS = 200
_BEGINNING_BYTES = 64
_LONGEST_SHOWN = 20_000
_LONGEST_MENDED = 80_000
_REASONS = 3
_NUMBER_OR_NAME = re.compile(r"'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?")


def rows(look: Look) -> Sequence[Row]:
    """By reason, those of which there are most first; of one reason the newest first."""
    kept = look.services.store.quarantine_beginnings(_MOST_ROWS, _BEGINNING_BYTES)
    alike = Counter(map(_kind, kept))
    by_reason = sorted(kept, key=lambda one: (-alike[_kind(one)], _kind(one)))
    return [_row(one, look, alike[_kind(one)]) for one in by_reason]


def _kind(one: Quarantined) -> str:
    """The reason without the numbers and names that differ from one record to the next."""
    return _NUMBER_OR_NAME.sub("…", one.refusal.reason)[:120]


def _row(one: Quarantined, look: Look, alike: int) -> Row:
    said = one.refusal
    feed, client = look.services.feeds.get(said.feed), said.source.removesuffix(f"/{said.feed}")
    title = feed.title if feed else both(said.feed, said.feed)
    times = (both(f"{one.times} kali datang", f"came {one.times} times"),) if one.times > 1 else ()
    similar = (both(f"{alike} dengan alasan ini", f"{alike} for this reason"),) if alike > 1 else ()
    return Row(
        key=str(one.id),
        version=version_of(one.id, one.times, said.reason),
        title=reason_words(veiled(said.reason).text),
        sub=both(f"{client} · {title.id}", f"{client} · {title.en}"),
        state=both("tidak terbaca", "not readable") if feed else both("dialek tidak terpasang", "dialect missing"),
        mood="warn",
        at=epoch_s(said.received),
        badges=(*similar, *times),
        lines=tuple(_lines(one, client, title)),
        deeds=("fix", "retry", "discard") if feed else ("discard",),
        mode=said.mode,
    )


def _lines(one: Quarantined, client: str, title: Words) -> list[Line]:
    said = one.refusal
    found = [
        Line(label=both("Pengirim", "Sender"), value=client),
        Line(label=both("Dialek", "Dialect"), value=title),
        Line(label=both("Diterima", "Received"), value={"at": epoch_s(said.received)}),
    ]
    if said.field:
        found.append(Line(label=both("Isian yang salah", "Wrong field"), value=said.field))
    return found


def _number(key: str) -> int:
    if not key.isascii() or not key.isdecimal() or len(key) > len(str(2**63)):
        raise NotFound(f"nothing with the id {key[:20]!r} is in quarantine")
    return int(key)


def more(look: Look, key: str) -> More:
    """The record itself, as far as it may be read; what is text and not too long can be mended."""
    said = look.services.store.refused(_number(key)).refusal
    shown = veiled(_readable(said.original)).text
    size = Line(label=both("Panjang", "Length"), value=f"{len(said.original)} byte")
    values = {} if _unmendable(said.original) else {"payload": shown}
    return More(lines=(size, Line(label=both("Isi kiriman", "What was sent"), value={"source": shown})), values=values)


def _readable(original: bytes) -> str:
    """JSON one value a line; all else as it came, what is no text as escapes, what is too long cut."""
    if len(original) <= _LONGEST_SHOWN:
        with suppress(orjson.JSONDecodeError):
            return orjson.dumps(orjson.loads(original), option=orjson.OPT_INDENT_2).decode()
    return original[:_LONGEST_SHOWN].decode("utf-8", "backslashreplace")


def _unmendable(original: bytes) -> str | None:
    """Why it cannot be mended by hand, or None."""
    if len(original) > _LONGEST_SHOWN:
        return "it is too long to be mended here; mend the sender, then read it again"
    try:
        original.decode()
    except UnicodeDecodeError:
        return "it is no text; mend the sender, then read it again"
    return None


def _fields(_look: Look) -> tuple[Field, ...]:
    hint = both(
        "Perbaiki hanya yang salah. ⟦••890 · 1⟧ adalah nomor penelepon: biarkan utuh.",
        "Mend only what is wrong. ⟦••890 · 1⟧ stands for a caller: leave it whole.",
    )
    words = both("Isi kiriman", "What was sent")
    return (Field(name="payload", words=words, kind="source", is_needed=True, hint=hint, longest=_LONGEST_MENDED),)


def fix(asked: Asked) -> Done:
    """Read it as it was mended; while anything of it is refused it stays as it was."""
    number = _number(asked.key)
    original = asked.services.store.refused(number).refusal.original
    if reason := _unmendable(original):
        raise BadInput(f"payload: {reason}", field="payload")
    said = asked.text("payload", _LONGEST_MENDED)
    if said is None:
        raise BadInput("payload: missing", field="payload")
    mended = unveiled(said, veiled(original.decode()).callers)
    try:
        receipt = asked.services.door.retry(number, instead=mended.encode(), who=asked.who, why=asked.why)
    except BadInput as error:
        raise BadInput(str(error), field="payload") from error
    return Done(subject=asked.key, words=_read(receipt))


def retry(asked: Asked) -> Done:
    """Read it again as it came, after the sender's dialect was mended."""
    receipt = asked.services.door.retry(_number(asked.key), who=asked.who, why=asked.why)
    if receipt.quarantined:
        reason = reason_words(veiled(receipt.rejected[0].reason or "").text)
        return Done(subject=asked.key, words=both(f"masih ditolak: {reason.id}", f"still refused: {reason.en}"))
    return Done(subject=asked.key, words=_read(receipt))


def _read(receipt: Receipt) -> Words:
    subjects = ", ".join(sorted({item.subject for item in receipt.items if item.subject}))[:200]
    return both(f"terbaca: {subjects}", f"read: {subjects}") if subjects else both("terbaca", "read")


def discard(asked: Asked) -> Done:
    """Out of the quarantine for good, unless it is taken back at once; the audit keeps what it was and why."""
    store, number = asked.services.store, _number(asked.key)
    one = store.refused(number)
    store.release(number)

    def put_back() -> None:
        store.quarantine(one.refusal)

    words = both("dibuang; alasan dan sidiknya tercatat di audit", "thrown away; the audit has why, and its hash")
    return Done(subject=asked.key, revert=put_back, words=words, details=trace_of(one))


def head(look: Look) -> Sequence[Line]:
    """How many there are, and for what reasons most of them."""
    kept = look.services.store.quarantine_beginnings(_MOST_ROWS, _BEGINNING_BYTES)
    count = look.services.store.quarantined_count()
    if not kept:
        return ()
    often = Counter(map(_kind, kept)).most_common(_REASONS)
    return (
        Line(label=both("kiriman tidak terbaca", "deliveries not readable"), value=str(count)),
        *(Line(label=_like(reason, kept), value=str(times)) for reason, times in often if times > 1),
    )


def _like(kind: str, kept: Sequence[Quarantined]) -> Words:
    """The newest of its kind stands for all: a reason without its numbers reads badly."""
    newest = next(one for one in kept if _kind(one) == kind)
    said = reason_words(veiled(newest.refusal.reason).text)
    return both(f"seperti “{said.id}”", f"like “{said.en}”")


ROOM = Room(
    title=both("Karantina", "Quarantine"),
    rows=rows,
    empty=both("Semua kiriman terbaca.", "Everything that was sent could be read."),
    head=head,
    more=more,
    is_house=True,
    deeds={
        "fix": Deed(words=both("Perbaiki", "Mend"), do=fix, fields=_fields, key="v", asks_why=True),
        "retry": Deed(words=both("Baca ulang", "Read again"), do=retry, key="r"),
        "discard": Deed(words=both("Buang", "Throw away"), do=discard, key="c", asks_why=True, is_grave=True),
    },
)
