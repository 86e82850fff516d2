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
    """One stop of the tour, with its words."""

    shot: Shot
    words: str


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
    Shot(name="wall-kamera", path="/wall?screen=kamera", role=None, ready="#wall", settle_s=_MAP_S),
    Shot(name="wall-angka", path="/wall?screen=angka", role=None, ready="#wall", settle_s=_MAP_S),
    Shot(name="wall-adegan", path="/wall?screen=adegan", role=None, ready="#wall", settle_s=_MAP_S),
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
    Stop(shot=WALL, words="Dinding: seluruh kota dalam satu pandangan · The wall: the whole city at a glance"),
    Stop(
        shot=Shot(name="scene", path="/wall?screen=adegan", role=None, ready="#wall", settle_s=_MAP_S, has_map=True),
        words="Sutradara memilih adegan dan berkata mengapa · The director picks a scene and says why",
    ),
    Stop(
        shot=Shot(name="map", path="/wall?screen=peta", role=None, ready="#wall", settle_s=_MAP_S, has_map=True),
        words="Peta: kejadian, armada, relawan, kamera · The map: incidents, units, volunteers, cameras",
    ),
    Stop(
        shot=CAMERAS,
        words="Kamera terdekat dahulu, tiap gambar dengan umurnya · Nearest cameras first, each with its age",
    ),
    Stop(
        shot=Shot(name="day", path="/wall?theme=day", role=None, ready="#wall", settle_s=_MAP_S, has_map=True),
        words="Siang dan malam: tombol T · Day and night: key T",
    ),
    Stop(shot=FRONT, words="Meja operator: apa yang menunggu · The operator's desk: what waits"),
    Stop(shot=INCIDENTS, words="Satu kejadian, langkah demi langkah, oleh siapa · One incident, step by step, by whom"),
    Stop(shot=BRIEFING, words="Briefing: angka dengan n dan sumbernya · The briefing: figures with n and source"),
    Stop(shot=REPLAY, words="Putar ulang setiap saat yang lalu · Any moment of the past, played again"),
    Stop(shot=HEALTH, words="Kesehatan sistem, untuk siapa pun yang bertugas · System health, for whoever is on duty"),
)
