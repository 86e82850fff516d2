"""The settings of a city's screen: one `layar.toml`, where every unknown name is an error.

The commented example is printed from these models, so it cannot drift from them.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from cctv.archive import ArchiveSettings
from cctv.guard import PRIVATE, Guard, guard_for, networks_of
from dashboard.director_settings import DirectorSettings
from dashboard.map_presets import PresetSettings
from dashboard.oidc_settings import OidcSettings
from dashboard.report_settings import MailSettings, ReportSettings
from dashboard.walls import WallSettings, with_names_of_their_own
from geodata.errors import BadSettings
from geodata.settings import Settings
from layers.event import Mode
from layers.line_reading import lines_of
from layers.transport import LineSettings

FILE_NAME = "layar.toml"


class ServerSettings(Settings):
    """[server] how browsers and feeds reach this machine."""

    host: str = Field(default="127.0.0.1", description="address to listen on; 0.0.0.0 for every network card")
    port: int = Field(default=8112, ge=1, le=65535, description="port to listen on")
    threads: int = Field(
        default=64, ge=8, le=512, description="requests answered at once; at most half of them may be live streams"
    )
    proxies: int = Field(
        default=0, ge=0, le=3, description="reverse proxies in front whose X-Forwarded-* headers are believed"
    )
    ingest_per_s: float = Field(
        default=200,
        ge=1,
        le=10_000,
        description="requests a second that one ingest token may send, twice as many at once; what is more gets 429",
    )
    spool_mb: int = Field(
        default=64,
        ge=0,
        le=4096,
        description="megabytes set aside for what comes in while the log cannot be written, as on a full disk; 0: none",
    )


class AccessSettings(Settings):
    """[access] who sees what without a token."""

    anonymous: Literal["none", "visitor", "wall"] = Field(
        default="none",
        description="what may be seen without a token: none, what visitors may see, or the wall (a closed room only)",
    )
    session_days: float = Field(default=90, gt=0, le=400, description="how long a screen with a token stays signed in")
    person_hours: float = Field(default=12, gt=0, le=720, description="how long a person stays signed in")
    idle_min: float = Field(
        default=120, ge=1, le=10_080, description="minutes after which a person who did nothing has to sign in again"
    )
    live_for_wall: bool = Field(
        default=False, description="whether wall tokens may watch cameras live too; admins always may"
    )
    guests_without_key: bool = Field(
        default=False,
        description='with anonymous = "wall": whether anybody may make all screens without a token visitors\'',
    )


class CitySettings(Settings):
    """[city] which city this is."""

    code: str | None = Field(
        default=None, pattern=r"^\d\d\.\d\d$", description="Kemendagri code; else the one `layar city use` chose"
    )


def _are_networks(said: tuple[str, ...]) -> tuple[str, ...]:
    networks_of(said)
    return said


class CameraSettings(Settings):
    """[cameras] how often pictures are fetched and when they count as old."""

    period_s: float = Field(default=2.0, ge=0.2, le=3600, description="seconds between two pictures of one camera")
    near_period_s: float = Field(
        default=1.0, ge=0.2, le=3600, description="the same for cameras that look at an open incident (see near_m)"
    )
    most_stretch: float = Field(
        default=4.0,
        ge=1,
        le=20,
        description="when decoding is behind, cameras without an incident wait up to so many times longer",
    )
    allow: Annotated[tuple[str, ...], AfterValidator(_are_networks)] = Field(
        default=PRIVATE,
        description="networks in which cameras may be; this machine and link-local ones only where they are named",
    )
    heartbeat_s: float = Field(
        default=10.0, ge=2, le=600, description="the wall says so when the camera process is silent for this long"
    )
    visitor_delay_s: float = Field(
        default=60.0, ge=10, le=3600, description="seconds before a picture is shown to visitors; blurred and small"
    )
    live_tiles: int = Field(
        default=18, ge=0, le=100, description="tiles of live video on all screens together; 0: none at all"
    )


class VisitorSettings(Settings):
    """[visitor] what people see who are shown around; of everything else they see nothing."""

    categories: tuple[str, ...] = Field(
        default=(), description='ids of the incident categories that are public, such as ["kebakaran", "banjir"]'
    )
    delay_min: float = Field(
        default=15, ge=1, le=1440, description="minutes before an incident, or a step of it, is shown to visitors"
    )


class ScreensSettings(Settings):
    """[screens] how the pages look until somebody changes it by a key."""

    theme: Literal["night", "day", "auto"] = Field(
        default="night", description="night, day, or auto: day from 06.00 to 18.00 by the city's clock"
    )


class BackupSettings(Settings):
    """[backup] copies of everything the city keeps, made by the clock and proved."""

    every_h: float = Field(default=0, ge=0, le=720, description="hours between two backups; 0: none by the clock")
    to: str = Field(default="", description="folder they are put into, best on another disk")
    keep: int = Field(default=14, ge=1, le=1000, description="so many of the newest are kept, older ones deleted")
    with_secrets: bool = Field(default=False, description="tokens, keys and credentials too: guard it like them")

    @model_validator(mode="after")
    def _has_folder(self) -> "BackupSettings":
        if self.every_h and not Path(self.to).is_absolute():
            raise ValueError("to: say the whole path of the folder that backups are put into")
        return self


class PositionSettings(Settings):
    """[positions] how the places of units are kept and when they count as old."""

    seal_after_min: float = Field(
        default=10,
        ge=1,
        le=1440,
        description="minutes after which positions are packed; so long one that is sent twice is known by its id",
    )


class BasemapSettings(Settings):
    """[basemap] what lies under the map; `layar basemap add FILE` brings it, no internet needed."""

    use: str = Field(
        default="",
        pattern=r"^([a-z0-9][a-z0-9_-]{0,39})?$",
        description="name of the basemap to show; empty: the one added last; none: boundaries and river alone",
    )
    online_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s{}]+\{z\}[^\s]*)?$",
        repr=False,
        description="https://…/{z}/{x}/{y}.png: pictures this server fetches where no basemap was added; empty: none",
    )
    online_attribution: str = Field(default="", max_length=300, description="whom to name for them on the map")
    online_max_zoom: int = Field(default=18, ge=1, le=22, description="the closest zoom that address has")
    online_cache_mb: int = Field(
        default=512, ge=16, le=65_536, description="megabytes of fetched pictures that are kept"
    )

    @model_validator(mode="after")
    def _names_its_source(self) -> "BasemapSettings":
        if self.online_url and not self.online_attribution.strip():
            raise ValueError("online_attribution: say whom to name on the map for the pictures of online_url")
        if self.online_url and not all(part in self.online_url for part in ("{x}", "{y}")):
            raise ValueError("online_url: it needs {z}, {x} and {y}")
        return self


class RetentionSettings(Settings):
    """[retention] days for which what says who is kept (UU PDP art. 44); 0: for ever."""

    incidents_days: int = Field(default=730, ge=0, le=36_500, description="free text of reports")
    calls_days: int = Field(default=365, ge=0, le=36_500, description="sealed numbers and exact places of callers")
    blocks_days: int = Field(default=365, ge=0, le=36_500, description="blocked numbers and why they were blocked")
    shifts_days: int = Field(default=365, ge=0, le=36_500, description="names on rosters, handover notes")
    quarantine_days: int = Field(default=30, ge=0, le=36_500, description="what could not be read, as it came")
    bookmarks_days: int = Field(default=730, ge=0, le=36_500, description="bookmarks, their names and notes")
    positions_days: int = Field(default=365, ge=0, le=36_500, description="where vehicles and volunteers were")
    daily: bool = Field(default=False, description="every day by itself; else only by `layar retention`")


class LayarSettings(Settings):
    """Everything in `layar.toml`."""

    mode: Mode = Field(default="live", description="live, drill or demo; all but live is shown large on every screen")
    server: ServerSettings = ServerSettings()
    access: AccessSettings = AccessSettings()
    oidc: OidcSettings = OidcSettings()
    city: CitySettings = CitySettings()
    cameras: CameraSettings = CameraSettings()
    visitor: VisitorSettings = VisitorSettings()
    screens: ScreensSettings = ScreensSettings()
    positions: PositionSettings = PositionSettings()
    basemap: BasemapSettings = BasemapSettings()
    presets: tuple[PresetSettings, ...] = Field(default=(), max_length=8)
    archive: ArchiveSettings = ArchiveSettings()
    mail: MailSettings = MailSettings()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    director: DirectorSettings = DirectorSettings()
    reports: tuple[ReportSettings, ...] = ()
    feeds: Annotated[tuple[LineSettings, ...], BeforeValidator(lines_of)] = ()
    walls: Annotated[tuple[WallSettings, ...], AfterValidator(with_names_of_their_own)] = ()


def guard_of(settings: LayarSettings) -> Guard:
    """Where this city's cameras may be."""
    return guard_for(settings.cameras.allow, {settings.server.port})


def load_settings(data_dir: Path, config_file: Path | None = None) -> LayarSettings:
    """Read `config_file`, or `data_dir/layar.toml`, or take the defaults when there is none.

    Raises BadSettings naming the file and the key.
    """
    path = config_file or data_dir / FILE_NAME
    if not path.is_file():
        if config_file is not None:
            raise BadSettings(f"{path}: there is no such file; `layar check --example` prints one")
        return LayarSettings()
    return _read(path)


def _read(path: Path) -> LayarSettings:
    try:
        return parse_settings(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path.name} cannot be read: {error}") from error


def parse_settings(text: str, name: str) -> LayarSettings:
    """Settings from TOML text; `name` is what the error calls the file."""
    try:
        return LayarSettings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        said = (
            "there is no such setting"
            if first["type"] == "extra_forbidden"
            else first["msg"].removeprefix("Value error, ")
        )
        raise BadSettings(f"{name}: {key}: {said}", field=key) from error
