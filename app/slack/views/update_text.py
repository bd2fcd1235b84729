"""An update's text to read: what changed in it, and the words to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.status_update import SECTION_TITLES, Section, StatusUpdate
from app.drafting.grounding.differences import Change, Fate, changes
from app.slack.blocks import SECTION_MAX, Block, context, mention, paragraphs, plain_words, safe_line, section, sections
from app.slack.views.notice import notice_view

SHOWN_MAX = 40
PIECE_MAX = 400
COPY_LINE_MAX = 2500


def changes_view(update: StatusUpdate, before: StatusUpdate | None) -> Block:
    """Word by word what differs from `before`; without one, which sentences people wrote or changed in the draft."""
    if before is None:
        return notice_view("What changed", [section(_point(update, None)), *_parts(_written(update))])
    found = changes(before.sections, update.sections)
    blocks = [section(_point(update, before))]
    return notice_view("What changed", [*blocks, *_parts((one.section, _line(one)) for one in found[:SHOWN_MAX])])


def copy_view(update: StatusUpdate, text: str) -> Block:
    """The text as it can be selected and copied: plain, so that nothing in it turns into a link or a mention."""
    lines = [plain_words(line, COPY_LINE_MAX) or " " for line in text.splitlines()]
    shown = [{"type": "section", "text": _plain(part)} for part in paragraphs(lines, SECTION_MAX)]
    return notice_view("Text to copy", [context(f"Update {update.version}. Select and copy it."), *shown])


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _point(update: StatusUpdate, before: StatusUpdate | None) -> str:
    if before is None:
        return f"*Update {update.version}*: sentences that people wrote or changed in the draft"
    what = "edited from" if update.edited_from == before.version else "since the published"
    return f"*Update {update.version}*, {what} update {before.version}: ~left out~, *new*"


def _written(update: StatusUpdate) -> Iterable[tuple[Section, str]]:
    for part in Section:
        for line in update.sections.get(part, []):
            if line.get("by"):
                yield part, f"• *{safe_line(line['text'], PIECE_MAX)}* – {mention(str(line['by']))}"


def _line(change: Change) -> str:
    words = " ".join(_shown(fate, text) for fate, text in change.pieces)
    return f"• {words}" + (f" – {mention(change.by)}" if change.by else "")


def _shown(fate: Fate, text: str) -> str:
    harmless = safe_line(text, PIECE_MAX)
    if not harmless or fate is Fate.KEPT:
        return harmless
    return f"~{harmless}~" if fate is Fate.GONE else f"*{harmless}*"


def _parts(found: Iterable[tuple[Section, str]]) -> Sequence[Block]:
    lines: list[str] = []
    last = None
    for part, line in found:
        if part is not last:
            lines.append(f"_{SECTION_TITLES[part]}_")
            last = part
        lines.append(line)
    return sections(lines or ["Nothing in the text differs."])[:SHOWN_MAX]
