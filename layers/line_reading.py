"""[[feeds]] of `layar.toml`, each line read by the model of its transport."""

from collections.abc import Mapping

from pydantic import ValidationError

from geodata.errors import BadSettings
from layers.feed import Feed
from layers.transport import LineSettings, Transport, discover_transports

_MOST_LINES = 100


def lines_of(said: object) -> tuple[LineSettings, ...]:
    """Raises ValueError naming the line and the key."""
    if not isinstance(said, list | tuple):
        raise ValueError("write each feed as a table of its own, beginning with [[feeds]]")  # noqa: TRY004 — pydantic wants a ValueError
    if len(said) > _MOST_LINES:
        raise ValueError(f"there are {len(said)} [[feeds]], at most {_MOST_LINES} are run")
    transports = discover_transports().found if said else {}
    lines = tuple(_line(one, transports) for one in said)
    names = [line.name for line in lines]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two [[feeds]] are called {name!r}; every name is used once")
    return lines


def _line(said: object, transports: Mapping[str, Transport]) -> LineSettings:
    if isinstance(said, LineSettings):
        return said
    if not isinstance(said, dict):
        raise ValueError("write each feed as a table of its own, beginning with [[feeds]]")  # noqa: TRY004 — as above
    whose = f"[[feeds]] {said.get('name', '')!r}"
    transport = transports.get(str(said.get("transport")))
    if transport is None:
        raise ValueError(f"{whose}: transport: there are only {', '.join(sorted(transports))}")
    try:
        return transport.settings.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(map(str, first["loc"]))
        words = "there is no such setting" if first["type"] == "extra_forbidden" else first["msg"]
        what = f"{key}: {words}" if key else words
        raise ValueError(f"{whose}: {what.removeprefix('Value error, ')}") from None


def refuse_unknown_feeds(lines: tuple[LineSettings, ...], feeds: Mapping[str, Feed]) -> None:
    """Raises BadSettings for a line whose dialect nobody installed."""
    for line in lines:
        if line.feed not in feeds:
            raise BadSettings(
                f"[[feeds]] {line.name!r}: feed: there is no {line.feed!r}; there are: {', '.join(sorted(feeds))}",
                field="feeds",
            )
