"""The form in which a person says what kind of failure it is."""

from __future__ import annotations

from app.domain.incident import Incident
from app.domain.suggestion_offer import SuggestionOffer
from app.slack.blocks import Block, safe_line, section
from app.slack.ids import View
from app.slack.inputs import choice, field, modal
from app.slack.messages.suggestion import looks_like
from app.slack.views.metadata import packed
from app.slack.words import ARCHETYPE_NAMES, SEVERITY_MEANINGS, SYSTEM_TYPE_NAMES


def suggestion_form(incident: Incident, offer: SuggestionOffer | None) -> Block:
    """The incident as it stands, under what is suggested and why."""
    blocks: list[Block] = []
    if offer is not None and offer.because:
        lines = [looks_like(offer.archetype, offer.severity, ())]
        lines += [f"• {safe_line(reason)}" for reason in (*offer.because, *offer.severity_because)]
        blocks.append(section("\n".join(lines)))
    system_type = choice([(one, name) for one, name in SYSTEM_TYPE_NAMES.items()], initial=incident.system_type)
    blocks += [
        field("archetype", "What kind of failure", _archetype(incident), required=True),
        field("system_type", "What kind of system", system_type),
        field("severity", "Severity", _severity(incident), required=True),
    ]
    return modal(View.SUGGESTION, "What is it?", blocks, submit="Set", private_metadata=packed(key=incident.key))


def _archetype(incident: Incident) -> Block:
    return choice([(one, name) for one, name in ARCHETYPE_NAMES.items()], initial=incident.archetype)


def _severity(incident: Incident) -> Block:
    return choice([(one, meaning) for one, meaning in SEVERITY_MEANINGS.items()], initial=incident.severity)
