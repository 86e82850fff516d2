"""The commented example of `layar.toml`, printed from the settings' own models."""

from collections.abc import Iterator
from types import NoneType
from typing import Any, get_args

import orjson
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from dashboard.config import LayarSettings
from dashboard.map_presets import PresetSettings
from dashboard.report_settings import ReportSettings
from dashboard.walls import ScreenSettings, WallSettings
from geodata.settings import Settings
from layers.transport import discover_transports

_MANY = ("feeds", "walls", "reports", "presets")
_SIGNS = ((Ge, "ge", "≥"), (Gt, "gt", ">"), (Le, "le", "≤"), (Lt, "lt", "<"))


def example() -> str:
    """TOML text; every value is its default, so that the text as it stands changes nothing."""
    opening = "# Settings of one city's screen. Every name here is optional; an unknown name is an error.\n"
    return (
        opening
        + "".join(_table(LayarSettings, ""))
        + "".join(_lines())
        + "".join(_walls())
        + "".join(_reports())
        + "".join(_presets())
    )


def _lines() -> Iterator[str]:
    """[[feeds]] may be there any number of times, so all of it is commented out."""
    yield "\n# Feeds that come in by themselves (docs/feeds.md), each begins with [[feeds]]. None by default.\n"
    for name, transport in sorted(discover_transports().found.items()):
        yield f"#\n# {_says(transport.settings)}\n# [[feeds]]\n"
        for key, field in transport.settings.model_fields.items():
            value = _toml(name) if key == "transport" else "…" if field.is_required() else _toml(field.default)
            yield f"# # {field.description}{_bounds(field)}\n# {key} = {value if field.default is not None else '…'}\n"


def _walls() -> Iterator[str]:
    """[[walls]] and their [[walls.screens]], commented out for the same reason."""
    yield "\n# The walls of the room (docs/walls.md), each begins with [[walls]]. None: one of an assumed size.\n"
    for model, name in ((WallSettings, "walls"), (ScreenSettings, "walls.screens")):
        yield f"#\n# {_says(model)}\n# [[{name}]]\n"
        for key, field in model.model_fields.items():
            if key != "screens":
                value = "…" if field.is_required() or field.default is None else _toml(field.default)
                yield f"# # {field.description}{_bounds(field)}\n# {key} = {value}\n"


def _reports() -> Iterator[str]:
    """[[reports]], commented out for the same reason."""
    yield "\n# Reports that are made by the clock (docs/reports.md), each begins with [[reports]]. None by default.\n"
    yield f"#\n# {_says(ReportSettings)}\n# [[reports]]\n"
    for key, field in ReportSettings.model_fields.items():
        value = "…" if field.is_required() else _toml(field.default)
        yield f"# # {field.description}{_bounds(field)}\n# {key} = {value}\n"


def _presets() -> Iterator[str]:
    """[[presets]], commented out for the same reason."""
    yield "\n# Sets of layers for the key L (docs/map.md), each begins with [[presets]]. None: those of ours.\n"
    yield f"#\n# {_says(PresetSettings)}\n# [[presets]]\n"
    for key, field in PresetSettings.model_fields.items():
        value = "…" if field.is_required() else _toml(field.default)
        yield f"# # {field.description}{_bounds(field)}\n# {key} = {value}\n"


def _table(model: type[Settings], name: str) -> Iterator[str]:
    yield f"\n# {_says(model)}\n[{name}]\n" if name else ""
    for key, field in model.model_fields.items():
        if not _is_table(field) and key not in _MANY:
            yield _entry(key, field)
    for key, field in model.model_fields.items():
        if _is_table(field):
            yield from _table(type(field.default), f"{name}.{key}" if name else key)


def _is_table(field: FieldInfo) -> bool:
    return isinstance(field.default, Settings)


def _says(model: type[Settings]) -> str:
    words = (model.__doc__ or "").split("]", 1)[-1].removeprefix("]").strip()
    return words[:1].upper() + words[1:]


def _entry(key: str, field: FieldInfo) -> str:
    entry = f"{key} = {_toml(field.default)}" if field.default is not None else f'# {key} = "…"'
    return f"# {field.description}{_bounds(field)}\n{entry}\n"


def _toml(value: Any) -> str:  # noqa: ANN401 — a TOML scalar or list: what JSON writes is TOML too
    return orjson.dumps(value).decode()


def _bounds(field: FieldInfo) -> str:
    signs = [
        f"{sign} {getattr(bound, name)}"
        for bound in field.metadata
        for kind, name, sign in _SIGNS
        if isinstance(bound, kind)
    ]
    if NoneType in get_args(field.annotation):
        signs.append("may be left out")
    return f" ({', '.join(signs)})" if signs else ""
