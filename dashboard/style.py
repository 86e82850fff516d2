"""The map's style: the ground drawn here, every layer's own fragments on top, colours resolved from the tokens.

No colour is written in Python: fragments say "var(--token)" and `resolved` looks it up in `assets/00-tokens.css`.
No glyphs URL: MapLibre then draws letters itself from the CSS families named in `text-font`.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from dashboard import basemap_style, map_tools_style
from dashboard.basemap_style import SOURCE, Shown
from geodata.places import Ground
from layers.layer import Layers

ASSETS = Path(__file__).parents[1] / "assets"
LABEL_FONT = ["Layar Label Semibold"]
WATER_FONT = ["Layar Water Medium"]
UNKNOWN_ICON = "lain"
"""Drawn where a layer asks for an icon nobody drew: an unknown name must never reach the network."""

_TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;]+);")
_VAR = re.compile(r"var\((--[\w-]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

_DAY = ':root[data-theme="day"] {'

Theme = Literal["night", "day"]
THEMES: tuple[Theme, ...] = get_args(Theme)
Json = dict[str, Any]
Tokens = Mapping[str, str]

TINTS = frozenset({"kelurahan", "blind_spots"})
"""Layers that colour the ground itself: streets lie on them."""

ABOVE = ("kelurahan", "cameras", "responders", "incidents")
"""Bottom to top; layers not named here lie between responders and incidents, by name."""

_MORE: Mapping[str, Json] = {
    "responders": {"cluster": True, "clusterRadius": 26, "clusterMinPoints": 4, "clusterMaxZoom": 16},
}
"""Units that stand together are counted; their arrows, on a canvas of their own, cover each other."""

EMPTY: Json = {"type": "FeatureCollection", "features": []}


class UnknownToken(KeyError):
    """A style names a colour that `assets/00-tokens.css` does not have."""


def tokens_in(css: str) -> dict[str, str]:
    """Every custom property of a style sheet, by its name with the dashes."""
    return {name: value.strip() for name, value in _TOKEN.findall(_COMMENT.sub("", css))}


@cache
def tokens(theme: Theme = "night") -> Tokens:
    """The tokens of this product as that theme has them."""
    night, _, day = (ASSETS / "00-tokens.css").read_text("utf-8").partition(_DAY)
    return tokens_in(night) | (tokens_in(day.partition("}")[0]) if theme == "day" else {})


def resolved(value: Any, known: Tokens) -> Any:  # noqa: ANN401 — any JSON goes in, the same shape comes out
    """`value` with every "var(--token)" replaced by the token's value, however deep it lies."""
    if isinstance(value, str):
        return _VAR.sub(lambda match: _token(match[1], known), value)
    if isinstance(value, list | tuple):
        return [resolved(item, known) for item in value]
    if isinstance(value, dict):
        return {key: resolved(item, known) for key, item in value.items()}
    return value


def _token(name: str, known: Tokens) -> str:
    if name not in known:
        raise UnknownToken(f"{name} is not in assets/00-tokens.css")
    return known[name]


def map_style(ground: Ground, layers: Layers, host: str, known: Tokens, basemap: Shown | None = None) -> Json:
    """The whole MapLibre style. `host` is where the browser found us: MapLibre wants whole addresses.

    Without a basemap the city's own boundaries and river are the ground; with one its streets lie on their tint.
    """
    drawn = [fragment for name in stacked(layers) for fragment in fragments(name, layers)]
    tints = [_over(f, basemap) for f in drawn if f["type"] == "fill" and f["source"] in TINTS]
    below = [f for f in drawn if f["type"] == "fill" and f["source"] not in TINTS]
    # names of places go over lines and over names of units, and so are the first to find room
    quiet = [f for f in drawn if f["type"] == "line" or ("text-field" in f.get("layout", {}) and not _is_news(f))]
    above = [f for f in drawn if f["type"] != "fill" and f not in quiet]
    pictures, streets = (basemap_style.below(basemap), basemap_style.above(basemap)) if basemap else ([], [])
    water = [] if basemap and basemap.has_river else _WATER
    style = {
        "version": 8,
        "name": f"Layar 112 {ground.city.name}",
        "sprite": f"{host}map/sprite",
        "sources": {**_sources(layers), **({SOURCE: basemap_style.source(basemap, host)} if basemap else {})},
        "layers": [
            *_GROUND_BELOW,
            *pictures,
            *tints,
            *streets,
            *below,
            *_BOUNDARIES,
            *water,
            *quiet,
            *_LABELS,
            *above,
            _PLATES,
            *map_tools_style.LAYERS,
        ],
    }
    found: Json = resolved(style, known)
    return found


