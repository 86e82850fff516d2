"""The other side of the comparison: a live map as the Dash documentation teaches it.

A `dcc.Interval` of one second, one callback, a full figure each time. Run as
`python textbook_wall.py PORT COUNT` under the same gunicorn settings as ours.
"""

import sys
import threading
import time

import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html
from gunicorn.app.base import BaseApplication
from world import CENTER_LAT, CENTER_LON, World

OFFLINE_STYLE = {
    "version": 8,
    "sources": {},
    "layers": [{"id": "background", "type": "background", "paint": {"background-color": "rgb(5,10,18)"}}],
}


def figure(world: World, moved_at: float) -> go.Figure:
    """All of it, every time; `moved_at` travels along so that the page can tell how old the picture is."""
    drawn = go.Figure()
    for name, (lon, lat), size in (("incidents", world.incidents, 16), ("cameras", world.cameras, 12)):
        drawn.add_trace(go.Scattermap(lon=lon, lat=lat, mode="markers", marker={"size": size}, name=name))
    drawn.add_trace(
        go.Scattermap(
            lon=world.lon, lat=world.lat, mode="markers", marker={"size": 9}, name="responders", meta=moved_at
        )
    )
    drawn.update_layout(
        map={"style": OFFLINE_STYLE, "center": {"lon": CENTER_LON, "lat": CENTER_LAT}, "zoom": 11.5},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        uirevision="same",
        showlegend=False,
    )
    return drawn


def build(count: int) -> Dash:
    """The app; its world steps once a second in a thread, as a feed would move it."""
    world, moved = World(count), [time.time()]

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
        return figure(world, moved[0])

    threading.Thread(target=run, daemon=True).start()
    return app


class Server(BaseApplication):
    """One worker, threads, as ours."""

    def __init__(self, port: int, count: int) -> None:
        self._port, self._count = port, count
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
        return build(self._count).server


if __name__ == "__main__":
    Server(int(sys.argv[1]), int(sys.argv[2])).run()
