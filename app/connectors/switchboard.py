"""The switchboard: every switch by the connector that the register gives it."""

from __future__ import annotations

from dataclasses import dataclass

from app.connectors.command import Commands
from app.connectors.webhook import Webhook
from app.domain.register import ConnectorKind, Switch
from app.ports.switches import Answer, Call, Order, SwitchFailed
from app.settings import Settings


@dataclass(frozen=True)
class Switchboard:
    """Throws switches; see `app.ports.switches.Switches`. `webhook` None: no secret is set, and none may be called."""

    webhook: Webhook | None
    commands: Commands

    def obstacle(self, switch: Switch) -> str:
        """Also empty for what people do by hand."""
        connector = switch.connector
        if connector.kind is ConnectorKind.WEBHOOK and self.webhook is None:
            return "CONTAINMENT_SECRET is not set, so no webhook can be signed"
        if connector.kind is ConnectorKind.COMMAND and (missing := self.commands.missing(connector)):
            return f"CONTAINMENT_COMMANDS does not allow the command {missing[:80]}"
        return ""

    async def call(self, call: Call, order: Order) -> Answer:
        """Raises SwitchFailed."""
        obstacle = self.obstacle(order.switch)
        if obstacle:
            raise SwitchFailed(obstacle)
        kind = order.switch.connector.kind
        if kind is ConnectorKind.WEBHOOK and self.webhook is not None:
            return await self.webhook.call(call, order)
        if kind is ConnectorKind.COMMAND:
            return await self.commands.call(call, order)
        raise SwitchFailed("it has no connector; a person has to do it by hand")


def switchboard(settings: Settings) -> Switchboard:
    """The switchboard that the operator's settings allow."""
    secret = settings.containment_secret
    webhook = Webhook(secret.get_secret_value()) if secret is not None else None
    return Switchboard(webhook, Commands(settings.containment_commands))
