"""How the shapes of a hand at the map are drawn: what it measures, asked and found. On top of all else."""

from typing import Any

Json = dict[str, Any]
_FONT = ["Layar Label Semibold"]
_HALO = {"text-color": "var(--text)", "text-halo-color": "var(--label-halo)", "text-halo-width": 2.2}


def _is(shape: str) -> list[Any]:
    return ["==", ["geometry-type"], shape]


def _ring(kind: str, opacity: float, **more: Any) -> Json:  # noqa: ANN401 — parts of a style
    return {
        "id": f"tools-here-{kind}",
        "type": "line",
        "source": "tools-here",
        "filter": ["all", _is("LineString"), ["==", ["get", "kind"], kind]],
        "paint": {"line-color": "var(--focus)", "line-width": 2.4, "line-opacity": opacity, **more},
    }


def _dot(source: str, radius: float) -> Json:
    return {
        "id": f"{source}-dot",
        "type": "circle",
        "source": source,
        "filter": _is("Point"),
        "paint": {
            "circle-radius": radius,
            "circle-color": "var(--focus)",
            "circle-stroke-color": "var(--label-halo)",
            "circle-stroke-width": 2.5,
        },
    }


LAYERS: tuple[Json, ...] = (
    _ring("sure", 0.95),
    _ring("best", 0.7, **{"line-dasharray": [2, 2]}),
    {
        "id": "tools-here-words",
        "type": "symbol",
        "source": "tools-here",
        "filter": _is("LineString"),
        "layout": {
            "text-field": ["get", "words"], "text-font": _FONT, "text-size": 18, "symbol-placement": "line",
            "symbol-spacing": 500, "text-max-angle": 40,
        },
        "paint": _HALO,
    },
    _dot("tools-here", 6),
    {
        "id": "tools-measure-face",
        "type": "fill",
        "source": "tools-measure",
        "filter": _is("Polygon"),
        "paint": {"fill-color": "var(--focus)", "fill-opacity": 0.16},
    },
    {
        "id": "tools-measure-line",
        "type": "line",
        "source": "tools-measure",
        "filter": _is("LineString"),
        "layout": {"line-cap": "round", "line-join": "round"},
        "paint": {"line-color": "var(--focus)", "line-width": 3.5},
    },
    _dot("tools-measure", 5),
    _dot("tools-pin", 7),
    {
        "id": "tools-pin-name",
        "type": "symbol",
        "source": "tools-pin",
        "layout": {
            "text-field": ["get", "name"], "text-font": _FONT, "text-size": 22, "text-anchor": "bottom",
            "text-offset": [0, -0.7], "text-allow-overlap": True,
        },
        "paint": _HALO,
    },
)  # fmt: skip
