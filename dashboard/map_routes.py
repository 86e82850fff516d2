"""What the map asks for once and keeps: its style, icons, ground, legend, and the typefaces.

Nothing here says what is happening, so nothing here needs redaction; every answer has an ETag.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import font_rhd
import font_source_sans_pro
import orjson
from flask import Flask, Response, abort, request

from dashboard import basemap as basemap_routes
from dashboard import outlines
from dashboard.basemap_style import Shown
from dashboard.map_presets import presets
from dashboard.picture_ages import usual_ages
from dashboard.services import Services
from dashboard.sprite import sprite
from dashboard.style import Theme, map_style, tokens
from layers.layer import Layer, Layers

Json = dict[str, Any]
Answer = Callable[[], Response]

_KEEP_S = 300
_KEEP_FONT_S = 30 * 86_400
_FACES: Mapping[str, Path] = {
    f"{name}.ttf": Path(folder) / f"{name}.ttf"
    for folder, names in (
        (font_rhd.font_directory, ("RedHatDisplay-Medium", "RedHatDisplay-Bold", "RedHatDisplay-Black")),
        (font_source_sans_pro.font_directory, ("SourceSansPro-Regular", "SourceSansPro-Semibold")),
    )
    for name in names
}
"""The only font files served, by the name asked for: nothing a browser says becomes a path."""


def register(server: Flask, services: Services, basemap: basemap_routes.Ground | None = None) -> None:
    """Add the map's routes; each endpoint's name starts with `map_`, except `font`."""
    ground = services.ground
    shown = basemap.shown if basemap else None
    basemap_routes.register(server, basemap)
    files: Mapping[str, Callable[[], Json]] = {
        "kelurahan": ground.places.boundaries_geojson,
        "boundaries": lambda: outlines.ranked_boundaries(ground.places.boundaries_geojson()),
        "labels": lambda: outlines.labels(ground.places.labels_geojson(), ground.places.river_geojson()),
        "river": ground.places.river_geojson,
        "graticule": lambda: outlines.graticule(ground.city.extent),
    }
    for name, made in files.items():
        server.add_url_rule(f"/map/{name}.geojson", f"map_{name}", _kept(made, "application/geo+json"))
    server.add_url_rule("/map/legend.json", "map_legend", _kept(lambda: legend(services, shown), "application/json"))
    server.add_url_rule("/map/style.json", "map_style", _style(services, shown))
    for ratio, suffix in ((1, ""), (2, "@2x")):
        server.add_url_rule(f"/map/sprite{suffix}.json", f"map_sprite_index_{ratio}", _sprite_index(ratio))
        server.add_url_rule(f"/map/sprite{suffix}.png", f"map_sprite_{ratio}", _sprite_png(ratio))
    server.add_url_rule("/fonts/<name>", "font", _font)


def legend(services: Services, basemap: Shown | None = None) -> Json:
    """Titles, ages and legends of all layers, and what the page must know of the city and of whom to name."""
    city, places = services.ground.city, services.ground.places
    extent = city.extent
    return {
        "city": city.name,
        "time_zone": city.time_zone,
        "zone_label": city.zone_label,
        "view": [city.view_lon, city.view_lat],
        "extent": [extent.west, extent.south, extent.east, extent.north],
        "approximate": places.is_approximate,
        "credit": basemap.attribution if basemap else "",
        "presets": presets(services.settings.presets),
        "layers": {**_legends(services.layers), **_with_camera_ages(services)},
    }


def _with_camera_ages(services: Services) -> Json:
    """The legend of cameras with ages: a picture is old by the period at which pictures are fetched."""
    layer = services.layers.get("cameras")
    if layer is None:
        return {}
    return {"cameras": {**_legend_of(layer), "ages": asdict(usual_ages(services.settings.cameras.period_s))}}


def _legends(layers: Layers) -> Json:
    return {name: _legend_of(layer) for name, layer in layers.items()}


def _legend_of(layer: Layer) -> Json:
    ages = layer.ages
    return {
        "title": asdict(layer.title),
        "ages": {"late_s": ages.late_s, "lost_s": ages.lost_s} if ages else None,
        "marks": [{"words": asdict(mark.words), "icon": mark.icon, "token": mark.token} for mark in layer.legend],
    }


def _kept(made: Callable[[], Json], content_type: str) -> Answer:
    body = cache(lambda: orjson.dumps(made()))
    return lambda: _answer(body(), content_type)


def _style(services: Services, basemap: Shown | None) -> Answer:
    def answer() -> Response:
        style = map_style(services.ground, services.layers, request.host_url, tokens(_theme()), basemap)
        return _answer(orjson.dumps(style), "application/json")

    return answer


def _theme() -> Theme:
    """What the page asked for, by night unless it says by day."""
    return "day" if request.args.get("theme") == "day" else "night"


def _sprite_index(ratio: int) -> Answer:
    return lambda: _answer(orjson.dumps(sprite(ratio).index), "application/json")


def _sprite_png(ratio: int) -> Answer:
    return lambda: _answer(sprite(ratio, _theme()).png, "image/png")


def _font(name: str) -> Response:
    if name not in _FACES:
        abort(404)
    return _answer(_face(name), "font/ttf", _KEEP_FONT_S)


@cache
def _face(name: str) -> bytes:
    return _FACES[name].read_bytes()


def _answer(body: bytes, content_type: str, keep_s: int = _KEEP_S) -> Response:
    """The bytes with an ETag; 304 without them where the browser has them already."""
    response = Response(body, content_type=content_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    response.headers["Cache-Control"] = f"private, max-age={keep_s}"
    response.make_conditional(request)
    return response
