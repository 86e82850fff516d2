"""Blind spots: how much of each kelurahan no working camera has in view now. Dead cameras do not count."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from geodata.clock import epoch_s
from layers.event import Event
from layers.eyes import aimed_cameras, areas_in_view, coverage, is_working
from layers.feature import Feature, feature
from layers.layer import Layer, Mark, Words
from layers.situation import Changes, Situation, Things

_FROM = "cameras"
_DECIMALS = 4


def fold(_things: Things, _event: Event) -> Changes:
    """Nothing of its own: it follows from the cameras."""
    return {}


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """Per kelurahan `blind_share` (0 to 1), and how many working cameras look into it.

    No geometry: the shapes are static and served once. A camera whose direction is not known does not count.
    """
    places, seen = situation.ground.places, coverage(situation).shares
    working, news = _by_area(situation)
    return [
        feature(
            code,
            None,
            blind_share=round(1 - seen.get(code, 0.0), _DECIMALS),
            cameras=working[code],
            observed_at=news.get(code),
            source=_FROM,
        )
        for code in places.areas
        if keys is None or code in keys
    ]


def _by_area(situation: Situation) -> tuple[dict[str, int], dict[str, float]]:
    """By kelurahan: how many working cameras look into it, and when one that does last changed."""
    working: dict[str, int] = defaultdict(int)
    news: dict[str, float] = {}
    for camera, sight in aimed_cameras(situation):
        for code in areas_in_view(sight, situation.ground.places, situation.ground.obstacles):
            working[code] += is_working(camera)
            moments = [epoch_s(moment) for moment in (camera.since, camera.judged_at) if moment]
            if moments:
                news[code] = max(news.get(code, 0.0), *moments)
    return working, news


LAYER = Layer(
    title=Words(id="Titik buta kamera", en="Blind spots"),
    fold=fold,
    draw=draw,
    hears=(),
    draws_from=(_FROM,),
    style=(
        {
            "id": "blind_spots",
            "type": "fill",
            "metadata": {"is-tint": True},
            "layout": {"visibility": "none"},  # optional: assets/28-tint.js shows it
            "paint": {
                "fill-color": [
                    "interpolate", ["linear"], ["-", 1, ["get", "blind_share"]],
                    0, "var(--seen-0)", 0.01, "var(--seen-1)", 0.05, "var(--seen-2)", 0.2, "var(--seen-3)",
                ],
                "fill-opacity": 0.94,
            },
        },
    ),
    legend=(
        Mark(words=Words(id="0 %", en="0 %"), token="--seen-0"),  # noqa: S106 — a colour
        Mark(words=Words(id="1 %", en="1 %"), token="--seen-1"),  # noqa: S106
        Mark(words=Words(id="5 %", en="5 %"), token="--seen-2"),  # noqa: S106
        Mark(words=Words(id="20 %+", en="20 %+"), token="--seen-3"),  # noqa: S106
    ),
)  # fmt: skip
