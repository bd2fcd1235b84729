"""Every identifier by which Slack tells which form was sent, which button pressed, which shortcut chosen.

They are constants and carry no data: a button's value is one key, a form's data is in its private metadata.
"""

from __future__ import annotations

from enum import StrEnum

COMMAND = "/ai-incident"
METADATA_EVENT = "ai_incident"


class Shortcut(StrEnum):
    DECLARE = "declare"
    MARK_ENTRY = "mark_entry"


class View(StrEnum):
    """Callback ids; those in SHOWN_ONLY have nothing to submit."""

    DECLARE = "declare.submit"
    DECLARE_STATUS = "declare.status"
    STATUS_UPDATE = "status_update.edit"
    STATUS_UPDATE_OVERRIDE = "status_update.override"
    LIFECYCLE = "lifecycle.edit"
    ROLE_PANEL = "role.panel"
    MARK_ENTRY = "mark_entry.edit"
    ADD_ENTRY = "entry.edit"
    UNKNOWNS = "unknown.raise"
    ANSWER = "unknown.answer"
    POSTMORTEM = "postmortem.view"
    POSTMORTEM_EDIT = "postmortem.edit"
    POSTMORTEM_COMMENT = "postmortem.comment"
    POSTMORTEM_REVIEWERS = "postmortem.reviewers"
    POSTMORTEM_CHANGES = "postmortem.changes"
    POSTMORTEM_COMPLETE = "postmortem.complete"
    FOLLOW_UP = "follow_up.edit"
    FOLLOW_UP_DROP = "follow_up.drop"
    CONTAINMENT = "containment.confirm"
    CONTAINMENT_BY_HAND = "containment.by_hand"
    SUGGESTION = "suggestion.edit"
    NOTICE = "notice.view"
    REGISTER_EDIT = "register.edit"
    REGISTER_NAME = "register.name"
    TRIAL = "trial.edit"
    TRIAL_JUDGE = "trial.judge"
    TRIAL_OVERRIDE = "trial.override"
    PLAYBOOK = "playbook.view"
    PLAYBOOK_SKIP = "playbook.skip"
    CLOCKS = "clocks.view"
    CLOCK_QUESTIONS = "clocks.questions"
    CLOCK_DETAILS = "clocks.details"
    CLOCK_DECISION = "clocks.decision"
    CLOCK_STARTS = "clocks.starts"
    CLOCK_SENT = "clocks.submission"


SHOWN_ONLY = frozenset({View.DECLARE_STATUS, View.POSTMORTEM, View.NOTICE, View.CLOCKS, View.PLAYBOOK})


