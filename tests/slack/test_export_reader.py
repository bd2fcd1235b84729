"""A Slack export is read in order, or refused with the file's name and what to do."""

from __future__ import annotations

import json

import pytest

from app.domain.channel_event import Deleted, Edited, Said
from app.domain.errors import Invalid
from app.ports.chat import Channel, Profile
from app.slack.export_reader import read_export

USERS = [
    {"id": "U1", "name": "ada", "profile": {"display_name": "Ada", "real_name": "Ada L"}},
    {"id": "U2", "name": "monitor", "is_bot": True, "profile": {"real_name": "Monitor"}},
    {"id": "U3", "name": "gone", "deleted": True},
]


@pytest.fixture
def export(tmp_path):
    (tmp_path / "users.json").write_text(json.dumps(USERS))
    (tmp_path / "channels.json").write_text(json.dumps([{"id": "C1", "name": "incident"}]))
    (tmp_path / "incident").mkdir()
    return tmp_path


def write(export, day, *messages):
    (export / "incident" / f"{day}.json").write_text(json.dumps(list(messages)))


def test_messages_come_in_the_order_they_were_said_across_days(export):
    write(export, "2026-01-02", {"type": "message", "user": "U1", "text": "third", "ts": "1767312000.000100"})
    write(
        export,
        "2026-01-01",
        {
            "type": "message",
            "user": "U1",
            "text": "second",
            "ts": "1767225601.000200",
            "thread_ts": "1767225600.000100",
        },
        {"type": "message", "user": "U1", "text": "first", "ts": "1767225600.000100", "thread_ts": "1767225600.000100"},
    )
    read = read_export(export, "#incident", team="T9")
    assert [event.text for event in read.events] == ["first", "second", "third"]
    assert read.events[1].thread_ts == "1767225600.000100"
    assert {(event.team, event.channel) for event in read.events} == {("T9", "C1")}
    assert read.channel == Channel("C1", "incident")
    assert read.members == [
        Profile("U1", "Ada"),
        Profile("U2", "Monitor", is_bot=True),
        Profile("U3", "gone", deleted=True),
    ]


def test_edits_deletions_files_bots_and_reactions_are_read(export):
    file = {"id": "F1", "name": "a.png", "mimetype": "image/png", "url_private": "https://f.example/a"}
    original = {"user": "U1", "text": "70%", "ts": "10.1"}
    write(
        export,
        "2026-01-01",
        {"user": "U1", "text": "now", "ts": "10.0", "edited": {"user": "U1", "ts": "12.0"}, "files": [file]},
        {"user": "U2", "text": "PSI 0.31", "ts": "10.2", "reactions": [{"name": "eyes", "users": ["U1"], "count": 1}]},
        {
            "subtype": "message_changed",
            "ts": "10.3",
            "message": original | {"text": "17%", "edited": {"ts": "10.3"}},
            "previous_message": original,
        },
        {"subtype": "message_deleted", "ts": "10.4", "deleted_ts": "10.1", "previous_message": original},
        {"subtype": "tombstone", "ts": "10.5", "user": "USLACKBOT", "text": "This message was deleted."},
        {"subtype": "channel_join", "ts": "10.6", "user": "U1", "text": "joined"},
    )
    edited, alert, changed, deleted, buried = read_export(export, "incident").events
    assert isinstance(edited, Said)
    assert edited.edited_ts == "12.0"
    assert edited.files == ({"name": "a.png", "mimetype": "image/png", "permalink": "https://f.example/a"},)
    assert (alert.author, alert.author_is_bot, alert.reactions) == ("U2", True, {"eyes": ("U1",)})
    assert isinstance(changed, Edited)
    assert (changed.text, changed.previous_text) == ("17%", "70%")
    assert deleted == Deleted("local", "C1", "10.1", "10.4", "70%", "U1")
    assert buried == Deleted("local", "C1", "10.5", "10.5")


def refusal(export, name="incident"):
    with pytest.raises(Invalid) as refused:
        read_export(export, name)
    return str(refused.value)


def test_broken_json_is_refused_naming_the_file_and_the_place(export):
    write(export, "2026-01-01", {"user": "U1", "text": "kept", "ts": "10.0"})
    (export / "incident" / "2026-01-02.json").write_text('[{"user": "U1", "ts": "1')
    assert "2026-01-02.json is broken JSON (line 1, column" in refusal(export)
    assert "nothing was imported" in refusal(export)


def test_a_message_without_a_time_is_refused(export):
    write(export, "2026-01-01", {"user": "U1", "text": "when?"})
    assert "message 1 has no valid ts" in refusal(export)


@pytest.mark.parametrize("content", ["{}", "[1, 2]", '"text"'])
def test_a_file_of_another_shape_is_refused(export, content):
    (export / "incident" / "2026-01-01.json").write_text(content)
    assert "is not a list of objects" in refusal(export)


def test_a_message_of_another_shape_is_refused(export):
    write(export, "2026-01-01", {"user": "U1", "text": "x", "ts": "10.0", "files": ["F1"]})
    assert "is not shaped like a Slack message" in refusal(export)


def test_bytes_that_are_no_text_are_refused(export):
    (export / "incident" / "2026-01-01.json").write_bytes(b"\xff\xfe[]")
    assert "no readable JSON" in refusal(export)


def test_a_missing_channel_is_refused_with_the_nearest_names(export):
    assert "has no channel 'incidents'. There are: incident." in refusal(export, "incidents")


def test_a_channel_without_days_is_refused(export):
    assert "holds no file named like 2026-01-31.json" in refusal(export)


def test_another_directory_is_refused(tmp_path):
    assert "users.json is missing" in refusal(tmp_path)
    archive = tmp_path / "export.zip"
    archive.write_bytes(b"PK")
    assert "Unpack the archive first" in refusal(archive)