def _over(tint: Json, basemap: Shown | None) -> Json:
    """A tint lets the pictures of a basemap through, the more the less it has to say."""
    if basemap is None or basemap.schema != "raster":
        return tint
    sheer = ["interpolate", ["linear"], ["coalesce", ["get", "open"], 0], 0, 0.06, 1, 0.34, 12, 0.6]
    return {**tint, "paint": {**tint["paint"], "fill-opacity": sheer}}


def _is_news(fragment: Json) -> bool:
    """Few, and nothing in a list says the same: its words find room before the names of places."""
    return bool(fragment.get("metadata", {}).get("is-news"))


def stacked(layers: Iterable[str]) -> list[str]:
    """Names of layers in the order they are drawn."""
    first = [name for name in ABOVE[:-1] if name in layers]
    last = [name for name in ABOVE[-1:] if name in layers]
    return [*first, *sorted(set(layers) - set(ABOVE)), *last]


def fragments(name: str, layers: Layers) -> list[Json]:
    """A layer's style fragments with their source, and a known icon behind every unknown one."""
    return [_with_safe_icon({"source": name, **fragment}) for fragment in layers[name].style]


def _with_safe_icon(fragment: Json) -> Json:
    layout = fragment.get("layout", {})
    wanted = layout.get("icon-image")
    if wanted is None:
        return fragment
    safe = ["coalesce", ["image", wanted], ["image", UNKNOWN_ICON]]
    return {**fragment, "layout": {**layout, "icon-image": safe}}


def _sources(layers: Layers) -> Json:
    live = {name: {"type": "geojson", "data": EMPTY, **_MORE.get(name, {})} for name in layers if layers[name].style}
    return {
        **live,
        "kelurahan": {"type": "geojson", "data": "/map/kelurahan.geojson", "tolerance": 0.2},
        "boundaries": {"type": "geojson", "data": "/map/boundaries.geojson", "tolerance": 0.2},
        "labels": {"type": "geojson", "data": "/map/labels.geojson"},
        "river": {"type": "geojson", "data": "/map/river.geojson", "tolerance": 0.2},
        "graticule": {"type": "geojson", "data": "/map/graticule.geojson"},
        "pressure": {"type": "geojson", "data": EMPTY},
        "plates": {"type": "geojson", "data": EMPTY},
        "responders-accuracy": {"type": "geojson", "data": EMPTY},
        "responders-trail": {"type": "geojson", "data": EMPTY},
        **{name: {"type": "geojson", "data": EMPTY} for name in ("tools-here", "tools-measure", "tools-pin")},
    }


def _by_zoom(*stops: float) -> list[Any]:
    return ["interpolate", ["exponential", 1.6], ["zoom"], *stops]


_PLATES: Json = {
    # nothing to see: where the page writes words above the map, the map writes none (assets/24-markers.js)
    "id": "plates",
    "type": "symbol",
    "source": "plates",
    "layout": {
        "text-field": ["get", "words"],
        "text-font": LABEL_FONT,
        "text-size": 19,
        "text-max-width": 40,
        "text-padding": 4,
        "text-allow-overlap": True,
    },
    "paint": {"text-opacity": 0},
}

_GROUND_BELOW: tuple[Json, ...] = (
    {"id": "night", "type": "background", "paint": {"background-color": "var(--night)"}},
    {
        "id": "kota-glow",
        "type": "line",
        "source": "boundaries",
        "filter": ["==", ["get", "rank"], "kota"],
        "paint": {
            "line-color": "var(--kota-glow)",
            "line-width": _by_zoom(9, 20, 14, 60),
            "line-blur": _by_zoom(9, 20, 14, 60),
            "line-opacity": 0.34,
        },
    },
)

