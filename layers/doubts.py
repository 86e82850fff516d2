"""What a city cannot use of a report that it takes all the same: said to the sender, who can mend it."""

from geodata.city import City
from geodata.places import Ground, place_or_none
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.ingest import Doubt


def doubts(fact: object, ground: Ground) -> tuple[Doubt, ...]:
    """A report is never refused for these: a fire with a wrong code is still a fire."""
    if isinstance(fact, IncidentReported):
        return _of_report(fact.report, ground)
    if isinstance(fact, IncidentStatusChanged) and fact.agency is not None:
        return _of_agency(fact.agency, ground.city)
    return ()


def _of_report(report: Report, ground: Ground) -> tuple[Doubt, ...]:
    found = [*_of_place(report, ground)]
    category = ground.city.category(report.category)
    if category.id == "lainnya" and report.category.casefold() not in {"lainnya", category.id_name.casefold()}:
        found.append(Doubt(field="category", detail=f"{report.category!r} is not in this city's taxonomy: lainnya"))
    return (*found, *(_of_agency(report.agency, ground.city) if report.agency else ()))


def _of_place(report: Report, ground: Ground) -> list[Doubt]:
    found = []
    is_said = report.lon is not None and report.lat is not None
    if is_said and place_or_none(ground.city, report.lon, report.lat) is None:
        found.append(Doubt(field="lon", detail=f"the position is outside {ground.city.name}, or 0,0: no marker"))
    if report.kelurahan is not None and report.kelurahan not in ground.places.areas:
        found.append(Doubt(field="kelurahan", detail=f"{report.kelurahan!r} is no kelurahan of {ground.city.name}"))
    return found


def _of_agency(agency: str, city: City) -> tuple[Doubt, ...]:
    if agency in {known.id for known in city.agencies}:
        return ()
    return (Doubt(field="agency", detail=f"{agency!r} is no agency of {city.name}; shown as you wrote it"),)
