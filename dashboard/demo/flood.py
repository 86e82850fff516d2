"""A simulated flood day that goes round in eight hours: rain, a rising gauge, shelters, a dead network. Pure.

Thresholds are the published ones of Benanga; every place and number of people is invented and says so.
"""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from geodata.places import Ground

Told = tuple[str, dict[str, Any]]
ROUND_S = 8 * 3600.0
AREA, DISTRICT = "64.72.05.1013", "64.72.05"
_RISES, _STANDS, _EMPTIES = 0.05, 0.45, 0.85
_MOST = (84, 61, 37)
_SHELTERS = ("64.72.05.1013", "64.72.05.1002", "64.72.05.1012")
_FACILITIES = (
    ("RS-1", "hospital", "64.72.03.1008"), ("RS-2", "hospital", "64.72.10.1003"),
    ("PKM-1", "puskesmas", "64.72.05.1003"), ("PKM-2", "puskesmas", "64.72.09.1004"),
    ("POS-1", "fire_post", "64.72.09.1002"), ("POS-2", "fire_post", "64.72.05.1002"),
    ("POL-1", "police", "64.72.09.1003"), ("POL-2", "police", "64.72.06.1006"),
    ("HID-1", "hydrant", "64.72.09.1001"), ("HID-2", "hydrant", "64.72.08.1001"),
    ("HID-3", "hydrant", "64.72.03.1002"), ("PSK-0", "posko", "64.72.05.1013"),
)  # fmt: skip
_KINDS = {
    "hospital": "Rumah sakit", "puskesmas": "Puskesmas", "fire_post": "Pos pemadam", "police": "Polsek",
    "hydrant": "Hidran", "posko": "Posko",
}  # fmt: skip


