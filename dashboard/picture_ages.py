"""From which age on a camera's picture is old on a screen. Pure.

A screen asks for pictures by itself and hears of a camera's health a little later, so it allows a third more than the
camera process does, and never less than some seconds: it judges only what it would else not be told.
"""

from cctv.health import limits_for
from layers.layer import Ages

_LATE_S, _LATE_SLACK = 6.0, 4 / 3
_LOST_S, _LOST_SLACK = 15.0, 8 / 3


def picture_ages(late_s: float) -> Ages:
    """On a screen, where the camera process calls the picture late at that age."""
    return Ages(
        late_s=round(max(_LATE_S, _LATE_SLACK * late_s), 1), lost_s=round(max(_LOST_S, _LOST_SLACK * late_s), 1)
    )


def usual_ages(period_s: float) -> Ages:
    """Of cameras that nobody said more of, where pictures are fetched so often."""
    return picture_ages(limits_for(period_s).late.total_seconds())
