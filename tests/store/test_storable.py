from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store import SqlStore
from app.store.storable import as_json, storable
from tests.store.records import declare, entry


@pytest.mark.parametrize(
    ("slack_sent", "kept"),
    [
        ("a\\u0000b", "a\ufffdb"),
        ("lone \\ud83d half", "lone \ufffd half"),
        ("lone \\ude80", "lone \ufffd"),
        ("\\ud83d\\ude80 whole", "\N{ROCKET} whole"),
        ("İstanbul 東京 \\u200b", "İstanbul 東京 \u200b"),
    ],
)
async def test_text_that_a_database_would_refuse_is_kept_as_far_as_it_can_be(
    store: SqlStore, slack_sent: str, kept: str
) -> None:
    text = json.loads(f'"{slack_sent}"')
    incident = await declare(store)
    async with store.write() as uow:
        said = entry(incident, text=text, reactions={text: [text]}, files=[{"name": text}], ts=text)
        await uow.add(said)
    async with store.read() as uow:
        found = await uow.timeline.by_ts(incident.id, kept)
    assert found is not None
    assert (found.text, found.reactions, found.files) == (kept, {kept: [kept]}, [{"name": kept}])


anything = st.text(st.characters(exclude_categories=[]))


@given(anything)
def test_what_is_storable_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    once = storable(text)
    once.encode()
    assert "\0" not in once
    assert storable(once) == once
    assert once == text or any(ch == "\0" or "\ud800" <= ch <= "\udfff" for ch in text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | anything, st.lists))
def test_any_json_is_written_without_what_a_database_refuses(value: object) -> None:
    written = as_json(value)
    written.encode()
    assert "\0" not in written.replace("\\u0000", "\0")
    json.loads(written)
