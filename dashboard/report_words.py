"""Words, numbers and dates of a report in the language it is written in. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from dashboard.briefing_words import NONE, day_words, in_english, left_out_said, share_words, span_words
from geodata.places import Ground
from layers import numbers
from layers.event import Mode
from layers.intervals import Times
from layers.layer import Words

Lang = Literal["id", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)
WATERMARKS: dict[Mode, Words] = {
    "live": Words(id="", en=""),
    "drill": Words(id="LATIHAN", en="EXERCISE"),
    "demo": Words(id="SIMULASI", en="SIMULATION"),
}
_WEEKDAYS = {
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """Says things in one language: `t("Kejadian", "Incidents")`."""

    lang: Lang = "id"

    def __call__(self, indonesian: str, english: str) -> str:
        """The one of the two that is read."""
        return english if self.lang == "en" else indonesian

    def of(self, words: Words) -> str:
        """A text that has both already."""
        return self(words.id, words.en)

    def count(self, count: int) -> str:
        """A whole number: "1.234"."""
        return self.of(numbers.count_words(count))

    def share(self, share: float | None) -> str:
        """A part of 1 in per cent, or a dash."""
        return share_words(share) if share is None else self.of(numbers.share_words(share))

    def span(self, seconds: float | None) -> str:
        """A length of time with its units, or a dash."""
        return self.ours(span_words(seconds))

    def number(self, value: float) -> str:
        """As short as it goes: "1.234,5"."""
        said = f"{value:,.10g}"
        return said if self.lang == "en" else said.translate({ord(","): ".", ord("."): ","})

    def day(self, moment: datetime) -> str:
        """Such as "23 Nov"."""
        return self.ours(day_words(moment))

    def moment(self, at: datetime | None, ground: Ground) -> str:
        """Such as "23 Nov 10.05", by the city's clock; a dash where there is none."""
        local = at.astimezone(ground.city.zone) if at else None
        return f"{self.day(local)} {local:%H.%M}" if local else NONE

    def left_out(self, found: Times) -> str:
        """How many have no value, and why."""
        return self.of(left_out_said(found))

    def ours(self, said: str) -> str:
        """A length of time, a date or a period that is written in Indonesian."""
        return in_english(said) if self.lang == "en" else said

    @property
    def weekdays(self) -> tuple[str, ...]:
        """Monday first."""
        return _WEEKDAYS[self.lang]
