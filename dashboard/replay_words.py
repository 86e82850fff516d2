"""A message of the past as one line that a person reads in a terminal. Pure."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from geodata.city import City

MOST_NAMED = 6
_NAMES = ("title", "name", "provider", "hazard")
_STATES = ("status_words", "state_words", "health", "state", "band", "level_m", "occupants", "magnitude", "reports")
_DERIVED = frozenset({"kelurahan", "blind_spots", "camera_outages"})
"""Drawn from others, which say it themselves."""

Message = Mapping[str, Any]


def line_of(message: Message, city: City) -> str:
    """Time, what was left out before it, and what changed; of a whole picture how much there is of each."""
    is_whole = message["from"] is None
    said = _counted(message) if is_whole else list(_changes(message))
    said += [] if is_whole or not said else _figures(message)
    skipped_s = message["past"].get("skipped_s", 0)
    skipped = [f"» {timedelta(seconds=round(skipped_s))}"] if skipped_s else []
    return "  ".join([time_of(message["now"], city), *skipped, " · ".join(said) or "="])


def time_of(epoch: float, city: City) -> str:
    """As clocks in the city show it."""
    moment = datetime.fromtimestamp(epoch, UTC).astimezone(city.zone)
    return f"{moment:%Y-%m-%d %H:%M:%S} {city.zone_label}"


def _counted(message: Message) -> list[str]:
    """How many things of each layer."""
    return [
        f"{name} {len(_keys(part))}" for name, part in sorted(message["layers"].items()) if name not in _DERIVED
    ] or ["-"]


def _keys(part: Mapping[str, Any]) -> set[str]:
    if "columns" in part:
        return set(part["columns"]["key"])
    return {feature["properties"]["key"] for feature in part["set"]}


def _changes(message: Message) -> Iterator[str]:
    for name, part in sorted(message["layers"].items()):
        if name in _DERIVED:
            continue
        if "columns" in part:
            yield f"{name} ~{len(part['columns']['key'])}"
        else:
            things = {feature["properties"]["key"]: feature["properties"] for feature in part["set"]}
            yield from _some([f"{name} {key}: {_said(things[key])}" for key in things])
        yield from _some([f"{name} {key}: gone" for key in part["drop"]])


def _some(said: list[str]) -> Iterator[str]:
    yield from said[:MOST_NAMED]
    if len(said) > MOST_NAMED:
        yield f"+{len(said) - MOST_NAMED}"


def _said(properties: Mapping[str, Any]) -> str:
    words = [next((properties[name] for name in _NAMES if properties.get(name)), None)]
    words += [next((properties[name] for name in _STATES if properties.get(name) is not None), None)]
    words += [properties.get("kelurahan")]
    return ", ".join(str(word) for word in words if word is not None) or "~"


def _figures(message: Message) -> list[str]:
    """The panels say the same in many ways; a line needs the two counts that people ask for."""
    figures = message.get("panels", {}).get("figures")
    if figures is None or figures["open"] is None:
        return []
    return [f"open {figures['open']}, critical {figures['critical']}"]