_BOUNDARIES: tuple[Json, ...] = (
    {
        "id": "graticule",
        "type": "line",
        "source": "graticule",
        "paint": {"line-color": "var(--graticule)", "line-width": 1, "line-opacity": 0.07},
    },
    {
        "id": "kelurahan-glow",
        "type": "line",
        "source": "boundaries",
        "paint": {
            "line-color": "var(--boundary-glow)",
            "line-width": _by_zoom(9, 5, 14, 15),
            "line-blur": _by_zoom(9, 5, 14, 14),
            "line-opacity": 0.34,
        },
    },
    {
        "id": "kelurahan-line",
        "type": "line",
        "source": "boundaries",
        "layout": {"line-join": "round"},
        "filter": ["==", ["get", "rank"], "kelurahan"],
        "paint": {"line-color": "var(--boundary)", "line-width": _by_zoom(9, 0.6, 14, 1.5), "line-opacity": 0.75},
    },
    {
        "id": "kecamatan-glow",
        "type": "line",
        "source": "boundaries",
        "filter": ["!=", ["get", "rank"], "kelurahan"],
        "paint": {
            "line-color": "var(--boundary-glow)",
            "line-width": _by_zoom(9, 8, 14, 22),
            "line-blur": _by_zoom(9, 8, 14, 20),
            "line-opacity": 0.5,
        },
    },
    {
        "id": "kecamatan-line",
        "type": "line",
        "source": "boundaries",
        "layout": {"line-join": "round"},
        "filter": ["==", ["get", "rank"], "kecamatan"],
        "paint": {"line-color": "var(--kecamatan)", "line-width": _by_zoom(9, 1.1, 14, 2.6), "line-opacity": 0.9},
    },
    {
        "id": "kota-line",
        "type": "line",
        "source": "boundaries",
        "layout": {"line-join": "round"},
        "filter": ["==", ["get", "rank"], "kota"],
        "paint": {"line-color": "var(--kota)", "line-width": _by_zoom(9, 1.4, 14, 3), "line-opacity": 0.95},
    },
)

_WATER: tuple[Json, ...] = (
    {
        "id": "river-glow",
        "type": "line",
        "source": "river",
        "layout": {"line-join": "round"},
        "paint": {
            "line-color": "var(--river-glow)",
            "line-width": _by_zoom(9, 10, 14, 60),
            "line-blur": _by_zoom(9, 10, 14, 56),
            "line-opacity": 0.4,
        },
    },
    {
        "id": "river",
        "type": "fill",
        "source": "river",
        "filter": ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]],
        "paint": {"fill-color": "var(--river)", "fill-opacity": 0.96},
    },
    {
        "id": "river-course",
        "type": "line",
        "source": "river",
        "layout": {"line-join": "round", "line-cap": "round"},
        "filter": ["in", ["geometry-type"], ["literal", ["LineString", "MultiLineString"]]],
        "paint": {"line-color": "var(--river)", "line-width": _by_zoom(9, 4, 12, 22, 14, 80)},
    },
    {
        "id": "river-shore",
        "type": "line",
        "source": "river",
        "layout": {"line-join": "round"},
        "filter": ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]],
        "paint": {"line-color": "var(--river-core)", "line-width": _by_zoom(9, 0.8, 14, 2.4), "line-opacity": 0.9},
    },
)

_LABELS: tuple[Json, ...] = (
    {
        "id": "river-name",
        "type": "symbol",
        "source": "labels",
        "filter": ["==", ["get", "kind"], "water"],
        "layout": {
            "text-field": ["get", "name"],
            "text-font": WATER_FONT,
            "text-size": _by_zoom(10, 16, 12.5, 18, 15, 26),
            "text-letter-spacing": 0.28,
            "symbol-placement": "line",
            "symbol-spacing": 320,
            "text-max-angle": 60,
            "text-padding": 0,
            "text-allow-overlap": True,
        },
        "paint": {"text-color": "var(--river-label)", "text-halo-color": "var(--label-halo)", "text-halo-width": 1.4},
    },
    {
        "id": "kelurahan-name",
        "type": "symbol",
        "source": "labels",
        "filter": ["==", ["get", "kind"], "kelurahan"],
        "layout": {
            "text-field": ["upcase", ["get", "name"]],
            "text-font": LABEL_FONT,
            "text-size": _by_zoom(10, 15, 12.5, 16.5, 15, 24),
            "text-letter-spacing": 0.13,
            "text-line-height": 1.1,
            "text-max-width": 7,
            "text-padding": 5,
            # above the point first: volunteers, and incidents of which only the kelurahan is known, stand on it
            "text-variable-anchor": ["bottom", "top", "center", "left", "right"],
            "text-radial-offset": 1.1,
            "symbol-sort-key": ["-", 0, ["get", "area_km2"]],
        },
        "paint": {
            "text-color": "var(--label)",
            "text-halo-color": "var(--label-halo)",
            "text-halo-width": 2.4,
            "text-halo-blur": 0.4,
        },
    },
)
