"""What an incident looks like, on one line, with the way to take or change it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Archetype, Incident, Severity
from app.domain.suggestion import Suggestion
from app.domain.suggestion_offer import MOST_PHRASES, SuggestionOffer
from app.slack.blocks import Block, actions, button, safe_line, section
from app.slack.ids import Action
from app.slack.words import ARCHETYPE_NAMES

UNSURE = "Too little is said to tell what kind of failure it is."


def suggestion_blocks(incident: Incident, offer: SuggestionOffer | None) -> list[Block]:
    """The open offer on one line and its buttons; nothing where nobody has to decide."""
    if offer is None or not offer.open or not incident.open:
        return []
    return [
        section(looks_like(offer.archetype, offer.severity, offer.phrases, by_model=offer.used is not None)),
        actions(
            button("Take suggestion", Action.SUGGESTION_TAKE, incident.key),
            button("Change", Action.SUGGESTION_CHANGE, incident.key),
        ),
    ]


def guess_line(suggestion: Suggestion) -> str:
    """The same for words that nobody has declared yet."""
    if not suggestion.sure:
        return f"{UNSURE} Unsure means the higher severity: {suggestion.severity.upper()}."
    reasons = [*suggestion.best.reasons, *suggestion.severity_reasons]
    phrases = list(dict.fromkeys(phrase for reason in reasons for phrase in reason.phrases))
    return looks_like(suggestion.best.name, suggestion.severity, phrases[:MOST_PHRASES])


def looks_like(archetype: Archetype, severity: Severity, phrases: Sequence[str], *, by_model: bool = False) -> str:
    """`Looks like data exfiltration, SEV2, a model suggests – because of “personal data”, “export”`"""
    quoted = ", ".join(f"“{safe_line(phrase, 60)}”" for phrase in phrases)
    because = f" – because of {quoted}" if quoted else ""
    name = "a plain failure or drift" if archetype is Archetype.OTHER else ARCHETYPE_NAMES[archetype].lower()
    who = ", a model suggests" if by_model else ""
    return f"Looks like *{name}*, {severity.upper()}{who}{because}"
