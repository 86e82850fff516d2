"""Streets to judge pictures by: the demo's, with what weather, lenses, cables and vandals do to them."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import cv2
import numpy as np

from cctv.camera import Camera, Snapshot
from cctv.picture import develop, encode
from cctv.truth_judge import Judge
from dashboard.demo.frame import Caption, Painter
from dashboard.demo.scene import scene_of

WITA = ZoneInfo("Asia/Makassar")
DAY = datetime(2026, 11, 20, 4, tzinfo=UTC)  # noon in Samarinda
NIGHT = datetime(2026, 11, 20, 14, tzinfo=UTC)
PERIOD_S = 2.0
LON = 117.15


@lru_cache(maxsize=8)
def painter(seed=11, kind="street", *, is_rainy=False):
    """A street, a crossing or a river."""
    return Painter(scene_of(seed, kind), Caption(name="Simpang", zone=WITA, zone_label="WITA"), is_rainy=is_rainy)


def street(at, **scene):
    """What the camera sees at that moment: (360, 640, 3)."""
    return painter(**scene).picture(at)


def noisy(pixels, strength=20, seed=1):
    """As by a cheap sensor at night."""
    grain = np.random.default_rng(seed).standard_normal(pixels.shape, np.float32) * np.float32(strength)
    return np.clip(pixels + grain, 0, 255).astype(np.uint8)


def shifted(pixels, right, down=0):
    """As if the camera had been turned a little."""
    moved = np.float32([[1, 0, right], [0, 1, down]])
    return cv2.warpAffine(pixels, moved, pixels.shape[1::-1], borderMode=cv2.BORDER_REFLECT)


def smeared(pixels, sigma=6):
    """As through a dirty lens."""
    return cv2.GaussianBlur(pixels, (0, 0), sigma)


def dazzled(pixels, at):
    """With two headlights that come nearer."""
    glare = np.zeros((90, 160, 3), np.uint8)
    size = int(5 + at.timestamp() % 20)
    for x in (68, 92):
        cv2.circle(glare, (x, 55), size, (255, 255, 255), -1)
    return cv2.add(pixels, cv2.resize(cv2.GaussianBlur(glare, (0, 0), 6), pixels.shape[1::-1]))


def with_clock(pixels, at):
    """With the time written at the top, as cameras do."""
    shown = pixels.copy()
    cv2.putText(shown, f"{at:%H:%M:%S}", (12, 24), cv2.FONT_HERSHEY_DUPLEX, 0.5, (255, 255, 255), 1)
    return shown


class Watching:
    """One camera before its judge, and a clock that runs a period per capture."""

    def __init__(self, folder, *, masks=(), begins=DAY, camera_id="CAM-07", period_s=PERIOD_S):
        self.camera = Camera(id=camera_id, name="x", lon=LON, lat=-0.5, url="sim:", kind="simulated", masks=masks)
        self.folder = folder
        self.judge = Judge(self.camera, folder)
        self.at = begins
        self.period = timedelta(seconds=period_s)
        self.news = []

    def sees(self, pixels, codec="mjpeg", clock_error_s=None):
        """One capture as a JPEG."""
        self.at += self.period
        developed = develop(Snapshot(data=encode(pixels), captured_at=self.at), self.camera.masks)
        told = self.judge.see(developed, codec, self.at, clock_error_s)
        if told is not None:
            self.news.append(told)

    def watches(self, look, seconds, clock_error_s=None):
        """`look(at)` for that long."""
        for _ in range(int(seconds / self.period.total_seconds())):
            self.sees(look(self.at + self.period), clock_error_s=clock_error_s)

    @property
    def evidence(self):
        """What the newest capture was judged by, by kind."""
        return {one.kind: one for one in self.judge.evidence}

    @property
    def faults(self):
        """What is wrong by the newest news."""
        return [fault.kind for fault in self.news[-1].faults] if self.news else []

    @property
    def ever(self):
        """Everything that was ever told."""
        return {fault.kind for told in self.news for fault in told.faults}
