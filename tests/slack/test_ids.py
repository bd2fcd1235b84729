"""Every identifier is drawn somewhere and answered by a listener; nothing else is."""

from __future__ import annotations

from app.slack.commands import NAMES, nearest
from app.slack.ids import SHOWN_ONLY, Action, Shortcut, View
from app.slack.listeners.ask import Again
from app.slack.listeners.command import RUN
from app.slack.listeners.tables import ACTIONS, SHORTCUTS, VIEWS
from app.slack.messages import render
from app.slack.messages.help import help_blocks
from tests.slack.forms import homes, modals
from tests.slack.samples import SAMPLES, values_of


def drawn():
    calm = SAMPLES["calm"]
    yield from (render(notice)[1] for notice in calm.notices())
    yield from modals(calm)
    yield from homes(calm)
    yield help_blocks()


def inputs():
    return {
        block["block_id"] for view in modals(SAMPLES["calm"]) for block in view["blocks"] if block["type"] == "input"
    }


def test_every_action_is_drawn_and_handled():
    shown = {action for part in drawn() for action in values_of(part, "action_id")} - inputs()
    # The one that is only drawn when a form could not be opened in time.
    assert shown | {Again("", Action.MARK_OPEN, "").action} == set(Action) == set(ACTIONS)


def test_every_form_is_drawn_and_handled():
    shown = {view["callback_id"] for view in modals(SAMPLES["calm"])}
    assert shown == set(View) == set(VIEWS) | SHOWN_ONLY
    assert not set(VIEWS) & SHOWN_ONLY


def test_every_shortcut_is_handled():
    assert set(SHORTCUTS) == set(Shortcut)


def test_every_subcommand_in_the_help_runs():
    assert set(RUN) == set(NAMES)


def test_the_nearest_subcommand_is_found():
    assert nearest("postmorten") == "postmortem"
    assert nearest("resolved") == "resolve"
    assert nearest("xyzzy") is None
