"""Cues are data: read, checked, and every fault told with its line."""

from __future__ import annotations

import pytest

from app.knowledge.cues import parse_cues
from app.knowledge.marked_yaml import FaultyFile

GOOD = """\
families:
  others: [stranger, 'other (users|people)']
groups:
  leak:
    - {because: others see it, weight: 2, any: ['@others'], with: ['"chat"']}
"""


def test_a_cue_has_its_families_spelled_out() -> None:
    (cue,) = parse_cues(GOOD, ["leak"])
    assert (cue.group, cue.because, cue.weight, cue.far) == ("leak", "others see it", 2, False)
    first, second = cue.parts
    assert first.search("seen by Strangers")
    assert second.search("the chat")
    assert not second.search("chatter")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("'@others'", "'@nobody'", "line 5: groups.leak[1].any[1] names no family: @nobody"),
        ("'@others'", "'(open'", "line 5: groups.leak[1].any[1] is no regular expression"),
        ("  leak:", "  leek:", "line 4: groups.leek is no group here; there are: leak"),
        ("weight: 2", "weight: heavy", "line 5: groups.leak[1].weight"),
        ("because", "becuase", "did you mean because?"),
        ("any: ['@others']", "any: []", "line 5: groups.leak[1].any"),
    ],
)
def test_a_fault_in_a_file_of_cues_is_told_with_its_line(was: str, becomes: str, said: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        parse_cues(GOOD.replace(was, becomes), ["leak"])
    assert said in str(refused.value)
