"""What the hub holds of one moment, and what it tells a viewer."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.degraded import Signs
from dashboard.picture import Picture
from layers.layer import Role
from layers.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One moment. `situation` is unredacted; `looked_s` when signs and ages were last looked at.

    `pictures` are of the roles that somebody looks as.
    `steps` maps role → (cursor of the frame before, body of the message that leads here from it).
    """

    situation: Situation
    pictures: Mapping[Role, Picture]
    signs: Signs
    looked_s: float
    steps: Mapping[Role, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message for one viewer, and the cursor it holds once it has applied it."""

    cursor: str
    data: bytes
