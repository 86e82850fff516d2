"""What the camera process must know of the city: the cameras, and which look at an incident. Follows the log."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from immutables import Map

from cctv.archive import ArchiveSettings
from geodata.errors import StoreUnavailable
from geodata.places import Ground
from geodata.view import Looking, distance_m, look
from layers.cameras import CameraListed, StreetCamera
from layers.incidents import Incident, Report, is_emergency_call, position_of
from layers.situation import Situation, after_all
from layers.store.store import Store

_LAYERS = ("cameras", "incidents")
_LOOKING: tuple[Looking, ...] = ("in_view", "direction_unknown")
_BATCH = 2_000
_LOOK_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """Every real incident with a place, open or lately closed, with the cameras that look at it; best first.

    `cameras` are those of an open one.
    """

    incidents: tuple[tuple[Incident, tuple[str, ...]], ...] = ()
    cameras: frozenset[str] = frozenset()


Places = Mapping[str, CameraListed]
"""Each camera as the inventory has it: its health is no news here, a dead one gives no picture anyway."""


def looking_at(
    places: Places, where: tuple[float, float], settings: ArchiveSettings, ground: Ground
) -> tuple[str, ...]:
    """Ids of the cameras that have the place in view, then of those whose direction is not known; nearest first."""
    found = [
        (_LOOKING.index(looking), metres, id_)
        for id_, listed in places.items()
        if (metres := distance_m((listed.lon, listed.lat), where)) <= settings.near_m
        and (looking := look(listed.sight, *where, ground.obstacles)) in _LOOKING
    ]
    return tuple(id_ for _, _, id_ in sorted(found)[: settings.near_cameras])


class Watch:
    """Follows the log; while it cannot be read, what was known last holds on. Any thread may `look`."""

    def __init__(self, open_log: Callable[[], Store], settings: ArchiveSettings) -> None:
        self._open_log = open_log
        self._settings = settings
        self._lock = threading.Lock()
        self._is_closed = False
        self._store: Store | None = None
        self._seen: Situation | None = None
        self._newest = Nearby()
        self._situation: Situation | None = None
        self._places: Places = {}
        self._ranked: dict[str, tuple[Report | None, tuple[str, ...]]] = {}

    @property
    def cameras(self) -> tuple[str, ...]:
        """Ids of all listed cameras."""
        return tuple(self._places)

    @property
    def near(self) -> frozenset[str]:
        """The cameras that look at an open incident, as of the last look."""
        return self._newest.cameras

    def follow(self, stopping: threading.Event) -> None:
        """Look once a second until `stopping` is set: whoever keeps stills may be held up by its disk or bucket."""
        while not stopping.wait(_LOOK_S):
            self.look()

    def look(self) -> Nearby:
        """What is near what, now."""
        with self._lock:
            with suppress(StoreUnavailable):  # the camera log tells that the log refuses
                self._read()
            if self._situation is not None and self._situation is not self._seen:
                self._newest = self._nearby(self._situation)
                self._seen = self._situation
            return self._newest

    def _nearby(self, situation: Situation) -> Nearby:
        cameras: Mapping[str, StreetCamera] = situation.of("cameras")
        places = {camera.id: camera.listed for camera in cameras.values() if camera.listed is not None}
        before = self._ranked if places == self._places else {}
        self._places, self._ranked = places, {}
        found = []
        for incident in situation.of("incidents").values():
            if not is_emergency_call(incident, situation.ground.city):
                continue
            known = before.get(incident.id)
            ranked = known[1] if known and known[0] is incident.report else self._rank(incident, situation.ground)
            self._ranked[incident.id] = (incident.report, ranked)
            if ranked:
                found.append((incident, ranked))
        near = frozenset(camera for incident, ranked in found if incident.is_open for camera in ranked)
        return Nearby(incidents=tuple(found), cameras=near)

    def _rank(self, incident: Incident, ground: Ground) -> tuple[str, ...]:
        where = position_of(incident, ground)
        return looking_at(self._places, (where[0], where[1]), self._settings, ground) if where else ()

    def close(self) -> None:
        """Let go of the log, for good."""
        with self._lock:
            self._is_closed = True
            if self._store is not None:
                self._store.close()

    def _read(self) -> None:
        if self._is_closed:
            return
        if self._store is None:
            self._store = self._open_log()
        if self._situation is None:
            self._situation = _only(self._store.live().situation)
        is_behind = True
        while is_behind:
            events = self._store.since(self._situation.cursor, _BATCH).events
            if events:
                self._situation, _ = after_all(self._situation, events)
            is_behind = len(events) == _BATCH


def _only(situation: Situation) -> Situation:
    """Without the layers that have nothing to do with stills: units move by the thousand."""
    layers = {name: part for name, part in situation.layers.items() if name in _LAYERS}
    things = Map({name: state for name, state in situation.things.items() if name in _LAYERS})
    return replace(situation, layers=layers, things=things)
