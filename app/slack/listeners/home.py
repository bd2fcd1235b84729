"""App Home: drawn for whoever opens it, and drawn anew where it is open when incidents change."""

from __future__ import annotations

import structlog

from app.ports.chat import ChatError
from app.services.actor import Actor
from app.slack.blocks import Block
from app.slack.listeners.ask import Ask
from app.slack.views.home import home

log = structlog.get_logger(__name__)


async def home_opened(ask: Ask) -> None:
    """Draw App Home for whoever opened it."""
    event = ask.body.get("event") or {}
    if event.get("tab", "home") != "home":
        return
    actor = ask.actor
    view = await _page(ask, actor)
    ask.desk.homes.opened(actor.team, actor.user, view)
    await ask.call("views.publish", user_id=actor.user, view=view)


async def follow_homes(ask: Ask) -> None:
    """Draw the open pages of the workspace anew, where what was just done shows on them."""
    homes, team = ask.desk.homes, ask.actor.team
    for user in homes.viewers(team):
        view = await _page(ask, Actor(team, user))
        if not homes.changed(team, user, view):
            continue
        try:
            await ask.call("views.publish", user_id=user, view=view)
        except ChatError as error:
            log.info("home_not_followed", code=error.code)


async def _page(ask: Ask, actor: Actor) -> Block:
    return home(await ask.services.board.open_incidents(actor))
