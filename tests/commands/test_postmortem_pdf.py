"""A postmortem as PDF: whole, with letters of every script, and honest about those that it can't show."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

from app.commands import pdf_fonts
from app.commands.postmortem_pdf import postmortem_pdf
from app.services.postmortems.document import document_of
from tests.services.test_postmortem_html import HOSTILE, NAMES, whole

MANY = "Ключ čeština ελληνικά 你好 日本語 한국어 שלום مرحبا नमस्ते ไทย 🔥👩🏽‍🚒 a\u0301 \ud83d end \x00\x07"


def content(pdf: bytes) -> str:
    """What the pages' streams say, as they say it."""
    found = b""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found += zlib.decompress(stream)
        except zlib.error:
            continue
    return found.decode("latin-1")


def test_it_is_a_pdf_of_several_pages_with_an_outline():
    pdf, note = postmortem_pdf(document_of(whole(), {"UANA": "Ana", "UBEN": "Ben"}))
    assert pdf.startswith(b"%PDF-")
    assert note == ""
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 2
    assert b"/Outlines" in pdf


@pytest.mark.parametrize("words", [MANY, HOSTILE, "x" * 5000, " ", "a\n" * 300])
def test_whatever_people_wrote_it_is_made(words: str):
    pdf, _ = postmortem_pdf(document_of(whole(words), NAMES))
    assert pdf.startswith(b"%PDF-")
    assert b"/JavaScript" not in pdf
    assert b"/URI" not in pdf


def test_what_no_font_has_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf_fonts, "_FOLDERS", ())
    monkeypatch.setattr(Path, "home", lambda: Path("/nowhere"))
    pdf_fonts._installed.cache_clear()
    try:
        pdf, note = postmortem_pdf(document_of(whole("Ключ 你好 café"), NAMES))
    finally:
        pdf_fonts._installed.cache_clear()
    assert pdf.startswith(b"%PDF-")
    assert "(Cjk, Cyrillic, Latin) are in no font" in note
    assert "caf\\351" in content(pdf) or "caf\xe9" in content(pdf)
