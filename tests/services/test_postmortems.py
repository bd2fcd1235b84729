"""The postmortem: versions drafted from the record, and one message in the channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import NotFound
from app.domain.incident import Incident
from app.domain.job import Job
from app.domain.notices import PostmortemReady
from app.domain.postmortem import Part, PostmortemStatus
from app.llm.extractive_drafter import ExtractiveDrafter
from app.services.actor import Actor
from app.services.drafts.drafts import Drafts
from app.services.jobs.runner import Runner
from app.services.postmortems.postmortems import DraftPostmortem, Postmortems, TellPostmortem
from app.store import SqlStore
from tests.services.incident_channel import ANA, BEN, CHANNEL, TEAM, Talk, declared, said
from tests.services.paper_chat import PaperChat, Quiet


@pytest.fixture
async def incident(store: SqlStore) -> Incident:
    return await declared(store)


@pytest.fixture
async def talk(store: SqlStore, incident: Incident) -> Talk:
    talk = Talk(store)
    await talk.take(
        said(1, "The agent deleted 412 orders at 08:40."),
        said(5, "Root cause: the retention job ran with the agent's wide permissions.", BEN),
    )
    talk.clock.move(20)
    return talk


def _runner(talk: Talk, chat: PaperChat) -> Runner:
    drafts = Drafts(talk.store, talk.clock, ExtractiveDrafter())
    handlers = {
        "postmortem.draft": DraftPostmortem(talk.store, chat, talk.clock, drafts),
        "postmortem.tell": TellPostmortem(talk.store, chat, talk.clock),
        **dict.fromkeys(("person.learn", "card.refresh", "announcement.refresh"), Quiet()),
    }
    return Runner(talk.store, talk.clock, handlers, timedelta(seconds=30))


def _postmortems(talk: Talk) -> Postmortems:
    return Postmortems(talk.store, talk.clock, Drafts(talk.store, talk.clock, ExtractiveDrafter()))


async def test_a_draft_has_six_parts_whose_sentences_cite_entries(incident: Incident, talk: Talk) -> None:
    drafted = await _postmortems(talk).draft(BEN, "INC-1")
    ids = {entry.id for entry in await talk.entries(incident)}
    assert list(drafted.sections) == [part.value for part in Part]
    assert (drafted.version, drafted.status, drafted.drafted_by) == (1, PostmortemStatus.DRAFT, BEN.user)
    lines = [line for part in drafted.sections.values() for line in part]
    assert lines
    assert all(line["citations"] and set(line["citations"]) <= ids for line in lines)
    assert drafted.drafter["name"] == "extractive"


async def test_every_draft_is_a_new_version_and_the_channel_has_one_message(incident: Incident, talk: Talk) -> None:
    chat, postmortems = PaperChat(), _postmortems(talk)
    await postmortems.draft(BEN, "INC-1")
    await _runner(talk, chat).run_due()
    await talk.take(said(18, "Impact: 412 customers had to order again."))
    second = await postmortems.draft(ANA, "INC-1")
    await _runner(talk, chat).run_due()
    assert second.version == 2
    assert await postmortems.latest(ANA, "INC-1") == second
    (message,) = chat.messages
    assert isinstance(message.notice, PostmortemReady)
    assert (message.channel, message.changes, message.notice.postmortem.version) == (CHANNEL, 1, 2)
    assert "Drafted version 2 of the postmortem." in [entry.text for entry in await talk.entries(incident)]


async def test_resolving_owes_a_draft_that_is_made_by_a_job(incident: Incident, talk: Talk) -> None:
    chat = PaperChat()
    async with talk.store.write() as uow:
        await uow.jobs.add(
            Job(
                team=TEAM,
                incident_id=incident.id,
                kind="postmortem.draft",
                key="INC-1:postmortem.draft",
                payload={"by": BEN.user},
                due_at=talk.clock.now(),
            )
        )
    await _runner(talk, chat).run_due()
    latest = await _postmortems(talk).latest(ANA, "INC-1")
    assert latest is not None
    assert (latest.version, latest.drafted_by) == (1, BEN.user)
    assert len(chat.standing(PostmortemReady)) == 1


async def test_there_is_none_before_the_first_and_none_for_strangers(incident: Incident, talk: Talk) -> None:
    assert await _postmortems(talk).latest(ANA, "INC-1") is None
    with pytest.raises(NotFound):
        await _postmortems(talk).draft(Actor("T9", "U9"), "INC-1")
