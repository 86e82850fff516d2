"""Camera outages: cameras that were lost together, as one thing with what they share, where, and since when."""

from collections.abc import Collection
from datetime import datetime

from geodata.clock import epoch_s
from layers.event import Event
from layers.feature import Feature, feature
from layers.layer import Layer, Words
from layers.outages import Outage, Shared, outages_in
from layers.situation import Changes, Situation, Things

_FROM = "cameras"
SHARED_WORDS: dict[Shared, Words] = {
    "group": Words(id="tiang, switch atau penyedia", en="pole, switch or provider"),
    "kelurahan": Words(id="kelurahan", en="kelurahan"),
    "owner": Words(id="pemilik", en="owner"),
}


def fold(_things: Things, _event: Event) -> Changes:
    """Nothing of its own: it follows from the cameras."""
    return {}


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """Each outage as the places of its cameras. `kelurahan`: the codes of those they stand in."""
    return [_feature(outage) for outage in outages_in(situation) if keys is None or outage.key in keys]


def _feature(outage: Outage) -> Feature:
    words = SHARED_WORDS[outage.shared]
    places = [[camera.listed.lon, camera.listed.lat] for camera in outage.cameras if camera.listed]
    since = epoch_s(outage.since) if outage.since else None
    return feature(
        outage.key,
        {"type": "MultiPoint", "coordinates": places},
        shared=outage.shared,
        shared_words=words.id,
        shared_words_en=words.en,
        value=outage.value,
        cameras=sorted(camera.id for camera in outage.cameras),
        of=outage.of,
        kelurahan=list(outage.areas),
        since=since,
        observed_at=since,
        source=_FROM,
    )


LAYER = Layer(
    title=Words(id="Gangguan kamera", en="Camera outages"),
    fold=fold,
    draw=draw,
    hears=(),
    draws_from=(_FROM,),
)
