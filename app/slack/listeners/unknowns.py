"""The numbered list of what nobody knows: raised, answered, read."""

from __future__ import annotations

from app.domain.errors import Invalid, NotFound
from app.slack.blocks import safe_line
from app.slack.form_values import as_slack_sends, texts
from app.slack.ids import Action
from app.slack.listeners.ask import Again, Ask
from app.slack.listeners.place import key_and, meant, number_in
from app.slack.views.unknowns import answer_form, unknowns_form

NUMBER_DIGITS = 10


async def raise_command(ask: Ask, words: str) -> None:
    """`unknown TEXT`; without a text, the list."""
    await ask.take()
    incident, text = await meant(ask, words, "unknown how many customers saw it")
    if not text.strip():
        await _open_list(ask, incident.key)
        return
    unknown = await ask.services.unknowns.raise_(ask.actor, incident.key, text)
    await ask.say(f"Unknown {unknown.number} of {incident.key}: {safe_line(text, 500)}")


async def answer_command(ask: Ask, words: str) -> None:
    """`answer N TEXT`"""
    await ask.take()
    incident, rest = await meant(ask, words, "answer 2 about 1,200, all in one region")
    number, _, text = rest.strip().partition(" ")
    digits = number.strip("#.:")
    if not (digits.isascii() and digits.isdigit() and len(digits) < NUMBER_DIGITS) or not text.strip():
        raise Invalid("Give the unknown's number, then the answer, for example: `answer 2 about 1,200`.")
    unknown = await ask.services.unknowns.answer(ask.actor, incident.key, int(digits), text.strip())
    await ask.say(f"Unknown {unknown.number} of {incident.key} is answered: {safe_line(text, 500)}")


async def open_list(ask: Ask) -> None:
    await ask.take()
    await _open_list(ask, ask.value)


async def _open_list(ask: Ask, key: str) -> None:
    incident = await ask.services.board.incident(ask.actor, key)
    unknowns = await ask.services.unknowns.list(ask.actor, incident.key)
    await ask.open(unknowns_form(incident, unknowns), Again("Unknowns", Action.UNKNOWN_OPEN, incident.key))


async def open_answer(ask: Ask) -> None:
    """*Answer* beside an unknown: its form takes the list's place."""
    await ask.take()
    key, number = key_and(ask.value)
    incident = await ask.services.board.incident(ask.actor, key)
    unknowns = await ask.services.unknowns.list(ask.actor, incident.key)
    unknown = next((one for one in unknowns if one.number == number_in(number)), None)
    if unknown is None:
        raise NotFound(f"{incident.key} has no unknown {number}.")
    await ask.open(answer_form(incident, unknown), Again("Answer", Action.UNKNOWN_ANSWER, ask.value))


async def submit_new(ask: Ask) -> None:
    """Add it, and go on with the list: there is often more than one."""
    unknown = await ask.services.unknowns.raise_(ask.actor, ask.key, _entered(ask))
    await _list_again(ask, f"Unknown {unknown.number} is on the list.")


async def submit_answer(ask: Ask) -> None:
    number = int(ask.remembered.get("number") or 0)
    await ask.services.unknowns.answer(ask.actor, ask.key, number, _entered(ask))
    await _list_again(ask, f"Unknown {number} is answered.")


def _entered(ask: Ask) -> str:
    return as_slack_sends(texts(ask.view).get("text", ""))


async def _list_again(ask: Ask, said: str) -> None:
    incident = await ask.services.board.incident(ask.actor, ask.key)
    unknowns = await ask.services.unknowns.list(ask.actor, incident.key)
    await ask.answer_form(unknowns_form(incident, unknowns, said))
