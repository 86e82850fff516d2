"""Area codes: which kelurahan lies in which kecamatan and city. Pure."""

from collections.abc import Iterable


def is_within(code: str, areas: Iterable[str]) -> bool:
    """Whether an area code lies in one of the areas: 64.72.09.1003 lies in 64.72.09."""
    return any(code == area or code.startswith(f"{area}.") for area in areas)
