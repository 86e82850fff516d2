"""What is said of ONVIF cameras, and which of their streams this product should take. Pure, and light to load."""

from dataclasses import dataclass

USUAL_PATH = "/onvif/device_service"
GROUP = "239.255.255.250"
PORT = 3702
_LEAST_WIDTH = 480
_KEPT_SMALL = frozenset({"H264", "H265"})
_TLS_PORTS = frozenset({443, 8443})
Place = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One camera that answered, and where its device service is."""

    host: str
    port: int
    path: str
    name: str | None = None
    hardware: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One stream that a camera offers. URLs hold no credentials; None is what it does not say."""

    token: str
    name: str
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    fps: int | None = None
    url: str | None = None
    snapshot_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where to ask, and as whom."""

    host: str
    port: int = 80
    path: str = USUAL_PATH
    user: str = ""
    password: str = ""

    @property
    def address(self) -> str:
        """Of its device service."""
        scheme = "https" if self.port in _TLS_PORTS else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}{self.path}"

    def __repr__(self) -> str:
        return f"Device({self.host})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a camera offers."""

    maker: str | None
    model: str | None
    profiles: tuple[Profile, ...]


def proposed(profiles: tuple[Profile, ...]) -> Profile | None:
    """The one to take: the smallest stream that still shows a street, in a codec that is cheap to read."""
    streams = [one for one in profiles if one.url]
    cheap = [one for one in streams if (one.codec or "").upper() in _KEPT_SMALL] or streams
    shows = [one for one in cheap if (one.width or 0) >= _LEAST_WIDTH]
    if shows:
        return min(shows, key=_area)
    return max(cheap, key=_area, default=None)


def _area(profile: Profile) -> int:
    return (profile.width or 0) * (profile.height or 0)
