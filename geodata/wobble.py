"""A bend of the plane that makes straight lines look grown: the same for everybody, so neighbours stay neighbours.

A sum of transverse waves with fixed directions and phases: each shears the plane and keeps areas. Metres.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SEED = 1
_WAVES_PER_OCTAVE = 7
_OCTAVES_M = ((11000.0, 440.0), (4200.0, 130.0), (1600.0, 52.0), (650.0, 24.0), (280.0, 9.0))
"""Wave length and root-mean-square displacement of each octave."""
_UNBENDINGS = 80
_BLOCK = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """`vectors` (k, 2) in radians per metre, `phases` (k,), `pushes` (k, 2) in metres, across the vectors."""

    vectors: Floats
    phases: Floats
    pushes: Floats


@cache
def _waves() -> Waves:
    random = np.random.default_rng(_SEED)
    lengths = np.repeat([length for length, _ in _OCTAVES_M], _WAVES_PER_OCTAVE)
    lengths = lengths * random.uniform(0.7, 1.4, len(lengths))
    angles = random.uniform(0, 2 * np.pi, len(lengths))
    heights = np.repeat([height for _, height in _OCTAVES_M], _WAVES_PER_OCTAVE) * np.sqrt(2 / _WAVES_PER_OCTAVE)
    along = np.column_stack([np.cos(angles), np.sin(angles)])
    across = np.column_stack([-np.sin(angles), np.cos(angles)])
    return Waves(
        vectors=along * (2 * np.pi / lengths)[:, None],
        phases=random.uniform(0, 2 * np.pi, len(lengths)),
        pushes=across * heights[:, None],
    )


def bent(places: Floats) -> Floats:
    """Where each place (n, 2) goes."""
    return places + _push(places)


def unbent(places: Floats) -> Floats:
    """The inverse of `bent`, to a millimetre."""
    origin = places.copy()
    for _ in range(_UNBENDINGS):
        origin = places - _push(origin)
    return origin


def _push(places: Floats) -> Floats:
    waves = _waves()
    return np.asarray(np.cos(places @ waves.vectors.T + waves.phases) @ waves.pushes)
