"""An instance of any fact class whose every text is a marker: what a layer nobody thought of would let through."""

import typing
from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

MARK = "KENARI"
_NUMBERS = {"lon": 117.163737, "lat": -0.487613}


def planted(fact: type, now: datetime) -> Any:
    """Texts are `MARK-<field>`, places lie in the city, choices are the first, times are `now`."""
    hints = typing.get_type_hints(fact)
    return fact(**{one.name: _value(hints[one.name], one.name, now) for one in fields(fact) if one.init})


def _value(kind: Any, name: str, now: datetime) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {typing.Union, UnionType}:
        return _value(next(one for one in inner if one is not NoneType), name, now)
    if origin is Literal:
        return inner[0]
    if is_dataclass(kind) and isinstance(kind, type):
        return planted(kind, now)
    return _empty(origin) if origin is not None else _plain(kind, name, now)


def _plain(kind: type, name: str, now: datetime) -> Any:
    plain = {str: f"{MARK}-{name}-", datetime: now, bool: True, int: 1, float: _NUMBERS.get(name, 1.5)}
    value = plain.get(kind, MISSING)
    assert value is not MISSING, f"say in tests/dashboard/planted.py what a {kind} may hold ({name})"
    return value


def _empty(origin: type) -> Any:
    return {} if issubclass(origin, Mapping) else () if issubclass(origin, Collection) else None
