"""What a drafter is given, as it was known at some instant, and what becomes of its draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from app.domain.incident import Incident, Severity, Status, StatusChange, Visibility
from app.domain.person import Person
from app.domain.postmortem import Part
from app.domain.roles import Role
from app.domain.status_update import Audience, Section
from app.domain.timeline import Mark, Origin, TimelineEntry
from app.llm.extractive_drafter import ExtractiveDrafter
from app.ports.drafter import Draft, DrafterAccount, DrafterFailed, Evidence, PostmortemDraft, Sentence
from app.services.actor import Actor
from app.services.drafts.drafts import RESTRICTED_NOTE, Drafts
from app.services.drafts.ledger import account_record
from app.services.timeline.marks import Marks
from app.store import SqlStore
from tests.services.incident_channel import (
    ANA,
    BEN,
    START,
    TEAM,
    Talk,
    declared,
    deleted,
    edited,
    holding,
    reacted,
    said,
    ts,
)


@dataclass
class Model:
    """A model that says what it is told to, citing `cites`, or fails."""

    cites: tuple[int, ...] = ()
    failure: str | None = None
    seen: list[Evidence] = field(default_factory=list)

    async def draft_update(self, evidence: Evidence) -> Draft:
        self.seen.append(evidence)
        if self.failure is not None:
            raise DrafterFailed(self.failure)
        said = [Sentence("Orders were deleted.", self.cites), Sentence("Everything is fine.", ())]
        return Draft({Section.WHAT_HAPPENED: said}, DrafterAccount("openai", "m1", 10, 5))

    async def draft_postmortem(self, evidence: Evidence) -> PostmortemDraft:
        draft = await self.draft_update(evidence)
        return PostmortemDraft({Part.TIMELINE: draft.sections[Section.WHAT_HAPPENED]}, draft.account)


@pytest.fixture
async def incident(store: SqlStore) -> Incident:
    return await declared(store)


@pytest.fixture
def talk(store: SqlStore) -> Talk:
    return Talk(store)


async def _evidence(talk: Talk, incident: Incident, minutes: float | None = None) -> Evidence:
    drafts = Drafts(talk.store, talk.clock, ExtractiveDrafter())
    async with talk.store.read() as uow:
        as_of = START + timedelta(minutes=minutes) if minutes is not None else None
        return await drafts.evidence(uow, incident, as_of=as_of)


async def test_an_edit_made_later_shows_the_words_of_then(incident: Incident, talk: Talk) -> None:
    await talk.take(
        said(1, "40 orders"), edited(1, 5, "400 orders", "40 orders"), edited(1, 9, "412 orders", "400 orders")
    )
    seen = [(await _evidence(talk, incident, at)).entries[0] for at in (2, 6, 10)]
    assert [(one.text, one.earlier_texts) for one in seen] == [
        ("40 orders", ()),
        ("400 orders", ("40 orders",)),
        ("412 orders", ("40 orders", "400 orders")),
    ]


async def test_a_message_of_which_only_later_words_are_known_is_no_evidence_before(
    incident: Incident, talk: Talk
) -> None:
    await talk.take(said(1, "412 orders", edited_ts=ts(9)))
    assert (await _evidence(talk, incident, 5)).entries == []
    assert [one.text for one in (await _evidence(talk, incident, 9)).entries] == ["412 orders"]


async def test_a_deletion_made_later_shows_the_message(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "x"), deleted(1, 5))
    assert [len((await _evidence(talk, incident, at)).entries) for at in (4, 5)] == [1, 0]


async def test_nothing_that_was_said_later_is_in_it(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "before"), said(7, "after"))
    assert [one.text for one in (await _evidence(talk, incident, 5)).entries] == ["before"]


async def test_marks_and_reactions_are_those_of_then(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "x"), reacted(1, 2, "bulb"), reacted(1, 6, "bulb", removed=True))
    talk.clock.move(7)
    await Marks(talk.store, talk.clock).mark(ANA, "C1", ts(1), Mark.RULED_OUT)
    seen = [(await _evidence(talk, incident, at)).entries[0] for at in (1, 3, 6.5, 8)]
    assert [(one.mark, dict(one.reactions)) for one in seen] == [
        (Mark.NOTE, {}),
        (Mark.HYPOTHESIS, {"bulb": 1}),
        (Mark.NOTE, {}),
        (Mark.RULED_OUT, {}),
    ]


async def test_unknowns_and_status_are_those_of_then(incident: Incident, talk: Talk, store: SqlStore) -> None:
    await talk.take(said(1, "Since when?"), reacted(1, 2, "question"), said(3, "08:40", thread_ts=ts(1)))
    await talk.take(reacted(3, 6, "white_check_mark"), edited(1, 8, "Since which deploy?", "Since when?"))
    async with store.write() as uow:
        await uow.add(
            StatusChange(
                team=TEAM,
                incident_id=incident.id or 0,
                status=Status.CONTAINED,
                severity=Severity.SEV2,
                at=START + timedelta(minutes=5),
                by=ANA.user,
            )
        )
    then = await _evidence(talk, incident, 4)
    assert [(one.number, one.text) for one in then.unknowns] == [(1, "Since when?")]
    assert (then.incident.status, then.incident.severity) == (Status.INVESTIGATING, Severity.SEV1)
    later = await _evidence(talk, incident, 7)
    assert (list(later.unknowns), later.incident.status) == ([], Status.CONTAINED)
    assert (await _evidence(talk, incident, 1)).unknowns == []


async def test_an_entry_tells_who_said_it_in_which_role_and_thread(
    incident: Incident, talk: Talk, store: SqlStore
) -> None:
    await holding(store, incident, Role.TECH, BEN, START + timedelta(minutes=2))
    async with store.write() as uow:
        await uow.remember(Person(team=TEAM, user=BEN.user, name="Ben"))
    await talk.take(said(1, "first", BEN), said(3, "hi <@UBEN>", BEN, thread_ts=ts(1), files=({"name": "log.txt"},)))
    evidence = await _evidence(talk, incident)
    first, second = evidence.entries
    assert (first.author_name, first.author_role, second.author_role) == ("Ben", None, Role.TECH)
    assert (second.thread_of, second.files, evidence.names) == (first.id, ("log.txt",), {BEN.user: "Ben"})


async def test_placeholders_and_the_bots_own_troubles_are_no_evidence(
    incident: Incident, talk: Talk, store: SqlStore
) -> None:
    await talk.take(reacted(1, 2, "eyes"))
    async with store.write() as uow:
        await uow.add(
            TimelineEntry(
                team=TEAM,
                incident_id=incident.id or 0,
                at=START,
                author="bot",
                origin=Origin.BOT,
                text="Could not pin",
            )
        )
    assert (await _evidence(talk, incident)).entries == []


async def test_what_was_said_by_a_chat_whose_clock_is_ahead_counts_as_said(incident: Incident, talk: Talk) -> None:
    await talk.take(said(2, "from two minutes ahead"))
    assert len((await _evidence(talk, incident)).entries) == 1


async def test_a_models_sentence_without_a_citation_of_the_evidence_is_dropped(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "orders are gone"))
    entry = await talk.entry(incident, ts(1))
    model = Model(cites=(entry.id or 0, 99_999))
    drafts = Drafts(talk.store, talk.clock, ExtractiveDrafter(), model)
    draft = await drafts.best(ANA, "INC-1", Audience.RESPONDERS)
    assert drafts.has_model
    assert list(draft.sections[Section.WHAT_HAPPENED]) == [Sentence("Orders were deleted.", (entry.id or 0,))]
    assert set(draft.sections) == set(Section)
    told = account_record(draft.account)
    assert {name: told[name] for name in ("name", "model", "tokens", "note")} == {
        "name": "openai",
        "model": "m1",
        "tokens": 15,
        "note": "",
    }


async def test_when_the_model_fails_the_extractive_draft_appears_and_says_so(incident: Incident, talk: Talk) -> None:
    await talk.take(said(1, "The agent deleted 412 orders at 08:40."))
    drafts = Drafts(talk.store, talk.clock, ExtractiveDrafter(), Model(failure="the model timed out"))
    draft = await drafts.best(ANA, "INC-1", Audience.RESPONDERS)
    assert draft.account.model is None
    assert draft.account.note.startswith("The model could not be used: the model timed out.")
    assert "412 orders" in str(draft.sections)


async def test_the_text_of_a_restricted_incident_reaches_a_model_only_where_that_is_allowed(
    talk: Talk, store: SqlStore
) -> None:
    await declared(store, visibility=Visibility.RESTRICTED)
    await talk.take(said(1, "The agent deleted 412 orders at 08:40."))
    model = Model(cites=(1,))
    careful = await Drafts(store, talk.clock, ExtractiveDrafter(), model).best(ANA, "INC-1", Audience.RESPONDERS)
    assert (model.seen, careful.account.note) == ([], RESTRICTED_NOTE)
    allowed = Drafts(store, talk.clock, ExtractiveDrafter(), model, restricted_allowed=True)
    assert (await allowed.best(ANA, "INC-1", Audience.RESPONDERS)).account.model == "m1"


async def test_the_operator_drafts_from_restricted_incidents_too(talk: Talk, store: SqlStore) -> None:
    await declared(store, visibility=Visibility.RESTRICTED)
    await talk.take(said(1, "The agent deleted 412 orders at 08:40."))
    drafts = Drafts(store, talk.clock, ExtractiveDrafter())
    draft = await drafts.extractive(Actor(TEAM, "operator", operator=True), "INC-1", Audience.RESPONDERS)
    assert "412 orders" in str(draft.sections)


async def test_secrets_are_shown_to_nobody_and_personal_data_to_responders_alone(
    incident: Incident, talk: Talk
) -> None:
    await talk.take(said(1, "412 orders were deleted for ann@shop.example, the job ran with password: hunter2-fake"))
    drafts = Drafts(talk.store, talk.clock, ExtractiveDrafter())
    shown = {}
    for audience in (Audience.RESPONDERS, Audience.LEADERSHIP):
        draft = await drafts.extractive(ANA, incident.key, audience)
        shown[audience] = " ".join(one.text for lines in draft.sections.values() for one in lines)
    assert "ann@shop.example" in shown[Audience.RESPONDERS]
    assert "412 orders" in shown[Audience.LEADERSHIP]
    assert "ann@shop.example" not in shown[Audience.LEADERSHIP]
    assert not any("hunter2" in text for text in shown.values())
