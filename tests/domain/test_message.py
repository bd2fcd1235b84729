"""The rules by which events of one message add up to what the record shows of it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.channel_event import ChannelEvent
from app.domain.message import asking, mark_at, message_of, reactions_on
from app.domain.message_facts import Facts, facts_of, instant_of, kept_facts, ts_of, with_event, with_mark
from app.domain.timeline import Mark, TimelineEntry
from tests.services.incident_channel import ANA, BEN, CLEO, START, deleted, edited, reacted, said, ts

PEOPLE = st.sampled_from([ANA, BEN, CLEO])
REACTIONS = st.sampled_from(["pushpin", "eyes", "question", "white_check_mark", "tada", "x"])


@st.composite
def lives(draw: st.DrawFn) -> list[ChannelEvent]:
    """Everything that happens to one message, in order, with what Slack tells each time."""
    times = iter(range(2, 100))
    words = draw(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=5))
    tells = draw(st.booleans())
    events: list[ChannelEvent] = [said(1, words[0])]
    for before, after in pairwise(words):
        events.append(edited(1, next(times), after, before if tells else None))
    for name, who in draw(st.lists(st.tuples(REACTIONS, PEOPLE), max_size=6)):
        events.append(reacted(1, next(times), name, who, removed=draw(st.booleans())))
    if draw(st.booleans()):
        events.append(deleted(1, next(times), words[-1] if tells else None, ANA))
    return events


def _facts(events: list[ChannelEvent]) -> Facts:
    facts: Facts = {}
    for event in events:
        facts = with_event(facts, event)
    return facts


def _stored(events: list[ChannelEvent]) -> TimelineEntry:
    """The same, through the columns of an entry after each event."""
    entry = TimelineEntry(team="T1", incident_id=1, at=START, author="", ts=ts(1), seen=False)
    for event in events:
        facts = with_event(facts_of(entry), event)
        shown = message_of(facts)
        entry.facts, entry.seen, entry.text = kept_facts(facts), shown.seen, shown.text
        entry.author, entry.author_is_bot, entry.thread_ts = shown.author, shown.author_is_bot, shown.thread_ts
        entry.files = list(shown.files)
    return entry


@given(data=st.data(), life=lives())
@settings(max_examples=400, deadline=None)
def test_any_permutation_and_duplication_of_its_events_ends_in_the_same_message(
    data: st.DataObject, life: list[ChannelEvent]
) -> None:
    repeated = [*life, *data.draw(st.lists(st.sampled_from(life), max_size=4))]
    shuffled = data.draw(st.permutations(repeated))
    expected = message_of(_facts(life))
    assert message_of(_facts(shuffled)) == expected
    assert message_of(facts_of(_stored(shuffled))) == expected
    assert asking(_facts(shuffled)) == asking(_facts(life))
    assert expected.seen


@given(life=lives())
@settings(max_examples=200, deadline=None)
def test_every_wording_is_kept_but_for_edits_that_change_nothing(life: list[ChannelEvent]) -> None:
    told = [event.text for event in life if not hasattr(event, "reaction") and hasattr(event, "text")]
    shown = message_of(_facts(life))
    wordings = [text for _, text in shown.revisions] + [shown.text]
    assert wordings == [text for at, text in enumerate(told) if at == 0 or told[at - 1] != text]


def test_a_mark_given_by_hand_outlives_older_reactions_and_yields_to_newer_ones() -> None:
    facts = _facts([said(1, "x"), reacted(1, 2, "bulb")])
    facts = with_mark(facts, Mark.IMPACT, ANA.user, START + timedelta(minutes=3))
    assert message_of(facts).mark is Mark.IMPACT
    facts = with_event(facts, reacted(1, 4, "dart"))
    assert (message_of(facts).mark, message_of(facts).marked_by) == (Mark.DECISION, BEN.user)
    facts = with_event(facts, reacted(1, 5, "dart", removed=True))
    assert (message_of(facts).mark, message_of(facts).marked_by) == (Mark.IMPACT, ANA.user)


def test_marks_and_reactions_are_known_as_they_stood_at_any_time() -> None:
    entry = _stored([said(1, "x"), reacted(1, 2, "bulb"), reacted(1, 5, "bulb", removed=True), reacted(1, 7, "x")])
    stood = [mark_at(entry, START + timedelta(minutes=at)) for at in (1, 3, 6, 8)]
    assert stood == [Mark.NOTE, Mark.HYPOTHESIS, Mark.NOTE, Mark.RULED_OUT]
    assert reactions_on(facts_of(entry), START + timedelta(minutes=3)) == {"bulb": [BEN.user]}


def test_an_unknown_that_is_unmarked_is_withdrawn_and_one_that_is_marked_again_is_open() -> None:
    facts = _facts([said(1, "x"), reacted(1, 2, "question"), reacted(1, 3, "question", removed=True)])
    asked = asking(facts)
    assert asked is not None
    assert (asked.raised.ts, asked.withdrawn and asked.withdrawn.ts) == (ts(2), ts(3))
    asked = asking(with_event(facts, reacted(1, 4, "question", CLEO)))
    assert asked is not None
    assert asked.withdrawn is None


def test_timestamps_are_exact_to_the_microsecond() -> None:
    assert ts_of(instant_of("1763888400.000001")) == "1763888400.000001"
    assert instant_of("1763888400") == instant_of("1763888400.000000")
