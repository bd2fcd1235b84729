"""What Slack sends, as what happened in the channel."""

from __future__ import annotations

import pytest

from app.domain.channel_event import Deleted, Edited, Reacted, Said
from app.slack.events import Own, Place, fingerprint, is_channel_event, parse_event, parse_message

OWN = {"user": "U0BOT", "bot_id": "B0BOT", "app_id": "A0APP"}


def envelope(**event):
    event = {"type": "message", "channel": "C1", "channel_type": "channel", "event_ts": event.get("ts", "9.9")} | event
    return {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A0APP",
        "event_id": "Ev1",
        "authorizations": [{"team_id": "T1", "user_id": "U0BOT", "is_bot": True}],
        "event": event,
    }


def said(**fields):
    return Said(**({"team": "T1", "channel": "C1", "ts": "1.1", "author": "U1", "text": "hello"} | fields))


HUMAN = {"user": "U1", "text": "hello", "ts": "1.1"}
FILE = {"id": "F1", "name": "log.txt", "mimetype": "text/plain", "permalink": "https://x.example/f"}
SHOWN_FILE = {"name": "log.txt", "mimetype": "text/plain", "permalink": "https://x.example/f"}
ALERT = {"bot_id": "B9", "username": "Drift monitor", "ts": "1.1", "subtype": "bot_message"}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (HUMAN, said()),
        (HUMAN | {"thread_ts": "1.0"}, said(thread_ts="1.0")),
        (HUMAN | {"thread_ts": "1.1"}, said()),
        (HUMAN | {"thread_ts": "1.0", "subtype": "thread_broadcast"}, said(thread_ts="1.0")),
        (HUMAN | {"text": "a &lt; b &amp; c"}, said(text="a &lt; b &amp; c")),
        (HUMAN | {"text": "nul\x00 half\ud83d"}, said(text="nul\ufffd half\ufffd")),
        (HUMAN | {"text": "x" * 40_000}, said(text="x" * 40_000)),
        (HUMAN | {"subtype": "file_share", "files": [FILE]}, said(files=(SHOWN_FILE,))),
        (HUMAN | {"subtype": "me_message"}, said()),
        (
            ALERT | {"text": "", "attachments": [{"title": "PSI 0.31", "text": "over 0.2", "fallback": "ignored"}]},
            said(author="B9", author_name="Drift monitor", author_is_bot=True, text="PSI 0.31\nover 0.2"),
        ),
        (
            ALERT | {"text": "", "attachments": [{"fallback": "PSI 0.31"}]},
            said(author="B9", author_name="Drift monitor", author_is_bot=True, text="PSI 0.31"),
        ),
        (
            ALERT | {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "drift"}}]},
            said(author="B9", author_name="Drift monitor", author_is_bot=True, text="drift"),
        ),
        (
            ALERT | {"text": "alert", "attachments": [{"from_url": "https://x", "text": "a preview"}]},
            said(author="B9", author_name="Drift monitor", author_is_bot=True, text="alert"),
        ),
        (HUMAN | {"attachments": [{"from_url": "https://x", "text": "a preview"}]}, said()),
        (HUMAN | {"text": "", "attachments": [{"is_share": True, "text": "forwarded"}]}, said(text="forwarded")),
    ],
)
def test_a_message_is_recorded_as_it_was_said(event, expected):
    assert parse_event(envelope(**event)) == expected


