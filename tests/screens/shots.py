"""What is photographed: every page of the product, and the stops of the tour. Data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A screen: CSS pixels, how many real pixels each has, and how hard its picture is pressed."""

    name: str
    width: int
    height: int
    scale: float = 1
    is_touch: bool = False
    quality: int = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A page as a role sees it; `role` None: nobody has signed in.

    `ready` is a selector that must be there; then `click` is clicked, `keys` are pressed, and `settle_s` is waited.
    """

    name: str
    path: str
    role: str | None = "admin"
    ready: str = "body"
    keys: tuple[str, ...] = ()
    click: str | None = None
    settle_s: float = 3
    has_map: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of the tour: a picture that was made before, and its words in Indonesian and in English."""

    picture: str
    words: tuple[str, str]


SIZES = (
    Size(name="1080", width=1920, height=1080),
    Size(name="2160", width=3840, height=2160, quality=45),
    Size(name="phone", width=390, height=844, scale=2, is_touch=True, quality=60),
)
_MAP_S = 9
WALL = Shot(name="wall", path="/wall", role=None, ready="#wall", settle_s=_MAP_S, has_map=True)
CAMERAS = Shot(name="camera-wall", path="/camera-wall?grid=9", role=None, ready="#cams", settle_s=6)
FRONT = Shot(name="operate-now", path="/operate", ready="#ops-now .ops-card")
INCIDENTS = Shot(
    name="operate", path="/operate/incidents", ready="#ops-rows li", click="#ops-rows li button", settle_s=6
)
BRIEFING = Shot(name="briefing", path="/briefing", ready=".js-plotly-plot .main-svg", settle_s=6)
REPLAY = Shot(name="replay", path="/briefing/replay", ready="#dvr", settle_s=_MAP_S, has_map=True)
HEALTH = Shot(name="health", path="/health", ready=".health-part")
SHOTS = (
    WALL,
    Shot(name="wall-peta", path="/wall?screen=peta", role=None, ready="#wall", settle_s=_MAP_S, has_map=True),
    Shot(name="wall-kamera", path="/wall?screen=kamera", role=None, ready="#cams", settle_s=_MAP_S),
    Shot(name="wall-angka", path="/wall?screen=angka", role=None, ready="#wall", settle_s=_MAP_S),
    Shot(name="wall-adegan", path="/wall?screen=adegan", role=None, ready="#wall", settle_s=_MAP_S, has_map=True),
    CAMERAS,
    FRONT,
    INCIDENTS,
    Shot(name="operate-cameras", path="/operate/cameras", ready="#desk", settle_s=_MAP_S, has_map=True),
    BRIEFING,
    REPLAY,
    HEALTH,
    Shot(name="visitor", path="/visitor", role=None, ready="body", settle_s=_MAP_S),
    Shot(name="gallery", path="/gallery", ready="main"),
    Shot(name="login", path="/login", role=None, ready="form"),
)
TOUR = (
    Stop(
        picture="wall-1080",
        words=("Dinding: seluruh kota dalam satu pandangan", "The wall: the whole city at a glance"),
    ),
    Stop(
        picture="wall-angka-1080",
        words=("Angka: banjir, jaringan, panggilan, siapa siap", "Figures: flood, networks, calls, who is free"),
    ),
    Stop(
        picture="camera-wall-1080", words=("Kamera, tiap gambar dengan umurnya", "Cameras, each picture with its age")
    ),
    Stop(picture="operate-now-1080", words=("Meja operator: apa yang menunggu", "The operator's desk: what waits")),
    Stop(picture="operate-1080", words=("Satu kejadian, langkah demi langkah", "One incident, step by step")),
    Stop(picture="briefing-1080", words=("Ringkasan: tiap angka dengan n-nya", "The briefing: each figure with its n")),
    Stop(picture="replay-1080", words=("Putar ulang saat mana pun yang lalu", "Any moment of the past, played again")),
    Stop(
        picture="visitor-1080",
        words=("Tamu melihat tur, tanpa data siapa pun", "Visitors see a tour, and nobody's data"),
    ),
    Stop(picture="health-1080", words=("Apakah semuanya bekerja?", "Is everything working?")),
)
"""Together a minute."""
