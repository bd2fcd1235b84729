"""Drafting and reading the postmortem."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.incident import Incident
from app.domain.postmortem import Part
from app.drafting.blameless.blameless import Blame, blame_in
from app.services.postmortems.reviews import Review
from app.slack.blocks import Block, section
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import meant
from app.slack.views.postmortem import Page, no_postmortem_view, postmortem_view


async def command(ask: Ask, words: str) -> None:
    """`postmortem`: read the latest; where there is none yet, draft it."""
    await ask.take()
    incident, _ = await meant(ask, words, "postmortem")
    if await ask.services.postmortems.latest(ask.actor, incident.key) is None:
        await _draft(ask, incident.key)
    else:
        await _read(ask, incident.key)


async def open_pressed(ask: Ask) -> None:
    await ask.take()
    await _read(ask, ask.value)


async def draft_pressed(ask: Ask) -> None:
    await ask.take()
    await _draft(ask, ask.value)


async def page(ask: Ask, review: Review, said: str = "") -> Block:
    """The postmortem as it stands; `said` is what the last act came to, shown first."""
    postmortem = review.postmortem
    return postmortem_view(
        Page(
            review.incident,
            postmortem,
            review.owner,
            ask.actor.user,
            await ask.services.postmortems.links(ask.actor, postmortem),
            review.reviewers,
            review.comments,
            {part: blame_of(review, part) for part in Part},
            review.evidence,
            said,
        )
    )


async def _read(ask: Ask, key: str) -> None:
    incident = await ask.services.board.incident(ask.actor, key)
    await ask.open(await _shown(ask, incident), Again("Read the postmortem", Action.POSTMORTEM_OPEN, incident.key))


async def _draft(ask: Ask, key: str) -> None:
    incident = await ask.services.board.incident(ask.actor, key)
    postmortem = await ask.services.postmortems.draft(ask.actor, incident.key)
    if ask.in_modal:
        await ask.open(await _shown(ask, incident))
        return
    text = f"Version {postmortem.version} of the postmortem of {incident.key} is drafted."
    await ask.show("Postmortem", text, [section(text)])


async def _shown(ask: Ask, incident: Incident) -> Block:
    review = await ask.services.reviews.state(ask.actor, incident.key)
    return await page(ask, review) if review is not None else no_postmortem_view(incident)


def blame_of(review: Review, part: Part) -> Sequence[Blame]:
    """What in that part makes a person the cause."""
    lines = review.postmortem.sections.get(part, [])
    return [one for line in lines for one in blame_in(str(line["text"]), review.people, review.systems)]
