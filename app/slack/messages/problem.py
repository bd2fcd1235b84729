"""Something that could not be done, and what to do about it."""

from __future__ import annotations

from app.domain.notices import Problem
from app.slack.blocks import actions, button, safe_line, safe_with_people, section
from app.slack.ids import Action
from app.slack.messages.dispatch import Rendered, render


@render.register
def problem(notice: Problem) -> Rendered:
    key = notice.incident.key
    blocks = [section(f"⚠️ *{key}: {safe_with_people(notice.what, 1000)}*\n{safe_with_people(notice.todo, 1500)}")]
    if notice.job_id is not None:
        blocks.append(actions(button("Try again", Action.PROBLEM_RETRY, str(notice.job_id))))
    return f"{key}: {safe_line(notice.what, 500)}", blocks
