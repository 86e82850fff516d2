"""Categories of calls as a city has changed or added them by hand, in a small file beside its description.

`DIR/cities/taxonomy/<code>.toml` holds only these; `load_city` lays them over the city's own file, so that neither ours
nor theirs is ever rewritten. The version before is kept as `<code>.toml.before`.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

import orjson
from pydantic import ValidationError

from geodata.city import Category, City, load_city, own_taxonomy
from geodata.errors import BadSettings


def own_categories(folder: Path, code: str) -> tuple[Category, ...]:
    """Those changed or added by hand; `folder` is that of the cities. Raises BadSettings."""
    path = own_taxonomy(folder, code)
    if not path.is_file():
        return ()
    try:
        said = tomllib.loads(path.read_text("utf-8")).get("categories", [])
        return tuple(Category.model_validate(one) for one in said)
    except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path.name} cannot be read: {error}") from error


def save_categories(folder: Path, code: str, categories: Iterable[Category]) -> City:
    """Write these instead of those before, if the city can be read with them; gives it. Raises BadSettings."""
    path = own_taxonomy(folder, code)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = path.read_bytes() if path.is_file() else None
    text = "# Written by the desk: categories changed or added by hand.\n" + "".join(map(toml_of, categories))
    _replace(path, text.encode())
    try:
        city = load_city(code, folder)
    except BadSettings:
        if before is None:
            path.unlink()
        else:
            _replace(path, before)
        raise
    if before is not None:
        _replace(path.with_name(f"{path.name}.before"), before)
    return city


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def toml_of(category: Category) -> str:
    """One entry of the file."""
    said = category.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    lines = [f"{name} = {_value(value)}" for name, value in said.items()]
    return "\n[[categories]]\n" + "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """A text of JSON is one of TOML, too, once what JSON leaves bare is escaped."""
    return orjson.dumps(value).decode().replace("\x7f", "\\u007F")
