"""Choices that several rooms of the desk offer: areas of the city, disasters that go on, agencies."""

from dashboard.operate import Look, Option, both
from geodata.places import Kelurahan
from layers.disaster_mode import going_on
from layers.layer import Words


def area_options(look: Look, *, is_whole: bool = True) -> tuple[Option, ...]:
    """Kelurahan by name; before them, where that makes sense, the city and its kecamatan."""
    ground = look.situation.ground
    city, areas = ground.city, sorted(ground.places.areas.values(), key=lambda area: area.name)
    kelurahan = tuple(Option(value=area.code, words=both(area.name, area.name)) for area in areas)
    if not is_whole:
        return kelurahan
    wider = {city.code: both(f"Seluruh {city.name}", f"All of {city.name}"), **_kecamatan(areas)}
    return (*(Option(value=code, words=words) for code, words in wider.items()), *kelurahan)


def _kecamatan(areas: list[Kelurahan]) -> dict[str, Words]:
    found = {area.kecamatan: area.code.rpartition(".")[0] for area in areas}
    return {code: both(f"Kecamatan {name}", f"Kecamatan {name}") for name, code in sorted(found.items())}


def area_name(look: Look, code: str | None) -> str:
    """As people call it; the code itself where nobody does."""
    named = {option.value: option.words.id for option in area_options(look)}
    return named.get(code or "", code or "")


def disaster_name(look: Look, said: str | None) -> str | None:
    """As it was declared; one that nobody declared by its id."""
    known = look.situation.of("disasters").get(said) if said else None
    return known.declared.title if known and known.declared else said


def disaster_options(look: Look) -> tuple[Option, ...]:
    """Those that go on."""
    active = [one for one in going_on(look.situation, look.now) if one.declared]
    return tuple(Option(value=one.id, words=both(one.declared.title, one.declared.title)) for one in active)  # type: ignore[union-attr]  # by the line above


def agency_name(look: Look, said: str | None) -> str | None:
    """Its short name; what no agency of the city is called stays as it was said."""
    known = {one.id: one.short for one in look.situation.ground.city.agencies}
    return known.get(said, said) if said else None


def agency_options(look: Look) -> tuple[Option, ...]:
    """Every agency of the city, volunteers among them."""
    return tuple(Option(value=one.id, words=both(one.name, one.name)) for one in look.situation.ground.city.agencies)
