"""A report as PDF: pages of A4 with the city's name, the mode across them, and who made what of which log below.

The same document printed with the same `Printed` is the same bytes: no clock, no random id, fonts from our packages.
"""

import functools
import io
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import font_source_sans_pro
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Image,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)

from dashboard.report_charts import BOLD_FACE, TEXT_FACE, colour, drawn, mapped
from dashboard.report_document import (
    Block,
    Chart,
    Document,
    Figures,
    Heading,
    Map,
    Note,
    Picture,
    Printed,
    Table,
)
from dashboard.report_words import WATERMARKS, Tongue

_SIDE, _ABOVE, _BELOW = 18 * mm, 24 * mm, 20 * mm
_WIDTH = A4[0] - 2 * _SIDE
_PAD = 6.0
"""What reportlab leaves free inside a frame."""
_MAP_HEIGHT = 108 * mm
_PICTURE_WIDTH = 82 * mm
_MOST_PER_ROW = 3
_LEAST_TABLE = 40 * mm
"""A heading and the first rows of its table."""
_Shown = list[Flowable]


def pdf_of(document: Document, printed: Printed) -> bytes:
    """The whole file."""
    _learn_faces()
    file = io.BytesIO()
    paper = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=_SIDE - _PAD,
        rightMargin=_SIDE - _PAD,
        topMargin=_ABOVE,
        bottomMargin=_BELOW,
        title=f"{document.title} {document.period}",
        author=document.center,
        subject=f"{Tongue(document.lang).of(WATERMARKS[document.mode])} {document.fingerprint}".strip(),
        creator="Layar 112",
        invariant=1,
        lang="en-GB" if document.lang == "en" else "id-ID",
    )
    paper.build(_story(document), canvasmaker=functools.partial(_Pages, document=document, printed=printed))
    return file.getvalue()


