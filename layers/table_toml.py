"""A mapping as a TOML file that a person reads and mends; and back. Pure."""

import json
import tomllib
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from geodata.errors import BadSettings
from layers.calls import CALL_KINDS
from layers.incident_facts import STATUSES
from layers.table_guess import Proposal
from layers.table_mapping import Columns, TableMapping

_TO = {
    "kind": f"one of: {', '.join(CALL_KINDS)}",
    "category": "id of the city's taxonomy",
    "status": f"one of: {', '.join(STATUSES)}",
    "agency": "id of the city's agency",
}


def toml_of(proposal: Proposal) -> str:
    """The file, with a comment on everything that may be changed."""
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    mapping = proposal.mapping
    yield f"# Arti kolom tabel ini (lembar {_text(proposal.sheet)}, nama kolom di baris {proposal.header_row})."
    yield "# What the columns of this table mean. Look at it, mend what is wrong, then:"
    yield "#   layar import FILE --as table --mapping THIS.toml --dry-run"
    yield from (f"# PERIKSA / LOOK: {_comment(note)}" for note in proposal.notes)
    yield ""
    yield "# incident: satu baris satu kejadian; unit: satu baris satu unit dari satu kejadian"
    yield f'rows = "{mapping.rows}"'
    yield "# jam siapa / whose clock wrote the times"
    yield f"zone = {_text(mapping.zone or '')}"
    yield "# 03/04/2024: dmy = 3 April, mdy = 4 March, ymd = 2024/03/04"
    yield f'dates = "{mapping.dates}"'
    yield ""
    yield "[columns]"
    said = mapping.columns.model_dump()
    for name, about in Columns.model_fields.items():
        yield from _column(name, said[name], about.description or "", proposal)
    yield ""
    yield "[milestones]  # status = column: a time, a time of day, or how long after the report"
    for status in STATUSES:
        yield from _column(status, mapping.milestones.get(status), "", proposal)
    yield from _words(proposal)
    if proposal.unused:
        yield ""
        yield f"# tidak dipakai / not used: {_comment(', '.join(proposal.unused))}"


def _column(name: str, column: str | None, about: str, proposal: Proposal) -> Iterator[str]:
    if column is None:
        yield f'# {name} = ""{f"  # {about}" if about else ""}'
        return
    samples = " | ".join(proposal.samples.get(column, ()))
    secret = name in {"caller", "description"}
    yield f"{name} = {_text(column)}  # {'•••' if secret else _comment(samples) or about}"


def _words(proposal: Proposal) -> Iterator[str]:
    yield ""
    for field, to in _TO.items():
        words = proposal.unknown.get(field, ())
        yield f"[words.{field}]  # {to}"
        yield from (f'# {_text(word)} = ""' for word in words)


def _text(said: str) -> str:
    return json.dumps(said, ensure_ascii=False)


def _comment(said: str) -> str:
    return "".join(c for c in said if c.isprintable())


def mapping_from(text: str, name: str) -> TableMapping:
    """Raises BadSettings naming the file and the field."""
    try:
        return TableMapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = _joined(first["loc"])
        raise BadSettings(f"{name}: {field or 'rows'}: {first['msg']}", field=field) from error


def _joined(places: Iterable[int | str]) -> str:
    return ".".join(map(str, places))
