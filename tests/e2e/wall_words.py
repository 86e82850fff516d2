"""What the server of the stage tells the page: small things with every field the real one sends."""

from typing import Any

from tests.e2e.wall_stage import NOW, Script


def incident(key: str, priority: int, lon: float, lat: float, **said: Any) -> dict[str, Any]:
    properties = {
        "key": key, "title": "Kebakaran", "icon": "api", "priority": priority, "status_words": "diterima",
        "agency": "Damkar", "kelurahan": "Jawa", "kelurahan_code": "64.72.03.1002", "place": "exact",
        "reported_at": NOW - 240, "observed_at": NOW - 30, "source": "test", "mode": "live", **said,
    }  # fmt: skip
    properties.setdefault("order", [priority, False, -properties["reported_at"]])
    return {
        "type": "Feature",
        "id": key,
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
    }


def units(lon: float, observed_at: float = NOW) -> dict[str, Any]:
    return {
        "key": ["U1"], "name": ["Damkar 1"], "kind": ["vehicle"], "agency": ["damkar"], "lon": [round(lon * 1e6)],
        "lat": [-500000], "heading": [90], "accuracy": [40], "observed_at": [observed_at],
        "trail": [[117140000, -500000, round(lon * 1e6), -500000]],
    }  # fmt: skip


CAMERA = {
    "key": "CAM-1",
    "name": "Jembatan Mahakam",
    "health": "ok",
    "distance_m": 420,
    "near": "A",
    "sees": True,
    "verdict": "sees",
    "reason": "melihat lokasi · 420 m",
    "reason_en": "sees the place · 420 m",
    "last_picture_at": None,
}
EYES = {"near": "A", "seen_by": 1, "text": "1 kamera melihat lokasi ini", "text_en": "1 camera sees this place"}
FIGURES = {
    "open": 2, "critical": 1, "units": 1, "units_fresh": 1, "cameras": 1, "cameras_ok": 1, "seen_share": 0.0423,
    "calls_today": 1284,
    "real_today": 61, "response_median_s": 252, "response_n": 37, "response_without_time": 0,
    "response_target_s": 900, "observed_at": NOW,
}  # fmt: skip


def told() -> Script:
    script = Script()
    script.tell(
        {
            "incidents": [incident("A", 1, 117.150, -0.500), incident("B", 3, 117.158, -0.492, title="Pohon tumbang")],
            "kelurahan": [
                {"type": "Feature", "geometry": None, "properties": {"key": "64.72.03.1002", "open": 2, "worst": 1}}
            ],
        },
        columns={"responders": units(117.145)},
        panels={"figures": FIGURES, "degraded": [], "cameras": [CAMERA],
                "eyes": EYES, "shift": {"name": "Malam", "starts": NOW - 3600, "ends": NOW + 7200}},
    )  # fmt: skip
    return script
