"""Calls to 112 as a simulated city makes them: how many, of what kind, about what, where. Pure and seeded.

Every number has a published source; no number, name or place of a real person occurs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import Literal, TypeVar

import numpy as np

from dashboard.demo.streets import Place, Streets
from geodata.city import City
from geodata.places import Ground

CallKind = Literal["real", "prank", "ghost", "informasi", "terputus"]

PRIOR: Mapping[str, int] = MappingProxyType(
    {
        "kebakaran": 56, "odgj": 35, "hewan_liar": 23, "darurat_medis": 22, "pohon_tumbang": 20, "evakuasi": 15,
        "kerusuhan": 11, "kecelakaan_lalu_lintas": 9, "tiang_listrik": 6, "banjir": 5, "cuaca_ekstrem": 5,
        "kecelakaan_air": 3, "kriminalitas": 2, "kecelakaan_kerja": 1,
    }
)  # fmt: skip
"""Incidents per category: Sumenep 2021 to 2023, the only published counts (kamtibmas is `kerusuhan` here)."""

REAL_SHARE = 0.114
"""Bengkulu 2023: 114 real among about a thousand calls."""

NOISE: Mapping[CallKind, float] = MappingProxyType({"prank": 1147, "ghost": 1170, "informasi": 455, "terputus": 884})
"""The rest: Purworejo 2022 to 2024; dropped calls as in Samarinda 2019 (417 of 1,711 answered were under 5 s)."""

CALLS_PER_DAY = 877
"""Samarinda, December 2019."""

DEMO_CALLS_PER_S = 1 / 10.5
"""What a demo shows: about one real incident in a minute and a half, so that somebody watching sees the city live."""

FLOOD_POINTS: Mapping[str, str] = MappingProxyType(
    {
        "flyover Juanda": "64.72.03.1004", "Simpang Lembuswana": "64.72.03.1008", "Mugirejo": "64.72.08.1004",
        "Kebun Agung": "64.72.05.1003", "P. Suryanata": "64.72.03.1009", "Antasari": "64.72.06.1005",
        "Damanhuri": "64.72.08.1004", "Gerilya": "64.72.08.1002", "Pasundan": "64.72.03.1002",
        "KS Tubun": "64.72.03.1005", "Kadrie Oening": "64.72.03.1006", "Simpang Sempaja": "64.72.05.1002",
        "DI Panjaitan": "64.72.08.1003", "Gatot Subroto": "64.72.08.1005", "Rapak Indah": "64.72.06.1004",
        "Cipto Mangunkusumo": "64.72.10.1004", "Loa Buah": "64.72.06.1002", "Bengkuring": "64.72.05.1013",
    }
)  # fmt: skip
"""Published flood points and the kelurahan the demo puts them in; published coordinates are not good enough to use."""

_HOURS = (
    0.35, 0.25, 0.20, 0.20, 0.25, 0.40, 0.70, 1.00, 1.25, 1.40, 1.55, 1.70,
    1.75, 1.70, 1.65, 1.55, 1.40, 1.25, 1.15, 1.10, 1.00, 0.85, 0.70, 0.50,
)  # fmt: skip
"""Calls per hour against the mean of the day; busiest 11:00 to 16:00 (Sumenep), pranks after 10:00."""

_DETAILS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kebakaran": (
            "asap tebal dari rumah kayu dua lantai", "api membakar dapur warung", "korsleting, api sampai ke atap",
            "kebakaran lahan di belakang permukiman", "tumpukan sampah terbakar dekat bangunan",
        ),
        "odgj": ("ODGJ mengamuk di tepi jalan", "ODGJ berjalan di tengah jalan, mengganggu arus"),
        "hewan_liar": ("ular masuk rumah", "biawak di saluran air", "monyet masuk rumah", "buaya di tepi sungai"),
        "darurat_medis": ("warga pingsan, sesak napas", "ibu hendak melahirkan", "lansia jatuh, tidak dapat berdiri"),
        "pohon_tumbang": ("pohon menutup satu lajur", "pohon menimpa pagar dan kabel", "dahan besar menghalangi jalan"),
        "evakuasi": ("kucing terjebak di atap", "cincin tidak dapat dilepas", "warga terkunci di dalam rumah"),
        "kerusuhan": ("keributan antar pemuda", "balapan liar, warga terganggu", "perkelahian di depan warung"),
        "kecelakaan_lalu_lintas": ("motor dan mobil bertabrakan, satu luka", "truk mogok setelah menabrak pembatas"),
        "tiang_listrik": ("tiang listrik miring", "kabel menjuntai ke jalan, percikan api"),
        "banjir": ("genangan {cm} cm di {flood}, motor mogok", "air naik {cm} cm di {flood}, arus lambat"),
        "cuaca_ekstrem": ("atap rumah terbang diterpa angin", "papan reklame roboh"),
        "kecelakaan_air": ("perahu terbalik, penumpang sudah di tepi", "orang tercebur dari dermaga"),
        "kriminalitas": ("dugaan pencurian kendaraan bermotor", "toko dibobol, pelaku melarikan diri"),
        "kecelakaan_kerja": ("pekerja terjepit alat di bengkel",),
    }
)  # fmt: skip

_ALIASES: Mapping[str, str] = MappingProxyType(
    {"darurat_medis": "ambulans", "kecelakaan_lalu_lintas": "laka lantas", "hewan_liar": "Hewan Liar"}
)
_SAID_OTHERWISE = 0.4
_KELURAHAN_ONLY, _NOWHERE = 0.12, 0.03
_INFORMASI = ("layanan_kota", "listrik_padam", "bansos", "vaksin_wabah")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. `category` is as the call taker writes it, `key` its id in the taxonomy; no place for noise.

    `is_at_null` is a call taker's form that sent 0,0 for "I do not know where".
    """

    id: str
    at: datetime
    kind: CallKind
    category: str
    key: str
    priority: int | None = None
    place: Place | None = None
    kelurahan: str | None = None
    description: str | None = None
    is_at_null: bool = False


