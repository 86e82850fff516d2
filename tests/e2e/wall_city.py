"""A city with something to say in every part of a wall."""

from typing import Any

from tests.e2e.wall_stage import NOW, Script
from tests.e2e.wall_words import CAMERA, EYES, FIGURES, incident, units

TITLES = ("Kebakaran", "Kecelakaan lalu lintas", "Pohon tumbang", "Banjir", "Kerusuhan / tawuran", "Evakuasi")


def words(text: str) -> dict[str, str]:
    return {"id": text, "en": text}


def row(label: str, value: str, note: str | None = None, mood: str | None = None, **said: Any) -> dict[str, Any]:
    return {"label": words(label), "value": words(value), "note": words(note) if note else None, "mood": mood,
            "since": None, **said}  # fmt: skip


def card(key: str, title: str, rows: list[dict[str, Any]], **said: Any) -> dict[str, Any]:
    return {"key": key, "title": words(title), "lead": None, "lead_label": None, "rows": rows, "bars": [],
            "bars_label": None, "source": words("simulasi"), "observed_at": NOW - 20,
            "ages": {"late_s": 1800, "lost_s": 7200}, "is_pressing": False, "is_dense": False, **said}  # fmt: skip


BOARD = [
    card("disaster:B", "Banjir Bengkuring", [row("Posko terisi", "3/3"), row("Sudah pulang", "74"),
         row("Keluarga mencari", "3", "5 terjawab", "late")], lead=words("108"),
         lead_label=words("pengungsi di posko"), is_pressing=True,
         bars=[{"label": f"11-{day}", "value": day} for day in range(10, 24)], bars_label=words("panggilan per hari")),
    card("calls", "Panggilan hari ini", [row("Dijawab", "1.010", "92,9 %"),
         row("Kejadian", "119", "11,0 % nyata", "good"), row("Iseng", "288"),
         row("Hening", "314"), row("Terputus", "226")], lead=words("1.087"),
         lead_label=words("panggilan masuk"), is_dense=True),
    card("agencies", "OPD dan relawan", [row("Damkar", "9/9", "9 kejadian"), row("Relawan", "58/60", "8 kejadian"),
         row("PSC 119", "7/8", "tanpa tugas", "good")], lead=words("3/8"), lead_label=words("siap, tanpa tugas"),
         is_dense=True),
    card("lifelines", "Jaringan vital", [row("PLN", "putus", "Sempaja Timur", "grave", since=NOW - 900),
         row("Telkomsel", "padat", "Samarinda Utara", "late"), row("Indosat", "normal", "Samarinda", "good")],
         lead=words("2"), lead_label=words("terganggu")),
    card("water", "Tinggi muka air", [row("Bendungan Benanga", "8,19 m", "Siaga", "grave", since=NOW - 60)],
         observed_at=NOW - 9000),
    card("sky", "Cuaca dan udara", [row("Samarinda", "30 °C", "Berawan"), row("ISPU Temindung", "63", "Sedang")]),
]  # fmt: skip
SCENE: dict[str, Any] = {
    "id": "w:incident:A:1", "kind": "incident", "incident": "A", "since": NOW - 20, "title": words("Kejadian"),
    "why": words("kritis · petugas di jalan"), "score": 8.9, "factors": {}, "held_by": None, "locked_until": None,
    "waiting": 1, "stuck_since": None, "eyes": [], "eyes_words": words("1 kamera melihat lokasi ini"),
    "what": {"category": "kebakaran", "icon": "api", "title": words("Kebakaran"), "priority": 1, "kelurahan": "Jawa",
             "is_exact": True, "lon": 117.15, "lat": -0.5, "status": words("diterima OPD"), "agency": "Damkar",
             "is_open": True},
    "clock": {"since": NOW - 240, "target_s": 900.0, "reached_at": None},
    "steps": [{"status": "diterima", "words": words("diterima"), "at": NOW - 240},
              {"status": "diteruskan", "words": words("diteruskan"), "at": NOW - 180},
              {"status": "menuju_lokasi", "words": words("menuju lokasi"), "at": None},
              {"status": "di_lokasi", "words": words("di lokasi"), "at": None}],
    "cameras": [CAMERA],
    "reach": [{"unit": "U1", "name": "Damkar 1", "kind": "vehicle", "agency": "damkar", "is_sent": False,
               "soonest_min": 2, "latest_min": 5, "distance_m": 600}],
    "reach_none": None,
}  # fmt: skip


def city(walls: list[str]) -> Script:
    """Sixteen incidents, every card (one of them of yesterday's news), cameras, and a scene for each of the walls."""
    script = Script()
    script.mode = "demo"
    keys = [chr(ord("A") + number) for number in range(16)]
    script.tell(
        {
            "incidents": [
                incident(key, 1 + number // 4, 117.10 + 0.014 * (number % 5), -0.53 + 0.018 * (number // 5),
                         title=TITLES[number % len(TITLES)], status_words="menuju lokasi")
                for number, key in enumerate(keys)
            ],
            "kelurahan": [{"type": "Feature", "geometry": None,
                           "properties": {"key": "64.72.03.1002", "open": 2, "worst": 1}}],
        },
        columns={"responders": units(117.145)},
        panels={
            "figures": FIGURES | {"open": 16, "critical": 4}, "board": BOARD, "eyes": EYES,
            "degraded": [{"key": "c", "text": "Kamera Loa Buah putus", "text_en": "Camera Loa Buah lost",
                          "since": NOW - 60}],
            "cameras": [CAMERA | {"key": f"CAM-{number}"} for number in range(1, 9)],
            "scenes": dict.fromkeys(walls, SCENE),
            "credits": ["Sumber: BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)"],
            "shift": {"name": "Malam", "starts": NOW - 3600, "ends": NOW + 7200},
        },
    )  # fmt: skip
    return script