class Action(StrEnum):
    """Action ids of buttons and selects. The comment behind each is its value."""

    DECLARE_OPEN = "declare.open"  # "new"
    ROLE_CLAIM = "role.claim"  # KEY:role
    ROLE_RELEASE = "role.release"  # KEY:role
    ROLE_ASSIGN = "role.assign"  # a users select; its block is named after the role
    ROLE_PANEL = "role.panel"  # KEY
    UPDATE_DRAFT = "status_update.draft"  # KEY, or an update id to edit that one
    UPDATE_USE_MODEL = "status_update.use_model"  # draft record id
    UPDATE_APPROVE = "status_update.approve"  # update id
    UPDATE_PUBLISH = "status_update.publish"  # update id
    UPDATE_DISCARD = "status_update.discard"  # update id
    UPDATE_CHANGES = "status_update.changes"  # update id
    UPDATE_COPY = "status_update.copy"  # update id
    SUGGESTION_ASK = "suggestion.ask"  # "report"
    SUGGESTION_TAKE = "suggestion.take"  # KEY
    SUGGESTION_CHANGE = "suggestion.change"  # KEY
    TRIAGE_OPEN = "triage.open"  # KEY
    ESCALATION_INVITE = "escalation.invite"  # KEY:user
    ESCALATION_ANSWER = "escalation.answer"  # KEY
    REMINDER_SNOOZE = "reminder.snooze"  # reminder id
    REMINDER_DISMISS = "reminder.dismiss"  # reminder id
    LIFECYCLE_OPEN = "lifecycle.open"  # KEY
    ENTRY_OPEN = "entry.open"  # KEY
    MARK_OPEN = "mark_entry.open"  # CHANNEL:ts
    UNKNOWN_OPEN = "unknown.open"  # KEY
    UNKNOWN_RAISE = "unknown.raise"  # KEY:question
    UNKNOWN_ANSWER = "unknown.answer"  # KEY:number
    POSTMORTEM_DRAFT = "postmortem.draft"  # KEY
    POSTMORTEM_OPEN = "postmortem.open"  # KEY
    POSTMORTEM_EDIT = "postmortem.edit"  # KEY:part
    POSTMORTEM_COMMENT = "postmortem.comment"  # KEY:part
    POSTMORTEM_RESOLVE = "postmortem.resolve"  # comment id
    POSTMORTEM_REVIEWERS = "postmortem.reviewers"  # KEY
    POSTMORTEM_REVIEWED = "postmortem.reviewed"  # KEY
    POSTMORTEM_CHANGES = "postmortem.changes"  # KEY
    POSTMORTEM_COMPLETE = "postmortem.complete"  # KEY
    FOLLOW_UP_OPEN = "follow_up.open"  # KEY
    FOLLOW_UP_FROM = "follow_up.from"  # a menu of the prevention plan's sentences; KEY:number
    FOLLOW_UP_CHANGE = "follow_up.change"  # follow-up id
    FOLLOW_UP_DONE = "follow_up.done"  # follow-up id
    FOLLOW_UP_DROP = "follow_up.drop"  # follow-up id
    FOLLOW_UP_REOPEN = "follow_up.reopen"  # follow-up id
    CONTAINMENT_OPEN = "containment.open"  # KEY
    CONTAINMENT_STOP = "containment.stop"  # KEY:switch
    CONTAINMENT_APPROVE = "containment.approve"  # containment id
    CONTAINMENT_REFUSE = "containment.refuse"  # containment id
    CONTAINMENT_RETRY = "containment.retry"  # containment id
    CONTAINMENT_UNDO = "containment.undo"  # containment id
    CONTAINMENT_KEEP = "containment.keep"  # containment id
    CONTAINMENT_BY_HAND = "containment.by_hand"  # containment id
    CONTAINMENT_STATUS = "containment.status"  # containment id
    TRIAL_OPEN = "trial.open"  # KEY
    TRIAL_CANCEL = "trial.cancel"  # trial id
    TRIAL_RESUME = "trial.resume"  # trial id
    TRIAL_JUDGE = "trial.judge"  # trial id
    TRIAL_OVERRIDE = "trial.override"  # KEY
    CLOCKS_OPEN = "clocks.open"  # KEY
    CLOCKS_ASK = "clocks.ask"  # KEY
    CLOCKS_DECIDE = "clocks.decide"  # KEY:regime
    CLOCKS_STAMP = "clocks.stamp"  # KEY
    CLOCKS_SENT = "clocks.sent"  # KEY:regime:phase
    CLOCKS_TAKE = "clocks.take"  # phase id
    CLOCKS_DRAFT = "clocks.draft"  # KEY
    PROBLEM_RETRY = "problem.retry"  # job id
    PANEL_OPEN = "panel.open"  # KEY
    LIST_OPEN = "list.open"  # "open"
    REGISTER_LIST = "register.list"  # "all"
    REGISTER_SHOW = "register.show"  # a system's key
    REGISTER_ADD = "register.add"  # KEY of the incident during which it is added, or "new"
    REGISTER_CHANGE = "register.change"  # a system's key
    REGISTER_NAME = "register.open"  # KEY
    PLAYBOOK_OPEN = "playbook.open"  # KEY
    PLAYBOOK_ALL = "playbook.all"  # KEY
    PLAYBOOK_STANDARDS = "playbook.standards"  # KEY
    PLAYBOOK_DONE = "playbook.done"  # KEY:step
    PLAYBOOK_SKIP = "playbook.skip"  # KEY:step
    PLAYBOOK_ASSIGN = "playbook.assign"  # a users select; its block is named after the step
    PLAYBOOK_REOPEN = "playbook.reopen"  # KEY:step
    PLAYBOOK_ANSWER_1 = "playbook.answer_1"  # KEY:gate:answer; one for each answer, as a block needs ids of its own
    PLAYBOOK_ANSWER_2 = "playbook.answer_2"
    PLAYBOOK_ANSWER_3 = "playbook.answer_3"
    PLAYBOOK_ANSWER_4 = "playbook.answer_4"
    CATCH_UP = "catch_up.show"  # KEY
    HELP_OPEN = "help.open"  # "help"


# The inputs of a form that are heard while somebody types in them; see `inputs.heard`.
HEARD = ("what_happened", "testing", "doing", "unknowns", "next_update_minutes", "audience")
