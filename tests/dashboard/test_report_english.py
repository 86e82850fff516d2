"""Reports in English: they say the same, and no word of ours is left in them."""

import re
from datetime import timedelta

from dashboard.briefing_city import Course, FloodDay, Stretch, callers, leads
from dashboard.briefing_reading import Around
from dashboard.report_extra import extra_blocks
from dashboard.report_incident import Still, incident_document
from dashboard.report_making import file_of
from dashboard.report_pdf import pdf_of
from dashboard.report_wanted import Wanted, period_of
from dashboard.report_words import Tongue
from tests.dashboard.report_paper import DAY, NOW, PRINTED, cells, day_of_incidents, document, jpeg_of, text_of

INDONESIAN = (
    "kejadian", "dihitung", "tidak", "sampai", "waktu", "panggilan", "laporan", "jenis", "sumber", "halaman", "dibuat",
    "catatan", "relawan", "pertama", "terang", "dicapai", "nomor", "untuk", "tanpa", "menit", "mnt", "kebakaran",
)  # fmt: skip
"""Words of which none may stand in a report in English."""


def left_over(said: str) -> set[str]:
    return set(re.findall(r"[a-z]+", said.lower())) & set(INDONESIAN)


def test_a_report_in_english_says_the_same_and_has_no_word_of_ours_left(ground):
    english = document(ground, lang="en")
    said = text_of(pdf_of(english, PRINTED))
    for words in ("22 Nov 2026 00.00 to 22 Nov 2026 23.59 WITA", "4 of 5 incidents (80.0 %) were reached within 15"):
        assert words in said
    assert "Page 1 of" in said
    assert "map: approximate boundaries" in said
    assert english.fingerprint == document(ground, lang="en").fingerprint != document(ground).fingerprint
    book = cells(file_of(english, Wanted(kind="day", format="xlsx", lang="en"), ground, PRINTED))
    public = text_of(pdf_of(document(ground, mode="demo", lang="en", is_public=True), PRINTED))
    incident = next(one for one in day_of_incidents(ground) if one.id == "INC-4")
    still = Still(jpeg=jpeg_of("black"), camera="K-1", captured_at=DAY, milestone="call", phase="at")
    one = text_of(pdf_of(incident_document(incident, ground, [still], Tongue("en"), may_see_stills=True), PRINTED))
    assert "SIMULATION" in public
    assert "on scene: before the report" in one
    for text in (said, book, public, one):
        assert not left_over(text)


def test_pages_around_the_incidents_are_told_in_both_languages(ground):
    period = period_of(Wanted(kind="day"), NOW, ground.city, "live")
    stretch = Stretch(
        lifeline="PLN@64.72", provider="PLN", area="64.72", state="down", since=period.since, until=period.until
    )
    day = FloodDay(number=1, day=period.since.date(), calls=7, occupants=None)
    around = Around(
        lifelines=(stretch,),
        courses=(Course(disaster="D", title="Banjir", days=(day,)),),
        callers=callers([], period, timedelta(days=30), NOW),
        leads=leads(day_of_incidents(ground), ground.city),
    )
    english = str(extra_blocks(around, period, ground, Tongue("en")))
    assert "volunteers were before agencies" in english
    assert not left_over(english)
    assert "Relawan lebih dulu tiba" in str(extra_blocks(around, period, ground, Tongue("id")))
