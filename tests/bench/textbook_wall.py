"""The other side of the comparison: a live map as the Dash documentation teaches it.

A `dcc.Interval` of one second, one callback, a full figure each time, with what our wall shows too: kelurahan
shaded by their open incidents, incidents, cameras, and every responder with its name, kind and age on hover. Run as
`python textbook_wall.py PORT COUNT DIR` under the same gunicorn settings as ours.
"""

import sys
import threading
import time
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html
from gunicorn.app.base import BaseApplication
from world import CENTER_LAT, CENTER_LON, World

from geodata.ground import load_ground


def figure(world: World, areas: dict[str, Any], moved_at: float) -> go.Figure:
    """All of it, every time; `moved_at` travels along so that the page can tell how old the picture is."""
    codes = [area["id"] for area in areas["features"]]
    units = pd.DataFrame(
        {"lon": world.lon, "lat": world.lat, "name": world.names, "kind": world.kinds, "age_s": time.time() - moved_at}
    )
    drawn = px.scatter_map(units, lon="lon", lat="lat", color="kind", hover_name="name", hover_data=["age_s"])
    drawn.add_trace(
        go.Choroplethmap(geojson=areas, locations=codes, z=[len(code) % 5 for code in codes], marker={"opacity": 0.3})
    )
    for name, (lon, lat), size in (("incidents", world.incidents, 16), ("cameras", world.cameras, 12)):
        drawn.add_trace(go.Scattermap(lon=lon, lat=lat, mode="markers", marker={"size": size}, name=name))
    drawn.update_layout(
        map={"style": "white-bg", "center": {"lon": CENTER_LON, "lat": CENTER_LAT}, "zoom": 11.5},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        uirevision="same",
        showlegend=False,
        meta=moved_at,
    )
    return drawn


def build(count: int, data: Path) -> Dash:
    """The app; its world steps once a second in a thread, as a feed would move it."""
    world, moved = World(count), [time.time()]
    areas = load_ground(data).places.boundaries_geojson()

    def run() -> None:
        while True:
            world.step()
            moved[0] = time.time()
            time.sleep(1.0)

    app = Dash("textbook", update_title=None)
    app.layout = html.Div(
        [dcc.Graph(id="map", style={"height": "100vh"}), dcc.Interval(id="tick", interval=1000)], style={"margin": 0}
    )

    @app.callback(Output("map", "figure"), Input("tick", "n_intervals"))
    def tick(_n: int | None) -> go.Figure:
        return figure(world, areas, moved[0])

    threading.Thread(target=run, daemon=True).start()
    return app


class Server(BaseApplication):
    """One worker, threads, as ours."""

    def __init__(self, port: int, count: int, data: Path) -> None:
        self._port, self._count, self._data = port, count, data
        super().__init__()

    def load_config(self) -> None:
        """As little as a comparison needs."""
        for name, value in {
            "bind": f"127.0.0.1:{self._port}", "worker_class": "gthread", "threads": 16, "loglevel": "warning",
            "control_socket_disable": True,
        }.items():  # fmt: skip
            self.cfg.set(name, value)

    def load(self) -> object:
        """Built in the worker, so its thread lives there."""
        return build(self._count, self._data).server


if __name__ == "__main__":
    Server(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])).run()
