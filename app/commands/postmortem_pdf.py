"""A postmortem as PDF; needs the extra `pdf`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF, XPos, YPos
from fpdf.fonts import FontFace

from app.commands.pdf_fonts import Letters, add_fonts, close_fonts, family
from app.services.postmortems.document import FOLLOW_UP_HEAD, NOTHING, Chapter, Cited, Document
from app.services.postmortems.timeline_picture import timeline_svg

_GREY = (86, 101, 115)
_BLACK = (28, 40, 51)
_QUOTED = (244, 246, 247)
_CELL_MAX = 320
_COLUMNS = (40, 20, 12, 14, 14)


def postmortem_pdf(document: Document) -> tuple[bytes, str]:
    """The PDF, and a sentence about characters that it could not show (empty for none)."""
    pdf = _Pages(format="A4")
    try:
        letters = _begun(pdf, document)
        paper = _Paper(pdf, letters)
        _front(paper, document)
        for chapter in document.chapters:
            _chapter(paper, chapter)
        _follow_ups(paper, document.follow_ups)
        _entries(paper, document)
        note = letters.note()
        if note:
            paper.small(note)
        return bytes(pdf.output()), note
    finally:
        close_fonts(pdf)


def _begun(pdf: _Pages, document: Document) -> Letters:
    """The first page, and what its fonts can show."""
    pdf.set_margins(18, 16, 18)
    pdf.set_auto_page_break(auto=True, margin=18)
    letters = add_fonts(pdf)
    pdf.face = family(letters)
    pdf.set_creation_date(datetime.fromisoformat(document.record["declared_at"]))
    pdf.set_title(letters.shown(document.title))
    pdf.set_lang("en")
    pdf.add_page()
    return letters


class _Pages(FPDF):
    """Pages with their number at the foot."""

    face = "helvetica"

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(self.face, "", 8)
        self.set_text_color(*_GREY)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")


@dataclass(frozen=True)
class _Paper:
    """A PDF to write on from top to bottom."""

    pdf: FPDF
    letters: Letters

    def write(self, text: str, size: float = 10, style: str = "", *, indent: float = 0) -> None:
        self.pdf.set_font(family(self.letters), style, size)
        self.pdf.set_x(self.pdf.l_margin + indent)
        self.pdf.multi_cell(0, size * 0.5, self.letters.shown(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def heading(self, text: str, size: float = 13) -> None:
        self.pdf.ln(size * 0.25)
        if self.pdf.will_page_break(size * 2):
            self.pdf.add_page()
        with self.pdf.local_context():
            self.write(text, size, "B")
        self.pdf.start_section(self.letters.shown(text), level=0 if size > 11 else 1)

    def small(self, text: str) -> None:
        self.pdf.set_text_color(*_GREY)
        self.write(text, 9)
        self.pdf.set_text_color(*_BLACK)

    def item(self, line: Cited) -> None:
        by_hand = " (no source)" if line.by_hand else ""
        numbers = "".join(f" [{number}]" for number in line.numbers)
        self.write(f"•  {line.text}{by_hand}{numbers}", indent=2)

    def quoted(self, line: Cited) -> None:
        numbers = "".join(f" [{number}]" for number in line.numbers)
        self.pdf.set_fill_color(*_QUOTED)
        self.pdf.set_font(family(self.letters), "", 9)
        text = self.letters.shown(f"{line.text}\n{numbers.strip()}")
        self.pdf.multi_cell(0, 4.5, text, fill=True, align="L", padding=1, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.pdf.ln(1)


def _front(paper: _Paper, document: Document) -> None:
    paper.pdf.set_text_color(*_BLACK)
    paper.write(document.title, 16, "B")
    paper.pdf.ln(2)
    for name, value in document.facts:
        paper.write(f"{name}: {value}")
    paper.pdf.ln(1)
    for line in document.standing:
        paper.small(line)
    if document.chapters:
        paper.pdf.ln(2)
        paper.pdf.image(io.BytesIO(timeline_svg(document.record, hints=False).encode()), w=paper.pdf.epw)


def _chapter(paper: _Paper, chapter: Chapter) -> None:
    paper.heading(chapter.title)
    if not chapter.sentences and not chapter.evidence:
        paper.small(NOTHING)
    for line in chapter.sentences:
        paper.item(line)
    for block in chapter.evidence:
        paper.heading(block.title, 10.5)
        for line in block.lines:
            (paper.quoted if block.fenced else paper.item)(line)


def _follow_ups(paper: _Paper, rows: Sequence[Sequence[str]]) -> None:
    paper.heading("Follow-ups")
    if not rows:
        paper.small(NOTHING)
        return
    pdf = paper.pdf
    pdf.set_font(family(paper.letters), "", 9)
    pdf.set_fill_color(255, 255, 255)
    with pdf.table(col_widths=_COLUMNS, text_align="LEFT", headings_style=FontFace(emphasis="BOLD")) as table:
        for cells in (FOLLOW_UP_HEAD, *rows):
            row = table.row()
            for cell in cells:
                row.cell(paper.letters.shown(clipped(cell)))


def clipped(cell: str) -> str:
    """A cell's text, short enough for its row to fit on a page."""
    return cell if len(cell) <= _CELL_MAX else f"{cell[: _CELL_MAX - 1]}…"


def _entries(paper: _Paper, document: Document) -> None:
    if not document.entries:
        return
    paper.heading("Entries cited")
    for one in document.entries:
        paper.write(f"[{one.number}] {one.at} {one.who}: {one.text}", 9)
