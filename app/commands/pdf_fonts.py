"""Fonts of this machine for a PDF, and what none of them can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

FAMILY = "report"
REPLACEMENT = "?"
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
# The first pair that is there carries the text, regular and bold.
_MAIN = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("Arial.ttf", "Arial Bold.ttf"),
    ("arial.ttf", "arialbd.ttf"),
)
# For letters that the main one lacks.
_MORE = (
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoEmoji-Regular.ttf",
    "Arial Unicode.ttf",
    "msyh.ttc",
)
_SHOWN_NAMES = 3
_PLAIN = str.maketrans({"•": "-", "–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'"})


@dataclass
class Letters:
    """What the fonts added to a PDF can show; `lost` are characters that they could not."""

    known: frozenset[int] | None = None
    lost: set[str] = field(default_factory=set)

    def shown(self, text: str) -> str:
        """The text with `?` for each character that no font has."""
        if self.known is None:
            text = text.translate(_PLAIN)
        return "".join(char if self._has(char) else self._missing(char) for char in text)

    def note(self) -> str:
        """A sentence about what was lost, empty for nothing."""
        if not self.lost:
            return ""
        names = sorted({_script(char) for char in self.lost})
        more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
        shown = ", ".join(names[:_SHOWN_NAMES])
        return (
            f"{len(self.lost)} different characters ({shown}{more}) are in no font of the machine that made this PDF "
            f"and stand as “{REPLACEMENT}”. The HTML and Markdown exports have them."
        )

    def _has(self, char: str) -> bool:
        if char in "\n\t ":
            return True
        if self.known is None:
            # The fonts that every reader has know Western European letters alone.
            return 0x20 <= ord(char) < 0x7F or 0xA0 <= ord(char) < 0x100
        return ord(char) in self.known

    def _missing(self, char: str) -> str:
        if unicodedata.category(char) in ("Mn", "Cf", "Me"):
            return ""
        self.lost.add(char)
        return REPLACEMENT


def add_fonts(pdf: FPDF) -> Letters:
    """Give the PDF the machine's fonts under FAMILY, or Helvetica where there are none."""
    there = _installed()
    main = next((pair for pair in _MAIN if pair[0] in there), None)
    if main is None:
        return Letters()
    pdf.add_font(FAMILY, "", there[main[0]])
    pdf.add_font(FAMILY, "B", there.get(main[1], there[main[0]]))
    more = [name for name in _MORE if name in there and name != main[0]]
    for number, name in enumerate(more):
        pdf.add_font(f"more{number}", "", there[name])
    pdf.set_fallback_fonts([f"more{number}" for number in range(len(more))], exact_match=False)
    return Letters(frozenset(_known(pdf, [FAMILY, *[f"more{number}" for number in range(len(more))]])))


def close_fonts(pdf: FPDF) -> None:
    """Close the files of the fonts; after that nothing more can be written."""
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()


def family(letters: Letters) -> str:
    """The name by which the text's font is set."""
    return "helvetica" if letters.known is None else FAMILY


@cache
def _installed() -> dict[str, Path]:
    """The wanted fonts that this machine has, by file name."""
    wanted = {name for pair in _MAIN for name in pair} | set(_MORE)
    found: dict[str, Path] = {}
    for folder in (*map(Path, _FOLDERS), Path.home() / ".fonts", Path.home() / ".local/share/fonts"):
        for file in _files(folder):
            if file.name in wanted:
                found.setdefault(file.name, file)
    return found


def _files(folder: Path) -> Sequence[Path]:
    try:
        return sorted(folder.rglob("*.[to]t[fc]")) if folder.is_dir() else []
    except OSError:
        return []


def _known(pdf: FPDF, families: Iterable[str]) -> Iterable[int]:
    for name in families:
        font = pdf.fonts[name]
        if isinstance(font, TTFFont):
            yield from font.cmap


def _script(char: str) -> str:
    """The script that a character is of, as its name begins: `Cjk`, `Arabic`, `Emoji` …"""
    name = unicodedata.name(char, "")
    return name.split(" ")[0].split("-")[0].capitalize() or f"U+{ord(char):04X}"
