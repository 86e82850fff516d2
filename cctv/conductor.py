"""Gives every camera its pace, anew each second: the city's settings, what is near an incident, how late we are."""

from collections.abc import Callable, Iterable, Mapping

from cctv.camera import Camera
from cctv.pace import Paced, PaceOf, Tempo, paced, stretched


class Conductor:
    """`near` gives the ids of cameras that look at an open incident; it must answer at once.

    `follow` belongs to one thread; the paces may be asked for by any.
    """

    def __init__(self, tempo: Tempo, near: Callable[[], frozenset[str]] = frozenset) -> None:
        self._tempo = tempo
        self._near = near
        self._paces: Mapping[str, Paced] = {}
        self._stretch = 1.0
        self._followed: object = None

    def follow(self, cameras: Iterable[Camera], waited_s: float) -> None:
        """Pace these cameras, after a second in which a picture waited so long for its turn to be decoded."""
        self._stretch = stretched(self._stretch, waited_s, self._tempo.most_stretch)
        near, own = self._near(), {camera.id: camera.period_s for camera in cameras}
        if self._followed == (near, own, self._stretch):
            return
        self._followed = (near, own, self._stretch)
        self._paces = {
            id_: paced(period_s, self._tempo, is_near=id_ in near, stretch=self._stretch)
            for id_, period_s in own.items()
        }

    def pace_of(self, camera: Camera) -> PaceOf:
        """What to ask for that camera's pace."""
        before = paced(camera.period_s, self._tempo, is_near=False, stretch=1.0)
        return lambda: self._paces.get(camera.id, before)
