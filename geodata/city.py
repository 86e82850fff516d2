"""A city as data: code, names, time zone, CRS, extent, agencies, targets, shifts, taxonomy.

One TOML file per city in `geodata/data/cities/<code>.toml` (shipped) or `DIR/cities/<code>.toml` (the
city's own, which wins). Adding a city or changing its taxonomy needs no code.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, model_validator

from geodata.errors import BadSettings
from geodata.settings import Settings

SHIPPED = Path(__file__).parent / "data" / "cities"
DEFAULT_CODE = "64.72"
_CODE = re.compile(r"\d\d\.\d\d")
_FIRST_KOTA = "71"

ServiceClass = Literal["darurat", "tidak_darurat", "informasi", "bukan_laporan"]


class Extent(Settings):
    """A box in degrees WGS 84, longitude before latitude."""

    west: float = Field(ge=-180, le=180, description="westernmost longitude")
    south: float = Field(ge=-90, le=90, description="southernmost latitude")
    east: float = Field(ge=-180, le=180, description="easternmost longitude")
    north: float = Field(ge=-90, le=90, description="northernmost latitude")

    def holds(self, lon: float, lat: float) -> bool:
        """Whether the point lies inside; NaN never does."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


class Agency(Settings):
    """An agency (OPD) that answers calls of this city."""

    id: str = Field(description="short key used in feeds, e.g. damkar")
    name: str = Field(description="name as shown")
    short: str = Field(description="name as shown where space is scarce")
    is_volunteer: bool = Field(default=False, description="volunteers: they help until the agency is there")


class Category(Settings):
    """One kind of call. `service_class` is the first filter of 112."""

    id: str = Field(description="key used in feeds")
    id_name: str = Field(description="Indonesian name as shown")
    en_name: str = Field(description="English name as shown")
    service_class: ServiceClass = Field(description="darurat, tidak_darurat, informasi or bukan_laporan")
    icon: str = Field(default="lain", description="sprite icon")
    priority: int = Field(default=3, ge=1, le=4, description="priority when a report names none; 1 is worst")
    aliases: tuple[str, ...] = Field(default=(), description="other spellings seen in feeds")
    agencies: tuple[str, ...] = Field(default=(), description="ids of the agencies that usually answer it")
    response_target_min: float | None = Field(
        default=None, gt=0, le=1440, description="report to first on scene, minutes; else the city's target"
    )


