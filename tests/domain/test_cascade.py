"""How a failure went through the layers, as far as entries tell."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from app.domain.cascade import Layer, cascade_of
from app.services.timeline.cascade import cascade_figure, cascade_from, cascade_svg

TOLD = [
    ([], "input open → inference open → output open → integration open", "No layer is known to have failed yet"),
    (
        [("input", "evidence"), ("inference", "observation"), ("output", "hypothesis")],
        "input ✕ → inference ✕ → output ? → integration open",
        "It started at input and reached inference; output may be hit; integration is open.",
    ),
    (
        [("output", "impact"), ("output", "hypothesis"), ("input", "ruled_out"), ("inference", "unknown")],
        "input ruled out → inference ? → output ✕ → integration open",
        "It failed at output; inference may be hit; input is ruled out; integration is open.",
    ),
    (
        [("integration", "note"), ("output", "milestone"), ("input", "note"), ("inference", "note")],
        "input ✕ → inference ✕ → output ✕ → integration ✕",
        "It started at input and reached inference, output and integration.",
    ),
    ([("input", "action"), ("input", "decision")], "input open → inference open", "No layer is known to have failed"),
]


@pytest.mark.parametrize(("said", "line", "sentence"), TOLD)
def test_entries_tell_where_it_started_what_it_reached_and_what_is_open(
    said: list[tuple[str, str]], line: str, sentence: str
) -> None:
    cascade = cascade_of(said)
    assert str(cascade).startswith(line)
    assert cascade.sentence.startswith(sentence)
    assert cascade.known is (line.count("open") < 4 and "✕" in line)
    assert set(cascade.reached).isdisjoint(cascade.unsettled)


def test_the_picture_is_well_formed_and_says_the_same_in_words() -> None:
    cascade = cascade_of(TOLD[1][0])
    svg = cascade_svg(cascade)
    root = ET.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.findtext(f"{space}title") == f"Cascade: {cascade}"
    assert root.findtext(f"{space}desc") == cascade.sentence
    shown = ["".join(one.itertext()) for one in root.iter(f"{space}text")]
    assert shown == ["input ✕", "inference ✕", "output ?", "integration open"]
    assert len(list(root.iter(f"{space}rect"))) == len(Layer)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_a_record_tells_the_cascade_without_its_deleted_messages() -> None:
    entries = [
        {"layer": "input", "mark": "evidence", "deleted_at": None},
        {"layer": "output", "mark": "impact", "deleted_at": "2026-11-23T09:30:00Z"},
        {"layer": None, "mark": "note", "deleted_at": None},
    ]
    assert cascade_from({"timeline": entries}).reached == (Layer.INPUT,)
    (figure,) = cascade_figure({"timeline": entries})
    assert "<figcaption>Cascade: It failed at input;" in figure
    assert cascade_figure({"timeline": []}) == ()
