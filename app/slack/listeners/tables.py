"""Which listener answers which identifier; every identifier that is drawn stands here."""

from __future__ import annotations

from collections.abc import Mapping

from app.slack.ids import Action, Shortcut, View
from app.slack.listeners import (
    containment,
    declare,
    follow_up,
    lifecycle,
    panel,
    postmortem,
    problem,
    register,
    reminder,
    roles,
    status_update,
    timeline,
    unknowns,
    update_approval,
)
from app.slack.listeners.edge import Handler
from app.slack.views.register import SYSTEM_FIELD

ACTIONS: Mapping[Action, Handler] = {
    Action.DECLARE_OPEN: declare.open_form,
    Action.ROLE_CLAIM: roles.claim,
    Action.ROLE_RELEASE: roles.release,
    Action.ROLE_ASSIGN: roles.assign,
    Action.ROLE_PANEL: roles.open_panel,
    Action.UPDATE_DRAFT: status_update.draft_pressed,
    Action.UPDATE_APPROVE: update_approval.approve,
    Action.UPDATE_PUBLISH: update_approval.publish,
    Action.UPDATE_DISCARD: update_approval.discard,
    Action.REMINDER_SNOOZE: reminder.snooze,
    Action.REMINDER_DISMISS: reminder.dismiss,
    Action.LIFECYCLE_OPEN: lifecycle.open_form,
    Action.ENTRY_OPEN: timeline.open_entry,
    Action.MARK_OPEN: timeline.open_mark_again,
    Action.UNKNOWN_OPEN: unknowns.open_list,
    Action.UNKNOWN_ANSWER: unknowns.open_answer,
    Action.POSTMORTEM_DRAFT: postmortem.draft_pressed,
    Action.POSTMORTEM_OPEN: postmortem.open_pressed,
    Action.FOLLOW_UP_OPEN: follow_up.open_form,
    Action.FOLLOW_UP_CHANGE: follow_up.open_change,
    Action.FOLLOW_UP_DONE: follow_up.done,
    Action.FOLLOW_UP_DROP: follow_up.open_drop,
    Action.FOLLOW_UP_REOPEN: follow_up.reopen,
    Action.CONTAINMENT_OPEN: containment.open_form,
    Action.CONTAINMENT_STOP: containment.stop,
    Action.CONTAINMENT_APPROVE: containment.approve,
    Action.CONTAINMENT_REFUSE: containment.refuse,
    Action.CONTAINMENT_RETRY: containment.retry,
    Action.CONTAINMENT_UNDO: containment.undo,
    Action.CONTAINMENT_KEEP: containment.keep,
    Action.CONTAINMENT_BY_HAND: containment.open_by_hand,
    Action.CONTAINMENT_STATUS: containment.open_status,
    Action.PROBLEM_RETRY: problem.retry,
    Action.PANEL_OPEN: panel.open_panel,
    Action.LIST_OPEN: panel.open_list,
    Action.HELP_OPEN: panel.open_help,
    Action.REGISTER_LIST: register.open_list,
    Action.REGISTER_SHOW: register.open_sheet,
    Action.REGISTER_ADD: register.open_add,
    Action.REGISTER_CHANGE: register.open_change,
    Action.REGISTER_NAME: register.open_name,
}
VIEWS: Mapping[View, Handler] = {
    View.DECLARE: declare.submit,
    View.STATUS_UPDATE: status_update.submit,
    View.STATUS_UPDATE_OVERRIDE: update_approval.submit_override,
    View.ROLE_PANEL: roles.done,
    View.LIFECYCLE: lifecycle.submit,
    View.MARK_ENTRY: timeline.submit_mark,
    View.ADD_ENTRY: timeline.submit_entry,
    View.UNKNOWNS: unknowns.submit_new,
    View.ANSWER: unknowns.submit_answer,
    View.CONTAINMENT: containment.submit,
    View.CONTAINMENT_BY_HAND: containment.submit_by_hand,
    View.FOLLOW_UP: follow_up.submit,
    View.FOLLOW_UP_DROP: follow_up.submit_drop,
    View.REGISTER_EDIT: register.submit,
    View.REGISTER_NAME: register.submit_name,
}
# Menus whose options are asked for while somebody types, by the field's name.
OPTIONS: Mapping[str, Handler] = {SYSTEM_FIELD: register.offer}
SHORTCUTS: Mapping[Shortcut, Handler] = {
    Shortcut.DECLARE: declare.open_form,
    Shortcut.MARK_ENTRY: timeline.open_mark,
}
