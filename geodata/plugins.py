"""One file adds one thing: find the plugins in a folder, and those of third parties by entry point."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugins(Generic[T]):
    """What was found under one package.

    `found` maps file name → the plugin record; `broken` maps file name → why it was left out.
    """

    found: Mapping[str, T]
    broken: Mapping[str, str]


def discover(package: str, attribute: str, kind: type[T]) -> Plugins[T]:
    """Import every module of `package` and collect its `attribute`, an instance of `kind`.

    Modules without the attribute are passed over: they are not plugins. Third parties join through
    the entry point group `layar112.<package>`. A plugin that cannot be imported is left out and named.
    """
    found: dict[str, T] = {}
    broken: dict[str, str] = {}
    for name, module in _candidates(package):
        try:
            record = getattr(importlib.import_module(module), attribute, None)
        except Exception as error:  # noqa: BLE001 — a stranger's plugin may fail in any way; the wall goes on without it
            broken[name] = f"{type(error).__name__}: {error}"
            continue
        if isinstance(record, kind):
            found[name] = record
    return Plugins(found=MappingProxyType(found), broken=MappingProxyType(broken))


def _candidates(package: str) -> list[tuple[str, str]]:
    path = importlib.import_module(package).__path__
    own = [(info.name, f"{package}.{info.name}") for info in pkgutil.iter_modules(path) if not info.ispkg]
    strangers = [(point.name, point.module) for point in entry_points(group=f"layar112.{package}")]
    return sorted(own) + sorted(strangers)
