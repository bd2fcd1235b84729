"""Follow-ups and the review of a postmortem, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import date
from typing import Any

import pytest

from app.domain.errors import Conflict, IncidentError, Invalid, NotAllowed, NotFound
from app.domain.incident import Incident, Visibility
from app.domain.postmortem import Part, PostmortemStatus
from app.domain.postmortem_review import Answer
from app.llm.extractive_drafter import ExtractiveDrafter
from app.services.actor import Actor
from app.services.drafts.drafts import Drafts
from app.services.follow_ups.follow_ups import FollowUps, Wanted
from app.services.postmortems.postmortems import Postmortems
from app.services.postmortems.reviews import PostmortemReviews
from app.store import SqlStore
from tests.services.incident_channel import ANA as ANN
from tests.services.incident_channel import BEN as BOB
from tests.services.incident_channel import TEAM, declared
from tests.services.set_clock import SetClock

OUTSIDER = Actor("T0OTHER", ANN.user)
KEY = "INC-1"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def incident(store: SqlStore) -> Incident:
    return await declared(store)


@pytest.fixture
def follow_ups(store: SqlStore, incident: Incident) -> FollowUps:
    return FollowUps(store, SetClock())


@pytest.fixture
async def reviews(store: SqlStore, incident: Incident) -> PostmortemReviews:
    clock = SetClock()
    await Postmortems(store, clock, Drafts(store, clock, ExtractiveDrafter())).draft(ANN, KEY)
    return PostmortemReviews(store, clock)


async def refused(kind: type[IncidentError], act: Awaitable[Any]) -> str:
    with pytest.raises(kind) as error:
        await act
    return str(error.value)


async def test_a_follow_up_lives_from_open_to_done_or_dropped(follow_ups: FollowUps) -> None:
    made = await follow_ups.add(ANN, KEY, Wanted("Limit the tool", BOB.user, date(2027, 1, 4), source="postmortem:1"))
    number = made.id or 0
    await follow_ups.change(BOB, number, Wanted("Limit the refund tool", BOB.user, date(2027, 1, 5)))
    await refused(Invalid, follow_ups.drop(BOB, number, "  "))
    await follow_ups.done(BOB, number)
    assert "Reopen it first" in await refused(Conflict, follow_ups.change(BOB, number, Wanted("Again")))
    await follow_ups.reopen(ANN, number)
    await follow_ups.drop(ANN, number, "The tool is gone")
    _, (one,) = await follow_ups.list(ANN, KEY)
    assert (one.title, one.due_on, one.state, one.reason) == (
        "Limit the refund tool",
        date(2027, 1, 5),
        "dropped",
        "The tool is gone",
    )
    await refused(NotFound, follow_ups.one(OUTSIDER, number))
    await refused(NotFound, follow_ups.done(ANN, 999))


async def test_those_added_at_once_get_numbers_of_their_own(follow_ups: FollowUps) -> None:
    await asyncio.gather(*(follow_ups.add(ANN, KEY, Wanted(f"Action {number}")) for number in range(6)))
    _, found = await follow_ups.list(ANN, KEY)
    assert [one.number for one in found] == [1, 2, 3, 4, 5, 6]


async def test_changes_at_once_wait_for_each_other_and_none_is_lost(follow_ups: FollowUps) -> None:
    made = [await follow_ups.add(ANN, KEY, Wanted(f"Action {number}")) for number in range(3)]
    acts = [follow_ups.done(ANN, one.id or 0) for one in made] + [follow_ups.add(BOB, KEY, Wanted("One more"))]
    await asyncio.wait_for(asyncio.gather(*acts), 20)
    _, found = await follow_ups.list(ANN, KEY)
    assert [one.state.value for one in found] == ["done", "done", "done", "open"]


async def test_a_review_ends_with_everybody_agreed_or_a_reason(reviews: PostmortemReviews) -> None:
    await reviews.ask(ANN, KEY, [BOB.user, BOB.user])
    await refused(NotAllowed, reviews.answer(Actor(TEAM, "U0NOBODY"), KEY, Answer.REVIEWED))
    await refused(Invalid, reviews.answer(BOB, KEY, Answer.CHANGES, ""))
    comment = await reviews.comment(BOB, KEY, Part.IMPACT, "How many?")
    missing = await refused(Invalid, reviews.complete(ANN, KEY))
    assert missing.startswith("1 of 1 reviewers have not answered, and a comment is open.")
    await reviews.answer(BOB, KEY, Answer.REVIEWED)
    await reviews.resolve(ANN, comment.id or 0)
    await refused(Conflict, reviews.resolve(ANN, comment.id or 0))
    assert (await reviews.complete(ANN, KEY)).postmortem.status is PostmortemStatus.COMPLETED
    await refused(Conflict, reviews.complete(ANN, KEY))


async def test_working_on_a_completed_postmortem_makes_it_a_draft_again(reviews: PostmortemReviews) -> None:
    await reviews.complete(ANN, KEY, "It is small")
    edited = await reviews.edit(BOB, KEY, Part.IMPACT, "Nobody was harmed", version=1)
    assert (edited.version, edited.status) == (2, PostmortemStatus.DRAFT)
    same = await reviews.edit(BOB, KEY, Part.IMPACT, "Nobody was harmed", version=2)
    assert same.version == 2


async def test_only_those_inside_review_a_restricted_incident(
    store: SqlStore, incident: Incident, reviews: PostmortemReviews
) -> None:
    async with store.write() as uow:
        (await uow.incidents.locked(incident.id or 0)).visibility = Visibility.RESTRICTED
    assert "may not see it" in await refused(NotAllowed, reviews.ask(ANN, KEY, ["U0NOBODY"]))
    await refused(NotFound, reviews.state(Actor(TEAM, "U0NOBODY"), KEY))
