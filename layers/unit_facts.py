"""What the city says of its units, as two layers hear it."""

from dataclasses import dataclass
from typing import ClassVar, Literal

UnitKind = Literal["vehicle", "volunteer", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered:
    """The city says who a tracker is: without it a unit is known by its id alone. `is_on_duty` None: not said."""

    kind: ClassVar[str] = "unit_registered"
    unit: str
    name: str
    unit_kind: UnitKind
    agency: str | None = None
    is_on_duty: bool | None = None
