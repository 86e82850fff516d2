"""What an incident means in its city: its category, how bad it is, where it lies. Pure."""

from geodata.city import Category, City
from geodata.clock import epoch_s
from geodata.places import Ground, place_or_none
from layers.incident_facts import CLOSED, Incident, Status

_HANDLED: frozenset[Status] = CLOSED | {"tertangani"}


def category_of(incident: Incident, city: City) -> Category:
    """The category by the city's taxonomy; 'lainnya' while no report has come."""
    return city.category(incident.report.category if incident.report else "lainnya")


def priority_of(incident: Incident, city: City) -> int:
    """1 (worst) to 4: what the report says, else what the category says."""
    said = incident.report.priority if incident.report else None
    return said or category_of(incident, city).priority


def order_of(incident: Incident, city: City) -> tuple[int, bool, float]:
    """Sorts the gravest first: by priority, what nobody has handled yet, the newest report."""
    reported_s = epoch_s(incident.report.reported_at) if incident.report else 0.0
    return priority_of(incident, city), incident.status in _HANDLED, -reported_s


def is_emergency_call(incident: Incident, city: City) -> bool:
    """False for pranks, silent calls, wrong numbers: counted, never a marker."""
    return category_of(incident, city).service_class != "bukan_laporan"


def position_of(incident: Incident, ground: Ground) -> tuple[float, float, bool] | None:
    """(lon, lat, is_exact); the kelurahan's label point when only that is known; None for no place."""
    report = incident.report
    if report is None:
        return None
    exact = place_or_none(ground.city, report.lon, report.lat)
    if exact:
        return (*exact, True)
    area = ground.places.areas.get(report.kelurahan or "")
    return (area.lon, area.lat, False) if area else None


def kelurahan_of(incident: Incident, ground: Ground) -> str | None:
    """Code of the kelurahan the incident lies in: by position, else as reported."""
    where = position_of(incident, ground)
    if where is None or incident.report is None:
        return None
    lon, lat, is_exact = where
    return ground.places.kelurahan_at(lon, lat) if is_exact else incident.report.kelurahan
