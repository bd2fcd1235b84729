"""What the product suggests for an incident, and what a person made of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.domain.columns import UTCDateTime, json_type, text_enum
from app.domain.incident import Archetype, Incident, Severity, SystemType
from app.domain.suggestion import Suggestion

MOST_PHRASES = 3
MOST_REASONS = 4


class OfferState(StrEnum):
    """`quiet`: nothing to say, since too little is known or the incident says the same already."""

    QUIET = "quiet"
    OFFERED = "offered"
    TAKEN = "taken"
    CHANGED = "changed"


class SuggestionOffer(SQLModel, table=True):
    """The one standing suggestion of an incident; a later one takes its place.

    `phrases`: the words of the report that it rests on; `because` and `severity_because`: what speaks for it, in plain
    words. `used`: {model, prompt} where a model read it so, None where rules alone did. `decided_by` and `decided_at`:
    who took or changed it, None while nobody has.
    """

    __tablename__ = "suggestion_offer"
    __table_args__ = (Index("ux_suggestion_offer_incident", "incident_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = Field(max_length=32)
    incident_id: int = Field(foreign_key="incident.id", ondelete="CASCADE")
    archetype: Archetype = Field(sa_type=text_enum(Archetype))
    system_type: SystemType | None = Field(default=None, sa_type=text_enum(SystemType))
    severity: Severity = Field(sa_type=text_enum(Severity))
    phrases: list[str] = Field(sa_type=json_type())
    because: list[str] = Field(sa_type=json_type())
    severity_because: list[str] = Field(sa_type=json_type())
    state: OfferState = Field(sa_type=text_enum(OfferState))
    offered_at: datetime = Field(sa_type=UTCDateTime)
    used: dict[str, str] | None = Field(default=None, sa_type=json_type())
    decided_by: str | None = Field(default=None, max_length=32)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def open(self) -> bool:
        return self.state is OfferState.OFFERED


def worth_saying(suggestion: Suggestion, incident: Incident) -> bool:
    """True when it is sure of a kind of failure, and that or a worse severity is not what the incident has."""
    other = suggestion.best.name is not incident.archetype
    return suggestion.sure and (other or suggestion.severity < incident.severity)


def put_into(offer: SuggestionOffer, suggestion: Suggestion, now: datetime, *, worth: bool) -> None:
    """Let the offer say this; nobody has decided on it yet."""
    reasons = [*suggestion.best.reasons, *suggestion.severity_reasons]
    phrases = dict.fromkeys(phrase for reason in reasons for phrase in reason.phrases)
    offer.archetype, offer.system_type = suggestion.best.name, suggestion.system_type
    offer.severity = suggestion.severity
    offer.phrases = list(phrases)[:MOST_PHRASES]
    offer.because = [str(reason) for reason in suggestion.best.reasons][:MOST_REASONS]
    offer.severity_because = [str(reason) for reason in suggestion.severity_reasons][:MOST_REASONS]
    offer.used = asdict(suggestion.used) if suggestion.used is not None else None
    offer.state = OfferState.OFFERED if worth else OfferState.QUIET
    offer.offered_at, offer.decided_by, offer.decided_at = now, None, None


def says_the_same(offer: SuggestionOffer, suggestion: Suggestion) -> bool:
    """True when nobody would learn anything from the new one."""
    return offer.archetype is suggestion.best.name and offer.severity is suggestion.severity
