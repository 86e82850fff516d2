"""How high the sun stands: whether a street lies in the dark.

The formula is the Astronomical Almanac's low-precision one for the Sun (section C, "Low precision formulas for the
Sun"), good to 0.01° from 1950 to 2050; refraction is left out, which is at most half a degree at the horizon.
"""

import math
from datetime import UTC, datetime

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_DAY_S = 86_400.0
DARK_BELOW_DEG = -6.0
"""End of civil twilight: from then on a street without lamps is dark."""


def sun_elevation_deg(lon: float, lat: float, at: datetime) -> float:
    """Degrees above the horizon at a place (degrees WGS 84) and an aware moment; negative below it."""
    days = (at - _J2000).total_seconds() / _DAY_S
    mean_longitude = 280.460 + 0.9856474 * days
    anomaly = math.radians(357.528 + 0.9856003 * days)
    ecliptic = math.radians(mean_longitude + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    obliquity = math.radians(23.439 - 0.0000004 * days)
    declination = math.asin(math.sin(obliquity) * math.sin(ecliptic))
    ascension = math.atan2(math.cos(obliquity) * math.sin(ecliptic), math.cos(ecliptic))
    sidereal = math.radians(280.46062 + 360.98564737 * days + lon)  # Greenwich mean sidereal time, turned to the place
    height = math.sin(math.radians(lat)) * math.sin(declination)
    height += math.cos(math.radians(lat)) * math.cos(declination) * math.cos(sidereal - ascension)
    return math.degrees(math.asin(max(-1.0, min(1.0, height))))


def is_dark(lon: float, lat: float, at: datetime) -> bool:
    """Whether civil twilight is over there."""
    return sun_elevation_deg(lon, lat, at) < DARK_BELOW_DEG
