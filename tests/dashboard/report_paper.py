"""What the tests of reports print, and how they read it: a day of seven incidents."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pypdfium2
from PIL import Image

from dashboard.briefing import Asked, brief_of
from dashboard.report_content import Gathered, document_of
from dashboard.report_document import Printed
from dashboard.report_wanted import Wanted, period_of
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.monthly import incidents_of

NOW = datetime(2026, 11, 23, 6, 40, 20, tzinfo=UTC)  # 14.40 in Samarinda
DAY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PRINTED = Printed(made="23 Nov 2026 14.40 WITA", cursor=7)
TYPED = "Bu Aminah, Jl. Merdeka 7, 081234567890"
TOLD = (
    ("INC-1", "kebakaran", 0, 4, 10), ("INC-2", "kebakaran", 1, None, 20), ("INC-3", "banjir", 2, None, None),
    ("INC-4", "banjir", 3, None, -5), ("INC-5", "kebakaran", 4, 8, 9), ("INC-6", "kebakaran", 5, 5, 9),
    ("INC-7", "kebakaran", 6, 5, 9),
)  # fmt: skip
"""id, category, hours after, minutes until relawan and OPD; the fourth contradicts itself, nobody came to the third."""


def day_of_incidents(ground, told=TOLD, mode="live"):
    """As they are after all that was said of them."""
    facts = []
    for id_, category, hours, relawan_min, opd_min in told:
        at = DAY + timedelta(hours=hours)
        report = Report(category=category, reported_at=at, lon=117.15, lat=-0.5, description=TYPED)
        facts.append((at, IncidentReported(incident=id_, report=report)))
        for agency, minutes in (("balakarcana", relawan_min), ("damkar", opd_min)):
            if minutes is not None:
                there = at + timedelta(minutes=minutes)
                step = IncidentStatusChanged(incident=id_, status="di_lokasi", agency=agency, reached_at=there)
                facts.append((max(there, at), step))
    events = [
        Event(id=str(n), at=at, seen=at, source="cad/incidents", fact=fact, mode=mode)
        for n, (at, fact) in enumerate(facts)
    ]
    return incidents_of(events, period_of(Wanted(kind="day"), NOW, ground.city, mode))


def document(ground, mode="live", **wish):
    """The report of that day."""
    wanted = Wanted(kind="day", **wish)
    period = period_of(wanted, NOW, ground.city, mode)
    return document_of(
        Gathered(
            wanted=wanted, brief=brief_of(day_of_incidents(ground, mode=mode), period, Asked(), ground), ground=ground
        )
    )


def jpeg_of(colour):
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (64, 36), colour).save(file, "JPEG")
    return file.getvalue()


def text_of(pdf: bytes) -> str:
    """All that stands on its pages."""
    with pypdfium2.PdfDocument(pdf) as pages:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def cells(file: bytes) -> str:
    """All that stands in a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
