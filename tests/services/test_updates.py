"""What We Know: from the form to the published text, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.incident import Incident, Status
from app.domain.notices import UpdateDue, UpdatePublished, UpdateReview
from app.domain.reminder import DEFAULT_CADENCE
from app.domain.roles import Role
from app.domain.status_update import Audience, Section, StatusUpdate, UpdateStatus
from app.domain.timeline import Mark
from app.ports.chat import ChatRefused, ChatUnsure
from app.ports.drafter import Draft, DrafterAccount, Sentence
from app.services.actor import Actor
from app.services.jobs.runner import Runner
from app.services.reminders import promises
from app.services.reminders.nudges import ClearNudge, FireReminder
from app.services.room.people import LearnPerson
from app.services.updates.form import form_text, parse_form
from app.services.updates.posts import PublishUpdate, ReviewUpdate
from app.services.updates.updates import Updates
from app.store import SqlStore
from tests.services.incident_channel import ANA, BEN, CHANNEL, CLEO, START, TEAM, Talk, declared, holding, said
from tests.services.paper_chat import PaperChat, Quiet

NONE = dict.fromkeys(Section, "")


@dataclass
class Desk:
    """One incident with a comms lead (Cleo), two messages, and everything that updates need."""

    talk: Talk
    incident: Incident
    chat: PaperChat

    def __post_init__(self) -> None:
        store, clock = self.talk.store, self.talk.clock
        self.updates = Updates(store, clock, DEFAULT_CADENCE)
        handlers = {
            "update.review": ReviewUpdate(store, self.chat, clock),
            "update.publish": PublishUpdate(store, self.chat, clock),
            "reminder.fire": FireReminder(store, self.chat, clock, DEFAULT_CADENCE),
            "nudge.clear": ClearNudge(store, self.chat, clock),
            "person.learn": LearnPerson(self.chat),
            **dict.fromkeys(("card.refresh", "announcement.refresh", "tell.problem"), Quiet()),
        }
        self.runner = Runner(store, clock, handlers, timedelta(seconds=30))

    async def draft(
        self, text: str = "412 orders were deleted [1]", audience: Audience = Audience.RESPONDERS
    ) -> StatusUpdate:
        update = await self.updates.store(
            BEN, "INC-1", audience, {**NONE, Section.WHAT_HAPPENED: text}, 45, {"name": "extractive"}
        )
        await self.runner.run_due()
        return update

    async def loaded(self, update: StatusUpdate) -> StatusUpdate:
        async with self.talk.store.read() as uow:
            found = await uow.get(StatusUpdate, update.id or 0)
        assert found is not None
        return found

    async def texts(self) -> list[str]:
        return [entry.text for entry in await self.talk.entries(self.incident)]


@pytest.fixture
async def desk(store: SqlStore) -> Desk:
    talk = Talk(store)
    incident = await declared(store)
    await holding(store, incident, Role.COMMS, CLEO)
    await holding(store, incident, Role.COMMANDER, BEN)
    await talk.take(said(1, "412 orders were deleted"), said(2, "The agent is stopped"))
    return Desk(talk, incident, PaperChat())


def test_the_form_has_a_sentence_a_line_with_its_citations_at_the_end() -> None:
    parsed = parse_form(
        {
            **NONE,
            Section.WHAT_HAPPENED: "- Orders &amp; invoices are gone. [1]\n\n"
            "• It began at 08:40 [2] [1, 2]\nWe are sorry.",
        },
        {1, 2},
    )
    assert parsed["what_happened"] == [
        {"text": "Orders &amp; invoices are gone.", "citations": [1]},
        {"text": "It began at 08:40", "citations": [2, 1]},
        {"text": "We are sorry.", "citations": [], "by_hand": True},
    ]
    assert parsed["unknowns"] == []


def test_form_text_is_the_inverse_of_the_form() -> None:
    draft = Draft(
        {
            Section.WHAT_HAPPENED: [Sentence("A &lt;b&gt; was\nlost.", (3, 1)), Sentence("Sorry.", (), by_hand=True)],
            Section.UNKNOWNS: [Sentence("Since when?", (2,))],
        },
        DrafterAccount("extractive"),
    )
    text = form_text(draft)
    assert text[Section.WHAT_HAPPENED] == "A <b> was lost. [3, 1]\nSorry."
    assert text[Section.TESTING] == ""
    update = StatusUpdate(
        team=TEAM,
        incident_id=1,
        version=1,
        sections=parse_form(text, {1, 2, 3}),
        next_update_minutes=1,
        drafted_by="U",
        drafted_at=START,
    )
    assert form_text(update) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Orders are gone. [77]", r"“Orders are gone.” cites \[77\], which is no entry"),
        ("[1]", "cites but says nothing"),
        ("  \n\u200b", "empty"),
    ],
)
async def test_a_form_that_can_not_be_kept_names_the_line_and_the_field(desk: Desk, text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        await desk.draft(text)
    assert refused.value.field == Section.WHAT_HAPPENED
    assert desk.chat.messages == []


async def test_entries_of_other_incidents_can_not_be_cited(desk: Desk, store: SqlStore) -> None:
    other = await declared(store, channel_id="C2")
    with pytest.raises(Invalid, match="no entry"):
        await desk.updates.store(
            BEN, other.key, Audience.RESPONDERS, {**NONE, Section.DOING: "Stolen words [1]"}, 30, None
        )


@pytest.mark.parametrize("minutes", [0, -5, 10_081])
async def test_the_next_update_is_promised_within_a_week(desk: Desk, minutes: int) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.updates.store(BEN, "INC-1", Audience.RESPONDERS, {**NONE, Section.DOING: "x"}, minutes, None)
    assert refused.value.field == "next_update_minutes"


async def test_a_stored_draft_waits_in_the_channel_with_links_to_what_it_cites(desk: Desk) -> None:
    update = await desk.draft()
    (review,) = desk.chat.standing(UpdateReview, CHANNEL)
    assert isinstance(review.notice, UpdateReview)
    assert (update.version, update.status, review.notice.update.id) == (1, UpdateStatus.DRAFT, update.id)
    assert "Drafted update 1 for responders." in await desk.texts()


async def test_from_draft_to_published(desk: Desk) -> None:
    update = await desk.draft()
    desk.talk.clock.move(10)
    await desk.updates.approve(CLEO, update.id or 0)
    await desk.runner.run_due()
    (review,) = desk.chat.standing(UpdateReview)
    assert isinstance(review.notice, UpdateReview)
    assert (review.notice.update.status, review.changes) == (UpdateStatus.APPROVED, 1)
    await desk.updates.publish(CLEO, update.id or 0)
    await desk.runner.run_due()
    assert desk.chat.standing(UpdateReview) == []
    (published,) = desk.chat.standing(UpdatePublished, CHANNEL)
    kept = await desk.loaded(update)
    assert (kept.status, kept.approved_by, kept.published_by) == (UpdateStatus.PUBLISHED, CLEO.user, CLEO.user)
    assert kept.published_ts == published.ts
    assert kept.next_update_at == START + timedelta(minutes=55)
    async with desk.talk.store.read() as uow:
        incident = await uow.incidents.by_key(TEAM, "INC-1")
        actions = [one.action for one in await uow.audit(desk.incident.id or 0)]
    assert incident is not None
    assert (incident.next_update_at, incident.promise) == (kept.next_update_at, 1)
    assert actions == ["update.drafted", "update.approved", "update.published"]
    entry = (await desk.talk.entries(desk.incident))[-1]
    assert (entry.text, entry.mark) == (
        "Published update 1 for responders. The next one is promised for 09:55 UTC.",
        Mark.MILESTONE,
    )


async def test_publishing_takes_the_nudge_away_and_the_next_one_comes_with_the_next_promise(desk: Desk) -> None:
    async with desk.talk.store.write() as uow:
        await promises.set_first(uow, await uow.incidents.locked(desk.incident.id or 0), START, 30)
    update = await desk.draft()
    desk.talk.clock.move(31)
    await desk.runner.run_due()
    assert len(desk.chat.standing(UpdateDue)) == 1
    await desk.updates.approve(CLEO, update.id or 0)
    await desk.updates.publish(CLEO, update.id or 0)
    await desk.runner.run_due()
    assert [type(one.notice) for one in desk.chat.messages] == [UpdatePublished]
    desk.talk.clock.move(44)
    await desk.runner.run_due()
    assert desk.chat.standing(UpdateDue) == []
    desk.talk.clock.move(1)
    await desk.runner.run_due()
    assert len(desk.chat.standing(UpdateDue)) == 1


async def test_only_comms_may_approve_and_others_are_told_who_that_is(desk: Desk) -> None:
    update = await desk.draft()
    for actor in (ANA, BEN):
        with pytest.raises(NotAllowed, match=r"Only the comms lead .* ask <@UCLEO>"):
            await desk.updates.approve(actor, update.id or 0)
    await desk.updates.approve(CLEO, update.id or 0)
    with pytest.raises(NotAllowed, match="<@UCLEO>"):
        await desk.updates.publish(BEN, update.id or 0)


async def test_without_a_comms_lead_the_commander_approves_and_without_both_nobody(store: SqlStore) -> None:
    talk = Talk(store)
    incident = await declared(store)
    desk = Desk(talk, incident, PaperChat())
    update = await desk.draft("We look into it.")
    with pytest.raises(NotAllowed, match="Nobody can approve"):
        await desk.updates.approve(ANA, update.id or 0)
    await holding(store, incident, Role.COMMANDER, CLEO)
    with pytest.raises(NotAllowed, match=r"There is no comms lead, so only the commander .* <@UCLEO>"):
        await desk.updates.approve(ANA, update.id or 0)
    assert (await desk.updates.approve(CLEO, update.id or 0)).approved_by == CLEO.user
    assert "standing in as commander for the comms lead: nobody has that role." in (await desk.texts())[-1]


async def test_a_draft_can_not_be_published_before_it_is_approved(desk: Desk) -> None:
    update = await desk.draft()
    with pytest.raises(Conflict, match="has to be approved"):
        await desk.updates.publish(CLEO, update.id or 0)


async def test_what_was_done_already_is_said_and_not_done_twice(desk: Desk) -> None:
    update = await desk.draft()
    await desk.updates.approve(CLEO, update.id or 0)
    with pytest.raises(Conflict, match="approved already by <@UCLEO>"):
        await desk.updates.approve(CLEO, update.id or 0)
    await desk.updates.publish(CLEO, update.id or 0)
    with pytest.raises(Conflict, match="published already"):
        await desk.updates.publish(CLEO, update.id or 0)
    with pytest.raises(Conflict, match="published already"):
        await desk.updates.discard(CLEO, update.id or 0)


async def test_editing_an_approved_update_makes_a_draft_again_and_ends_the_old_one(desk: Desk) -> None:
    first = await desk.draft()
    await desk.updates.approve(CLEO, first.id or 0)
    second = await desk.draft("413 orders were deleted [1]")
    assert (second.version, second.status) == (2, UpdateStatus.DRAFT)
    ended = await desk.loaded(first)
    assert (ended.status, ended.discarded_reason) == (UpdateStatus.DISCARDED, "Superseded by update 2")
    with pytest.raises(Conflict, match="Superseded by update 2"):
        await desk.updates.publish(CLEO, first.id or 0)
    (review,) = desk.chat.standing(UpdateReview)
    assert isinstance(review.notice, UpdateReview)
    assert review.notice.update.version == 2


async def test_drafts_for_different_audiences_wait_side_by_side(desk: Desk) -> None:
    await desk.draft()
    await desk.draft("We are on it.", Audience.CUSTOMERS)
    assert len(desk.chat.standing(UpdateReview)) == 2


async def test_a_discarded_update_stays_on_the_record_and_its_message_says_so(desk: Desk) -> None:
    update = await desk.draft()
    await desk.updates.discard(ANA, update.id or 0)
    await desk.runner.run_due()
    (review,) = desk.chat.standing(UpdateReview)
    assert isinstance(review.notice, UpdateReview)
    assert (review.notice.update.status, review.notice.update.discarded_reason) == (
        UpdateStatus.DISCARDED,
        "Discarded by <@UANA>",
    )
    assert "Discarded update 1 for responders." in await desk.texts()


async def test_a_published_update_is_posted_once_although_the_answer_was_lost(desk: Desk) -> None:
    update = await desk.draft()
    await desk.updates.approve(CLEO, update.id or 0)
    await desk.runner.run_due()
    desk.chat.fails["post"] = [ChatUnsure("timeout")]
    await desk.updates.publish(CLEO, update.id or 0)
    await desk.runner.run_due()
    desk.talk.clock.move(1)
    await desk.runner.run_due()
    assert len(desk.chat.standing(UpdatePublished)) == 1
    assert desk.chat.standing(UpdateReview) == []


async def test_a_review_that_somebody_deleted_is_posted_anew(desk: Desk) -> None:
    update = await desk.draft()
    desk.chat.messages.clear()
    await desk.updates.approve(CLEO, update.id or 0)
    await desk.runner.run_due()
    assert len(desk.chat.standing(UpdateReview)) == 1


async def test_an_update_that_can_not_be_posted_is_kept_and_told(desk: Desk) -> None:
    update = await desk.draft()
    await desk.updates.approve(CLEO, update.id or 0)
    await desk.runner.run_due()
    desk.chat.fails["post"] = [ChatRefused("is_archived")]
    await desk.updates.publish(CLEO, update.id or 0)
    await desk.runner.run_due()
    assert (await desk.loaded(update)).status is UpdateStatus.PUBLISHED
    assert any("could not be posted in the channel; it is kept" in text for text in await desk.texts())


async def test_publishing_after_the_incident_is_over_promises_nothing(desk: Desk, store: SqlStore) -> None:
    update = await desk.draft()
    await desk.updates.approve(CLEO, update.id or 0)
    async with store.write() as uow:
        (await uow.incidents.locked(desk.incident.id or 0)).status = Status.RESOLVED
    published = await desk.updates.publish(CLEO, update.id or 0)
    assert published.next_update_at is None


async def test_what_the_record_corrects_after_the_draft_is_shown_before_anybody_approves(desk: Desk) -> None:
    first = await desk.draft()
    for act in (desk.updates.approve, desk.updates.publish):
        await act(CLEO, first.id or 0)
    second = await desk.draft("The agent is stopped [2]")
    assert second.corrections == []
    await desk.talk.take(said(5, "Correction: 415 orders were deleted, not 412"))
    desk.talk.clock.move(6)

    with pytest.raises(Conflict, match="responders were told “412 orders”, now 415"):
        await desk.updates.approve(CLEO, second.id or 0)

    assert [(one["was"], one["stated"]) for one in (await desk.loaded(second)).corrections] == [("412 orders", False)]
    assert (await desk.updates.approve(CLEO, second.id or 0)).status is UpdateStatus.APPROVED


async def test_people_of_other_workspaces_find_no_update(desk: Desk) -> None:
    update = await desk.draft()
    with pytest.raises(NotFound):
        await desk.updates.approve(Actor("T9", CLEO.user), update.id or 0)
    with pytest.raises(NotFound):
        await desk.updates.discard(CLEO, 99_999)
