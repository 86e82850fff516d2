"""Area codes: which kelurahan lies in which kecamatan and city. Pure."""

from collections.abc import Iterable

from geodata.places import Ground


def is_within(code: str, areas: Iterable[str]) -> bool:
    """Whether an area code lies in one of the areas: 64.72.09.1003 lies in 64.72.09."""
    return any(code == area or code.startswith(f"{area}.") for area in areas)


def area_name(ground: Ground, code: str) -> str:
    """The name of a kelurahan, kecamatan or the city; the code where it is none of ours."""
    areas = ground.places.areas
    if code in areas:
        return areas[code].name
    kecamatan = next((area.kecamatan for area in areas.values() if area.code.startswith(f"{code}.")), None)
    return ground.city.name if code == ground.city.code else kecamatan or code