@pytest.mark.parametrize(
    "event",
    [
        HUMAN | {"user": "U0BOT"},
        OWN | {"text": "Opening", "ts": "1.1"},
        {"bot_id": "B7", "app_id": "A0APP", "text": "x", "ts": "1.1"},
        *[
            HUMAN | {"subtype": noise}
            for noise in (
                "channel_join",
                "channel_leave",
                "channel_topic",
                "channel_purpose",
                "channel_name",
                "channel_archive",
                "pinned_item",
                "bookmark_added",
                "group_join",
                "bot_add",
            )
        ],
        HUMAN | {"is_ephemeral": True},
        HUMAN | {"channel_type": "im"},
        HUMAN | {"hidden": True},
        {"type": "member_joined_channel", "user": "U1"},
        {
            "subtype": "message_changed",
            "message": HUMAN | {"attachments": [{"from_url": "https://x"}]},
            "previous_message": HUMAN,
        },
        {"subtype": "message_changed", "message": OWN | {"text": "b", "ts": "1.1"}, "previous_message": HUMAN},
        {"subtype": "message_deleted", "deleted_ts": "1.1", "previous_message": OWN | {"text": "a", "ts": "1.1"}},
        {
            "subtype": "message_deleted",
            "deleted_ts": "1.1",
            "previous_message": HUMAN | {"subtype": "channel_join"},
        },
        {"type": "reaction_added", "user": "U0BOT", "reaction": "eyes", "item": {"type": "message", "ts": "1.1"}},
        {"type": "reaction_added", "user": "U1", "reaction": "eyes", "item": {"type": "file", "file": "F1"}},
    ],
)
def test_what_is_no_part_of_the_conversation_is_not_recorded(event):
    assert parse_event(envelope(**event)) is None


def test_an_edit_has_the_new_words_and_the_old_ones():
    now = HUMAN | {"text": "17%", "edited": {"user": "U1", "ts": "5.0"}, "thread_ts": "1.0"}
    event = envelope(subtype="message_changed", message=now, previous_message=HUMAN | {"text": "70%"}, event_ts="5.1")
    assert parse_event(event) == Edited("T1", "C1", "1.1", "5.0", "U1", "17%", thread_ts="1.0", previous_text="70%")


def test_a_deletion_keeps_what_was_said():
    event = envelope(subtype="message_deleted", deleted_ts="1.1", previous_message=HUMAN, event_ts="5.1")
    assert parse_event(event) == Deleted("T1", "C1", "1.1", "5.1", "hello", "U1")


def test_a_deleted_parent_of_a_thread_is_deleted_too():
    grave = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "ts": "1.1"}
    event = envelope(subtype="message_changed", message=grave, previous_message=HUMAN, event_ts="5.1")
    assert parse_event(event) == Deleted("T1", "C1", "1.1", "5.1", "hello", "U1")


def test_a_reaction_is_told_with_and_without_its_skin_tone():
    item = {"type": "message", "channel": "C1", "ts": "1.1"}
    event = envelope(type="reaction_removed", user="U1", reaction="pushpin::skin-tone-2", item=item, event_ts="5.1")
    assert parse_event(event) == Reacted("T1", "C1", "1.1", "5.1", "U1", "pushpin", removed=True)


def test_one_happening_has_one_fingerprint_under_every_event_id():
    first, again = envelope(**HUMAN), envelope(**HUMAN) | {"event_id": "Ev2"}
    assert fingerprint(first) == fingerprint(again) == "T1:C1:message:1.1"
    assert fingerprint(envelope(subtype="message_changed", event_ts="1.1")) != fingerprint(first)


def test_only_messages_and_reactions_are_channel_events():
    assert is_channel_event(envelope(**HUMAN))
    assert not is_channel_event(envelope(type="app_home_opened"))
    assert not is_channel_event({"type": "block_actions"})


def test_a_message_of_the_history_has_its_reactions_and_its_edit():
    message = HUMAN | {"edited": {"ts": "2.0"}, "reactions": [{"name": "eyes", "users": ["U2", "U3"], "count": 2}]}
    place = Place("T1", "C1", Own("U0BOT"))
    assert parse_message(place, message) == said(edited_ts="2.0", reactions={"eyes": ("U2", "U3")})


def test_rich_text_is_read_where_there_is_no_text():
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "user", "user_id": "U2"},
                    {"type": "text", "text": " look "},
                    {"type": "emoji", "name": "eyes"},
                    {"type": "link", "url": "https://x.example"},
                ],
            }
        ],
    }
    assert parse_event(envelope(**(HUMAN | {"text": "", "blocks": [rich]}))) == said(
        text="<@U2> look :eyes:https://x.example"
    )
