"""By what a camera is called late or lost, for whoever wants to check: value, threshold, and since when. Pure.

Both rows are in seconds. Of a camera whose source said an error, the row *lost* is about how long that has lasted.
"""

from datetime import timedelta

from cctv.health import Instant, Limits, Vitals
from cctv.status import Evidence


def health_evidence(vitals: Vitals, now: Instant, limits: Limits) -> tuple[Evidence, Evidence]:
    """Late and lost, as judged now."""
    age_s = now.s - vitals.newest_s
    late = _evidence("late", age_s, limits.late, vitals, now)
    if vitals.error_s is not None:
        return late, _evidence("lost", now.s - vitals.error_s, limits.grace, vitals, now, suspect_from_s=0.0)
    is_patient = vitals.is_restless and vitals.captured_at is not None and vitals.health != "lost"
    return late, _evidence("lost", age_s, limits.restless_lost if is_patient else limits.lost, vitals, now)


def _evidence(  # noqa: PLR0913 — a row of the table
    kind: str,
    value_s: float,
    limit: timedelta,
    vitals: Vitals,
    now: Instant,
    *,
    suspect_from_s: float | None = None,
) -> Evidence:
    """Told from the moment the state began; what is not told yet speaks against it from the limit on."""
    is_told = vitals.health == kind
    from_s = limit.total_seconds() if suspect_from_s is None else suspect_from_s
    suspected = now.at - timedelta(seconds=value_s - from_s) if value_s > from_s else None
    return Evidence(
        kind=kind,
        value=round(max(0.0, value_s), 2),
        threshold=round(limit.total_seconds(), 2),
        since=vitals.since if is_told else suspected,
        is_fault=is_told,
    )
