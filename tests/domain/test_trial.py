"""What k failures in n tries prove: intervals by the book, and verdicts that promise no more."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.json_shape import fits, parse_schema
from app.domain.trial import Count, Finding, difference, percent, tries_needed, verdict, wilson

# Wilson's interval at 95 %, worked out by hand with z = 1.96: (k, n, low, high).
BY_HAND = [
    (0, 5, 0.000, 0.434),  # z²/(n+z²) = 3.84/8.84
    (5, 5, 0.566, 1.000),  # its mirror image
    (4, 5, 0.376, 0.964),  # centre (0.8+0.384)/1.768 = 0.670, half 0.294
    (0, 73, 0.000, 0.050),  # 3.84/76.84
    (10, 20, 0.299, 0.701),
    (81, 263, 0.255, 0.366),  # the example of Newcombe's paper
]
# Newcombe's own table II of his paper of 1998, method 10: 56/70 against 48/80.
NEWCOMBE = (Count(56, 70), Count(48, 80), 0.0524, 0.3339)


@pytest.mark.parametrize(("failures", "tries", "low", "high"), BY_HAND)
def test_a_rate_comes_with_wilsons_interval(failures: int, tries: int, low: float, high: float) -> None:
    found = wilson(Count(failures, tries))
    assert (round(found.low, 3), round(found.high, 3)) == (low, high)


def test_a_difference_comes_with_newcombes_interval() -> None:
    before, after, low, high = NEWCOMBE
    found = difference(before, after)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    mirrored = difference(after, before)
    assert (round(mirrored.low, 4), round(mirrored.high, 4)) == (-high, -low)


def test_nothing_tried_says_nothing() -> None:
    assert (wilson(Count(0, 0)).low, wilson(Count(0, 0)).high) == (0.0, 1.0)
    with pytest.raises(ValueError, match="6 failures in 5 tries"):
        Count(6, 5)


def test_an_interval_holds_the_rate_and_narrows_with_more_tries() -> None:
    for tries, share in product((1, 3, 10, 50), (0, 0.3, 0.5, 1)):
        few, many = Count(int(tries * share), tries), Count(int(tries * share) * 10, tries * 10)
        assert wilson(few).low <= few.rate <= wilson(few).high
        assert wilson(many).high - wilson(many).low < wilson(few).high - wilson(few).low


def test_the_tries_needed_are_the_least_that_suffice() -> None:
    assert tries_needed(0.05) == 73  # 3.8415 * (1/0.05 - 1) = 72.99
    assert tries_needed(0.01) == 381  # 3.8415 * 99 = 380.3
    assert tries_needed(0.5) == 4  # 3.8415 * 1
    assert tries_needed(0.05, certainty=0.99) == 127  # 6.6349 * 19 = 126.06
    needed = tries_needed(0.05, failures=2)
    assert wilson(Count(2, needed)).high <= 0.05 < wilson(Count(2, needed - 1)).high
    with pytest.raises(ValueError, match="between 0 and 1"):
        tries_needed(0)


VERDICTS = [
    (Count(0, 0), Count(0, 0), Finding.NOTHING, "Nothing was tried yet"),
    (Count(4, 5), Count(0, 0), Finding.REPRODUCED, "Reproduced: 4 of 5 failed before the fix (likely 38–96 %)"),
    (Count(0, 5), Count(0, 0), Finding.NOT_REPRODUCED, "0 of 5 failed, which still allows up to 43 %"),
    (Count(4, 5), Count(0, 5), Finding.NOT_SHOWN_FIXED, "Not shown fixed: 0 of 5 still allows up to 43 %. 73 tries"),
    (Count(4, 5), Count(0, 1), Finding.NOT_SHOWN_FIXED, "0 of 1 still allows up to 79 %"),
    (Count(4, 5), Count(3, 5), Finding.NOT_FIXED, "no difference is shown"),
    (Count(0, 0), Count(1, 500), Finding.NOT_FIXED, "Not fixed: 1 of 500 still failed"),
    (Count(45, 50), Count(5, 50), Finding.REDUCED, "fewer, but not gone"),
    (Count(0, 50), Count(0, 80), Finding.NEVER_FAILED, "none was seen to fail before"),
    (Count(4, 5), Count(0, 72), Finding.NOT_SHOWN_FIXED, "Not shown fixed"),
    (Count(4, 5), Count(0, 73), Finding.VERIFIED, "Fix verified: 4 of 5 failed before, 0 of 73 after. At most 5 %"),
]


@pytest.mark.parametrize(("before", "after", "finding", "said"), VERDICTS)
def test_a_verdict_says_what_is_shown_and_no_more(before: Count, after: Count, finding: Finding, said: str) -> None:
    found = verdict(before, after)
    assert found.finding is finding
    assert said in found.sentence
    assert found.verified is (finding is Finding.VERIFIED)


def test_no_failure_is_ever_verified_away() -> None:
    for before, after in product(range(6), range(6)):
        assert not verdict(Count(before, 5), Count(after, 5)).verified


def test_shares_read_well() -> None:
    assert [percent(one) for one in (0, 0.0049, 0.05, 0.0512, 0.434, 1)] == [
        "0 %",
        "0.5 %",
        "5 %",
        "5.1 %",
        "43 %",
        "100 %",
    ]


SCHEMA = """{"type": "object", "required": ["ok"], "additionalProperties": false, "properties": {
    "ok": {"type": "boolean"}, "n": {"type": ["integer", "null"], "minimum": 1, "maximum": 9},
    "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2}, "id": {"const": 7}}}"""


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ('{"ok": true}', True),
        ('{"ok": true, "n": 3, "tags": ["a"], "id": 7}', True),
        ('{"ok": true, "n": null}', True),
        ('{"ok": 1}', False),
        ("{}", False),
        ('{"ok": true, "n": 0}', False),
        ('{"ok": true, "n": true}', False),
        ('{"ok": true, "tags": ["a", "c"]}', False),
        ('{"ok": true, "tags": ["a", "b", "a"]}', False),
        ('{"ok": true, "more": 1}', False),
        ('{"ok": true, "id": 8}', False),
        ("[]", False),
        ("sorry, no", False),
        ("[" * 100_000, False),
    ],
)
def test_an_answer_is_judged_by_its_shape(answer: str, right: bool) -> None:
    assert fits(parse_schema(SCHEMA), answer) is right


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ("{", "not JSON"),
        ("[]", "JSON object"),
        ('{"pattern": "(a+)+$"}', "keyword pattern"),
        ('{"type": "text"}', "no type text"),
    ],
)
def test_a_schema_that_cannot_judge_is_refused(schema: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_schema(schema)
