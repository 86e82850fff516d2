"""Figures of a briefing in Indonesian words and numbers. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from dashboard.briefing import Span
from layers import numbers
from layers.event import Mode
from layers.intervals import REASON_WORDS, Dimension, Times
from layers.layer import Words
from layers.monthly import Period

SPAN_SAID: Mapping[Span, Words] = {
    "today": Words(id="Hari ini", en="Today"),
    "yesterday": Words(id="Kemarin", en="Yesterday"),
    "week": Words(id="7 hari", en="7 days"),
    "month": Words(id="30 hari", en="30 days"),
    "year": Words(id="12 bulan", en="12 months"),
}
BY_SAID: Mapping[Dimension, Words] = {
    "kelurahan": Words(id="Kelurahan", en="Kelurahan"),
    "kecamatan": Words(id="Kecamatan", en="Kecamatan"),
    "category": Words(id="Jenis", en="Kind"),
    "agency": Words(id="OPD", en="Agency"),
    "shift": Words(id="Sif", en="Shift"),
}
MODE_SAID: Mapping[Mode, Words] = {
    "live": Words(id="", en=""),
    "demo": Words(id="SIMULASI · bukan kejadian nyata", en="SIMULATION · nothing here is real"),
    "drill": Words(id="LATIHAN · bukan kejadian nyata", en="EXERCISE · nothing here is real"),
}
WEEKDAY_WORDS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
WEEKDAY_WORDS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_ENGLISH = {
    "Mei": "May",
    "Agu": "Aug",
    "Okt": "Oct",
    "Des": "Dec",
    "sampai": "to",
    "jam": "h",
    "mnt": "min",
    "dtk": "s",
}
_OURS = re.compile(r"\b(" + "|".join(_ENGLISH) + r")\b")
NONE = "\N{EN DASH}"


def day_words(moment: datetime) -> str:
    """Such as "23 Nov"."""
    return f"{moment.day} {_MONTHS[moment.month - 1]}"


def period_words(period: Period, label: str) -> str:
    """Such as "17 Nov 2026 00.00 sampai 23 Nov 2026 14.40 WITA"."""
    return f"{_moment(period.since)} sampai {_moment(period.until - timedelta(minutes=1))} {label}"


def _moment(moment: datetime) -> str:
    return f"{day_words(moment)} {moment.year} {moment:%H.%M}"


def in_english(said: str) -> str:
    """A length of time, a date or a period of ours with English units and months; times of day keep their point."""
    return _OURS.sub(lambda found: _ENGLISH[found[0]], said)


def both_said(said: str) -> Words:
    """Such a text in both languages."""
    return Words(id=said, en=in_english(said))


def span_words(seconds: float | None) -> str:
    """Such as "6 mnt 33 dtk" and "1 jam 5 mnt"; a dash where there is none. Never like a time of day."""
    if seconds is None:
        return NONE
    minutes, rest = divmod(round(seconds), 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return f"{hours} jam {left} mnt" if left else f"{hours} jam"
    if minutes:
        return f"{minutes} mnt {rest} dtk" if rest else f"{minutes} mnt"
    return f"{rest} dtk"


def share_words(share: float | None) -> str:
    """Such as "87,5 %"."""
    return NONE if share is None else numbers.share_words(share).id


def count_words(count: int) -> str:
    """Such as "1.234"."""
    return numbers.count_words(count).id


def change_words(now: int, before: int | None) -> str:
    """Beside the period before it."""
    if before is None:
        return ""
    if before == 0:
        return "periode sebelumnya 0"
    change = 100 * (now - before) / before
    return f"{change:+.0f} % dari {count_words(before)} sebelumnya".replace("-", "\N{MINUS SIGN}")


def change_said(now: int, before: int | None) -> Words:
    """The same in both languages."""
    said = change_words(now, before)
    english = said.replace("periode sebelumnya", "period before").replace("sebelumnya", "before").replace("dari", "of")
    return Words(id=said, en=english)


def left_out_said(found: Times) -> Words:
    """The same in both languages."""
    some = [(len(ids), REASON_WORDS[reason]) for reason, ids in found.left_out.items()]
    if not some:
        return Words(id="semua dihitung", en="all counted")
    return Words(
        id="tidak dihitung: " + ", ".join(f"{count} {words.id}" for count, words in some),
        en="not counted: " + ", ".join(f"{count} {words.en}" for count, words in some),
    )


def left_out_words(found: Times) -> str:
    """How many have no value, and why."""
    said = [f"{len(ids)} {REASON_WORDS[reason].id}" for reason, ids in found.left_out.items()]
    return "tidak dihitung: " + ", ".join(said) if said else "semua dihitung"
