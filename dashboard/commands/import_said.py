"""What became of an imported file, as lines for the officer and as JSON. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from geodata.city import City
from layers.bulk import DOUBT_WORDS, Group, Summary
from layers.table_read import Sheet

_SHOWN_NUMBERS, _SHOWN_WORDS = 12, 8


def said_of(summary: Summary, sheets: Iterable[Sheet], feed: str) -> dict[str, Any]:
    """Everything, for another program."""
    return {
        "feed": feed,
        "rows": summary.rows,
        "taken": summary.taken,
        "folded": summary.folded,
        "refused": summary.rows_refused,
        "events": summary.events,
        "incidents": summary.incidents,
        "calls": summary.calls,
        "from": _iso(summary.first),
        "to": _iso(summary.last),
        "repeats": None if summary.repeats is None else _group(summary.repeats),
        "refused_by": {reason: _group(group) for reason, group in summary.refused.items()},
        "doubts": {doubt: _group(group) for doubt, group in summary.doubts.items()},
        "outside": sum(summary.doubts[name].count for name in ("outside", "swapped") if name in summary.doubts),
        "quarantined": list(summary.quarantined),
        "sheets": [
            {
                "name": s.name,
                "header_row": s.header_row or None,
                "is_table": s.mapping is not None,
                "missing": s.missing,
            }
            for s in sheets
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _group(group: Group) -> dict[str, Any]:
    return {"count": group.count, "rows": list(group.numbers), "words": dict(group.words)}


def told_lines(summary: Summary, sheets: Sequence[Sheet], city: City, seconds: float, *, is_dry: bool) -> Iterator[str]:
    """A page to read: what was taken, and every row that somebody should look at."""
    pace = f", {summary.rows / seconds:,.0f} baris/s" if seconds > 1 else ""
    yield f"dibaca / read        {summary.rows:>9,}  ({seconds:.1f} s{pace})"
    made = f"{summary.incidents:,} incidents, {summary.calls:,} calls, {summary.events:,} events"
    yield f"diambil / taken      {summary.taken:>9,}  ({made})"
    yield f"sudah ada / known    {summary.folded:>9,}"
    yield f"ditolak / refused    {summary.rows_refused:>9,}"
    if summary.first and summary.last:
        first, last = (moment.astimezone(city.zone) for moment in (summary.first, summary.last))
        yield f"waktu / time         {first:%Y-%m-%d %H:%M} .. {last:%Y-%m-%d %H:%M} {city.zone_label}"
    for sheet in sheets:
        yield from _of_sheet(sheet)
    for reason, group in summary.refused.items():
        yield f"refused, {_plain(reason)}: {_rows(group)}"
        yield from (f"    {_plain(word)} ({count}x)" for word, count in group.words[:_SHOWN_WORDS])
    if summary.repeats:
        yield f"typed twice within two minutes, one call each: {_rows(summary.repeats)}"
    for doubt, group in summary.doubts.items():
        yield f"{DOUBT_WORDS.get(doubt, doubt)}: {_rows(group)}"
        if doubt in {"category", "kelurahan", "kind", "status", "agency", "priority"}:
            words = ", ".join(f"{_plain(word)} ({count}x)" for word, count in group.words[:_SHOWN_WORDS])
            yield f"    {words}{' …' if len(group.words) > _SHOWN_WORDS else ''}"
    if summary.quarantined:
        first_, last_ = summary.quarantined[0], summary.quarantined[-1]
        yield f"kept to be looked at: layar quarantine show {first_}{f' … {last_}' if last_ != first_ else ''}"
    if is_dry:
        yield "percobaan saja, tidak ada yang ditulis / a dry run: nothing was written"
    elif not summary.events:
        yield "tidak ada yang baru / nothing new: all of it was in the log already"


def _of_sheet(sheet: Sheet) -> Iterator[str]:
    name = _plain(sheet.name) or "(CSV)"
    if sheet.mapping is None:
        yield f"lembar / sheet {name}: no table of this kind, left out"
    elif sheet.missing:
        yield f"lembar / sheet {name}: has no column {', '.join(map(_plain, sheet.missing))}"


def _rows(group: Group) -> str:
    shown = ", ".join(group.numbers[:_SHOWN_NUMBERS])
    more = " …" if group.count > _SHOWN_NUMBERS else ""
    return f"{group.count:,} (baris / rows {shown}{more})"


def _plain(text: str) -> str:
    """Without what could command the terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
