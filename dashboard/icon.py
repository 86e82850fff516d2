"""The sign of this product in a browser's tab, painted from our own shapes in the brand's colour."""

from functools import cache

import cv2
from flask import Flask, Response

from dashboard.auth import ANYONE, Access
from dashboard.glyphs import HANDSET
from dashboard.sprite import Board
from dashboard.strokes import smooth
from dashboard.style import tokens

ACCESS: Access = {"icon": ANYONE}
PATH = "/favicon.ico"
_SIDE = 64
_CORNERS = smooth(
    (-0.86, -0.86), (0, -0.96), (0.86, -0.86), (0.96, 0), (0.86, 0.86), (0, 0.96), (-0.86, 0.86), (-0.96, 0)
)


def register(server: Flask) -> None:
    """Add the address that every browser asks by itself."""

    def icon() -> Response:
        response = Response(painted(), content_type="image/png")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    server.add_url_rule(PATH, "icon", icon)


@cache
def painted() -> bytes:
    """A PNG; browsers take it under this name, too."""
    known = tokens()
    board = Board(_SIDE, known)
    board.fill(_CORNERS.points, known["--brand"])
    board.sign(HANDSET, known["--text-on-light"], size=0.62)
    return bytes(cv2.imencode(".png", board.pixels)[1])
