"""The picture shows what the lines say, and nothing in a name can act in it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from app.services.dependency_picture import picture_of


def test_the_picture_has_a_box_for_each_system_and_a_line_for_each_dependency() -> None:
    drawn = picture_of(["← order store", "← help <script>", "● Support bot (this one)", "→ refunds, in INC-4"])
    assert drawn is not None
    root = ET.fromstring(drawn)
    names = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert names == ["order store", "help <script>", "Support bot (this one)", "refunds, in INC-4"]
    assert len(list(root.iter("{http://www.w3.org/2000/svg}line"))) == 3
    assert "Support bot" in root.attrib["aria-label"]


def test_without_a_known_system_there_is_no_picture() -> None:
    assert picture_of([]) is None
