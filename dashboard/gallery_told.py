"""What a city that nobody lives in is told for the gallery, in the dialects of the feeds. Pure.

Nothing of it reaches a log: `dashboard/gallery.py` folds it into a situation of its own. All names are of roles.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from geodata.places import Ground
from layers.incident_facts import STATUSES
from layers.watches import watch_at

Told = tuple[str, dict[str, Any]]
"""(feed, record)."""

_MANY_CALLS, _MANY_INCIDENTS, _MANY_UNITS = 40, 17, 14
_KINDS = ("normal", "prank", "ghost", "informasi", "terputus")
_EVERY = timedelta(minutes=2)
_STEP_DEG = 0.004
_NOWHERE, _SOMEWHERE = 5, 6
"""Of the incidents, the one whose place nobody knows, and the one of which only the kelurahan is known."""
_CROWD = 12
"""From this one on the incidents stand in one place."""


def told(ground: Ground, now: datetime, *, is_many: bool) -> list[Told]:
    """Everything a center is told; or, of each thing that has one, a single one."""
    most = None if is_many else 1
    parts = (_incidents, _units, _calls, _shifts, _networks, _sky, _water, _disaster)
    return [one for part in parts for one in islice(part(ground, now), most)]


def area_codes(ground: Ground) -> tuple[str, ...]:
    """Kelurahan in a fixed order, those nearest to the middle of the first view first."""
    city, areas = ground.city, ground.places.areas
    return tuple(
        sorted(areas, key=lambda code: abs(areas[code].lon - city.view_lon) + abs(areas[code].lat - city.view_lat))
    )


def place(ground: Ground, number: int) -> dict[str, float]:
    """One of a row of places around the middle of the city."""
    codes = area_codes(ground)
    area = ground.places.areas[codes[number % len(codes)]]
    return {"lon": round(area.lon + number * _STEP_DEG / 10, 5), "lat": round(area.lat, 5)}


def _incidents(ground: Ground, now: datetime) -> Iterator[Told]:
    categories = sorted(ground.city.categories, key=lambda one: (one.priority, one.id))
    agencies = cycle([one.id for one in ground.city.agencies] or ["damkar"])
    for number, category in enumerate(islice(cycle(categories), _MANY_INCIDENTS)):
        said: dict[str, Any] = {
            "id": f"CONTOH-{number + 1}",
            "category": category.id,
            "time": _iso(now - number * _EVERY),
        }
        if number == _SOMEWHERE:
            said["kelurahan"] = area_codes(ground)[0]
        elif number != _NOWHERE:
            said |= place(ground, min(number, _CROWD))
        status = STATUSES[number % (len(STATUSES) - 2)]
        step = {"status": status, "status_time": _iso(now - number * _EVERY / 2)} if number else {}
        yield "incidents", {**said, **step, "agency": next(agencies)}


def _units(ground: Ground, _now: datetime) -> Iterator[Told]:
    for number in range(_MANY_UNITS):
        kind = "volunteer" if number % 3 else "vehicle"
        agency = {} if kind == "volunteer" or not ground.city.agencies else {"agency": ground.city.agencies[0].id}
        yield (
            "units",
            {
                "id": f"contoh-{number + 1}",
                "name": f"Regu contoh {number + 1}",
                "kind": kind,
                "on_duty": True,
                **agency,
            },
        )


def _calls(ground: Ground, now: datetime) -> Iterator[Told]:
    codes = area_codes(ground)
    for number, kind in enumerate(islice(cycle(_KINDS), _MANY_CALLS)):
        at = now - number * _EVERY
        times = {
            "time": _iso(at),
            "answered_at": _iso(at + timedelta(seconds=8)),
            "ended_at": _iso(at + timedelta(seconds=50)),
        }
        yield (
            "calls",
            {
                "id": f"TEL-{number + 1}",
                "type": kind,
                "provider": "Telkomsel",
                "kelurahan": codes[number % len(codes)],
                **times,
            },
        )


def _shifts(ground: Ground, now: datetime) -> Iterator[Told]:
    people = [{"name": f"Petugas contoh {n}", "role": "Penerima"} for n in range(1, 6)]
    yield (
        "shifts",
        {
            "shift": watch_at(ground.city, now).id,
            "time": _iso(now),
            "roster": people,
            "needed": 5,
            "present": people[:4],
        },
    )


def _networks(ground: Ground, now: datetime) -> Iterator[Told]:
    codes = area_codes(ground)
    for number, (provider, state) in enumerate(
        (("Telkomsel", "down"), ("XL", "jammed"), ("PLN", "normal"), ("Internet", "normal"))
    ):
        yield "lifelines", {"provider": provider, "area": codes[number], "state": state, "time": _iso(now)}


def _sky(ground: Ground, now: datetime) -> Iterator[Told]:
    slots = [{"time": _iso(now + timedelta(hours=3 * n)), "words": "Hujan ringan"} for n in (1, 2, 3)]
    here = {"time": _iso(now), "words": "Hujan lebat", "temperature_c": 25.0}
    yield "weather", {"area": ground.city.code, "time": _iso(now), "now": here, "forecast": slots}
    yield "alerts", {
        "id": "CONTOH-HUJAN", "title": "Hujan lebat disertai petir (contoh)", "hazard": "hujan lebat",
        "issuer": "BMKG (contoh)", "severity": "severe", "areas": [area_codes(ground)[0]], "time": _iso(now),
        "expires_at": _iso(now + timedelta(hours=2)),
    }  # fmt: skip
    air = {"id": "CONTOH-UDARA", "name": "Stasiun contoh", "ispu": 112, "pollutant": "PM2.5", "time": _iso(now)}
    yield "air", {**air, **place(ground, 2)}


def _water(ground: Ground, now: datetime) -> Iterator[Told]:
    steps = [
        {"name": "Normal", "from_m": 7.2, "rank": 0},
        {"name": "Siaga", "from_m": 7.75, "rank": 2},
        {"name": "Awas", "from_m": 8.25, "rank": 3},
    ]
    gauge = {
        "id": "contoh",
        "name": "Bendungan contoh",
        "thresholds": steps,
        "thresholds_source": "contoh",
        "zero": "papan duga",
    }
    yield "water", {**gauge, **place(ground, 1), "level_m": 7.92, "time": _iso(now)}


def _disaster(ground: Ground, now: datetime) -> Iterator[Told]:
    began, codes = _iso(now - timedelta(hours=30)), area_codes(ground)
    yield (
        "disasters",
        {
            "id": "CONTOH-BANJIR",
            "title": "Banjir contoh",
            "hazard": "banjir",
            "areas": list(codes[:3]),
            "began_at": began,
            "time": began,
        },
    )
    for number, code in enumerate(codes[:4]):
        inside = {"occupants": 118 - 20 * number, "capacity": 120, "home": 6 * number}
        shelter = {
            "id": f"CONTOH-P{number}",
            "name": f"Posko contoh {number + 1}",
            "disaster": "CONTOH-BANJIR",
            "kelurahan": code,
        }
        yield "shelters", {**shelter, **inside, "time": _iso(now), **place(ground, number)}
    yield "enquiries", {"id": "CONTOH-CARI", "asked_at": _iso(now - timedelta(minutes=9)), "disaster": "CONTOH-BANJIR"}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