@functools.cache
def _learn_faces() -> None:
    folder = Path(font_source_sans_pro.font_directory)
    pdfmetrics.registerFont(TTFont(TEXT_FACE, str(folder / "SourceSansPro-Regular.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD_FACE, str(folder / "SourceSansPro-Semibold.ttf")))
    pdfmetrics.registerFontFamily(TEXT_FACE, normal=TEXT_FACE, bold=BOLD_FACE, italic=TEXT_FACE, boldItalic=BOLD_FACE)


def _style(size: float, face: str = TEXT_FACE, ink: str = "ink", **more: Any) -> ParagraphStyle:  # noqa: ANN401 — reportlab's
    wanted = {"leading": size * 1.25, **more}
    return ParagraphStyle(f"{face}-{size}-{ink}", fontName=face, fontSize=size, textColor=colour(ink), **wanted)


class _Pages(Canvas):
    """Draws what stands on every page when it is known how many there are."""

    def __init__(self, *args: Any, document: Document, printed: Printed, **more: Any) -> None:  # noqa: ANN401 — reportlab's
        super().__init__(*args, **more)
        self._document = document
        self._printed = printed
        self._done: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 — reportlab's name
        """Keep the page until the last one is known."""
        self._done.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # reportlab's own recipe for "page 1 of 5"

    def save(self) -> None:
        """Finish every page, then the file."""
        for number, state in enumerate(self._done, 1):
            self.__dict__.update(state)
            self._furnish(number, len(self._done))
            super().showPage()
        super().save()

    def _furnish(self, number: int, pages: int) -> None:
        self._write_mode()
        document, printed, say = self._document, self._printed, Tongue(self._document.lang)
        top, foot = A4[1] - 14 * mm, 11 * mm
        self._write(_SIDE, top, "LAYAR 112", BOLD_FACE, 10, "late")
        self._write(_SIDE + 52, top, document.center, TEXT_FACE, 9)
        public = say("Versi untuk umum, tanpa data pribadi", "Version for the public, without personal data")
        kind = public if document.is_public else say("Untuk kalangan sendiri", "For internal use")
        self._right(top, f"{kind} · {document.period}")
        self._line(top - 5)
        self._line(foot + 11)
        log, print_ = say("catatan sampai nomor", "log up to number"), say("sidik isi", "fingerprint")
        made = f"{say('Dibuat', 'Made')} {printed.made} · {log} {printed.cursor} · {print_} {document.fingerprint}"
        self._write(_SIDE, foot, made, TEXT_FACE, 8)
        self._right(foot, say(f"Halaman {number} dari {pages}", f"Page {number} of {pages}"))

    def _write(self, x: float, y: float, text: str, face: str, size: float, ink: str = "soft") -> None:  # noqa: PLR0913, PLR0917 — where, what, and how it looks
        self.setFont(face, size)
        self.setFillColor(colour(ink))
        self.drawString(x, y, text)

    def _right(self, y: float, text: str) -> None:
        self.setFont(TEXT_FACE, 8)
        self.setFillColor(colour("soft"))
        self.drawRightString(A4[0] - _SIDE, y, text)

    def _line(self, y: float) -> None:
        self.setStrokeColor(colour("line"))
        self.setLineWidth(0.6)
        self.line(_SIDE, y, A4[0] - _SIDE, y)

    def _write_mode(self) -> None:
        """Across the page, and once more in words at its top: a page that was cut still says it."""
        say = Tongue(self._document.lang)
        said = say.of(WATERMARKS[self._document.mode])
        if not said:
            return
        self.saveState()
        self.setFillColor(colour("late"), alpha=0.10)
        self.translate(A4[0] / 2, A4[1] / 2)
        self.rotate(52)
        self.setFont(BOLD_FACE, 110)
        self.drawCentredString(0, -35, said)
        self.restoreState()
        not_real = say("bukan kejadian nyata", "nothing here is real")
        self._write(_SIDE, A4[1] - 8 * mm, f"{said} · {not_real}", BOLD_FACE, 9, "late")


def _story(document: Document) -> _Shown:
    story: _Shown = [
        Paragraph(_safe(document.title), _style(22, BOLD_FACE)),
        Paragraph(_safe(document.period), _style(11.5, ink="soft", spaceAfter=8)),
    ]
    heading: _Shown = []
    for block in document.blocks:
        shown = _shown(block, Tongue(document.lang))
        if isinstance(block, Heading):
            story += heading
            heading = shown
            continue
        story += _with(heading, shown, is_one=isinstance(block, Chart | Map | Picture))
        heading = []
    return [*story, *heading]


def _with(heading: _Shown, shown: _Shown, *, is_one: bool) -> _Shown:
    """A heading never stands alone at the end of a page, a chart never without its words."""
    if is_one:
        return [KeepTogether([*heading, *shown])]
    if not heading:
        return shown
    if isinstance(shown[0], LongTable):
        return [CondPageBreak(_LEAST_TABLE), *heading, *shown]
    return [KeepTogether([*heading, shown[0]]), *shown[1:]]


def _shown(block: Block, say: Tongue) -> _Shown:  # noqa: PLR0911 — one line per kind of block
    if isinstance(block, Heading):
        return [Paragraph(_safe(block.text), _style(14, BOLD_FACE, spaceBefore=10, spaceAfter=4))]
    if isinstance(block, Note):
        style = _style(8.5, ink="soft", spaceAfter=4) if block.is_small else _style(10, spaceAfter=5)
        return [Paragraph(_safe(block.text), style)]
    if isinstance(block, Figures):
        return [_figures(block), Spacer(1, 6)]
    if isinstance(block, Table):
        return [_table(block, say), Spacer(1, 8)]
    if isinstance(block, Chart):
        return _captioned(block.title, drawn(block, _WIDTH, say), block.note)
    if isinstance(block, Map):
        return _captioned(block.title, mapped(block, _WIDTH, _MAP_HEIGHT), _map_note(block, say))
    return _picture(block)


def _map_note(block: Map, say: Tongue) -> str:
    shades = f"{say('terang ke gelap', 'light to dark')}: {' · '.join(block.steps)}" if block.steps else ""
    return " · ".join(filter(None, (block.note, shades, block.credit)))


def _captioned(title: str, drawing: Drawing, note: str) -> _Shown:
    drawing.hAlign = "CENTER"
    head = Paragraph(_safe(title), _style(10.5, BOLD_FACE, spaceBefore=5, spaceAfter=3))
    return [head, drawing, Paragraph(_safe(note), _style(8.5, ink="soft", spaceBefore=2, spaceAfter=8))]


def _picture(block: Picture) -> _Shown:
    wide, high = ImageReader(io.BytesIO(block.jpeg)).getSize()
    image = Image(io.BytesIO(block.jpeg), _PICTURE_WIDTH, _PICTURE_WIDTH * high / wide, hAlign="LEFT")
    return [image, Paragraph(_safe(block.caption), _style(9, ink="soft", spaceBefore=2, spaceAfter=8))]


def _figures(block: Figures) -> Flowable:
    cells = [
        [
            Paragraph(_safe(one.label), _style(8.5, ink="soft")),
            Paragraph(_safe(one.value), _style(17, BOLD_FACE)),
            Paragraph(_safe(one.note), _style(7.5, ink="soft")),
        ]
        for one in block.items
    ]
    rows: list[list[Any]] = [cells[at : at + _MOST_PER_ROW] for at in range(0, len(cells), _MOST_PER_ROW)]
    rows[-1] += [""] * (_MOST_PER_ROW - len(rows[-1]))
    grid = LongTable(rows, colWidths=[_WIDTH / _MOST_PER_ROW] * _MOST_PER_ROW)
    edges = [("BOX", (x, y), (x, y), 2.5, colour("ground")) for y in range(len(rows)) for x in range(_MOST_PER_ROW)]
    look: list[Any] = [("BACKGROUND", (0, 0), (-1, -1), colour("shade")), ("VALIGN", (0, 0), (-1, -1), "TOP"), *edges]
    grid.setStyle(TableStyle([*look, ("LEFTPADDING", (0, 0), (-1, -1), 8)]))
    return grid


def _table(block: Table, say: Tongue) -> Flowable:
    total = sum(block.widths)
    head, plain = _style(8.5, BOLD_FACE, ink="soft"), _style(8.5)
    right, head_right = _style(8.5, alignment=2), _style(8.5, BOLD_FACE, ink="soft", alignment=2)
    rows = [[Paragraph(_safe(c), head_right if n in block.numeric else head) for n, c in enumerate(block.columns)]]
    rows += [
        [Paragraph(_safe(_cell(c, say)), right if n in block.numeric else plain) for n, c in enumerate(row)]
        for row in block.rows
    ]
    table = LongTable(rows, colWidths=[_WIDTH * width / total for width in block.widths], repeatRows=1)
    line = ("LINEBELOW", (0, 0), (-1, -1), 0.4, colour("line"))
    pads = [(side, (0, 0), (-1, -1), 2.2) for side in ("TOPPADDING", "BOTTOMPADDING")]
    table.setStyle(TableStyle([line, *pads, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _cell(cell: str | float | None, say: Tongue) -> str:
    if cell is None:
        return "\N{EN DASH}"
    return cell if isinstance(cell, str) else say.number(cell)


def _safe(text: str) -> str:
    """Nothing that was typed becomes markup."""
    return escape(text)
