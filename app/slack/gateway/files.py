"""Files in Slack: handed over in three steps, the middle one outside the Web API."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

import aiohttp

from app.ports.chat import Attachment, ChatBusy, ChatRefused, Posted
from app.slack.blocks import plain_words
from app.slack.gateway.calls import Calls
from app.slack.gateway.history import pages

ALT_TEXT_MAX = 1000
GONE = frozenset({"file_not_found", "file_deleted"})
# Where Slack lets files be sent to, beside the host whose Web API is configured.
_SLACKS = ("slack.com", "slack-gov.com")


async def upload(calls: Calls, attachment: Attachment) -> str:
    """The id of a file that was handed over and is in no conversation. Raises like `Calls.call`."""
    given = await calls.call(
        "files.getUploadURLExternal",
        filename=attachment.name,
        length=len(attachment.content),
        alt_txt=plain_words(attachment.words, ALT_TEXT_MAX),
    )
    address, file = str(given.get("upload_url") or ""), str(given.get("file_id") or "")
    if not file or not trusted(address, calls.client.base_url):
        raise ChatRefused("upload_address_refused")
    await _send(calls, address, attachment.content)
    return file


async def share(calls: Calls, file: str, title: str, where: Posted) -> None:
    """Finish the upload into the thread of a message; may be done once."""
    files = [{"id": file, "title": plain_words(title, 100)}]
    await calls.call("files.completeUploadExternal", files=files, channel_id=where.channel, thread_ts=where.ts)


async def is_shared(calls: Calls, file: str, where: Posted) -> bool:
    """Whether a reply to that message has the file."""
    replies = pages(calls.call, "conversations.replies", "messages", channel=where.channel, ts=where.ts)
    async for page in replies:
        for message in page:
            if any(one.get("id") == file for one in message.get("files") or ()):
                return True
    return False


def trusted(address: str, api_url: str) -> bool:
    """Whether a file may be sent there: Slack's own hosts by https, or just where its Web API is."""
    try:
        there, api = urlsplit(address), urlsplit(api_url)
        if there.username is not None or there.password is not None:
            return False
        if _origin(there) == _origin(api):
            return True
        host = there.hostname or ""
        slacks = any(host == one or host.endswith(f".{one}") for one in _SLACKS)
        return there.scheme == "https" and slacks and there.port in (None, 443)
    except ValueError:
        return False


def _origin(address: SplitResult) -> tuple[str, str | None, int | None]:
    return address.scheme, address.hostname, address.port


async def _send(calls: Calls, address: str, content: bytes) -> None:
    """Post the bytes; the address itself is the permission, so no token goes there."""
    session = calls.client.session
    if session is None:
        raise ChatRefused("no_session")
    headers = {"Content-Type": "application/octet-stream"}
    try:
        async with session.post(address, data=content, headers=headers, allow_redirects=False) as answer:
            status = answer.status
    except (TimeoutError, aiohttp.ClientError) as error:
        # What was handed over and is never shared does no harm.
        raise ChatBusy("upload_lost") from error
    if status == 429 or status >= 500:
        raise ChatBusy("upload_failed")
    if status != 200:
        raise ChatRefused("upload_refused", str(status))
