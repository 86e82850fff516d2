"""How a basemap looks: streets quiet enough that nothing alive is ever lost among them. Colours are tokens only.

One style for each schema. Names of places come from the city's own boundaries; of the tiles only streets are named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.basemap import Schema
from geodata.tiles import Bounds

Json = dict[str, Any]
SOURCE = "basemap"
STREET_FONT = ["Layar Label Semibold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the style must know of the basemap in use. `tiles`: its address with {z}, {x}, {y}, without the host.

    `has_river`: whether its water takes the place of the river that is drawn from the city's facts.
    """

    schema: Schema
    tiles: str
    bounds: Bounds | None
    min_zoom: int
    max_zoom: int
    tile_px: int
    attribution: str
    has_river: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What a schema calls things: (layer of the tiles, property, values)."""

    green: Sequence[tuple[str, str, Sequence[str]]]
    built: tuple[str, str, Sequence[str]]
    streams: tuple[str, str, Sequence[str]]
    buildings: str
    roads: str
    names: str
    road_key: str
    major: Sequence[str]
    middle: Sequence[str]
    minor: Sequence[str]
    rail: Sequence[str]


_WORDS: Mapping[Schema, _Words] = {
    "openmaptiles": _Words(
        green=(
            ("landcover", "class", ("wood", "grass", "wetland", "farmland")),
            ("park", "class", ("public_park", "nature_reserve", "protected_area")),
        ),
        built=("landuse", "class", ("residential", "commercial", "industrial", "retail", "suburb", "neighbourhood")),
        streams=("waterway", "class", ("river", "stream", "canal", "drain")),
        buildings="building",
        roads="transportation",
        names="transportation_name",
        road_key="class",
        major=("motorway", "trunk", "primary"),
        middle=("secondary", "tertiary"),
        minor=("minor", "service", "track", "busway", "raceway"),
        rail=("rail", "transit"),
    ),
    "protomaps": _Words(
        green=(
            ("landcover", "kind", ("forest", "grassland", "scrub", "farmland")),
            ("landuse", "kind", ("park", "forest", "wood", "grass", "nature_reserve", "cemetery", "farmland")),
        ),
        built=("landuse", "kind", ("residential", "commercial", "industrial", "retail", "urban_area")),
        streams=("water", "kind", ("river", "stream", "canal", "drain", "ditch")),
        buildings="buildings",
        roads="roads",
        names="roads",
        road_key="kind",
        major=("highway", "major_road"),
        middle=("medium_road",),
        minor=("minor_road", "other"),
        rail=("rail",),
    ),
}  # fmt: skip


def source(shown: Shown, host: str) -> Json:
    """The source of the tiles; its address must be absolute, a worker of the map asks for them."""
    kind: Json = {"type": "vector"} if shown.schema != "raster" else {"type": "raster", "tileSize": shown.tile_px}
    bounds: Json = {"bounds": list(shown.bounds)} if shown.bounds else {}
    address = f"{host.rstrip('/')}{shown.tiles}"
    return {**kind, **bounds, "tiles": [address], "minzoom": shown.min_zoom, "maxzoom": shown.max_zoom}


def below(shown: Shown) -> list[Json]:
    """What lies right above the background: pictures, which the tint of the kelurahan then lies on."""
    if shown.schema != "raster":
        return []
    # by night the same picture, darkened until what is alive stands out
    return [{
        "id": "basemap",
        "type": "raster",
        "source": SOURCE,
        "paint": {
            "raster-saturation": -0.55,
            "raster-brightness-max": ["to-number", "var(--basemap-most)"],
            "raster-brightness-min": ["to-number", "var(--basemap-least)"],
            "raster-contrast": 0.05,
            "raster-fade-duration": 0,
        },
    }]  # fmt: skip


def above(shown: Shown) -> list[Json]:
    """What lies on the tint of the kelurahan and under their boundaries."""
    if shown.schema == "raster":
        return []
    words = _WORDS[shown.schema]
    return [*_land(words), *_water(words), *_streets(words), *_names(words)]


def _of(layer: str, kind: str, name: str, **more: Any) -> Json:  # noqa: ANN401 — parts of a style
    return {"id": f"basemap-{name}", "type": kind, "source": SOURCE, "source-layer": layer, **more}


def _in(key: str, values: Sequence[str]) -> list[Any]:
    return ["in", ["get", key], ["literal", list(values)]]


def _is(shape: str) -> list[Any]:
    return ["==", ["geometry-type"], shape]


def _by_zoom(*stops: float) -> list[Any]:
    return ["interpolate", ["exponential", 1.5], ["zoom"], *stops]


def _land(words: _Words) -> list[Json]:
    layer, key, values = words.built
    green = [
        _of(name, "fill", f"green-{number}", filter=_in(by, kinds),
            paint={"fill-color": "var(--basemap-green)", "fill-opacity": 0.35})
        for number, (name, by, kinds) in enumerate(words.green)
    ]  # fmt: skip
    built = _of(layer, "fill", "built", filter=_in(key, values),
                paint={"fill-color": "var(--basemap-built)", "fill-opacity": 0.3})  # fmt: skip
    houses = _of(words.buildings, "fill", "buildings", minzoom=14.5,
                 paint={"fill-color": "var(--basemap-house)", "fill-opacity": 0.75})  # fmt: skip
    return [*green, built, houses]


def _water(words: _Words) -> list[Json]:
    layer, key, values = words.streams
    return [
        _of("water", "fill", "water", filter=_is("Polygon"),
            paint={"fill-color": "var(--river)", "fill-opacity": 0.96}),
        _of("water", "line", "shore", filter=_is("Polygon"),
            paint={"line-color": "var(--river-core)", "line-width": _by_zoom(9, 0.6, 14, 1.8), "line-opacity": 0.8}),
        _of(layer, "line", "streams", filter=["all", _is("LineString"), _in(key, values)],
            layout={"line-cap": "round", "line-join": "round"},
            paint={"line-color": "var(--river)", "line-width": _by_zoom(11, 0.8, 14, 2.4, 17, 8)}),
    ]  # fmt: skip


def _streets(words: _Words) -> list[Json]:
    groups = (
        ("minor", words.minor, "var(--street-minor)", _by_zoom(12, 0.6, 14, 1.8, 17, 9), 12.0),
        ("middle", words.middle, "var(--street-middle)", _by_zoom(10, 0.6, 13, 2.2, 17, 13), 10.0),
        ("major", words.major, "var(--street-major)", _by_zoom(8, 0.8, 12, 2.6, 14, 4.4, 17, 18), 7.0),
    )
    rounded = {"line-cap": "round", "line-join": "round"}
    casings = [
        _of(words.roads, "line", f"{name}-casing", filter=_in(words.road_key, kinds), minzoom=max(least, 12.0),
            layout=rounded, paint={"line-color": "var(--street-casing)", "line-width": _wider(width)})
        for name, kinds, _, width, least in groups
    ]  # fmt: skip
    lines = [
        _of(words.roads, "line", name, filter=_in(words.road_key, kinds), minzoom=least,
            layout=rounded, paint={"line-color": colour, "line-width": width})
        for name, kinds, colour, width, least in groups
    ]  # fmt: skip
    rail = _of(words.roads, "line", "rail", filter=_in(words.road_key, words.rail), minzoom=11,
               paint={"line-color": "var(--street-middle)", "line-width": 1.2, "line-dasharray": [3, 3]})  # fmt: skip
    return [*casings, *lines, rail]


def _wider(width: Sequence[Any]) -> list[Any]:
    """The same line with a rim: MapLibre wants the zoom outermost, so each stop is widened."""
    head, stops = list(width[:3]), width[3:]
    return [*head, *(stop + 1.8 if number % 2 else stop for number, stop in enumerate(stops))]


def _names(words: _Words) -> list[Json]:
    def named(name: str, kinds: Sequence[str], least: float) -> Json:
        return _of(
            words.names, "symbol", f"{name}-name", minzoom=least,
            filter=["all", _in(words.road_key, kinds), ["has", "name"]],
            layout={
                "text-field": ["get", "name"], "text-font": STREET_FONT, "text-size": _by_zoom(12, 15, 16, 19),
                "symbol-placement": "line", "symbol-spacing": 420, "text-max-angle": 30, "text-padding": 6,
            },
            paint={"text-color": "var(--street-label)", "text-halo-color": "var(--label-halo)", "text-halo-width": 1.8},
        )  # fmt: skip

    return [named("major", words.major, 13), named("middle", words.middle, 14), named("minor", words.minor, 15.5)]
