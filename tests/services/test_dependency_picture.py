"""The picture shows what the map says, on every drawing in the same places, and nothing in a name can act in it."""

from __future__ import annotations

import struct
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from app.domain.dependency_map import DependencyMap, Place, from_json, from_lines
from app.services.triage.layout import MARGIN, PADDING, WIDTH, Box, Layout, Look, breadth, layout_of, wrapped
from app.services.triage.png import SCALE, png_of, spelled
from app.services.triage.svg import svg_of

SVG = "{http://www.w3.org/2000/svg}"
BOT = Place("support-bot", "Support bot", "Assistants")
ORDERS = Place("order-database", "order-database", known=False)
HELP = Place("help", "help <script>", "Docs")
REFUNDS = Place("refunds", "Refunds", trouble="INC-4")
SHOWN = DependencyMap("INC-7", BOT, [ORDERS, HELP], [REFUNDS])
LONG = "Feature store of every tenant and region, nightly and again by hand whenever somebody asks for it"


def texts(layout: Layout) -> list[str]:
    return [one.text for one in layout.words]


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def test_the_failing_system_stands_out_by_words_and_shape_between_its_neighbours() -> None:
    layout = layout_of(SHOWN)
    looks = [one.look for one in layout.boxes]
    assert looks == [Look.UNKNOWN, Look.PLAIN, Look.FAILING, Look.TROUBLED]
    assert texts(layout) == [
        "Takes from",
        "order-database",
        "not in the register",
        "help <script>",
        "Docs",
        "FAILING  INC-7",
        "Support bot",
        "Assistants",
        "Gives to",
        "Refunds",
        "! in INC-4 too",
    ]
    left, middle, right = layout.boxes[0], layout.boxes[2], layout.boxes[3]
    assert left.x + left.width < middle.x < middle.x + middle.width < right.x


def test_every_neighbour_has_an_arrow_that_ends_where_what_is_given_goes() -> None:
    layout = layout_of(SHOWN)
    failing = layout.boxes[2]
    ends = [(one.x2, one.x1) for one in layout.arrows]
    assert ends[:2] == [(failing.x, layout.boxes[0].x + layout.boxes[0].width)] * 2
    assert ends[2] == (layout.boxes[3].x, failing.x + failing.width)


@pytest.mark.parametrize("up", [0, 1, 3, 30])
@pytest.mark.parametrize("down", [0, 2, 9])
def test_nothing_overlaps_or_leaves_the_drawing_however_many_and_long_the_names_are(up: int, down: int) -> None:
    def places(count: int) -> list[Place]:
        return [Place(f"k{number}", f"{number} {LONG}", LONG, f"INC-{number}") for number in range(count)]

    layout = layout_of(DependencyMap("INC-1234", Place("s", "W" * 90, LONG), places(up), places(down)))
    assert all(apart(one, other) for one, other in combinations(layout.boxes, 2))
    for box in layout.boxes:
        assert box.x >= MARGIN
        assert box.x + box.width <= WIDTH - MARGIN
        assert box.y >= MARGIN
        assert box.y + box.height <= layout.height
    for words in layout.words:
        holders = [one for one in layout.boxes if one.x + PADDING == words.x and 0 < words.y - one.y < one.height]
        assert len(holders) <= 1
        assert all(breadth(words.text, words.size) <= one.width - 2 * PADDING for one in holders)
    assert ("and 23 more" in texts(layout)) is (up == 30)


def test_a_long_name_is_broken_and_cut_but_never_wider_than_its_box() -> None:
    lines = wrapped("a-name-without-any-space-" * 9, 16, 150, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("...")
    assert all(breadth(one, 16) <= 150 for one in lines)


def test_the_vector_drawing_says_what_the_layout_says_and_nothing_in_it_acts() -> None:
    root = ET.fromstring(svg_of(SHOWN))
    assert [one.text for one in root.iter(f"{SVG}text")] == texts(layout_of(SHOWN))
    assert len(list(root.iter(f"{SVG}polyline"))) == 3
    assert not list(root.iter(f"{SVG}script"))
    assert "● Support bot (this one, Assistants)" in root.attrib["aria-label"]


def test_the_drawing_in_pixels_has_the_size_of_the_layout_and_is_small() -> None:
    drawn = png_of(SHOWN)
    layout = layout_of(SHOWN)
    assert drawn.startswith(b"\x89PNG")
    assert struct.unpack(">II", drawn[16:24]) == (layout.width * SCALE, layout.height * SCALE)
    assert len(drawn) < 100_000
    assert drawn == png_of(SHOWN)
    assert drawn != png_of(DependencyMap("INC-7", BOT, [ORDERS], [REFUNDS]))


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place("cafe", "Café Zürich"), "Cafe Zurich"),
        (Place("risk-jp", "与信スコア"), "risk-jp"),
        (Place("与信", "与信スコア", known=False), "(named in the text)"),
    ],
)
def test_a_name_that_the_font_lacks_is_spelled_in_letters_that_it_has(place: Place, name: str) -> None:
    assert spelled(place) == name


def test_a_map_is_kept_and_its_text_says_who_takes_and_who_gives() -> None:
    assert from_json(SHOWN.as_json()).digest == SHOWN.digest
    assert SHOWN.lines == [
        "← order-database",
        "← help <script>, Docs",
        "● Support bot (this one, Assistants)",
        "→ Refunds, in INC-4",
    ]
    assert SHOWN.words == (
        "Support bot is failing (INC-7). It takes from: order-database; help <script>, Docs. "
        "It gives to: Refunds, in INC-4."
    )


def test_a_pack_from_before_maps_were_kept_is_drawn_from_its_lines() -> None:
    earlier = from_lines("INC-7", ["← order store", "● Support bot (this one)", "→ refunds, in INC-4"])
    assert earlier is not None
    assert [one.name for one in (*earlier.upstream, earlier.system, *earlier.downstream)] == [
        "order store",
        "Support bot (this one)",
        "refunds, in INC-4",
    ]
    assert from_lines("INC-7", []) is None
