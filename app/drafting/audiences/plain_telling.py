"""A sentence of the record as it is told outside: without who said it, without internal names."""

from __future__ import annotations

import re

from app.drafting.audiences.insiders import Inside, without_systems

_DECIDED = re.compile(r"^(?:Decided|Decision): ")
_DECLARED = re.compile(r" \(declared as \w+\)")
_SAID = re.compile(
    r"^(?:[A-Z][\w'-]+(?: [A-Z][\w'-]+)?) (?:says|said|reports?|reported|confirms?|confirmed)(?: that)?,? "
)
_ASIDE = re.compile(r"[;.] (?:i|we) (?:had )?(?:mis\w+|missed)\b[^.;]*", re.IGNORECASE)
_KIND = r"(?:the|our) [\w ]{0,30}?(?:agent|assistant|bot|chatbot|model|system)"
_STATUS = re.compile(r"^The incident is \w+: ")


def told_outside(text: str, inside: Inside) -> str:
    """`text` for readers outside; it may still hold what can't be told, which `breaches` finds."""
    text = _ASIDE.sub("", _DECLARED.sub("", text))
    text = _STATUS.sub("", _DECIDED.sub("We decided: ", text))
    text = without_systems(_SAID.sub("", text), inside).strip()
    text = re.sub(rf"({re.escape(inside.system)}), {_KIND},?", r"\1", text, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:]
