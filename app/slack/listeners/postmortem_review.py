"""Working on a postmortem: editing a part, commenting, asking for a review, answering, completing."""

from __future__ import annotations

from app.domain.errors import NotFound
from app.domain.postmortem import PART_TITLES, Part
from app.domain.postmortem_review import Answer
from app.services.postmortems.reviews import Review, missing_for_completion
from app.slack.form_values import people, texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen, key_and, number_in
from app.slack.listeners.postmortem import blame_of, page
from app.slack.views.postmortem_review import (
    MOST_BOXES,
    changes_form,
    comment_form,
    complete_form,
    edit_form,
    reviewers_form,
)
from app.slack.words import counted


async def open_edit(ask: Ask) -> None:
    await ask.take()
    key, part = _part_pressed(ask)
    review = await _review(ask, key)
    form = edit_form(review.incident, review.postmortem, part)
    await ask.open(form, Again(f"Edit {PART_TITLES[part].lower()}", Action.POSTMORTEM_EDIT, ask.value))


async def submit_edit(ask: Ask) -> None:
    """Store a new version and show it; wording that blames is pointed out there."""
    entered = texts(ask.view)
    names = ["text", *[f"text_{number}" for number in range(2, MOST_BOXES + 1)]]
    text = "\n".join(entered[name] for name in names if name in entered)
    part = chosen(Part, str(ask.remembered.get("part") or ""))
    version = int(ask.remembered.get("version") or 0)
    await ask.services.reviews.edit(ask.actor, ask.key, part, text, version=version)
    review = await _review(ask, ask.key)
    said = f"{PART_TITLES[part]} is saved."
    if blamed := len(blame_of(review, part)):
        said += f" {counted(blamed, 'place')} may make a person the cause: see below."
    await ask.answer_form(await page(ask, review, said))


async def open_comment(ask: Ask) -> None:
    await ask.take()
    key, part = _part_pressed(ask)
    incident = await ask.services.board.incident(ask.actor, key)
    await ask.open(comment_form(incident, part), Again("Comment", Action.POSTMORTEM_COMMENT, ask.value))


async def submit_comment(ask: Ask) -> None:
    part = chosen(Part, str(ask.remembered.get("part") or ""))
    await ask.services.reviews.comment(ask.actor, ask.key, part, texts(ask.view).get("text", ""))
    await _answered(ask, f"Your comment on “{PART_TITLES[part]}” is kept.")


async def resolve(ask: Ask) -> None:
    await ask.take()
    incident = await ask.services.reviews.resolve(ask.actor, number_in(ask.value))
    await ask.open(await page(ask, await _review(ask, incident.key), "The comment is resolved."))


async def open_reviewers(ask: Ask) -> None:
    await ask.take()
    review = await _review(ask, ask.value)
    owner = review.duty.owner if review.duty else None
    form = reviewers_form(review.incident, review.reviewers, owner)
    await ask.open(form, Again("Ask for a review", Action.POSTMORTEM_REVIEWERS, ask.value))


async def submit_reviewers(ask: Ask) -> None:
    users = people(ask.view, "reviewers")
    owner = next(iter(people(ask.view, "owner")), None)
    await ask.services.reviews.ask(ask.actor, ask.key, users, owner)
    await _answered(ask, f"Asked {counted(len(users), 'person', 'people')} for a review.")


async def reviewed(ask: Ask) -> None:
    await ask.take()
    await ask.services.reviews.answer(ask.actor, ask.value, Answer.REVIEWED)
    if ask.in_modal:
        await ask.open(await page(ask, await _review(ask, ask.value), "Thank you: your review is on the record."))


async def open_changes(ask: Ask) -> None:
    await ask.take()
    incident = await ask.services.board.incident(ask.actor, ask.value)
    await ask.open(changes_form(incident), Again("Ask for changes", Action.POSTMORTEM_CHANGES, ask.value))


async def submit_changes(ask: Ask) -> None:
    await ask.services.reviews.answer(ask.actor, ask.key, Answer.CHANGES, texts(ask.view).get("comment", ""))
    await _answered(ask, "Asked for changes.")


async def complete_pressed(ask: Ask) -> None:
    """At once where everybody agrees; else a form asks why."""
    await ask.take()
    review = await _review(ask, ask.value)
    if missing := missing_for_completion(review):
        await ask.open(
            complete_form(review.incident, missing), Again("Complete", Action.POSTMORTEM_COMPLETE, ask.value)
        )
        return
    done = await ask.services.reviews.complete(ask.actor, ask.value)
    said = f"The postmortem of {done.incident.key} is completed."
    if ask.in_modal:
        await ask.open(await page(ask, await _review(ask, done.incident.key), said))
    else:
        await ask.say(said)


async def submit_complete(ask: Ask) -> None:
    await ask.services.reviews.complete(ask.actor, ask.key, texts(ask.view).get("reason", ""))
    await _answered(ask, f"The postmortem of {ask.key} is completed.")


async def _answered(ask: Ask, said: str) -> None:
    """The postmortem in the form's place."""
    await ask.answer_form(await page(ask, await _review(ask, ask.key), said))


async def _review(ask: Ask, key: str) -> Review:
    review = await ask.services.reviews.state(ask.actor, key)
    if review is None:
        raise NotFound("There is no postmortem yet. `/ai-incident postmortem` drafts one.")
    return review


def _part_pressed(ask: Ask) -> tuple[str, Part]:
    key, part = key_and(ask.value)
    return key, chosen(Part, part)