class Flood:
    """The flood of one city, as a function of time."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def introduction(self, now: datetime) -> Iterator[Told]:
        """What is told once: the gauge, the facilities, the air, an earthquake of three hours ago."""
        yield self.gauge(now)
        for id_, kind, code in _FACILITIES:
            area = self._ground.places.areas.get(code)
            name = f"{_KINDS[kind]} {area.name if area else ''} (simulasi)"
            yield "facilities", {"id": id_, "kind": kind, "name": name, **self._at(code), "usable": id_ != "HID-3"}
        yield "air", {
            "id": "SMD-1", "name": "Temindung Permai (simulasi)", "ispu": 63, "pollutant": "PM2.5",
            "time": _iso(now.replace(minute=0, second=0, microsecond=0)), **self._at("64.72.08.1001"),
        }  # fmt: skip
        quaked = _iso(now - timedelta(hours=3))
        yield "earthquakes", {
            "id": f"SIM-{now:%Y%m%d}", "quaked_at": quaked, "magnitude": 4.6, "lon": 119.2, "lat": -0.9, "depth_km": 12,
            "place": "barat laut Donggala (simulasi)", "felt": "II Samarinda", "tsunami": False,
        }  # fmt: skip

    def gauge(self, at: datetime) -> Told:
        """What the gauge is, from then on."""
        return "water", {
            "id": "benanga", "name": "Bendungan Benanga", "time": _iso(at), **self._at("64.72.05.1003"),
            "thresholds": [
                {"name": "Normal", "from_m": 7.20, "rank": 0},
                {"name": "Siaga", "from_m": 7.75, "rank": 2},
                {"name": "Awas", "from_m": 8.25, "rank": 3},
            ],
            "thresholds_source": "BPBD Samarinda, Antara 21 Mar 2022", "zero": "papan duga Benanga",
        }  # fmt: skip

    def level(self, at: datetime) -> list[Told]:
        """The gauge: up to Awas while it rains, down to normal after."""
        level = 7.45 + 0.85 * math.sin(math.pi * _phase(at)) ** 2 + 0.01 * math.sin(at.timestamp() / 97)
        return [("water", {"id": "benanga", "level_m": round(level, 2), "time": _iso(at)})]

    def standing(self, at: datetime) -> list[Told]:
        """How everything stands at that moment."""
        phase, id_ = _phase(at), f"SIM-BANJIR-{int(at.timestamp() // ROUND_S)}"
        began = datetime.fromtimestamp(at.timestamp() // ROUND_S * ROUND_S + _RISES * ROUND_S, UTC)
        told = [*self._networks(at, phase), *self._sky(at, phase)]
        if phase < _RISES:
            return told
        told.append(
            ("disasters", {"id": id_, "title": "Banjir Bengkuring (simulasi)", "hazard": "banjir",
                           "areas": [AREA, "64.72.05.1002"], "began_at": _iso(began), "time": _iso(began)})
        )  # fmt: skip
        return [*told, *self._people(at, phase, id_)]

    def _people(self, at: datetime, phase: float, id_: str) -> Iterator[Told]:
        left = min(1.0, max(0.0, (_EMPTIES - phase) / (_EMPTIES - _STANDS)))
        for number, (most, code) in enumerate(zip(_MOST, _SHELTERS, strict=True), 1):
            inside = math.ceil(most * left)
            yield "shelters", {
                "id": f"{id_}-P{number}", "name": f"Pengungsian {number}", "occupants": inside,
                "capacity": 120, "home": most - inside, "disaster": id_, "kelurahan": code, "time": _iso(at),
                **self._at(code, number * 0.002),
            }  # fmt: skip
        number = int(at.timestamp() // 600)
        asked = at - timedelta(minutes=9)
        yield "enquiries", {"id": f"SIM-KEL-{number}", "asked_at": _iso(asked), "disaster": id_}
        if number % 4:
            earlier = {"id": f"SIM-KEL-{number - 1}", "asked_at": _iso(asked - timedelta(minutes=10)), "disaster": id_}
            yield "enquiries", {**earlier, "answered_at": _iso(at)}

    def _networks(self, at: datetime, phase: float) -> Iterator[Told]:
        """One network dies in the flooded district, another one is jammed by all who turn to it."""
        is_bad = _RISES <= phase < _EMPTIES
        states = {
            ("Telkomsel", DISTRICT): "down" if is_bad else "normal",
            ("XL", DISTRICT): "jammed" if is_bad else "normal",
            ("PLN", AREA): "down" if is_bad else "normal",
            ("Indosat", "64.72"): "normal",
            ("Internet", "64.72"): "normal",
        }
        for (provider, area), state in states.items():
            yield "lifelines", {"provider": provider, "area": area, "state": state, "time": _iso(at)}

    def _sky(self, at: datetime, phase: float) -> Iterator[Told]:
        is_raining = phase < _STANDS
        words = "Hujan lebat" if is_raining else "Berawan"
        slots = [
            {"time": _iso(at + timedelta(hours=3 * n)), "words": "Hujan ringan" if n % 2 else "Berawan"}
            for n in (1, 2, 3)
        ]
        now = {"time": _iso(at), "words": words, "temperature_c": 25.0 if is_raining else 29.5}
        yield "weather", {"area": "64.72", "time": _iso(at), "now": now, "forecast": slots}
        if is_raining:
            yield "alerts", {
                "id": f"SIM-HUJAN-{int(at.timestamp() // ROUND_S)}", "title": "Hujan lebat disertai petir (simulasi)",
                "hazard": "hujan lebat", "issuer": "BMKG (simulasi)", "severity": "severe", "areas": [DISTRICT],
                "time": _iso(at), "expires_at": _iso(at + timedelta(hours=2)),
            }  # fmt: skip

    def _at(self, code: str, aside: float = 0.0) -> dict[str, float]:
        area = self._ground.places.areas.get(code)
        return {"lon": round(area.lon + aside, 5), "lat": round(area.lat, 5)} if area else {}


def is_flooded(at: datetime) -> bool:
    """Whether water stands in the streets then."""
    return _RISES <= _phase(at) < _EMPTIES


def _phase(at: datetime) -> float:
    """How far round the flood is, 0 to below 1."""
    return at.timestamp() % ROUND_S / ROUND_S


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
