"""A postmortem as one HTML file: no scripts, nothing fetched, everything that people wrote shown as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from app.services.postmortems.document import FOLLOW_UP_HEAD, NOTHING, Chapter, Cited, Document, Entry, Evidence
from app.services.postmortems.timeline_picture import timeline_svg
from app.services.timeline.cascade import cascade_figure

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #1c2833;
  background: #ffffff; max-width: 62rem; margin: 2rem auto; padding: 0 1.25rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 2px solid #d5d8dc; }
h3 { font-size: .95rem; margin: 1rem 0 .25rem; color: #34495e; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 0 1rem; }
dt { color: #566573; } dd { margin: 0; }
ul { margin: .25rem 0; padding-left: 1.2rem; } li { margin: .2rem 0; }
pre { background: #f4f6f7; border-left: 4px solid #aeb6bf; padding: .5rem .75rem; margin: .35rem 0; font-size: .85rem;
  white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid #d5d8dc; }
a { color: #1a5276; } .cite { font-size: .8rem; color: #566573; text-decoration: none; white-space: nowrap; }
.mine, .none, footer { color: #566573; font-style: italic; } .standing { margin: .1rem 0; }
figure { margin: 1rem 0; } svg { width: 100%; height: auto; display: block; }
td:nth-child(3) { white-space: nowrap; } #entries li { font-size: .88rem; } :target { background: #fcf3cf; }
@media print {
  @page { margin: 16mm; } body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; }
  h2, h3 { break-after: avoid; } li, tr, pre, figure { break-inside: avoid; } a { color: inherit; }
}
"""
# Nothing but the page's own style is allowed to do anything, whatever slipped into it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def postmortem_html(document: Document) -> str:
    """The whole page; prints well on A4 and Letter."""
    body = [
        f"<h1>{escape(document.title)}</h1>",
        "<dl>",
        *(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in document.facts),
        "</dl>",
        *(f'<p class="standing">{escape(line)}</p>' for line in document.standing),
        *([f"<figure>{timeline_svg(document.record)}</figure>"] if document.chapters else []),
        *cascade_figure(document.record),
        *(line for chapter in document.chapters for line in _chapter(chapter)),
        *_follow_ups(document.follow_ups),
        *_entries(document.entries),
        "<footer><p>Made from the incident's record. Numbers in brackets are its timeline entries.</p></footer>",
    ]
    return "\n".join([*_head(document.title), *body, "</body>", "</html>", ""])


def _head(title: str) -> Sequence[str]:
    return (
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
    )


def _chapter(chapter: Chapter) -> Iterable[str]:
    yield f"<h2>{escape(chapter.title)}</h2>"
    if chapter.sentences:
        yield from _list(chapter.sentences)
    elif not chapter.evidence:
        yield f'<p class="none">{NOTHING}</p>'
    for block in chapter.evidence:
        yield from _evidence(block)


def _evidence(block: Evidence) -> Iterable[str]:
    yield f"<h3>{escape(block.title)}</h3>"
    if not block.fenced:
        yield from _list(block.lines)
        return
    for line in block.lines:
        yield f'<pre dir="auto">{escape(line.text)}</pre>{_numbers(line)}'


def _list(lines: Sequence[Cited]) -> Iterable[str]:
    yield "<ul>"
    for line in lines:
        by_hand = ' <span class="mine">(no source)</span>' if line.by_hand else ""
        yield f'<li dir="auto">{escape(line.text)}{by_hand}{_numbers(line)}</li>'
    yield "</ul>"


def _numbers(line: Cited) -> str:
    return "".join(f' <a class="cite" href="#entry-{number}">[{number}]</a>' for number in line.numbers)


def _follow_ups(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    yield "<h2>Follow-ups</h2>"
    if not rows:
        yield f'<p class="none">{NOTHING}</p>'
        return
    head = "".join(f"<th>{escape(name)}</th>" for name in FOLLOW_UP_HEAD)
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in row) + "</tr>"
    yield "</tbody></table>"


def _entries(entries: Sequence[Entry]) -> Iterable[str]:
    if not entries:
        return
    yield '<h2>Entries cited</h2><ul id="entries">'
    for one in entries:
        number = f"[{one.number}]"
        if one.address:
            number = f'<a href="{escape(one.address)}" rel="noopener noreferrer">{number}</a>'
        who = f"{number} <b>{escape(one.at)}</b> {escape(one.who)}"
        yield f'<li id="entry-{one.number}" dir="auto">{who}: {escape(one.text)}</li>'
    yield "</ul>"
