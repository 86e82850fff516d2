"""Shelters at the desk: opened, counted, closed. Heads, never names."""

from collections.abc import Sequence
from typing import Any

from dashboard.operate import Asked, Deed, Done, Field, Line, Look, Room, Row, Told, both, version_of
from dashboard.operate_choices import area_name, area_options, disaster_name, disaster_options
from geodata.clock import epoch_s
from layers.event import Event
from layers.layer import Words
from layers.shelters import Shelter, ShelterReported


def rows(look: Look) -> Sequence[Row]:
    """Those with people in them first, the fullest at the top."""
    known = look.situation.of("shelters").values()
    return [_row(one, look) for one in sorted(known, key=lambda one: (-one.fact.occupants, one.fact.name))]


def _row(one: Shelter, look: Look) -> Row:
    fact = one.fact
    is_full = fact.capacity is not None and fact.occupants > fact.capacity
    said = (
        (both("Kapasitas", "Room for"), fact.capacity),
        (both("Sudah pulang", "Gone home"), fact.home),
        (both("Bencana", "Disaster"), disaster_name(look, fact.disaster)),
        (both("Sumber", "Source"), one.told.source),
    )
    return Row(
        key=one.id,
        version=version_of(fact, one.told.seen),
        title=fact.name,
        sub=area_name(look, fact.kelurahan),
        state=both(f"{fact.occupants} orang", f"{fact.occupants} people")
        if fact.occupants
        else both("kosong", "empty"),
        mood="grave" if is_full else "warn" if fact.occupants else "lost",
        at=epoch_s(one.told.at),
        group="open" if fact.occupants else "closed",
        lines=tuple(Line(label=label, value=str(value)) for label, value in said if value is not None),
        values={"occupants": fact.occupants, "home": "" if fact.home is None else fact.home},
        deeds=("count", "close") if fact.occupants else ("count",),
        mode=one.told.mode,
    )


def _count_fields(_look: Look) -> tuple[Field, ...]:
    return (
        Field(name="occupants", words=both("Berapa orang sekarang", "How many now"), kind="number", is_needed=True),
        Field(name="home", words=both("Berapa yang sudah pulang", "How many went home"), kind="number",
              hint=both("Kosong: tidak diketahui.", "Empty: not known.")),
    )  # fmt: skip


def _new_fields(look: Look) -> tuple[Field, ...]:
    where = area_options(look, is_whole=False)
    return (
        Field(name="name", words=both("Nama tempat", "Name of the place"), is_needed=True),
        Field(name="kelurahan", words=both("Kelurahan", "Kelurahan"), kind="choice", is_needed=True, options=where),
        Field(name="capacity", words=both("Kapasitas", "Room for"), kind="number"),
        Field(name="disaster", words=both("Untuk bencana", "For the disaster"), kind="choice",
              options=disaster_options(look)),
        *_count_fields(look),
    )  # fmt: skip


def _said(fact: ShelterReported) -> dict[str, Any]:
    return {
        "id": fact.shelter,
        "name": fact.name,
        "occupants": fact.occupants,
        "capacity": fact.capacity,
        "home": fact.home,
        "disaster": fact.disaster,
        "lon": fact.lon,
        "lat": fact.lat,
        "kelurahan": fact.kelurahan,
    }


def _fact(asked: Asked) -> ShelterReported:
    fact: ShelterReported = asked.look.situation.of("shelters")[asked.key].fact
    return fact


def _changed(fact: ShelterReported, said: dict[str, Any]) -> Done:
    tells = (Told(feed="shelters", payload={**_said(fact), **said}),)
    return Done(subject=fact.shelter, tells=tells, back=(Told(feed="shelters", payload=_said(fact)),))


def opened(asked: Asked) -> Done:
    """A place where people are now; taking it back empties it, for it was heard of."""
    local = asked.look.now.astimezone(asked.look.situation.ground.city.zone)
    key = f"POSKO-{local:%y%m%d-%H%M%S}"
    names = ("name", "kelurahan", "capacity", "disaster", "occupants", "home")
    said = {"id": key, **{name: asked.text(name) for name in names}}
    back = {**said, "occupants": 0}
    return Done(subject=key, tells=(Told(feed="shelters", payload=said),), back=(Told(feed="shelters", payload=back),))


def count(asked: Asked) -> Done:
    """The newest count holds."""
    return _changed(_fact(asked), {"occupants": asked.needed("occupants"), "home": asked.text("home")})


def close(asked: Asked) -> Done:
    """Empty: a disaster is over when its last shelter is."""
    return _changed(_fact(asked), {"occupants": 0})


def told(event: Event, _look: Look) -> Words | None:
    """How many were in it."""
    fact = event.fact
    return both(f"{fact.occupants} orang", f"{fact.occupants} people") if isinstance(fact, ShelterReported) else None


ROOM = Room(
    title=both("Pengungsian", "Shelters"),
    rows=rows,
    groups={"open": both("Terisi", "In use"), "closed": both("Kosong", "Empty")},
    empty=both("Tidak ada pengungsian.", "There is no shelter."),
    kinds=(ShelterReported.kind,),
    told=told,
    deeds={
        "opened": Deed(
            words=both("Buka pengungsian", "Open a shelter"), do=opened, fields=_new_fields, key="n", is_new=True
        ),
        "count": Deed(words=both("Hitung lagi", "Count again"), do=count, fields=_count_fields, key="v"),
        "close": Deed(words=both("Kosong, tutup", "Empty, close"), do=close, key="c", asks_why=True),
    },
)
