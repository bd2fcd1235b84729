"""files.*: an upload in three steps."""

import mimetypes

from app.workspace import messages, shapes
from app.workspace.authorship import as_app
from app.workspace.errors import SlackError
from app.workspace.model import Channel, File, Json
from app.workspace.web_api.invocation import Invocation, method, missing


@method("files.getUploadURLExternal")
def get_upload_url(call: Invocation) -> Json:
    """Announce a file and learn where to send it."""
    name = call.required("filename")
    length = call.whole("length", 0)
    if length <= 0:
        raise missing("length")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(
        call.state.ids.next("F"),
        name,
        call.bot,
        call.state.now_seconds,
        name,
        kind,
        expected_bytes=length,
        refusals_left=call.state.fresh_file_refusals,
    )
    call.state.files[file.id] = file
    return {"upload_url": f"{call.state.base_url}/upload/{file.id}", "file_id": file.id}


def _uploaded(call: Invocation) -> list[File]:
    listed = call.json("files")
    if not isinstance(listed, list) or not listed:
        raise missing("files")
    files = []
    for one in listed:
        file = call.state.files.get(str(one.get("id")))
        if file is None or file.user != call.bot or not file.content:
            raise SlackError("file_not_found")
        file.title = one.get("title") or file.name
        files.append(file)
    return files


def _destinations(call: Invocation) -> list[Channel]:
    found = []
    for ref in call.names("channels") or call.names("channel_id"):
        channel = call.state.channels.get(ref)
        if channel is None or (channel.kind != "public" and call.bot not in channel.members):
            raise SlackError("channel_not_found")
        if call.bot not in channel.members:
            raise SlackError("not_in_channel")
        found.append(channel)
    return found


@method("files.completeUploadExternal")
def complete_upload(call: Invocation) -> Json:
    """Share uploaded files, in a channel if one is named."""
    files = _uploaded(call)
    for channel in _destinations(call):
        for file in files:
            file.shared_in.add(channel.id)
        shown = as_app(call.state) | {"files": files, "subtype": "file_share", "extra": {"upload": True}}
        shown["thread_ts"] = call.text("thread_ts") or None
        messages.post(call.state, channel, call.bot, call.text("initial_comment"), **shown)
    for file in files:
        file.complete = True
    return {"files": [shapes.file(call.state, file) for file in files]}


@method("files.delete")
def delete(call: Invocation) -> Json:
    """Delete one of the app's files, and every message that had nothing else to say."""
    file = call.state.files.get(call.required("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    if file.user != call.bot:
        raise SlackError("cant_delete_file")
    del call.state.files[file.id]
    for channel in call.state.channels.values():
        for message in [one for one in channel.messages.values() if file in one.files]:
            message.files = [one for one in message.files if one is not file]
            if not message.files and not message.text and not message.blocks:
                messages.delete(call.state, message)
    return {}


@method("files.info")
def info(call: Invocation) -> Json:
    """One file."""
    file = call.state.files.get(call.required("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    return {"file": shapes.file(call.state, file)}
