"""The dependency picture in pixels, for chats that show no vector drawings. Only this module knows Pillow."""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from app.domain.dependency_map import DependencyMap, Place
from app.services.triage.layout import BAND, Arrow, Box, Look, Words, layout_of
from app.services.triage.svg import BACKGROUND, DASH, LINE, LOOKS, ink_of

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

SCALE = 2
# The font that comes with Pillow has these letters and few more; it is at hand on every host.
_LETTERS = frozenset(map(chr, range(32, 127)))


def png_of(shown: DependencyMap) -> bytes:
    """The drawing as a PNG at twice its size; takes a tenth of a second, the first one of a process longer."""
    # Seldom needed, and slow to import.
    from PIL import Image, ImageDraw

    layout = layout_of(shown, spelled)
    image = Image.new("RGB", (layout.width * SCALE, layout.height * SCALE), BACKGROUND)
    pen = ImageDraw.Draw(image)
    for arrow in layout.arrows:
        _arrow(pen, arrow)
    for box in layout.boxes:
        _box(pen, box)
    for words in layout.words:
        _words(pen, words)
    kept = io.BytesIO()
    image.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def spelled(place: Place) -> str:
    """A system's name in letters that the font has, else its key; accents are left off."""
    for name in (place.name, place.key):
        plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
        if plain.strip() and set(plain) <= _LETTERS:
            return plain
    return "(named in the text)"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size * SCALE)


def _arrow(pen: ImageDraw.ImageDraw, one: Arrow) -> None:
    pen.line([(x * SCALE, y * SCALE) for x, y in one.corners], fill=LINE, width=2 * SCALE, joint="curve")
    pen.polygon([(x * SCALE, y * SCALE) for x, y in one.point], fill=LINE)


def _box(pen: ImageDraw.ImageDraw, one: Box) -> None:
    inside, edge, thick = LOOKS[one.look]
    left, top = one.x * SCALE, one.y * SCALE
    right, bottom = (one.x + one.width) * SCALE, (one.y + one.height) * SCALE
    if one.look is Look.UNKNOWN:
        _dashed(pen, (left, top, right, bottom), edge)
        return
    pen.rectangle((left, top, right, bottom), fill=inside, outline=edge, width=thick * SCALE)
    if one.look is Look.FAILING:
        pen.rectangle((left, top, right, top + BAND * SCALE), fill=edge)


def _dashed(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], edge: str) -> None:
    left, top, right, bottom = box
    step = DASH * SCALE
    for x in range(left, right, 2 * step):
        for y in (top, bottom):
            pen.line([(x, y), (min(x + step, right), y)], fill=edge, width=SCALE)
    for y in range(top, bottom, 2 * step):
        for x in (left, right):
            pen.line([(x, y), (x, min(y + step, bottom))], fill=edge, width=SCALE)


def _words(pen: ImageDraw.ImageDraw, one: Words) -> None:
    # Accents and the like may stand in teams' names too.
    text = "".join(letter if letter in _LETTERS else "" for letter in unicodedata.normalize("NFKD", one.text))
    pen.text((one.x * SCALE, one.y * SCALE), text, fill=ink_of(one), font=_font(one.size), anchor="ls")