def hour_factor(moment: datetime, city: City) -> float:
    """Calls at that moment against the mean of the day; runs smoothly from hour to hour."""
    local = moment.astimezone(city.zone)
    share = local.minute / 60 + local.second / 3600
    return _HOURS[local.hour] * (1 - share) + _HOURS[(local.hour + 1) % 24] * share


def demo_factor(moment: datetime, city: City) -> float:
    """The same, flattened: a demo at three in the morning still shows a city at work."""
    return 0.9 + 0.1 * hour_factor(moment, city)


class Callers:
    """Makes calls for one city; the same seed and start make the same calls."""

    def __init__(self, ground: Ground, streets: Streets, seed: int) -> None:
        self._city, self._places, self._streets, self._seed = ground.city, ground.places, streets, seed
        crowd = np.array([min(area.area_km2, 6.0) ** 0.5 for area in ground.places.areas.values()])
        self._codes, self._crowd = tuple(ground.places.areas), crowd / crowd.sum()
        homes: dict[str, list[Place]] = {code: [] for code in self._codes}
        for road in streets.roads:
            middle = road.line[len(road.line) // 2]
            code = None if road.bridge else ground.places.kelurahan_at(*middle)
            if code is not None:
                homes[code].append(middle)
        self._homes = homes

    def history(self, since: datetime, until: datetime) -> Iterator[Call]:
        """What a real day would have brought: `CALLS_PER_DAY` by the hours of the day."""
        dice = np.random.default_rng([self._seed, since.toordinal(), 1])
        prefix = f"SIM-{since.astimezone(self._city.zone):%y%m%d}-P"
        moments = _moments(dice, since, CALLS_PER_DAY / 86_400, lambda at: hour_factor(at, self._city))
        for number, (at, is_real) in enumerate(zip(moments, _real_ones(dice), strict=False), 1):
            if at >= until:
                return
            yield self._call(dice, f"{prefix}{number:03d}", at, is_real=is_real)

    def flow(self, since: datetime, speed: float = 1.0) -> Iterator[Call]:
        """Calls without end at the pace of the demo, `speed` times as many."""
        dice = np.random.default_rng([self._seed, 2])
        prefix = f"SIM-{since.astimezone(self._city.zone):%d%H%M}-"
        moments = _moments(dice, since, DEMO_CALLS_PER_S * speed, lambda at: demo_factor(at, self._city))
        for number, (at, is_real) in enumerate(zip(moments, _real_ones(dice), strict=False), 1):
            yield self._call(dice, f"{prefix}{number:04d}", at, is_real=is_real)

    def _call(self, dice: np.random.Generator, id_: str, at: datetime, *, is_real: bool) -> Call:
        if is_real:
            return self._incident(dice, id_, at)
        kind = _pick(dice, NOISE)
        key = str(dice.choice(_INFORMASI)) if kind == "informasi" else kind
        return Call(id=id_, at=at, kind=kind, category=key, key=key)

    def _incident(self, dice: np.random.Generator, id_: str, at: datetime) -> Call:
        """A real report: mostly with a position, some with a kelurahan only, now and then with 0,0."""
        key = _pick(dice, PRIOR)
        flood = str(dice.choice(tuple(FLOOD_POINTS)))
        code = FLOOD_POINTS[flood] if key == "banjir" else str(dice.choice(self._codes, p=self._crowd))
        detail = str(dice.choice(_DETAILS[key])).format(flood=flood, cm=int(dice.integers(2, 11)) * 10)
        area = self._places.areas.get(code)
        vague, said = float(dice.random()), float(dice.random())
        return Call(
            id=id_,
            at=at,
            kind="real",
            category=_ALIASES.get(key, key) if said < _SAID_OTHERWISE else key,
            key=key,
            priority=_priority(dice, key),
            place=None if vague < _KELURAHAN_ONLY + _NOWHERE else self._place(dice, code),
            kelurahan=None if vague < _NOWHERE else code,
            description=f"[SIMULASI] {detail[0].upper()}{detail[1:]}, {area.name if area else 'Samarinda'}",
            is_at_null=vague < _NOWHERE,
        )

    def _place(self, dice: np.random.Generator, code: str) -> Place | None:
        """Somewhere along a street of that kelurahan, some metres off it."""
        homes = self._homes.get(code)
        if not homes:
            area = self._places.areas.get(code)
            return (area.lon, area.lat) if area else None
        lon, lat = homes[int(dice.integers(len(homes)))]
        return round(lon + float(dice.normal(0, 3e-4)), 6), round(lat + float(dice.normal(0, 3e-4)), 6)


_T = TypeVar("_T", bound=str)


def _pick(dice: np.random.Generator, weights: Mapping[_T, float]) -> _T:
    """One of the keys, by weight."""
    names, shares = tuple(weights), np.array(tuple(weights.values()), float)
    return names[int(dice.choice(len(names), p=shares / shares.sum()))]


def _priority(dice: np.random.Generator, key: str) -> int | None:
    """What a call taker adds to the category's own priority: half the fires are small ones."""
    if key == "kebakaran":
        return int(dice.choice([1, 2, 2, 3]))
    if key in {"darurat_medis", "kecelakaan_air"}:
        return int(dice.choice([1, 1, 2]))
    return None


def _real_ones(dice: np.random.Generator) -> Iterator[bool]:
    """Which calls are real: `REAL_SHARE` of them, somewhere in each run of so many, so that no hour stays empty."""
    told = 0.0
    for run in count():
        turn = run + float(dice.random())
        while told < run + 1:
            told += REAL_SHARE
            is_turn = told - REAL_SHARE <= turn < told
            yield is_turn


def _moments(
    dice: np.random.Generator, since: datetime, rate_per_s: float, factor: Callable[[datetime], float]
) -> Iterator[datetime]:
    """Times of calls: a Poisson process whose rate follows `factor` (thinned from its greatest value)."""
    at, most = since, max(_HOURS)
    while True:
        at += timedelta(seconds=float(dice.exponential(1 / (rate_per_s * most))))
        if dice.random() < factor(at) / most:
            yield at
