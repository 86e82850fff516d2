"""The card of response times: how many of today's incidents were reached within the target, and how long it took. Pure.

What has no time is counted beside it, never taken as zero; without one that has, there is no card.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from dashboard.board import Card, Row
from layers.event import Mode
from layers.intervals import Times, times
from layers.layer import Words
from layers.numbers import count_words, share_words, span_words
from layers.situation import Situation
from layers.statistics import real_today

_LATE_SHARE = 0.8


def response_cards(
    situation: Situation, now: datetime, observed_at: float | None, mode: Mode = "live"
) -> list[dict[str, Any]]:
    """One card or none, as JSON."""
    city = situation.ground.city
    reached = real_today(situation, now, mode)
    first, relawan, opd = (
        times(reached, interval, city) for interval in ("first_on_scene", "relawan_on_scene", "opd_on_scene")
    )
    if first.share_within is None or first.median_s is None:
        return []
    target = f"{city.response_target_min:g}"
    card = Card(
        key="response",
        title=Words(id=f"Waktu tanggap, target {target} mnt", en=f"Response time, target {target} min"),
        lead=share_words(first.share_within),
        lead_label=Words(id=f"tepat waktu · n {first.n}", en=f"in time · n {first.n}"),
        rows=tuple(_rows(first, relawan, opd)),
        source=Words(id="kejadian 112 hari ini", en="incidents of 112 today"),
        observed_at=observed_at,
        is_dense=True,
    )
    return [asdict(card)]


def _rows(first: Times, relawan: Times, opd: Times) -> Iterator[Row]:
    if first.median_s is not None:
        is_late = first.share_within is not None and first.share_within < _LATE_SHARE
        half = Words(id="Separuh dalam", en="Half within")
        yield Row(label=half, value=span_words(first.median_s), mood="late" if is_late else "good")
    if first.p90_s is not None:
        yield Row(label=Words(id="9 dari 10 dalam", en="9 of 10 within"), value=span_words(first.p90_s))
    for label, told in ((Words(id="Relawan", en="Volunteers"), relawan), (Words(id="OPD", en="Agencies"), opd)):
        if told.median_s is not None:
            yield Row(label=label, value=span_words(told.median_s), note=Words(id=f"n {told.n}", en=f"n {told.n}"))
    untold = len(first.left_out.get("untold", ())) + len(first.left_out.get("impossible", ()))
    if untold:
        yield Row(label=Words(id="Tanpa waktu yang sah", en="Without a valid time"), value=count_words(untold))
