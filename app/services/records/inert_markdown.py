"""Words of others as Markdown that shows them and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.drafting.reading.characters import without_hidden

_MARKUP = re.compile(r"<([@#!]?)([^<>\n]*)>")
_SPECIAL = re.compile(r"[\\`*_\[\]#|~!$^{}]")
_LINE_START = re.compile(r"(?m)^(\s*)([-+=:]|\d{1,9}(?=[.)]))")
_SCHEME = re.compile(r"(?i)([a-z][a-z0-9+.-]*):(?=//|\S)")
_BARE_WWW = re.compile(r"(?i)\bwww\.")
_SAFE_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]+")


def spoken(text: str, names: Mapping[str, str]) -> str:
    """A message as people read it: mentions by name, links written out, Slack's escapes undone, nothing hidden."""

    def shown(match: re.Match[str]) -> str:
        sigil, body = match.groups()
        target, _, label = body.partition("|")
        if sigil == "@":
            return "@" + (names.get(target) or label.lstrip("@") or target)
        if sigil == "#":
            return "#" + (label.lstrip("#") or target)
        if sigil == "!":
            return label or "@" + target.partition("^")[0]
        return f"{label} ({target})" if label and label != target else target

    plain = _MARKUP.sub(shown, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return without_hidden(plain)


def inert(text: str) -> str:
    """Plain text as Markdown of one line: no formatting, no HTML, no link, no list or heading; breaks become ` / `."""
    lines = [line.strip() for line in text.splitlines()]
    joined = " / ".join(line for line in lines if line)
    safe = _SPECIAL.sub(r"\\\g<0>", joined)
    safe = safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "\\@")
    safe = _SCHEME.sub(r"\1\\:", safe)
    safe = _BARE_WWW.sub(lambda match: match.group()[:-1] + "\\.", safe)
    return _LINE_START.sub(_held_back, safe)


def link(label: str, address: str | None) -> str:
    """A link with an inert label; the label alone where the address is none that a browser should open."""
    shown = inert(label)
    return f"[{shown}]({address})" if address is not None and _SAFE_LINK.fullmatch(address) else shown


def _held_back(match: re.Match[str]) -> str:
    space, start = match.groups()
    return f"{space}{start}\\" if start.isdigit() else f"{space}\\{start}"
