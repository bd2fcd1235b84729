"""Who may be given something to do: people that Slack knows, and no apps."""

from __future__ import annotations

from app.domain.errors import Invalid
from app.ports.chat import ChatError, Chats, Profile


async def receiver(chats: Chats, team: str, user: str) -> Profile:
    """The person of that ID. Raises Invalid for an app, a deactivated account, nobody, or while Slack can't tell."""
    try:
        profile = await (await chats.of(team)).profile(user)
    except ChatError as error:
        raise Invalid(
            f"Slack could not tell who <@{user}> is ({error.code}). Nothing was changed. Try again in a minute.",
            field="user",
        ) from error
    if profile is None:
        raise Invalid(f"Slack knows nobody called `{user}` here. Pick a person from the list.", field="user")
    return able(profile)


def able(profile: Profile) -> Profile:
    """The profile. Raises Invalid when it is an app's, or of a deactivated account."""
    if profile.is_bot:
        raise Invalid(f"<@{profile.user}> is an app. Roles and steps are for people; pick a person.", field="user")
    if profile.deleted:
        raise Invalid(f"<@{profile.user}>'s account is deactivated. Pick somebody else.", field="user")
    return profile
