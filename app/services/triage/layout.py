"""Where everything stands on the dependency picture; every drawing of it, vector or pixels, has this one layout."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.dependency_map import DependencyMap, Place

# Slack shows a picture in a message about 500 wide or smaller, on a phone about 350: letters stay legible there.
WIDTH = 640
MARGIN, BETWEEN_COLUMNS, BETWEEN_BOXES, PADDING = 12, 44, 12, 10
NAME, DETAIL, CAPTION = 16, 13, 13
BAND = 24
POINT = 12
MOST_IN_COLUMN = 8
NAME_LINES = 3


class Look(StrEnum):
    """What a box says of its system, by shape and words; colour only repeats it."""

    FAILING = "failing"
    TROUBLED = "troubled"
    PLAIN = "plain"
    UNKNOWN = "unknown"
    MORE = "more"


@dataclass(frozen=True)
class Words:
    """One line of text; `x` its left end, `y` its baseline. `banner`: light on the band of the failing box."""

    x: int
    y: int
    text: str
    size: int
    banner: bool = False


@dataclass(frozen=True)
class Box:
    """A system; the failing one has a band of height BAND along its top."""

    x: int
    y: int
    width: int
    height: int
    look: Look


@dataclass(frozen=True)
class Arrow:
    """From who gives to who takes, level but for a step half-way; `x2`, `y2` is its point."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def corners(self) -> Sequence[tuple[int, int]]:
        half_way = (self.x1 + self.x2) // 2
        return (self.x1, self.y1), (half_way, self.y1), (half_way, self.y2), (self.x2 - POINT, self.y2)

    @property
    def point(self) -> Sequence[tuple[int, int]]:
        back = self.x2 - POINT
        return (self.x2, self.y2), (back, self.y2 - POINT // 2), (back, self.y2 + POINT // 2)


@dataclass(frozen=True)
class Layout:
    """A drawing of `width` × `height`, to be scaled as wished."""

    width: int
    height: int
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    words: Sequence[Words]


@dataclass(frozen=True)
class _Label:
    """What stands in a box before it has a place."""

    look: Look
    name: Sequence[str]
    details: Sequence[str]
    band: str = ""

    @property
    def height(self) -> int:
        lines = len(self.name) * (NAME + 4) + len(self.details) * (DETAIL + 4)
        return lines + 2 * PADDING + (BAND if self.band else 0)


def layout_of(shown: DependencyMap, spelled: Callable[[Place], str] = lambda place: place.name) -> Layout:
    """The failing system in the middle, what it takes from on the left, what it gives to on the right.

    `spelled`: how a drawing writes a system's name, where its letters are few.
    """
    sides = {"Takes from": shown.upstream, "": (shown.system,), "Gives to": shown.downstream}
    captions = [caption for caption, places in sides.items() if places]
    across = (WIDTH - 2 * MARGIN - BETWEEN_COLUMNS * (len(captions) - 1)) // len(captions)
    columns = [list(_labels(shown, sides[caption], spelled, across - 2 * PADDING)) for caption in captions]
    tall = max(sum(one.height + BETWEEN_BOXES for one in column) - BETWEEN_BOXES for column in columns)
    top = MARGIN + CAPTION + 8
    boxes: list[list[Box]] = []
    words: list[Words] = []
    for number, (caption, column) in enumerate(zip(captions, columns, strict=True)):
        left = MARGIN + number * (across + BETWEEN_COLUMNS)
        words += [Words(left, MARGIN + CAPTION - 2, caption, CAPTION)] if caption else []
        boxes.append(list(_stacked(column, left, across, top + tall // 2)))
        words += [one for label, box in zip(column, boxes[-1], strict=True) for one in _written(label, box)]
    arrows = list(_arrows(boxes, captions.index("")))
    return Layout(WIDTH, top + tall + MARGIN, [box for column in boxes for box in column], arrows, words)


def _labels(
    shown: DependencyMap, places: Sequence[Place], spelled: Callable[[Place], str], across: int
) -> Iterator[_Label]:
    cut = places if len(places) <= MOST_IN_COLUMN else places[: MOST_IN_COLUMN - 1]
    for place in cut:
        name = wrapped(spelled(place), NAME, across, NAME_LINES)
        team = wrapped(place.team, DETAIL, across, 1) if place.team else []
        if place is shown.system:
            yield _Label(Look.FAILING, name, team, f"FAILING  {shown.incident}")
        elif place.trouble:
            yield _Label(Look.TROUBLED, name, [*team, f"! in {place.trouble} too"])
        elif place.known:
            yield _Label(Look.PLAIN, name, team)
        else:
            yield _Label(Look.UNKNOWN, name, ["not in the register"])
    if len(cut) < len(places):
        yield _Label(Look.MORE, [f"and {len(places) - len(cut)} more"], [])


def _stacked(column: Sequence[_Label], left: int, across: int, middle: int) -> Iterator[Box]:
    y = middle - (sum(one.height + BETWEEN_BOXES for one in column) - BETWEEN_BOXES) // 2
    for label in column:
        yield Box(left, y, across, label.height, label.look)
        y += label.height + BETWEEN_BOXES


def _written(label: _Label, box: Box) -> Iterator[Words]:
    x, y = box.x + PADDING, box.y
    if label.band:
        yield Words(x, y + BAND - 7, label.band, DETAIL, banner=True)
        y += BAND
    y += PADDING - 4
    for line in label.name:
        y += NAME + 4
        yield Words(x, y - 3, line, NAME)
    for line in label.details:
        y += DETAIL + 4
        yield Words(x, y - 1, line, DETAIL)


def _arrows(columns: Sequence[Sequence[Box]], here: int) -> Iterator[Arrow]:
    (failing,) = columns[here]
    level = failing.y + failing.height // 2
    for place, column in enumerate(columns):
        for box in column:
            if place == here or box.look is Look.MORE:
                continue
            ends = box.y + box.height // 2
            if place < here:
                yield Arrow(box.x + box.width, ends, failing.x, level)
            else:
                yield Arrow(failing.x + failing.width, level, box.x, ends)


def wrapped(text: str, size: int, across: int, most: int) -> list[str]:
    """The text in at most `most` lines that are about `across` wide, three dots where it was cut."""
    lines = [""]
    for word in text.split():
        for part in _fitting(word, size, across):
            longer = f"{lines[-1]} {part}".strip()
            if breadth(longer, size) <= across:
                lines[-1] = longer
            else:
                lines.append(part)
    if len(lines) > most:
        lines = lines[:most]
        while breadth(lines[-1] + "...", size) > across:
            lines[-1] = lines[-1][:-1]
        lines[-1] = lines[-1].rstrip() + "..."
    return lines


def _fitting(word: str, size: int, across: int) -> Iterator[str]:
    while breadth(word, size) > across:
        end = next(count for count in range(len(word), 0, -1) if count == 1 or breadth(word[:count], size) <= across)
        yield word[:end]
        word = word[end:]
    yield word


def breadth(text: str, size: int) -> float:
    """About how wide the text is in a plain font, rather too wide than too narrow."""
    return size * sum(_breadth(letter) for letter in text)


def _breadth(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "mwMW@%":
        return 0.9
    if letter in "fijlrt.,:;|!'()[] ":
        return 0.36
    return 0.7 if letter.isupper() else 0.58
