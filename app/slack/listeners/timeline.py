"""Putting something on the timeline: by command, by form, by marking a message."""

from __future__ import annotations

from app.domain.cascade import Layer
from app.domain.errors import Invalid
from app.domain.timeline import Mark
from app.slack.blocks import safe_line
from app.slack.form_values import as_slack_sends, texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import chosen, meant
from app.slack.message_text import text_of
from app.slack.views.timeline import entry_form, mark_form
from app.slack.words import MARK_NAMES

NUMBER_DIGITS = 10
LAYERS = f"The layers are {', '.join(Layer)}; `none` takes it back."
SIGNS = "✕ it failed there · ? it may have · open: nobody has said yet"
NO_INCIDENT = "This message is not in an incident's channel, so there is no timeline to put it on. Nothing was changed."


async def note(ask: Ask, words: str) -> None:
    await _add(ask, words, Mark.NOTE, "note the vendor was called")


async def decision(ask: Ask, words: str) -> None:
    await _add(ask, words, Mark.DECISION, "decision roll the model back")


async def action(ask: Ask, words: str) -> None:
    await _add(ask, words, Mark.ACTION, "action agent's write permission revoked")


async def hypothesis(ask: Ask, words: str) -> None:
    await _add(ask, words, Mark.HYPOTHESIS, "hypothesis the new prompt template drops the system message")


async def ruled_out(ask: Ask, words: str) -> None:
    await _add(ask, words, Mark.RULED_OUT, "ruled-out not the vendor's outage")


async def _add(ask: Ask, words: str, mark: Mark, example: str) -> None:
    await ask.take()
    incident, text = await meant(ask, words, example)
    if not text.strip():
        raise Invalid(f"Write what it is after the command, for example: `{example}`. Nothing was added.")
    await ask.services.marks.note(ask.actor, incident.key, mark, text)
    await ask.say(f"{_name(mark)} added to {incident.key}: {safe_line(text, 500)}")


def _name(mark: Mark) -> str:
    return MARK_NAMES[mark].partition(" – ")[0]


async def open_entry(ask: Ask) -> None:
    await ask.take()
    incident = await ask.services.board.incident(ask.actor, ask.value)
    await ask.open(entry_form(incident), Again("Add an entry", Action.ENTRY_OPEN, incident.key))


async def submit_entry(ask: Ask) -> None:
    """Put the entry on the timeline; an unknown goes on the numbered list as well."""
    entered = texts(ask.view)
    mark = chosen(Mark, entered.get("mark"), Mark.NOTE)
    text = as_slack_sends(entered.get("text", ""))
    layer = _layer(entered.get("layer"))
    if mark is not Mark.UNKNOWN:
        await ask.services.marks.note(ask.actor, ask.key, mark, text, layer)
    else:
        unknown = await ask.services.unknowns.raise_(ask.actor, ask.key, text)
        if layer is not None:
            await ask.services.marks.place(ask.actor, ask.key, unknown.entry_id, layer)
    await ask.take(response_action="clear")


async def open_mark(ask: Ask) -> None:
    """The message shortcut: which mark the message gets."""
    await ask.take()
    message = ask.body.get("message") or {}
    await _open_mark(ask, str(ask.channel or ""), str(message.get("ts") or ""), text_of(message))


async def open_mark_again(ask: Ask) -> None:
    """The button that takes the place of the form when Slack's time had run out."""
    await ask.take()
    channel, _, ts = ask.value.partition(":")
    await _open_mark(ask, channel, ts, "")


async def _open_mark(ask: Ask, channel: str, ts: str, text: str) -> None:
    if await ask.services.board.by_channel(ask.actor.team, channel) is None:
        raise Invalid(NO_INCIDENT)
    await ask.open(mark_form(channel, ts, text), Again("Mark this message", Action.MARK_OPEN, f"{channel}:{ts}"))


async def submit_mark(ask: Ask) -> None:
    entered, place = texts(ask.view), ask.remembered
    mark, layer = chosen(Mark, entered.get("mark")), _layer(entered.get("layer"))
    await ask.services.marks.mark(ask.actor, str(place.get("channel") or ""), str(place.get("ts") or ""), mark, layer)
    await ask.take()


async def layer_command(ask: Ask, words: str) -> None:
    """`layer N LAYER`: where in the system entry N happened; without words, the cascade as it stands."""
    await ask.take()
    incident, rest = await meant(ask, words, "layer 12 inference")
    number, _, name = rest.strip().partition(" ")
    if number:
        digits = number.strip("#[]")
        if not (digits.isascii() and digits.isdigit() and len(digits) < NUMBER_DIGITS):
            raise Invalid(f"Give the entry's number and its layer, for example `layer 12 inference`. {LAYERS}")
        placed = None if name.strip().lower() == "none" else chosen(Layer, name.strip().lower())
        await ask.services.marks.place(ask.actor, incident.key, int(digits), placed)
    panel = await ask.services.board.panel(ask.actor, incident.key)
    nothing = f"No entry of {incident.key} has a layer yet. {LAYERS}"
    await ask.say(f"Cascade: {panel.cascade}\n{SIGNS}" if panel.cascade else nothing)


def _layer(given: str | None) -> Layer | None:
    return chosen(Layer, given) if given else None
