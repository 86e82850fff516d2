"""Which cities this installation knows, and how well: for the operator who chooses one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geodata import boundary_file
from geodata.city import SHIPPED, code_in_use, load_city
from geodata.errors import BadSettings
from geodata.facts import has_facts

Boundary = Literal["real", "approximate", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCity:
    """One city that has a description. `fault`: why it cannot be read, if so."""

    code: str
    name: str
    is_own: bool
    is_in_use: bool
    boundaries: Boundary
    fault: str | None = None


def known_cities(data_dir: Path) -> list[KnownCity]:
    """All cities by code; the operator's own description hides ours."""
    own = data_dir / "cities"
    used = code_in_use(data_dir)
    codes = {path.stem for folder in (SHIPPED, own) for path in folder.glob("[0-9][0-9].[0-9][0-9].toml")}
    return [_known(code, own, is_in_use=code == used) for code in sorted(codes)]


def _known(code: str, own: Path, *, is_in_use: bool) -> KnownCity:
    name, fault = code, None
    try:
        name = load_city(code, own).name
    except BadSettings as error:
        fault = str(error)
    return KnownCity(
        code=code,
        name=name,
        is_own=(own / f"{code}.toml").is_file(),
        is_in_use=is_in_use,
        boundaries=_boundaries(code, own),
        fault=fault,
    )


def _boundaries(code: str, own: Path) -> Boundary:
    if boundary_file.path_of(own, code).is_file():
        return "real"
    return "approximate" if has_facts(code) else "none"
