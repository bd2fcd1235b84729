"""The review of a postmortem: edited part by part, read by reviewers, commented on, completed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.incident import Incident
from app.domain.postmortem import PART_TITLES, Part, Postmortem, PostmortemStatus
from app.domain.postmortem_notices import ReviewMoment
from app.domain.postmortem_review import Answer, PostmortemComment, PostmortemDuty, PostmortemReviewer
from app.domain.roles import Role
from app.domain.visible_text import has_something_visible
from app.ports.clock import Clock
from app.ports.store import Store, UnitOfWork
from app.services.access import id_of, incident_for, locked_for, may_see
from app.services.actor import Actor
from app.services.postmortems import duty as postmortem_duty
from app.services.postmortems.details import details
from app.services.postmortems.duty import duty_of, owe_review_word, owner_of
from app.services.postmortems.postmortems import NewVersion, next_version, owe_postmortem_word
from app.services.record_keeping import keep_act
from app.services.records.record import record
from app.services.updates.form import parse_lines

TEXT_MAX = 3000
MOST_REVIEWERS = 30
MOST_COMMENTS = 300
_NO_COMMENT = "There is no such comment. Nothing was changed."


@dataclass(frozen=True)
class Review:
    """A postmortem with all that its review has come to; `owner` is whose task it is.

    `people` and `systems` are the names of those who spoke in the incident; `evidence` is what stands beside each part
    (app.services.postmortems.details).
    """

    incident: Incident
    postmortem: Postmortem
    reviewers: Sequence[PostmortemReviewer]
    comments: Sequence[PostmortemComment]
    duty: PostmortemDuty | None
    owner: str
    people: Sequence[str] = ()
    systems: Sequence[str] = ()
    evidence: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class PostmortemReviews:
    """What people do with a postmortem between its draft and its completion."""

    store: Store
    clock: Clock

    async def state(self, actor: Actor, key: str) -> Review | None:
        """How the review stands; None before the first draft. Raises NotFound."""
        async with self.store.read() as uow:
            incident = await incident_for(uow, actor, key)
            newest = await uow.postmortems.latest(id_of(incident))
            if newest is None:
                return None
            spoke = {entry.author for entry in await uow.timeline.entries(id_of(incident))}
            known = (await uow.people(incident.team, spoke)).values()
            return replace(
                await _review(uow, incident, newest),
                people=[one.name for one in known if not one.is_bot],
                systems=[one.name for one in known if one.is_bot],
                evidence=details(await record(uow, incident)),
            )

    async def edit(self, actor: Actor, key: str, part: Part, text: str, *, version: int) -> Postmortem:
        """Replace a part's sentences; a new version keeps who did it. Unchanged text makes none.

        `text` has one sentence a line with its citations, `version` is the one it was written over. Raises NotFound;
        Invalid for citations that aren't entries; Conflict when somebody changed that part meanwhile.
        """
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, newest = await _locked(uow, actor, key)
            known = {entry.id for entry in await uow.timeline.entries(id_of(incident)) if entry.id is not None}
            lines = parse_lines(text, PART_TITLES[part], "text", known)
            over = next((one for one in await uow.postmortems.all(id_of(incident)) if one.version == version), newest)
            if over.sections.get(part, []) != newest.sections.get(part, []):
                raise Conflict(
                    f"Somebody changed this part meanwhile: it is version {newest.version} now. Your text is still "
                    "here: copy it, open the part again, and put it in.",
                    field="text",
                )
            if lines == newest.sections.get(part, []):
                return newest
            sections = newest.sections | {part.value: lines}
            change = f"Edited {PART_TITLES[part].lower()}."
            edited = await next_version(uow, incident, newest, NewVersion(sections, actor.user, change=change), now)
            text = f"Edited the postmortem: {PART_TITLES[part].lower()}, now version {edited.version}."
            await keep_act(uow, incident, actor, now, ("postmortem.edited", f"postmortem:{edited.version}"), text)
            return edited

    async def ask(self, actor: Actor, key: str, users: Sequence[str], owner: str | None = None) -> Review:
        """Ask people to read it, those who answered before once more; `owner` None leaves whose task it is.

        Raises NotFound, Invalid for nobody or too many, NotAllowed for somebody who may not see the incident.
        """
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, newest = await _locked(uow, actor, key)
            await _must_all_see(uow, incident, [*users, *([owner] if owner else [])])
            before = {one.user: one for one in await uow.of_incident(PostmortemReviewer, id_of(incident))}
            if not users or len({*before, *users}) > MOST_REVIEWERS:
                raise Invalid(f"Choose 1 to {MOST_REVIEWERS} people.", field="reviewers")
            for user in dict.fromkeys(users):
                reviewer = await _asked(uow, incident, before.get(user), (user, actor.user), now)
                await owe_review_word(uow, incident, reviewer, ReviewMoment.ASKED, now)
            newest.status = PostmortemStatus.IN_REVIEW
            duty = await postmortem_duty.begin(uow, incident, now)
            duty.owner = owner or duty.owner
            names = ", ".join(f"<@{user}>" for user in users)
            act = ("postmortem.review_asked", f"postmortem:{newest.version}")
            await keep_act(uow, incident, actor, now, act, f"Asked for a review of the postmortem: {names}.")
            await owe_postmortem_word(uow, incident, now)
            return await _review(uow, incident, newest)

    async def answer(self, actor: Actor, key: str, answer: Answer, comment: str = "") -> Review:
        """What a reviewer says of the newest version. Raises NotFound, NotAllowed for others, Invalid."""
        now = self.clock.now()
        said = _said(comment, "comment", needed=answer is Answer.CHANGES)
        async with self.store.write() as uow:
            incident, newest = await _locked(uow, actor, key)
            asked = await uow.of_incident(PostmortemReviewer, id_of(incident))
            reviewer = next((one for one in asked if one.user == actor.user), None)
            if reviewer is None:
                raise NotAllowed("You were not asked to review this. Comment on a part instead; nothing was changed.")
            reviewer.answer, reviewer.comment = answer, said
            reviewer.answered_at, reviewer.version = now, newest.version
            verb = "Reviewed the postmortem" if answer is Answer.REVIEWED else "Asked for changes to the postmortem"
            act = ("postmortem.answered", f"postmortem:{newest.version}")
            await keep_act(uow, incident, actor, now, act, f"{verb}, version {newest.version}.")
            for moment in (ReviewMoment.ASKED, ReviewMoment.ANSWERED):
                await owe_review_word(uow, incident, reviewer, moment, now)
            await owe_postmortem_word(uow, incident, now)
            return await _review(uow, incident, newest)

    async def comment(self, actor: Actor, key: str, part: Part, text: str) -> PostmortemComment:
        """Say something about a part. Raises NotFound, Invalid, Conflict where there are too many."""
        said = _said(text, "text", needed=True)
        now = self.clock.now()
        async with self.store.write() as uow:
            incident, newest = await _locked(uow, actor, key)
            if len(await uow.of_incident(PostmortemComment, id_of(incident))) >= MOST_COMMENTS:
                raise Conflict(f"There are {MOST_COMMENTS} comments already. Nothing was added.")
            comment = PostmortemComment(
                team=incident.team,
                incident_id=id_of(incident),
                part=part,
                text=said,
                by=actor.user,
                at=now,
                version=newest.version,
            )
            await uow.add(comment)
            act = ("postmortem.commented", f"postmortem_comment:{comment.id}")
            text = f"Commented on the postmortem: {PART_TITLES[part].lower()}."
            await keep_act(uow, incident, actor, now, act, text)
        return comment

    async def resolve(self, actor: Actor, comment_id: int) -> Incident:
        """A comment is taken care of. Raises NotFound, Conflict when it is already."""
        now = self.clock.now()
        async with self.store.read() as uow:
            comment = await uow.get(PostmortemComment, comment_id)
            seen = await uow.get(Incident, comment.incident_id) if comment is not None else None
            if seen is None or not await may_see(uow, actor, seen):
                raise NotFound(_NO_COMMENT)
        async with self.store.write() as uow:
            incident = await uow.incidents.locked(id_of(seen))
            comment = await uow.get(PostmortemComment, comment_id)
            if comment is None:
                raise NotFound(_NO_COMMENT)
            if comment.resolved_at is not None:
                raise Conflict("That comment is resolved already.")
            comment.resolved_at, comment.resolved_by = now, actor.user
            act = ("postmortem.comment_resolved", f"postmortem_comment:{comment_id}")
            text = f"Resolved a comment on the postmortem: {PART_TITLES[comment.part].lower()}."
            await keep_act(uow, incident, actor, now, act, text)
            return incident

    async def complete(self, actor: Actor, key: str, reason: str = "") -> Review:
        """The postmortem is finished; `reason` is needed where a reviewer has not agreed or a comment is open.

        Raises NotFound, Invalid, Conflict when it is already, NotAllowed for all but the commander and the owner.
        """
        now = self.clock.now()
        said = _said(reason, "reason", needed=False)
        async with self.store.write() as uow:
            incident, newest = await _locked(uow, actor, key)
            review = await _review(uow, incident, newest)
            if newest.status is PostmortemStatus.COMPLETED:
                raise Conflict(f"The postmortem of {incident.key} is completed already.")
            await _may_complete(uow, actor, review)
            if not said and (missing := missing_for_completion(review)):
                raise Invalid(f"{missing} Say why it is completed all the same.", field="reason")
            duty = review.duty or await postmortem_duty.begin(uow, incident, now)
            newest.status = PostmortemStatus.COMPLETED
            duty.completed_at, duty.completed_by, duty.reason = now, actor.user, said
            duty.plan += 1
            act = ("postmortem.completed", f"postmortem:{newest.version}")
            why = f": {said}" if said else "."
            await keep_act(uow, incident, actor, now, act, f"Completed the postmortem, version {newest.version}{why}")
            await owe_postmortem_word(uow, incident, now)
            return await _review(uow, incident, newest)


def missing_for_completion(review: Review) -> str:
    """What stands in the way of completing it, a sentence; empty for nothing."""
    waiting = sum(one.answer is Answer.WAITING for one in review.reviewers)
    changes = sum(one.answer is Answer.CHANGES for one in review.reviewers)
    comments = sum(one.resolved_at is None for one in review.comments)
    parts = [
        *(["nobody was asked to review it"] if not review.reviewers else []),
        *([f"{waiting} of {len(review.reviewers)} reviewers have not answered"] if waiting else []),
        *(
            [f"changes were asked for {changes} times" if changes > 1 else "a reviewer asks for changes"]
            * (changes > 0)
        ),
        *([f"{comments} comments are open" if comments > 1 else "a comment is open"] * (comments > 0)),
    ]
    joined = ", and ".join(parts)
    return f"{joined[:1].upper()}{joined[1:]}." if joined else ""


async def _locked(uow: UnitOfWork, actor: Actor, key: str) -> tuple[Incident, Postmortem]:
    incident = await locked_for(uow, actor, key)
    newest = await uow.postmortems.latest(id_of(incident))
    if newest is None:
        raise NotFound(f"{incident.key} has no postmortem yet. `/ai-incident postmortem` drafts one.")
    return incident, newest


async def _review(uow: UnitOfWork, incident: Incident, newest: Postmortem) -> Review:
    duty = await duty_of(uow, incident)
    return Review(
        incident,
        newest,
        await uow.of_incident(PostmortemReviewer, id_of(incident)),
        await uow.of_incident(PostmortemComment, id_of(incident)),
        duty,
        await owner_of(uow, incident, duty),
    )


async def _asked(
    uow: UnitOfWork, incident: Incident, known: PostmortemReviewer | None, who: tuple[str, str], now: datetime
) -> PostmortemReviewer:
    """The reviewer, asked now; `who` is them and who asks."""
    user, by = who
    if known is None:
        known = PostmortemReviewer(
            team=incident.team, incident_id=id_of(incident), user=user, asked_by=by, asked_at=now
        )
        await uow.add(known)
        return known
    known.asked_by, known.asked_at = by, now
    known.answer, known.comment, known.answered_at, known.version = Answer.WAITING, "", None, None
    return known


async def _must_all_see(uow: UnitOfWork, incident: Incident, users: Sequence[str]) -> None:
    outside = [user for user in users if not await may_see(uow, Actor(incident.team, user), incident)]
    if outside:
        names = ", ".join(f"<@{user}>" for user in outside)
        raise NotAllowed(
            f"This incident is restricted, and {names} may not see it. Give them a role in it first, then ask again. "
            "Nothing was changed.",
        )


async def _may_complete(uow: UnitOfWork, actor: Actor, review: Review) -> None:
    commander = (await uow.roles.holders(id_of(review.incident))).get(Role.COMMANDER)
    allowed = {review.owner, *([commander.user] if commander else [])}
    if actor.user not in allowed:
        names = " or ".join(f"<@{user}>" for user in sorted(allowed))
        raise NotAllowed(f"Only {names} can complete this postmortem. Nothing was changed.")


def _said(text: str, field: str, *, needed: bool) -> str:
    said = text.strip()
    if needed and not has_something_visible(said):
        raise Invalid("Write a sentence.", field=field)
    if len(said) > TEXT_MAX:
        raise Invalid(f"That has {len(said)} characters; at most {TEXT_MAX} fit.", field=field)
    return said
