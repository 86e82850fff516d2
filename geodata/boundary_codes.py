"""Which column holds the code: the attribute dialects of published boundary layers, and the codes themselves.

Areas are joined by code, never by name: "Sungai Pinang" exists in several provinces.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geodata.errors import BadBoundaries
from geodata.raw_areas import RawArea, Refusal

_DOTTED = re.compile(r"\d{2}\.\d{2}\.\d{2}\.[1-9]\d{3}")
_BARE = re.compile(r"\d{6}[1-9]\d{3}")
"""The last four digits start with 1 for a kelurahan, 2 for a desa. BPS counts otherwise: mostly 0 stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Column names in lower case, the first that a file has counts. `is_bps`: the codes are those of BPS."""

    name: str
    code: tuple[str, ...]
    area: tuple[str, ...]
    kecamatan: tuple[str, ...]
    city: tuple[str, ...]
    is_bps: bool = False


DIALECTS = (
    Dialect(name="kode/nama", code=("kode",), area=("nama",), kecamatan=("kecamatan",), city=("kabkota", "kabupaten")),
    Dialect(name="our own", code=("code",), area=("name",), kecamatan=("kecamatan",), city=("city",)),
    Dialect(
        name="BIG (KDEPUM/WADMKD)",
        code=("kdepum",),
        area=("wadmkd", "namobj"),
        kecamatan=("wadmkc",),
        city=("wadmkk",),
    ),
    Dialect(
        name="BPS (iddesa/nmdesa)",
        code=("iddesa", "idkel", "id_desa", "id_kel", "kddesa_bps"),
        area=("nmdesa", "nmkel"),
        kecamatan=("nmkec",),
        city=("nmkab",),
        is_bps=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedArea:
    """A row that knows its code (dotted, Kemendagri). `kecamatan`, `city`: names, where the file has them."""

    raw: RawArea
    code: str
    name: str
    kecamatan: str | None
    city: str | None


def dialect_of(areas: Sequence[RawArea]) -> Dialect:
    """The first dialect whose code and name columns the rows have. Raises BadBoundaries naming what they have."""
    columns = {key.lower() for area in areas for key in area.values}
    for dialect in DIALECTS:
        if columns.intersection(dialect.code) and columns.intersection(dialect.area):
            return dialect
    known = "; ".join(f"{d.name}: {d.code[0]}, {d.area[0]}" for d in DIALECTS)
    found = ", ".join(sorted(columns)) or "none"
    raise BadBoundaries(
        f"no column holds codes and names that we know. The file has: {found}. We know {known}",
        field="code",
    )


def coded(
    areas: Iterable[RawArea], dialect: Dialect, kemendagri: Mapping[str, str]
) -> tuple[list[CodedArea], list[Refusal]]:
    """Rows with their codes, and rows whose code cannot be read. `kemendagri` maps BPS codes to Kemendagri's."""
    known: list[CodedArea] = []
    refused: list[Refusal] = []
    for area in areas:
        values = {key.lower(): value for key, value in area.values.items()}
        said = _text(values, dialect.code)
        code = _code(kemendagri.get(said or "", said))
        if code is None:
            refused.append(Refusal(where=area.where, why=_strange(said, dialect)))
            continue
        known.append(
            CodedArea(
                raw=area,
                code=code,
                name=_text(values, dialect.area) or code,
                kecamatan=_text(values, dialect.kecamatan),
                city=_text(values, dialect.city),
            )
        )
    return known, refused


def _strange(said: str | None, dialect: Dialect) -> str:
    if said is None:
        return f"it has no code in `{dialect.code[0]}`"
    if dialect.is_bps:
        return f"{said!r} is a code of BPS; name Kemendagri's with --codes FILE.csv (columns bps,kode)"
    return f"its code {said!r} is not that of a kelurahan or desa"


def _text(values: Mapping[str, object], columns: Iterable[str]) -> str | None:
    """The first of the columns that says something; a code that a spreadsheet made a number is text again."""
    for column in columns:
        value = values.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if value is None else " ".join(str(value).split())
        if text and text.lower() != "nan":
            return text[:100]
    return None


def _code(said: str | None) -> str | None:
    """Dotted code, from dotted or ten bare digits; None for anything else."""
    if said and _BARE.fullmatch(said):
        said = f"{said[:2]}.{said[2:4]}.{said[4:6]}.{said[6:]}"
    return said if said and _DOTTED.fullmatch(said) else None


def city_code(code: str) -> str:
    """Code of the kota or kabupaten of a kelurahan."""
    return code[:5]


def kecamatan_code(code: str) -> str:
    """Code of the kecamatan of a kelurahan."""
    return code[:8]
