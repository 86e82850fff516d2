"""The SQL layout of cahyadsn/wilayah_boundaries: `kode, nama, lat, lng, path`, read without executing anything.

`path` is a JSON text of rings in [lat, lng]: depth 3 for a polygon, 4 for several.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely.errors import GEOSException

from geodata.errors import BadBoundaries
from geodata.raw_areas import RawArea, RawFile, Refusal, judged

_DEFAULT_COLUMNS = ("kode", "nama", "lat", "lng", "path")
_TOKEN = re.compile(
    r"""(?P<skip>\s+|--[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<text>'(?:[^'\\]++|''|\\.)*+(?:'|\Z))
      | (?P<word>[A-Za-z_][\w$]*|`[^`]*`|"[^"]*")
      | (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"''|\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_COPYRIGHT = re.compile(r"copyright\s*\(c\)[^\n;]*", re.IGNORECASE)
_POLYGON_DEPTH, _POLYGONS_DEPTH = 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str
    text: str
    line: int


def looks_like_sql(text: str) -> bool:
    """Whether this text holds rows for a table."""
    return re.search(r"\bINSERT\s+INTO\b", text[:1_000_000], re.IGNORECASE) is not None


def read_sql(text: str) -> RawFile:
    """Every row of every INSERT. Raises BadBoundaries, naming the line, when the text is no SQL of this layout."""
    notice = _COPYRIGHT.search(text[:10_000])
    return judged(_rows(text), notice=notice.group().strip()[:200] if notice else None)


def _rows(text: str) -> Iterator[RawArea | Refusal]:
    tokens = _tokens(text)
    for token in tokens:
        if token.kind == "word" and token.text.upper() == "INSERT":
            columns = _columns(tokens, token.line)
            for line, values in _tuples(tokens):
                yield _area(line, columns, values)


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind != "skip":
            yield _Token(kind=kind, text=match.group(), line=line)
        line += match.group().count("\n")


def _columns(tokens: Iterator[_Token], line: int) -> tuple[str, ...]:
    """Column names up to VALUES; those of the layout when the INSERT names none."""
    names: list[str] = []
    inside = False
    for token in tokens:
        if token.kind == "word" and token.text.upper() == "VALUES":
            return tuple(names) or _DEFAULT_COLUMNS
        if token.text in "()":
            inside = token.text == "("
        elif token.text == ";":
            break
        elif inside and token.kind == "word":
            names.append(token.text.strip('`"').lower())
    raise BadBoundaries(f"line {line}: an INSERT without VALUES", field=f"line {line}")


def _tuples(tokens: Iterator[_Token]) -> Iterator[tuple[int, list[object]]]:
    """(line, values) of each parenthesis up to the semicolon. Raises BadBoundaries when one is left open."""
    values: list[object] | None = None
    line = 0
    for token in tokens:
        line = line if values is not None else token.line
        if token.text == "(" and values is None:
            values = []
        elif token.text == ")" and values is not None:
            yield line, values
            values = None
        elif token.text == ";" and values is None:
            return
        elif token.text != ",":
            if values is None or token.kind == "sign":
                raise BadBoundaries(
                    f"line {token.line}: {token.text[:20]!r} is not a value", field=f"line {token.line}"
                )
            values.append(_value(token))
    raise BadBoundaries(
        f"line {line}: the file ends in the middle of an INSERT (was it cut off?)", field=f"line {line}"
    )


def _value(token: _Token) -> object:
    if token.kind == "text":
        return _ESCAPED.sub(
            lambda match: "'" if match[1] is None else _ESCAPES.get(match[1], match[1]), token.text[1:-1]
        )
    if token.kind == "number":
        return float(token.text)
    return None


def _area(line: int, columns: Sequence[str], values: Sequence[object]) -> RawArea | Refusal:
    where = f"line {line}"
    if len(values) != len(columns):
        return Refusal(where=where, why=f"{len(values)} values for {len(columns)} columns")
    row = dict(zip(columns, values, strict=True))
    try:
        shape = shapely.multipolygons([_polygon(rings) for rings in _polygons(row.pop("path", None))])
    except (ValueError, TypeError, IndexError, RecursionError, GEOSException) as error:
        return Refusal(where=where, why=f"`path` is not rings of [lat, lng] in JSON: {error}"[:200])
    return RawArea(where=where, values=row, shape=shape)


def _polygons(path: object) -> list[list[list[list[float]]]]:
    if not isinstance(path, str):
        raise TypeError("it is no text")
    rings = json.loads(path)
    depth = _depth(rings)
    if depth not in {_POLYGON_DEPTH, _POLYGONS_DEPTH}:
        raise ValueError(f"{depth} levels of brackets instead of 3 or 4")
    polygons: list[list[list[list[float]]]] = [rings] if depth == _POLYGON_DEPTH else rings
    return polygons


def _depth(nested: object) -> int:
    depth = 0
    while isinstance(nested, list):
        nested, depth = (nested[0] if nested else None), depth + 1
    return depth


def _polygon(rings: list[list[list[float]]]) -> shapely.Polygon:
    turned = [[(float(place[1]), float(place[0])) for place in ring] for ring in rings]
    return shapely.Polygon(turned[0], turned[1:])
