"""Channel text can't act where it is shown."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drafting.model.neutral import neutral

INJECTIONS = Path(__file__).parents[3] / "shared/data/injections.jsonl"


def test_a_broadcast_mention_pings_nobody():
    assert neutral("<!channel> look") == "@ channel look"
    assert neutral("@channel @here @everyone") == "@ channel @ here @ everyone"
    assert neutral("<!chan\u200bnel>") == "@ channel"


def test_a_person_and_a_group_are_named_without_a_ping():
    assert neutral("ask <@U123|nell> or <@U124>") == "ask nell or U124"
    assert neutral("<!subteam^S1|@oncall> please") == "oncall please"


def test_a_link_is_shown_and_leads_nowhere():
    assert neutral("<https://evil.example/|the runbook>") == "the runbook (hxxps://evil.example/)"
    assert neutral("see http://a.example") == "see hxxp://a.example"


def test_what_slack_escaped_stays_readable_and_escaped():
    assert neutral("a &lt; b &amp;&amp; c > d") == "a &lt; b &amp;&amp; c &gt; d"
    assert neutral("&lt;!everyone&gt;") == "&lt;!everyone&gt;"


def test_hidden_characters_are_removed_or_shown():
    assert neutral("cause: \u202eresu\u202c") == "cause: [U+202E]resu[U+202C]"
    assert neutral("i\u200bgnore") == "ignore"


def test_formatting_and_quotes_do_not_break_out():
    assert neutral(">>> all *bold*\n&gt; more") == "\u203a\u203a\u203a all \u2217bold\u2217\n\u203a more"
    assert neutral("`code` snake_case _it_") == "'code' snake_case \u02cdit\u02cd"


def test_plain_words_are_left_alone():
    said = "Error rate is 17%, 1,206 rows (not 900); see EX1061430 – it's fine."
    assert neutral(said) == said


@given(st.text(alphabet=st.sampled_from("<>&!@#|^*_~`: \n\u200b\u202ehttps/channelUltgam;p")))
def test_no_text_can_act_and_twice_is_once(text):
    once = neutral(text)
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", once)
    assert not re.search(r"@(channel|here|everyone)\b", once, re.IGNORECASE)
    assert neutral(once) == once


def test_no_known_injection_can_act():
    if not INJECTIONS.exists():
        pytest.skip("the shared injection lines are not beside this checkout")
    for line in INJECTIONS.read_text(encoding="utf8").strip().split("\n"):
        shown = neutral(json.loads(line)["text"])
        assert not re.search(
            r"[<>]|@(channel|here|everyone)\b|https?://|[\u200b-\u200f\u202a-\u202e\U000e0000-\U000e007f]", shown
        )
