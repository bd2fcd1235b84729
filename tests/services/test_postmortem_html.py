"""A postmortem as one page: whole, readable, and without anything that acts."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from app.services.postmortems.details import details
from app.services.postmortems.document import document_of
from app.services.postmortems.html import postmortem_html
from app.services.postmortems.timeline_picture import timeline_svg
from app.services.records.markdown import postmortem_markdown
from tests.services.recorded import entry, line, record, update

NAMES = {"UANA": "Ana Ivić", "UBEN": "Ben"}
HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)> <!channel> <@UANA> ![x](https://evil.example/a.png) '
    "</title></style></pre></svg> javascript:alert(1) <https://evil.example/|click> \u202e\u200b ]]> {{ 7*7 }}"
)
VOID = {"meta", "br"}


class Page(HTMLParser):
    """What a browser makes of it: elements in balance, attributes, and the text that is seen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


def whole(words: str = "41 orders are gone", **changed: Any) -> dict[str, Any]:
    """A record in which everything that people write is `words`."""
    sample = f"```{words}```"
    given: dict[str, Any] = {
        "title": words,
        "summary": words,
        "system": words,
        "timeline": [
            entry(1, "08:40", words, mark="observation"),
            entry(2, "08:50", sample, mark="evidence"),
            entry(3, "08:55", f"model v4.2 {words}") | {"permalink": "javascript:alert(1)"},
        ],
        "sections": {"impact": [line(words, 1), line(words) | {"by_hand": True}], "root_cause": [line(words, 3)]},
        "updates": [update("09:30", "10:30")],
        "trials": [{"prompt": words, "tries": 20, "failures": 12, "phase": "before"}],
        "containments": [{"terms": {"name": words}, "state": "contained", "reason": words}],
        "follow_ups": [
            {"number": 1, "title": words, "owner": "UBEN", "due_on": "2026-12-01", "state": "dropped"}
            | {"layer": "data", "reason": words}
        ],
    }
    found = record(**(given | changed))
    reviewer = {"user": "UBEN", "answer": "changes", "comment": words, "version": 1}
    found["postmortem"] |= {"details": details(found), "reviewers": [reviewer], "completed_at": None}
    return found


def test_it_holds_all_six_parts_their_evidence_the_picture_and_the_follow_ups():
    page = Page(postmortem_html(document_of(whole(), NAMES)))
    for words in (
        *("Timeline", "Root cause", "Impact", "Detection review", "Response review", "Prevention plan", "Follow-ups"),
        *("Milestones", "Model and prompt versions", "Inputs and outputs", "Reproduction trials", "Who responded"),
        *("12 of 20 tries failed before the fix", "(no source)", "Ben asks for changes to version 1", "Entries cited"),
        *("Declared 09:00", "Resolved 11:00", "2026-11-23 09:00 UTC by Ana Ivić"),
    ):
        assert words in page.text, words
    assert page.tags.count("svg") == 1
    assert page.open == []
    assert ("href", "https://meridian.example.com/archives/C1/p1") in page.attributes


def test_it_needs_nothing_from_elsewhere_and_runs_nothing():
    page = Page(postmortem_html(document_of(whole(), NAMES)))
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name == "src" or name.startswith("on")]
    (policy,) = [value for name, value in page.attributes if name == "content" and "default-src" in value]
    assert policy.startswith("default-src 'none'")
    assert "@media print" in postmortem_html(document_of(whole(), NAMES))


def test_what_people_wrote_is_shown_as_text_wherever_it_stands():
    calm, page = (
        Page(postmortem_html(document_of(whole(), NAMES))),
        Page(postmortem_html(document_of(whole(HOSTILE), NAMES))),
    )
    assert page.open == []
    assert set(page.tags) <= set(calm.tags)
    assert {name for name, _ in page.attributes} <= {name for name, _ in calm.attributes}
    links = {value for name, value in page.attributes if name == "href"}
    assert all(one.startswith(("#entry-", "https://meridian.example.com/")) for one in links), links
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in page.text


def test_hostile_words_are_inert_in_markdown_too():
    text = postmortem_markdown(whole(HOSTILE), NAMES)
    assert "<script" not in text
    assert "![x](" not in text
    assert "<!channel" not in text
    assert "> " in text


@pytest.mark.parametrize(
    "changed",
    [{"status_history": []}, {"timeline": [], "sections": {}, "updates": [], "roles": []}, {"follow_ups": []}],
)
def test_a_thin_record_makes_a_page_all_the_same(changed: dict[str, Any]):
    assert Page(postmortem_html(document_of(whole(**changed), NAMES))).open == []


def test_without_a_postmortem_the_page_says_so():
    page = Page(postmortem_html(document_of(record(postmortem=None), NAMES)))
    assert "There is no postmortem yet." in page.text


def test_labels_of_the_picture_do_not_overlap():
    svg = timeline_svg(whole())
    page = Page(svg)
    assert page.open == []
    assert "nan" not in svg
    labels = [part for part in svg.splitlines() if 'fill="#1c2833"' in part]
    places = [(float(one.split('x="')[1].split('"')[0]), float(one.split('y="')[1].split('"')[0])) for one in labels]
    for number, (x, y) in enumerate(places):
        width = len(labels[number].partition(">")[2].partition("<")[0]) * 6
        assert not [1 for other, row in places if row == y and x < other < x + width]
