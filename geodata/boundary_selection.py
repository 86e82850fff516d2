"""Of all that a file holds, the areas of one city, joined by code. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import shapely

from geodata.boundary_codes import CodedArea, city_code, coded, dialect_of
from geodata.errors import BadBoundaries
from geodata.raw_areas import RawFile, Refusal

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The areas of city `code`, one per code and sorted by it.

    `parts`: rows they came in. `left_out`: rows that could not be read.
    """

    code: str
    dialect: str
    areas: tuple[CodedArea, ...]
    parts: int
    left_out: tuple[Refusal, ...]


def selected(
    raw: RawFile, *, code: str | None, fallback: str, kemendagri: Mapping[str, str], without_bad: bool
) -> Selection:
    """The areas of city `code`; when None, of the only city in the file, else of `fallback`.

    Raises BadBoundaries, with line or feature numbers, when rows cannot be read (unless `without_bad`).
    """
    if not raw.areas:
        raise BadBoundaries(_sentence(raw.refusals, 0) if raw.refusals else "the file holds no areas")
    dialect = dialect_of(raw.areas)
    areas, strange = coded(raw.areas, dialect, kemendagri)
    left_out = (*raw.refusals, *strange)
    if left_out and not (without_bad and areas):
        raise BadBoundaries(_sentence(left_out, len(areas)), field=left_out[0].where)
    wanted = code or _only_city(areas, fallback)
    mine = [area for area in areas if city_code(area.code) == wanted]
    if not mine:
        found = ", ".join(_cities(areas)[:_SHOWN])
        raise BadBoundaries(f"the file holds nothing of city {wanted}; it holds {found}", field="code")
    return Selection(code=wanted, dialect=dialect.name, areas=_joined(mine), parts=len(mine), left_out=left_out)


def _sentence(refusals: Sequence[Refusal], read: int) -> str:
    shown = "; ".join(map(str, refusals[:_SHOWN]))
    more = f"; and {len(refusals) - _SHOWN} more" if len(refusals) > _SHOWN else ""
    hint = " Mend them, or leave them out with --without-bad." if read else ""
    return f"{len(refusals)} of {len(refusals) + read} areas cannot be read: {shown}{more}.{hint}"


def _cities(areas: Sequence[CodedArea]) -> list[str]:
    return [code for code, _ in Counter(city_code(area.code) for area in areas).most_common()]


def _only_city(areas: Sequence[CodedArea], fallback: str) -> str:
    cities = _cities(areas)
    if len(cities) == 1 or fallback not in cities:
        if len(cities) == 1:
            return cities[0]
        found = ", ".join(cities[:_SHOWN])
        raise BadBoundaries(f"the file holds {len(cities)} cities ({found}): say which with --code", field="code")
    return fallback


def _joined(areas: Sequence[CodedArea]) -> tuple[CodedArea, ...]:
    """One area per code: parts of the same name are joined, two names under one code are refused."""
    by_code: dict[str, list[CodedArea]] = defaultdict(list)
    for area in areas:
        by_code[area.code].append(area)
    return tuple(_one(by_code[code]) for code in sorted(by_code))


def _one(parts: Sequence[CodedArea]) -> CodedArea:
    first = parts[0]
    other = next((part for part in parts if part.name.casefold() != first.name.casefold()), None)
    if other:
        raise BadBoundaries(
            f"{first.raw.where} ({first.name}) and {other.raw.where} ({other.name}) have the same code {first.code}",
            field=other.raw.where,
        )
    if len(parts) == 1:
        return first
    whole = shapely.union_all([shapely.make_valid(part.raw.shape) for part in parts])
    return replace(first, raw=replace(first.raw, shape=whole))
