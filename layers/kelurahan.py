"""Kelurahan: the boundaries, and how much is going on in each."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from layers.event import Event
from layers.feature import Feature, feature
from layers.layer import Layer, Mark, Words, left_as_redacted
from layers.situation import Changes, Situation, Things
from layers.surge import WEIGHTS

_FROM = "incidents"


def fold(_things: Things, _event: Event) -> Changes:
    """The ground does not change by what happens on it."""
    return {}


def draw(situation: Situation, now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """Open incidents per kelurahan, as the incidents' own drawing says it; `weight`: the graver counting more.

    No geometry: the shapes are static and served once.
    """
    pressure: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for drawn in _incidents(situation, now):
        said = drawn["properties"]
        pressure[said["kelurahan_code"]].append((said["priority"], said["observed_at"]))
    areas = situation.ground.places.areas
    return [_draw(code, pressure[code]) for code in areas if keys is None or code in keys]


def _incidents(situation: Situation, now: datetime) -> list[Feature]:
    layer = situation.layers.get(_FROM)
    return layer.draw(situation, now, None) if layer else []


def _draw(code: str, news: list[tuple[int, float]]) -> Feature:
    return feature(
        code,
        None,
        open=len(news),
        worst=min((priority for priority, _ in news), default=None),
        weight=sum(WEIGHTS[priority] for priority, _ in news),
        observed_at=max((at for _, at in news), default=None),
        source=_FROM,
    )


LAYER = Layer(
    title=Words(id="Kelurahan", en="Kelurahan"),
    hears=(),
    fold=fold,
    draw=draw,
    for_visitor=left_as_redacted,
    draws_from=(_FROM,),
    style=(
        {
            "id": "kelurahan",
            "type": "fill",
            "paint": {
                "fill-color": [
                    "interpolate", ["linear"], ["coalesce", ["get", "open"], 0],
                    0, "var(--pressure-0)", 1, "var(--pressure-1)", 3, "var(--pressure-2)",
                    6, "var(--pressure-3)", 12, "var(--pressure-4)",
                ],
                "fill-opacity": 0.94,
            },
        },
        # under a surge: colour by weight, and the number where the name stands; assets/28-tint.js shows them
        {
            "id": "kelurahan-pressure",
            "type": "fill",
            "metadata": {"is-tint": True},
            "layout": {"visibility": "none"},
            "paint": {
                "fill-color": [
                    "step", ["coalesce", ["get", "weight"], 0],
                    "var(--pressure-0)", 1, "var(--pressure-1)", 6, "var(--pressure-2)",
                    16, "var(--pressure-3)", 32, "var(--pressure-4)",
                ],
                "fill-opacity": 0.94,
            },
        },
        {
            "id": "pressure",
            "type": "symbol",
            "source": "pressure",
            "metadata": {"is-news": True, "is-tint": True},
            "layout": {
                "visibility": "none",
                "text-field": ["to-string", ["get", "open"]],
                "text-font": ["Layar Label Semibold"],
                "text-size": ["interpolate", ["linear"], ["get", "open"], 1, 26, 10, 40],
                # beside the point, on which volunteers stand
                "text-variable-anchor": ["bottom", "top", "left", "right"],
                "text-radial-offset": 0.45,
            },
            "paint": {"text-color": "var(--text)", "text-halo-color": "var(--label-halo)", "text-halo-width": 2.4},
        },
    ),
    legend=(
        Mark(words=Words(id="0", en="0"), token="--pressure-0"),  # noqa: S106 — a colour
        Mark(words=Words(id="1", en="1"), token="--pressure-1"),  # noqa: S106
        Mark(words=Words(id="3", en="3"), token="--pressure-2"),  # noqa: S106
        Mark(words=Words(id="6", en="6"), token="--pressure-3"),  # noqa: S106
        Mark(words=Words(id="12+", en="12+"), token="--pressure-4"),  # noqa: S106
    ),
)  # fmt: skip
