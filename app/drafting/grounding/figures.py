"""Numbers of a sentence, in digits or words, held against what it cites."""

from __future__ import annotations

import re
from decimal import Decimal

from app.drafting.grounding.assertion import Assertion
from app.drafting.reading.tokens import word_list

_ONES = word_list(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
)
_WORDS = {word: value for value, word in enumerate(_ONES)}
_TENS = dict(zip(word_list("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True))
_SCALES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000, "bn": 10**9}
_SCALES["billion"] = 10**9
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_DATED = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})(?:,? \d{{4}})?|"
    rf"(?:{_MONTHS}) \d{{1,4}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{4}}-\d\d-\d\d)\b|"
    r"(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?![\d:])(?:\s?[ap]m\b)?|\b\d{1,2} ?[ap]m\b",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"(?<=\d)[,'\u202f\u00a0](?=\d{3}(?!\d))")
_DIGITS = re.compile(
    r"(?<![\w.])[-+~]?[$€£]?(\d+(?:\.\d+)?)(?:\s?(k|m|bn|mio|thousand|million|billion)\b)?(?!\.\d|\w*[A-Z_]|\w*-\d)"
)
_WORD = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:[- ](one|two|three|four|five|six|seven|eight|nine))?|({'|'.join(_WORDS)}))\b"
    r"(?: (hundred|thousand|million))?",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"\b(?:both|twice|pair|two|weekend)\b", re.IGNORECASE)
_NONE = re.compile(r"\b(?:no|none|nobody|nothing|zero|not (?:one|a single))\b", re.IGNORECASE)
_LEAST_WORD = 2


def without_dates(text: str) -> str:
    """`text` with its dates and clock times blanked."""
    return _DATED.sub(lambda match: " " * len(match.group()), text)


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def values(text: str, *, least_word: int = 0) -> frozenset[str]:
    """Every number in `text` as plain digits, dates and clock times apart; words under `least_word` don't count."""
    bare = _SEPARATED.sub("", without_dates(text))
    found = set()
    for digits, scale in _DIGITS.findall(bare):
        found.add(_plain(Decimal(digits) * _SCALES.get(scale.lower(), 1)))
    for tens, ones, word, scale in _WORD.findall(bare):
        value = _TENS[tens.lower()] if tens else _WORDS[word.lower()]
        value += _WORDS[ones.lower()] if ones else 0
        if value >= least_word or scale:
            found.add(_plain(Decimal(value * {"hundred": 100, **_SCALES}.get(scale.lower(), 1))))
    return frozenset(found)


def _carried(text: str) -> frozenset[str]:
    """What `text` can carry: its numbers, those inside its codes and units, and what "both" and "none" mean."""
    bare = _SEPARATED.sub("", text)
    loose = {_plain(Decimal(found)) for found in re.findall(r"\d+(?:\.\d+)?", bare)}
    meant = {value for value, said in (("2", _DOUBLE), ("0", _NONE)) if said.search(text)}
    return values(text) | loose | meant


def wrong_number(one: Assertion) -> str:
    """Why a number of the sentence does not hold; empty when all do."""
    said = values(one.text, least_word=_LEAST_WORD)
    carried = _carried(one.body)
    missing = sorted(said - carried)
    return f"the number {missing[0]} is not in what it cites" if missing else ""