class Campaign(Settings):
    """A time in which the city asks for calls of some kinds: those kinds join the taxonomy, the wall gets a card."""

    id: str = Field(description="short key")
    id_name: str = Field(description="Indonesian title of the card")
    en_name: str = Field(description="English title of the card")
    starts: date = Field(description="first local day")
    ends: date | None = Field(default=None, description="last local day; without one it goes on")
    counts: tuple[str, ...] = Field(default=(), description="ids of categories of the taxonomy counted beside its own")
    categories: tuple[Category, ...] = Field(default=(), description="categories of its own, known for ever after")

    @property
    def counted(self) -> tuple[str, ...]:
        """Ids of every category it counts."""
        return (*(category.id for category in self.categories), *self.counts)

    def is_on(self, day: date) -> bool:
        """Whether it goes on, on that local day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class Shift(Settings):
    """One watch of the command center, in local time; the last one of a day may run past midnight."""

    name: str = Field(description="name as shown")
    starts: str = Field(pattern=r"^\d\d:\d\d$", description="local time, HH:MM")


class Tracker(Settings):
    """How often a kind of tracker speaks, so when its silence means something."""

    source: str = Field(description='"<client>/<feed>", where * stands for anything, e.g. */owntracks')
    late_s: float = Field(gt=0, le=86_400, description="seconds without a place until a unit is shown as late")
    lost_s: float = Field(gt=0, le=86_400, description="seconds until its place is not believed any more")

    @model_validator(mode="after")
    def _late_comes_first(self) -> "Tracker":
        if self.late_s > self.lost_s:
            raise ValueError(f"the tracker {self.source!r} is lost before it is late")
        return self


_USUAL_TRACKER = Tracker(source="*", late_s=60, lost_s=300)


class City(Settings):
    """Everything about a city that is not a shape."""

    code: str = Field(description="Kemendagri code of the kota or kabupaten, e.g. 64.72")
    name: str = Field(description="name as shown")
    center_name: str = Field(description="name of the command center as shown")
    time_zone: str = Field(description="IANA name")
    zone_label: str = Field(description="WIB, WITA or WIT")
    utm_epsg: int = Field(description="EPSG code of the UTM zone used for metres")
    extent: Extent
    view_lon: float = Field(description="longitude of the middle of the first view")
    view_lat: float = Field(description="latitude of the middle of the first view")
    response_target_min: float = Field(gt=0, le=120, description="report to first on scene, minutes")
    response_target_source: str = Field(description="where the target comes from")
    answer_target_s: float | None = Field(default=None, gt=0, le=600, description="call to answer, seconds")
    dispatch_target_s: float | None = Field(default=None, gt=0, le=7200, description="report to forwarded, seconds")
    close_target_min: float | None = Field(default=None, gt=0, le=100_000, description="report to closed, minutes")
    shifts: tuple[Shift, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = ()
    categories: tuple[Category, ...] = Field(min_length=1)
    campaigns: tuple[Campaign, ...] = ()
    trackers: tuple[Tracker, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_categories_of_campaigns(cls, said: Any) -> Any:  # noqa: ANN401 — whatever the file holds
        """A report of a campaign that is over keeps its name."""
        if not isinstance(said, Mapping) or not isinstance(said.get("campaigns"), list):
            return said
        campaigns = said["campaigns"]
        own = [one["categories"] for one in campaigns if isinstance(one, Mapping) and "categories" in one]
        if not all(isinstance(some, list) for some in (said.get("categories"), *own)):
            return said
        return {**said, "categories": [*said["categories"], *chain.from_iterable(own)]}

    @model_validator(mode="after")
    def _categories_fit(self) -> "City":
        ids = [category.id for category in self.categories]
        twice = {one for one in ids if ids.count(one) > 1}
        if twice:
            raise ValueError(f"the category {min(twice)!r} stands twice in the taxonomy")
        for campaign in self.campaigns:
            unknown = set(campaign.counted) - set(ids)
            if unknown or not campaign.counted:
                raise ValueError(
                    f"campaign {campaign.id!r} counts {min(unknown, default='nothing')!r}: no such category"
                )
        agencies = {agency.id for agency in self.agencies}
        for category in self.categories:
            strangers = set(category.agencies) - agencies
            if strangers:
                raise ValueError(f"the category {category.id!r} goes to {min(strangers)!r}: no such agency")
        if "lainnya" not in {category.id for category in self.categories}:
            raise ValueError("the taxonomy needs a category with id 'lainnya' for what nobody foresaw")
        return self

    @property
    def is_kota(self) -> bool:
        """A city; else a kabupaten (regency). Kemendagri numbers cities of a province from 71 on."""
        return self.code.partition(".")[2] >= _FIRST_KOTA

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone, for showing times; everything inside is UTC."""
        return ZoneInfo(self.time_zone)

    def tracker(self, source: str) -> Tracker:
        """The first one listed that the source fits; else late after a minute and lost after five."""
        return next((one for one in self.trackers if fnmatchcase(source, one.source)), _USUAL_TRACKER)

    @cached_property
    def _by_name(self) -> Mapping[str, Category]:
        names = {alias: c for c in self.categories for alias in (*c.aliases, c.id_name, c.id)}
        return {_plain(name): category for name, category in names.items()}

    def category(self, said: str) -> Category:
        """The category of that id, name or alias (case and separators aside); 'lainnya' if unknown."""
        return self._by_name.get(_plain(said)) or self._by_name["lainnya"]


@lru_cache(maxsize=4_096)  # asked for every incident, again and again
def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def load_city(code: str, own: Path | None = None) -> City:
    """Read a city by its code from `own` (the city's folder) or from those shipped.

    Raises BadSettings naming the file and the field.
    """
    for folder in (own, SHIPPED):
        path = folder / f"{code}.toml" if folder else None
        if path and path.is_file():
            return _read(path, own_taxonomy(own, code) if own else None)
    raise BadSettings(
        f"no city {code}: neither {own} nor the shipped ones have {code}.toml. "
        f"`layar city import FILE --code {code}` makes it from its boundaries",
        field="city.code",
    )


def code_in_use(data_dir: Path) -> str:
    """The code `layar city use` wrote, else the default."""
    chosen = data_dir / "city"
    return checked(chosen.read_text("utf-8").strip()) if chosen.is_file() else DEFAULT_CODE


def checked(code: str) -> str:
    """The code, if it is one: it becomes a file name. Raises BadSettings."""
    if not _CODE.fullmatch(code):
        raise BadSettings(f"{code!r} is no code of a kota or kabupaten: two digits, a point, two digits", field="city")
    return code


def own_taxonomy(folder: Path, code: str) -> Path:
    """The file of categories changed or added by hand (`geodata/taxonomy.py`), in the folder of the cities."""
    return folder / "taxonomy" / f"{code}.toml"


def _with_own(said: dict[str, Any], path: Path | None) -> dict[str, Any]:
    """Those changed take their place, those added come after them."""
    if path is None or not path.is_file():
        return said
    own = {one.get("id"): one for one in tomllib.loads(path.read_text("utf-8")).get("categories", [])}
    known = [own.pop(one.get("id"), one) for one in said.get("categories", [])]
    return {**said, "categories": [*known, *own.values()]}


def _read(path: Path, own: Path | None = None) -> City:
    try:
        return City.model_validate(_with_own(tomllib.loads(path.read_text("utf-8")), own))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path.name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise BadSettings(f"{path.name}: {field}: {first['msg']}", field=field) from error
