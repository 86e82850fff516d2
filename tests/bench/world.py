"""The same moving city for both sides of a comparison."""

import numpy as np
from numpy.typing import NDArray

CENTER_LON, CENTER_LAT = 117.15, -0.50
_SPREAD_DEG = 0.06
_STEP_DEG = 0.0002


class World:
    """`count` responders that all move at every step, 60 incidents and 30 cameras that stand still."""

    def __init__(self, count: int, seed: int = 112) -> None:
        self._random = np.random.default_rng(seed)
        self.lon, self.lat = self._scatter(count)
        self.heading: NDArray[np.float64] = self._random.uniform(0, 360, count)
        self.names = [f"Armada {i}" for i in range(count)]
        self.kinds = ["vehicle" if i % 5 < 2 else "volunteer" for i in range(count)]
        self.incidents = [column.tolist() for column in self._scatter(60)]
        self.cameras = [column.tolist() for column in self._scatter(30)]

    def _scatter(self, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        lon = CENTER_LON + self._random.normal(0, _SPREAD_DEG / 2, count).clip(-_SPREAD_DEG, _SPREAD_DEG)
        lat = CENTER_LAT + self._random.normal(0, _SPREAD_DEG / 2, count).clip(-_SPREAD_DEG, _SPREAD_DEG)
        return lon, lat

    def step(self) -> None:
        """Everybody moves on a little and turns a little."""
        self.heading = (self.heading + self._random.normal(0, 10, self.heading.size)) % 360
        bearing = np.radians(self.heading)
        self.lon = self.lon + _STEP_DEG * np.sin(bearing)
        self.lat = self.lat + _STEP_DEG * np.cos(bearing)
