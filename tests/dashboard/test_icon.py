"""The sign in the tab: every page has it, and whoever may see nothing yet has it too."""

import cv2
import numpy as np


def test_a_browser_finds_a_picture_under_the_address_it_asks_by_itself(city):
    answer = city.get("/favicon.ico")
    assert answer.mimetype == "image/png"
    pixels = cv2.imdecode(np.frombuffer(answer.data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels.shape == (64, 64, 4)
    assert pixels[0, 0, 3] == 0
    assert pixels[32, 4, 3] == 255
    assert 'href="/favicon.ico"' in city.get("/login").text
    assert 'href="/favicon.ico"' in city.get("/wall", "wall").text
