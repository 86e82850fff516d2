"""The shares of a city's land (geodata/power.py), settled once and shipped: settling them took a second of every start.

Made anew, after a change of the facts or of how they are shared, by `python -m geodata.demo_city 64.72`.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from geodata.facts import Fact
from geodata.power import Shares

_DATA = Path(__file__).parent / "data"
_COLUMNS = ("code", "x_m", "y_m", "weight_m2")


def shipped_shares(city: str, facts: Sequence[Fact]) -> Shares | None:
    """Those of the facts, in their order. None where none are shipped, or they are of other facts."""
    try:
        with _path(city).open(encoding="ascii", newline="") as file:
            held = {row["code"]: row for row in csv.DictReader(file)}
    except FileNotFoundError:
        return None
    if held.keys() != {fact.code for fact in facts}:
        return None
    table = np.array([[float(held[fact.code][name]) for name in _COLUMNS[1:]] for fact in facts])
    return Shares(generators=table[:, :2], weights=table[:, 2])


def ship(city: str, shares: Mapping[str, tuple[float, float, float]]) -> None:
    """Write them: code → x and y in metres, weight in square metres, to a millimetre."""
    with _path(city).open("w", encoding="ascii", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(_COLUMNS)
        rows.writerows((code, *(f"{value:.3f}" for value in values)) for code, values in sorted(shares.items()))


def _path(city: str) -> Path:
    return _DATA / f"{city}.shares.csv"
