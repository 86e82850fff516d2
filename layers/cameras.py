"""Cameras on the map: where they stand, where they look, and whether their picture is true."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from cctv.camera import Audience, Health
from cctv.truth import NOTES, FaultKind, PictureFault
from geodata.clock import epoch_s
from geodata.places import place_or_none
from geodata.view import Sight, view_of
from layers.event import Event, Mode
from layers.feature import Feature, feature, point
from layers.layer import Layer, Mark, Role, Visit, Words
from layers.situation import Changes, Situation, Things

_REMEMBER = timedelta(hours=24)

HEALTH_WORDS: Mapping[Health, Words] = {
    "unknown": Words(id="belum ada gambar", en="no picture yet"),
    "ok": Words(id="gambar baru", en="fresh picture"),
    "late": Words(id="gambar lama", en="stale picture"),
    "lost": Words(id="kamera putus", en="camera lost"),
}
FAULT_WORDS: Mapping[FaultKind, Words] = {
    "frozen": Words(id="gambar beku", en="frozen picture"),
    "black": Words(id="gambar gelap", en="black picture"),
    "covered": Words(id="kamera tertutup", en="camera covered"),
    "blurred": Words(id="gambar kabur", en="blurred picture"),
    "moved": Words(id="kamera bergeser", en="camera moved"),
    "turned": Words(id="kamera berpaling", en="camera looks elsewhere"),
    "resolution": Words(id="ukuran gambar berubah", en="another picture size"),
    "clock": Words(id="jam kamera salah", en="wrong camera clock"),
}

_BLINDING: frozenset[FaultKind] = frozenset({"frozen", "black", "covered", "turned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraListed:
    """The city's inventory holds this camera. Its URL is not part of what happened.

    `night`: whether its picture is of use in the dark; None where nobody said. `group`: what it shares with others,
    a pole, a switch, a provider. `audience`: who may know of it.
    """

    kind: ClassVar[str] = "camera_listed"
    camera: str
    name: str
    lon: float
    lat: float
    azimuth_deg: float | None = None
    fov_deg: float = 60.0
    range_m: float = 250.0
    owner: str | None = None
    kelurahan: str | None = None
    group: str | None = None
    audience: Audience = "wall"
    night: bool | None = None

    @property
    def sight(self) -> Sight:
        """Where it stands and looks."""
        return Sight(
            lon=self.lon, lat=self.lat, azimuth_deg=self.azimuth_deg, fov_deg=self.fov_deg, range_m=self.range_m
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraDelisted:
    """The city's inventory no longer holds this camera."""

    kind: ClassVar[str] = "camera_delisted"
    camera: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraHealthChanged:
    """A camera became ok, late or lost, or is called late at another age.

    `reason` is one sentence for the operator, without URL or secret. `late_s` is the age from which its picture counts
    as late, by its own pace and way; None where nobody said.
    """

    kind: ClassVar[str] = "camera_health_changed"
    camera: str
    health: Health
    reason: str | None = None
    last_picture_at: datetime | None = None
    late_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPictureJudged:
    """What a camera shows is not what it seems, in these ways and no other; or, with none, is true again."""

    kind: ClassVar[str] = "camera_picture_judged"
    camera: str
    faults: tuple[PictureFault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetCamera:
    """One camera as known now; `since` is when its health last changed, `judged_at` when its `faults` did.

    `late_s` is the age from which its picture counts as late, None where nobody said.

    `listed` is None while the inventory does not hold it, or no longer: `listed_at` is when it last spoke.
    `source` and `mode` are those of the inventory's word, and of the health's while there is none.
    `listed_seen`, `health_seen` and `judged_seen` are when those words reached us.
    """

    id: str
    listed: CameraListed | None = None
    listed_at: datetime | None = None
    listed_seen: datetime | None = None
    health: Health = "unknown"
    reason: str | None = None
    since: datetime | None = None
    health_seen: datetime | None = None
    last_picture_at: datetime | None = None
    late_s: float | None = None
    faults: tuple[PictureFault, ...] = ()
    judged_at: datetime | None = None
    judged_seen: datetime | None = None
    source: str
    mode: Mode

    @property
    def is_true(self) -> bool:
        """Whether its picture is fresh and what it seems."""
        return self.health == "ok" and not self.untruths

    @property
    def untruths(self) -> tuple[PictureFault, ...]:
        """In which ways its picture is not what it seems; a wrong clock is none."""
        return tuple(fault for fault in self.faults if fault.kind not in NOTES)

    @property
    def is_blind(self) -> bool:
        """Whether its picture, fresh as it may be, does not show the place now."""
        return any(fault.kind in _BLINDING for fault in self.faults)


def fold(things: Things, event: Event) -> Changes:
    """Inventory, health and truth each win by when they reached us.

    Their own time cannot decide: it is by the clock of the camera process, and that may be set back.
    """
    fact = event.fact
    if not isinstance(fact, CameraListed | CameraDelisted | CameraHealthChanged | CameraPictureJudged):
        return {}
    before = things.get(fact.camera)
    known = before or StreetCamera(id=fact.camera, source=event.source, mode=event.mode)
    if isinstance(fact, CameraPictureJudged):
        told = _judged(known, fact, event)
    elif isinstance(fact, CameraHealthChanged):
        told = _healthy(known, fact, event)
    else:
        told = _listed(known, fact, event)
    return {} if told == before else {fact.camera: told}


def _listed(before: StreetCamera, fact: CameraListed | CameraDelisted, event: Event) -> StreetCamera:
    listed = fact if isinstance(fact, CameraListed) else None
    if before.listed_seen and (before.listed_seen, str(before.listed)) >= (event.seen, str(listed)):
        return before
    heard = replace(before, listed=listed, listed_at=event.at, listed_seen=event.seen)
    return replace(heard, source=event.source, mode=event.mode)


def _healthy(before: StreetCamera, fact: CameraHealthChanged, event: Event) -> StreetCamera:
    said = (event.seen, fact.health, fact.reason or "", str(fact.last_picture_at), fact.late_s or 0.0)
    seen, reason, late_s = before.health_seen, before.reason or "", before.late_s or 0.0
    if seen and (seen, before.health, reason, str(before.last_picture_at), late_s) >= said:
        return before
    told = replace(
        before,
        health=fact.health,
        reason=fact.reason,
        since=event.at,
        last_picture_at=fact.last_picture_at,
        late_s=fact.late_s,
        health_seen=event.seen,
    )
    return told if before.listed_at else replace(told, source=event.source, mode=event.mode)


def _judged(before: StreetCamera, fact: CameraPictureJudged, event: Event) -> StreetCamera:
    if before.judged_seen and (before.judged_seen, str(before.faults)) >= (event.seen, str(fact.faults)):
        return before
    return replace(before, faults=fact.faults, judged_at=event.at, judged_seen=event.seen)


def keep(camera: StreetCamera, now: datetime) -> bool:
    """Those in the inventory always; others for a day after the last word."""
    last = max((moment for moment in (camera.listed_at, camera.since, camera.judged_at) if moment), default=now)
    return camera.listed is not None or now - last < _REMEMBER


def redact(camera: StreetCamera, role: Role) -> StreetCamera | None:
    """A camera for operators only is none at all on a wall: no marker, no name, no picture."""
    is_hidden = camera.listed is not None and camera.listed.audience == "operator" and role != "admin"
    return None if is_hidden else camera


def for_visitor(camera: StreetCamera, _visit: Visit) -> StreetCamera | None:
    """Only those listed for visitors, without what concerns the people who keep them running."""
    listed = camera.listed
    if listed is None or listed.audience != "visitor":
        return None
    return replace(
        camera,
        listed=replace(listed, owner=None, group=None),
        reason=None,
        last_picture_at=None,
        faults=tuple(replace(fault, value=0.0, threshold=0.0) for fault in camera.faults),
        source="",
    )


def words_of(faults: Sequence[PictureFault]) -> Words | None:
    """What is wrong with a picture, in a few words; None for nothing."""
    if not faults:
        return None
    words = [FAULT_WORDS[fault.kind] for fault in faults]
    return Words(id=", ".join(one.id for one in words), en=", ".join(one.en for one in words))


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point for every camera with a place, and what it has in view where the direction is known."""
    things = situation.of("cameras")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [part for camera in chosen for part in _draw(camera, situation)]


def _draw(camera: StreetCamera, situation: Situation) -> list[Feature]:
    listed = camera.listed
    if listed is None or place_or_none(situation.ground.city, listed.lon, listed.lat) is None:
        return []
    said = {
        "name": listed.name,
        "health": camera.health,
        "health_words": HEALTH_WORDS[camera.health].id,
        "shown_as": "late" if camera.health == "ok" and camera.untruths else camera.health,
        "reason": camera.reason,
        "faults": words.id if (words := words_of(camera.faults)) else None,
        "azimuth_deg": listed.azimuth_deg,
        "observed_at": epoch_s(camera.since) if camera.since else None,
        "last_picture_at": epoch_s(camera.last_picture_at) if camera.last_picture_at else None,
        "source": camera.source,
        "mode": camera.mode,
    }
    marker = feature(camera.id, point(listed.lon, listed.lat), part="marker", **said)
    view = view_of(listed.sight, situation.ground.obstacles)
    if view is None or view.is_empty:
        return [marker]
    return [marker, feature(camera.id, view.__geo_interface__, part="cone", **said)]


LAYER = Layer(
    title=Words(id="Kamera", en="Cameras"),
    facts=(CameraListed, CameraDelisted, CameraHealthChanged, CameraPictureJudged),
    thing=StreetCamera,
    fold=fold,
    history=True,
    keep=keep,
    redact=redact,
    for_visitor=for_visitor,
    draw=draw,
    style=(
        {
            "id": "cameras-cone",
            "type": "fill",
            "filter": ["==", ["get", "part"], "cone"],
            "paint": {
                "fill-color": ["match", ["get", "shown_as"], "ok", "var(--camera)", "var(--lost)"],
                "fill-opacity": 0.2,
            },
        },
        {
            "id": "cameras-cone-edge",
            "type": "line",
            "filter": ["==", ["get", "part"], "cone"],
            "paint": {
                "line-color": ["match", ["get", "shown_as"], "ok", "var(--camera)", "var(--lost)"],
                "line-opacity": 0.4,
                "line-width": 1,
            },
        },
        {
            "id": "cameras",
            "type": "symbol",
            "filter": ["==", ["get", "part"], "marker"],
            "layout": {
                "icon-image": ["concat", "camera-", ["get", "shown_as"]],
                "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.36, 12.5, 0.48, 15, 0.9],
                "icon-allow-overlap": True,
            },
        },
    ),
    legend=(
        *(Mark(words=HEALTH_WORDS[h], icon=f"camera-{h}") for h in ("ok", "late", "lost")),
        Mark(words=Words(id="bidang lihat", en="view"), icon="camera-view"),
    ),
)
